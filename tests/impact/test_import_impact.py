"""The plan of a replacement tells just what importing and freezing then really changes."""

from datetime import date

import pytest

from xuezheng.cli import main
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.impact import NoPlan, replacement_plan
from xuezheng.impact.hypothetical_registers import concerned
from xuezheng.intake import import_workbook
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.models import Batch, Pupil
from xuezheng.reports.compose import compose
from xuezheng.reports.model import runs_of, text_of
from xuezheng.reports.templates import catalogue as template_catalogue
from xuezheng.snapshots import freeze
from xuezheng.snapshots.snapshot import ids
from xuezheng.workbooks import sheet_catalogue

PERIOD, DAY = Period.parse("2019H1"), date(2019, 6, 30)
PUPILS, AWARDS = "学生名册", "资助发放名单"
REPORT = """
# {{ bureau }}{{ period }}报告

## 一、资助

资助建档立卡学生{{ n("aid.registered_poor_pupils") }}。高考考生{{ n("enrolment.exam_candidates") }}，其中文史类{{ n("enrolment.exam_candidates", track="arts") }}。

| 学段 | 人数 |
| 全部 | {{ n("enrolment.pupils") }} |
"""


@pytest.fixture
def registered(transactional_db, small, workbook, tmp_path, monkeypatch):
    """The small district with a plan and a report, in a data folder of its own."""
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    template = tmp_path / "half_year.md"
    template.write_text(REPORT, encoding="utf-8")
    monkeypatch.setattr(template_catalogue, "shipped_templates", lambda: {"half_year": template})
    assert import_workbook(workbook(small, "全区.xlsx")).saved
    item = PlanItem.objects.create(
        planned_for="2019H1", number=1, title="教育扶贫", section="aid", due_on=date(2019, 7, 31),
        measures="逐人核对名单。", started_on=date(2019, 2, 20),
    )  # fmt: skip
    for figure, value in (("aid.registered_poor_pupils", 4), ("enrolment.exam_candidates", 9)):
        Target.objects.create(
            item=item, title=figure, section="aid", due_on=date(2019, 7, 31), figure=figure,
            operator="at_least", value=value,
        )  # fmt: skip


@pytest.fixture
def changed(small, workbook, headings):
    """The awards again, one that was not paid yet paid; the pupils again, one gone."""
    award = next(
        row for row in small[AWARDS] if row[0] == "初小兰" and not row[headings(AWARDS).index("发放日期")]
    )
    award[headings(AWARDS).index("发放日期")] = "2019-05-01"
    small[PUPILS][0][headings(PUPILS).index("离校日期")] = "2019-03-01"
    return workbook({title: small[title] for title in (AWARDS, PUPILS)}, "再报.xlsx")


def told(snapshot):
    return {key: figure.at(snapshot, PERIOD).text() for key, figure in catalogue.figures().items()}


def lines(snapshot):
    return [text_of(runs_of(block)) for block in compose("half_year", snapshot, PERIOD).blocks]


def test_the_plan_is_what_committing_and_freezing_then_changes(registered, changed):
    frozen, census = freeze(DAY), (Batch.objects.count(), Pupil.history.count())
    plan = replacement_plan(changed, PERIOD, DAY)
    assert (Batch.objects.count(), Pupil.history.count()) == census
    assert ids() == [frozen.id]
    assert [path.name for path in frozen.folder.parent.iterdir()] == [frozen.id]
    assert import_workbook(changed).saved
    now = freeze(DAY)
    before, after = told(frozen), told(now)
    truth = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert {it.before.figure: (it.before.text(), it.after.text()) for it in plan.figures} == truth
    assert truth["aid.registered_poor_pupils"] == ("3人", "4人")
    assert truth["enrolment.pupils"] == ("63人", "62人")
    assert "enrolment.exam_candidates" not in truth
    assert lines(frozen) != lines(now)
    assert [["".join(it.text for it in side) for side in (it.before, it.after)] for it in plan.sentences] == [
        ["资助建档立卡学生3人。", "资助建档立卡学生4人。"],
        ["全部 | 63人", "全部 | 62人"],
    ]
    assert [it.text for it in plan.sentences[0].after if it.changed] == ["4人"]
    assert [(it.target, it.before, it.after) for it in plan.targets] == [
        ("aid.registered_poor_pupils", ("3人（不少于4人）", "推进中"), ("4人（不少于4人）", "已完成"))
    ]
    assert plan.sentence() == f"2019年上半年会改变：指标{len(truth)}项，报告2句，计划目标1项。"


def test_a_workbook_with_errors_has_no_plan(registered, small, workbook, headings):
    small[PUPILS][0][headings(PUPILS).index("就读方式")] = "骑车"
    with pytest.raises(NoPlan, match=r"有1处错误.*请先改正或确认"):
        replacement_plan(workbook({PUPILS: small[PUPILS]}), PERIOD, DAY)


def test_registers_that_read_from_those_that_a_sheet_changes_are_concerned(db):
    found = {model.table_name() for model in concerned([sheet_catalogue.sheet("学校办学条件表")])}
    assert {"balance_facilities", "balance_stagecondition", "school", "pupil"} <= found
    assert not {"finance_expenditure", "term", "plans_planitem"} & found


def test_the_command_prints_the_plan(registered, changed, capsys):
    assert main(["import", str(changed), "--plan", "2019H1"]) == 0
    printed = capsys.readouterr().out
    assert "“再报.xlsx”如果导入，2019年上半年会改变：" in printed
    assert "资助建档立卡学生3人。 → 资助建档立卡学生4人。" in printed
    assert "1. 教育扶贫：aid.registered_poor_pupils：3人（不少于4人） " in printed
    assert main(["import", str(changed), "--plan", "2019H9"]) == 1
    assert "无法识别时期" in capsys.readouterr().err
    # Once it is in, the same workbook changes nothing.
    assert main(["import", str(changed)]) == 0
    assert main(["import", str(changed), "--plan", "2019H1"]) == 0
    assert "2019年上半年的指标、报告和计划目标都不会变。" in capsys.readouterr().out
