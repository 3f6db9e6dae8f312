"""What rules of several sections work out in the same way."""

from datetime import date

import ibis
import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from xuezheng.core.periods import full_years as full_years_of_days
from xuezheng.rules import full_years, locality

DAYS = st.dates(date(1950, 1, 1), date(2030, 12, 31))


def values(expression):
    return expression.to_pyarrow().to_pylist()


@given(DAYS, DAYS)
@example(date(2016, 2, 29), date(2019, 2, 28))
@example(date(2016, 2, 29), date(2019, 3, 1))
@example(date(2010, 9, 1), date(2019, 9, 1))
@example(date(2010, 9, 1), date(2019, 8, 31))
def test_full_years_are_the_birthdays_since(since, day):
    birthdays = sum(
        (since.month, since.day) <= (day.month, day.day) if year == day.year else True
        for year in range(since.year + 1, day.year + 1)
    )
    assert full_years_of_days(since, day) == birthdays or day < since
    table = ibis.memtable(pa.table({"since": [since], "day": [day]}))
    assert values(full_years(table.since, table.day)) == [full_years_of_days(since, day)]


def test_a_division_is_of_the_district_the_province_or_outside():
    table = ibis.memtable(pa.table({"division": ["990101", "990205", "980102", "", None]}))
    assert values(locality(table.division, ibis.literal("990101"))) == [
        "district", "province", "outside", None, None,
    ]  # fmt: skip
