"""The demonstration's forms are as the plan for the next half-year describes them."""

from collections import Counter

import pytest

from xuezheng.areas.balance.demo import autumn_workbooks, workbooks
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import district
from xuezheng.workbooks.sheet_catalogue import sheet

HALF_YEARS = pytest.mark.parametrize(
    ("books", "roster"), [(workbooks, district), (autumn_workbooks, autumn)], ids=["spring", "autumn"]
)


def rows(title, books):
    paths = sheet(title).paths
    return [dict(zip(paths, row, strict=True)) for _, sheets in books() for row in sheets.get(title, ())]


@HALF_YEARS
def test_every_school_of_compulsory_stages_has_a_form_and_its_pupils_are_those_enrolled(books, roster):
    enrolled = Counter(
        (pupil.school.code, pupil.stage) for pupil in roster().enrolled("小学", "初中", "高中")
    )
    compulsory = {code for code, stage in enrolled if stage != "高中"}
    submitted = {
        (row["school.code"], row["stage"]): int(row["pupils"]) for row in rows("分学段办学条件表", books)
    }
    assert submitted == {key: number for key, number in enrolled.items() if key[0] in compulsory}
    assert {row["school.code"] for row in rows("学校办学条件表", books)} == compulsory


@HALF_YEARS
def test_one_school_has_too_little_equipment_at_both_stages(books, roster):
    (code,) = [school.code for school in roster().schools if school.name == "文峰学校"]
    (has,) = [row for row in rows("学校办学条件表", books) if row["school.code"] == code]
    pupils = {
        row["stage"]: int(row["pupils"])
        for row in rows("分学段办学条件表", books)
        if row["school.code"] == code
    }
    a_weight = float(has["equipment"]) / (pupils["小学"] + 1.1 * pupils["初中"])
    assert 1700 < a_weight < 2000
    assert 1.1 * a_weight < 2500


def test_every_row_has_the_columns_of_its_sheet():
    for books in (workbooks, autumn_workbooks):
        for _, sheets in books():
            for title, sheet_rows in sheets.items():
                assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}
