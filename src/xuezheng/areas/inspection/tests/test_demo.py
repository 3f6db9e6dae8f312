"""The demonstration's inspection workbooks hang together."""

from collections import Counter
from datetime import date
from itertools import zip_longest

import pytest

from xuezheng.areas.inspection.demo import autumn_workbooks, workbooks
from xuezheng.core.number_text import typed_number
from xuezheng.demo.district import district
from xuezheng.workbooks.sheet_catalogue import sheet

BOTH = pytest.mark.parametrize(
    ("books", "known_on"), [(workbooks, date(2019, 7, 5)), (autumn_workbooks, date(2020, 1, 10))]
)


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip_longest(paths, row)) for _, sheets in books() for row in sheets.get(title, ())]


def test_the_weights_of_each_year_and_scope_make_a_hundred():
    weights = Counter()
    for row in rows("学校评价指标"):
        weights[row["year"], row["scope"]] += int(row["weight"])
    assert set(weights.values()) == {100}
    assert len(weights) == 4
    topics = {row["topic"] for row in rows("学校评价指标") if row["year"] == "2019"}
    assert {"党的建设", "党风廉政"} <= topics


@BOTH
def test_every_school_is_scored_by_each_indicator_of_its_year(books, known_on):
    kindergartens = {school.code for school in district().schools if school.kind == "幼儿园"} | {"1199000041"}
    counts = Counter(row["evaluation.school.code"] for row in rows("学校指标得分", books))
    assert counts.keys() == {row["school.code"] for row in rows("学校年度考核", books)}
    assert all(count == (7 if code in kindergartens else 8) for code, count in counts.items())


@BOTH
def test_every_row_has_the_columns_of_its_sheet_and_is_of_a_day_known_then(books, known_on):
    for name, sheets in books():
        assert "70" <= name[:2] <= "74"
        for title, sheet_rows in sheets.items():
            # Columns that came later, at the end, are optional: the demonstration leaves them out.
            assert max(map(len, sheet_rows)) <= len(sheet(title).paths), title
    days = [row[path] for title, path in (
        ("学校年度考核", "evaluated_on"), ("督导问题清单", "found_on"), ("督导问题清单", "mended_on"),
        ("学前教育日常督查表", "visited_on"), ("校外培训机构检查表", "mended_on"), ("校外培训机构名册", "closed_on"),
    ) for row in rows(title, books)]  # fmt: skip
    assert max(day for day in days if day) <= str(known_on)
    assert not any(typed_number(row["text"]) for row in rows("工作纪实", books))


def test_an_institution_that_is_closed_is_not_checked_any_more():
    closed = {row["name"]: row["closed_on"] for row in rows("校外培训机构名册", autumn_workbooks)}
    for row in [*rows("校外培训机构检查表"), *rows("校外培训机构检查表", autumn_workbooks)]:
        day = closed[row["institution.name"]]
        assert not day or row["checked_on"] <= day
