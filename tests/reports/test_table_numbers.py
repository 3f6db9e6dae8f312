"""The numbers of a table as sentences: unit, row and column beside each."""

import pytest

from xuezheng.proofing.grids import Table
from xuezheng.reports.living.table_numbers import LONGEST, table_numbers


def sentences(title, *lines):
    return [each.sentence for each in table_numbers(Table(title, lines))]


@pytest.mark.parametrize(
    ("title", "heading", "end"),
    [
        ("资助情况", "金额（万元）", "岩寺小学金额 21.5万元"),
        ("资助情况", "人数（人）", "岩寺小学人数 21.5人"),
        ("资助情况（单位：万元）", "金额", "岩寺小学金额 21.5万元"),
        ("资助情况（单位：万元）", "2018年", "岩寺小学2018年 21.5万元"),
        ("资助情况（金额单位：万元）", "学生人数", "岩寺小学学生人数 21.5"),
        ("资助情况（单位：万元）", "占比", "岩寺小学占比 21.5"),
        ("资助情况（单位：人、万元）", "金额", "岩寺小学金额 21.5万元"),
        ("资助情况（单位：人、万元）", "学生", "岩寺小学学生 21.5人"),
        ("资助情况（单位：元、万元）", "金额", "岩寺小学金额 21.5"),
    ],
)
def test_the_unit_stands_in_the_heading_or_above_the_table(title, heading, end):
    assert sentences(title, ("学校", heading), ("岩寺小学", "21.5"))[0] == f"{title}。{end}"


def test_a_cell_with_its_own_unit_keeps_it():
    assert sentences("", ("学校", "人数（万元）"), ("岩寺小学", "21人")) == ["。岩寺小学人数 21人"]


def test_merged_headings_are_read_as_one():
    lines = (("学校", "春季", "春季"), ("学校", "人数", "金额（元）"), ("岩寺小学", "3", "750"))
    assert sentences("", *lines) == ["。岩寺小学春季人数 3", "。岩寺小学春季金额 750元"]


def test_what_counts_nothing_is_no_number():
    lines = (
        ("序号", "学校", "电话", "人数"),
        ("1", "岩寺小学", "6581234", "0"),
        ("2", "西溪南小学", "6581235", "无"),
    )
    assert sentences("", *lines) == []


def test_a_table_without_headings_names_its_numbers_to_the_left():
    assert sentences("", ("学校", "24", "班级", "310")) == ["。学校 24", "。班级 310"]


@pytest.mark.parametrize(("rows", "count"), [(LONGEST, LONGEST - 1), (LONGEST + 1, 0)])
def test_a_register_is_left(rows, count):
    assert len(sentences("", ("学校", "人数"), *[("岩寺小学", "3")] * (rows - 1))) == count
