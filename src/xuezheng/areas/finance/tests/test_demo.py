"""The demonstration's finance workbooks bear out the expected figure and the standards of public funds."""

from decimal import Decimal
from itertools import zip_longest

import pytest

from xuezheng.areas.finance.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.core.number_text import typed_number
from xuezheng.demo.district import district
from xuezheng.workbooks.sheet_catalogue import sheet

BOTH = pytest.mark.parametrize("books", [workbooks, autumn_workbooks])


def rows(title, books=workbooks):
    paths = sheet(title).paths
    return [dict(zip_longest(paths, row)) for _, sheets in books() for row in sheets.get(title, ())]


def test_the_ledger_bears_out_the_expected_figure():
    (line,) = EXPECTED
    ledger = [row for row in rows("支出台账") if row["source"] == "一般公共预算"]
    assert sum(Decimal(row["amount"]) for row in ledger) == line.value == 89_000_000
    assert {row["month"] for row in ledger} == {f"2019-{month:02}-01" for month in range(1, 6)}


def test_nothing_is_spent_that_the_budget_has_no_line_for_and_no_month_is_missing():
    ledger = [*rows("支出台账"), *rows("支出台账", autumn_workbooks)]
    lines = {(row["function"], row["source"]) for row in rows("预算安排表")}
    keys = {(row["month"], row["function"], row["source"]) for row in ledger}
    assert len(keys) == len(ledger) == 12 * len(lines)
    assert {key[1:] for key in keys} == lines


def test_two_papers_were_issued_with_the_finance_bureau():
    assert sum(row["with_finance"] == "是" for row in rows("经费文件目录")) == 2


def test_every_public_school_has_its_funds_for_each_stage_and_no_private_one():
    funded = {(row["school.code"], row["stage"]) for row in rows("公用经费拨付表")}
    assert funded == {
        (pupil.school.code, pupil.stage)
        for pupil in district().enrolled("学前", "小学", "初中", "高中")
        if pupil.school.runner != "民办"
    }


@BOTH
def test_every_row_has_the_columns_of_its_sheet_and_notes_hold_no_counts(books):
    for name, sheets in books():
        assert "25" <= name[:2] <= "29"
        for title, sheet_rows in sheets.items():
            # Columns that came later, at the end, are optional: the demonstration leaves them out.
            assert max(map(len, sheet_rows)) <= len(sheet(title).paths), title
    assert not any(typed_number(row["text"]) for row in rows("工作纪实", books))
