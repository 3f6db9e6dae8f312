"""Calculations shared by rules of several sections, as expressions."""

import ibis


def full_years(since: ibis.Value, day: ibis.Value) -> ibis.Value:
    """Return the number of full years between two days."""
    # As numbers of eight digits, days a year apart are ten thousand apart.
    return (_number(day) - _number(since)) // 10000


def _number(day: ibis.Value) -> ibis.Value:
    return day.year().cast("int64") * 10000 + day.month() * 100 + day.day()


def locality(division: ibis.Value, district: ibis.Value) -> ibis.Value:
    """Return ``district`` for the own division code, ``province`` for another of the same province, else ``outside``; NULL if empty."""
    return ibis.cases(
        (division == district, "district"),
        (division.left(2) == district.left(2), "province"),
        (division != "", "outside"),
    )
