"""Calculations shared by the rules of several areas, as ibis expressions."""

import ibis


def full_years(since: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return, as an expression, the number of full years from ``since`` to ``day``: a person's age on ``day``."""
    # As numbers of eight digits, days a year apart are ten thousand apart.
    return (_number(day) - _number(since)) // 10000


def _number(day: ibis.Value) -> ibis.Value:
    return day.year().cast("int64") * 10000 + day.month() * 100 + day.day()


def locality(division: ibis.Value, district: ibis.Value) -> ibis.Value:
    """Return, as an expression, where a division code lies relative to the district's own code.

    ``district`` for the same code, ``province`` for another code with the same first two digits, ``outside``
    for any other; NULL where ``division`` is "" or NULL.
    """
    return ibis.cases(
        (division == district, "district"),
        (division.left(2) == district.left(2), "province"),
        (division != "", "outside"),
    )
