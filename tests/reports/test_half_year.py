"""The whole half-year report of the demonstration: four parts, every number marked, all expected ones told."""

import pytest

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.core.periods import Period
from xuezheng.policy.packs import FOLDER
from xuezheng.proofing import audit, read
from xuezheng.reports.compose import compose_text
from xuezheng.reports.model import Heading, Mark, Table, runs_of, text_of
from xuezheng.reports.word import document
from xuezheng.snapshots import Snapshot

HALF_YEARS = {"2019H1": "2019-07-05", "2019H2": "2020-01-10"}
SOURCE = (FOLDER / "huizhou-2019/reports/half_year.md").read_text("utf-8")
pytestmark = pytest.mark.slow

TOLD = 83  # lines of the seed's report


@pytest.fixture(scope="module")
def reports(demonstration, snapshot):  # a report of the plan asks for the newest snapshot of this data folder
    snapshots = demonstration / "snapshots"
    return {
        key: compose_text(SOURCE, Snapshot(next(snapshots.glob(f"{day}-*"))), Period.parse(key), "half_year")
        for key, day in HALF_YEARS.items()
    }


def headings(report, level):
    return [
        text_of(block.runs) for block in report.blocks if isinstance(block, Heading) and block.level == level
    ]


@pytest.mark.parametrize(("key", "following"), [("2019H1", "2019年下半年"), ("2019H2", "2020年上半年")])
def test_it_has_all_four_parts_and_their_subsections(reports, key, following):
    report = reports[key]
    assert headings(report, 1) == ["一、重点工作", "二、民生保障", "三、改革创新", f"四、{following}工作安排"]
    told = " ".join(headings(report, 2))
    for subsection in (
        "党建工作", "党风廉政建设", "教育经费投入", "义务教育优质均衡", "学前教育", "高中教育", "教育精准扶贫", "民生工程",
        "教师队伍", "学生素养", "生本教育", "身心健康", "名师工作室",
    ):  # fmt: skip
        assert subsection in told


@pytest.mark.parametrize("key", HALF_YEARS)
def test_no_number_stands_outside_a_mark(reports, key):
    for block in reports[key].blocks:
        if isinstance(block, Heading):
            continue
        cells = [cell for row in block.rows for cell in row] if isinstance(block, Table) else [block.runs]
        for runs in cells:
            bare = "".join("…" if isinstance(run, Mark) else run for run in runs)
            assert typed_number(bare) == "", bare


def test_every_expected_number_is_told_as_expected(reports):
    told = {(mark.figure, frozenset(mark.slice.items())): mark for mark in reports["2019H1"].marks}
    found = 0
    for demo in registry.modules("demo").values():
        for line in getattr(demo, "EXPECTED", ()):
            mark = told.get((line.figure, frozenset(line.slice.items())))
            # What a list told is expected of the registers, and has no sentence of its own.
            assert mark or line.figure.startswith("aid.listed_"), line
            if mark:
                found += 1
                assert (mark.answer.number(), mark.text) == (line.value, line.text)
    assert found >= TOLD


def test_the_second_half_year_tells_other_numbers_and_how_far_the_plan_has_come(reports):
    first, second = reports.values()
    common = {(mark.figure, frozenset(mark.slice.items())): mark.text for mark in first.marks}
    changed = [
        mark.figure
        for mark in second.marks
        if common.get((mark.figure, frozenset(mark.slice.items())), mark.text) != mark.text
    ]
    assert len(set(changed)) > 80
    text = "".join(text_of(runs_of(block)) for block in second.blocks)
    assert "已完成的有：学习平台覆盖民办学校教职工（现为100%）" in text
    assert "推进中的有：岩寺小学学生数（现为1586人）" in text
    assert "已逾期的有：" in text


def test_its_arithmetic_stands_up_to_our_own_audit(reports, tmp_path):
    for report in reports.values():
        document.write_report(report, tmp_path / "报告.docx")
        assert [slip.message for slip in audit(read(tmp_path / "报告.docx")).discrepancies] == []


def test_figures_without_data_are_listed_and_nothing_is_told_of_them(reports):
    for report in reports.values():
        assert report.gaps
        assert all(mark.answer.value is not None for mark in report.marks)
        assert report.unused_topics == ()
