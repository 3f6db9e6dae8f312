"""The demonstration's safety workbooks hang together."""

from datetime import date
from itertools import zip_longest

import pytest

from xuezheng.areas.safety.demo import autumn_workbooks, workbooks
from xuezheng.core.number_text import typed_number
from xuezheng.demo.district import district
from xuezheng.workbooks.sheet_catalogue import sheet

BOTH = pytest.mark.parametrize(
    ("books", "known_on"), [(workbooks, date(2019, 7, 5)), (autumn_workbooks, date(2020, 1, 10))]
)


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip_longest(paths, row)) for _, sheets in books() for row in sheets.get(title, ())]


@BOTH
def test_every_row_has_the_columns_of_its_sheet_and_is_of_a_day_known_then(books, known_on):
    for name, sheets in books():
        assert "75" <= name[:2] <= "79"
        for title, sheet_rows in sheets.items():
            # Columns that came later, at the end, are optional: the demonstration leaves them out.
            assert max(map(len, sheet_rows)) <= len(sheet(title).paths), title
    days = [row[path] for title, path in (
        ("应急演练表", "held_on"), ("安全隐患台账", "closed_on"), ("欺凌报告台账", "concluded_on"),
        ("防溺水工作表", "day"), ("食品与防病检查表", "mended_on"), ("传染病报告表", "ended_on"),
    ) for row in rows(title, books)]  # fmt: skip
    assert max(day for day in days if day) <= str(known_on)
    assert not any(typed_number(row["text"]) for row in rows("工作纪实", books))


@BOTH
def test_every_school_drills_in_every_half_year(books, known_on):
    codes = {school.code for school in district().schools}
    assert codes <= {row["school.code"] for row in rows("应急演练表", books)}


def test_what_is_closed_in_summer_was_found_in_spring():
    keys = {(row["school.code"], row["found_on"], row["place"]) for row in rows("安全隐患台账")}
    closed = [row for row in rows("安全隐患台账", autumn_workbooks) if row["found_on"] < "2019-07-01"]
    assert closed
    assert {(row["school.code"], row["found_on"], row["place"]) for row in closed} <= keys


def test_no_pupil_is_named_in_a_report_of_bullying():
    names = {pupil.person.name for pupil in district().pupils}
    for row in [*rows("欺凌报告台账"), *rows("欺凌报告台账", autumn_workbooks)]:
        assert not names & set(row.values())
