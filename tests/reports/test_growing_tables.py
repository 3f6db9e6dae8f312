"""A table with a row for each member of a dimension follows the period: rows come, go and stay in order."""

import docx
import pytest

from xuezheng.core.periods import Period
from xuezheng.records.models import District
from xuezheng.reports.compose import compose_text
from xuezheng.reports.living.findings import Kind
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import marks
from xuezheng.reports.word.document import write_report

SPRING, AUTUMN = Period.parse("2019H1"), Period.parse("2019H2")
SOURCE = """
# 工作报告

各就读地情况
| 就读地 | 项目 | 数 | 义务教育 |
{% for place, name in members("aid.registered_poor_pupils", "place") %}
| {{ name }} | 人数 | {{ n("aid.registered_poor_pupils", place=place) }} | {{ n("aid.registered_poor_pupils", place=place, phase="compulsory") }} |
| {{ name }} | 金额 | {{ n("aid.registered_poor_amount", place=place) }} | {{ n("aid.registered_poor_amount", place=place, phase="senior") }} |
{% endfor %}
| 全部 | 人数 | {{ n("aid.registered_poor_pupils") }} | {{ n("aid.registered_poor_pupils", phase="compulsory") }} |
"""
HEAD = ["就读地", "项目", "数", "义务教育"]
IN_SPRING = [
    HEAD,
    ["区内", "人数", "2人", "2人"],
    ["区内", "金额", "900元", "0元"],
    ["省外", "人数", "1人", "1人"],
    ["省外", "金额", "625元", "0元"],
    ["全部", "人数", "3人", "3人"],
]
IN_AUTUMN = [
    HEAD,
    ["区内", "人数", "2人", "2人"],
    ["区内", "金额", "562.5元", "0元"],
    ["全部", "人数", "2人", "2人"],
]


@pytest.fixture
def composed(snapshot, tmp_path):
    def write(period):
        path = tmp_path / f"{period.key}.docx"
        write_report(compose_text(SOURCE, snapshot, period), path)
        return path

    return write


@pytest.fixture
def refreshed(snapshot):
    def write(path, period):
        done = refresh(path, snapshot, period)
        done.save(path)
        return done

    return write


def cells(path):
    return [[cell.text for cell in row.cells] for row in docx.Document(str(path)).tables[0].rows]


def remove_rows(path, place):
    document = docx.Document(str(path))
    # All are found first: a merged cell shows the text of the cell above it.
    for row in [row for row in document.tables[0].rows if row.cells[0].text == place]:
        row._tr.getparent().remove(row._tr)
    document.save(str(path))


def test_the_rows_are_the_members_that_occur(composed):
    assert cells(composed(SPRING)) == IN_SPRING
    assert cells(composed(AUTUMN)) == IN_AUTUMN


def test_a_new_member_gets_its_rows_in_its_place(composed, refreshed):
    path = composed(AUTUMN)
    told = refreshed(path, SPRING)
    assert cells(path) == IN_SPRING
    assert [f.message for f in told.findings if f.kind is Kind.ROWS] == [
        "表格按就读地的各行增加了“省外”。请核对表格和表前表后的文字。"
    ]


def test_a_member_that_is_gone_takes_its_rows_along(composed, refreshed):
    path = composed(SPRING)
    told = refreshed(path, AUTUMN)
    assert cells(path) == IN_AUTUMN
    assert [f.message for f in told.findings if f.kind is Kind.ROWS] == [
        "表格按就读地的各行去掉了“省外”。请核对表格和表前表后的文字。"
    ]
    assert not [f for f in told.findings if f.kind in (Kind.REMOVED, Kind.NO_DATA)]


def test_rows_that_came_are_marked_like_the_others(composed, refreshed, db, snapshot):
    District.objects.create(**snapshot.district)
    path = composed(AUTUMN)
    refreshed(path, SPRING)
    assert verify(path) == []
    names = [mark.bookmark for mark in marks.read(path).marks]
    assert len(names) == len(set(names)) == 10
    refreshed(path, AUTUMN)
    assert cells(path) == IN_AUTUMN
    assert verify(path) == []


def test_rows_that_somebody_took_out_stay_out(composed, refreshed):
    path = composed(SPRING)
    remove_rows(path, "省外")
    refreshed(path, SPRING)
    assert [row[0] for row in cells(path)] == ["就读地", "区内", "区内", "全部"]


def test_the_last_rows_stay_so_that_the_table_can_grow_again(composed, refreshed):
    path = composed(SPRING)
    before = Period.parse("2018H2")
    refreshed(path, before)
    assert [row[0] for row in cells(path)] == ["就读地", "区内", "区内", "全部"]
    refreshed(path, SPRING)
    assert cells(path) == IN_SPRING
