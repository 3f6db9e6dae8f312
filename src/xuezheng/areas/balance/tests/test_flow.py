"""One changed row goes through the whole flow: effect of the import, verdict, gaps, plan, figures, report; and back."""

import re
from datetime import date
from fractions import Fraction

import pytest

from xuezheng.areas.balance.procedures.county import county_verdict
from xuezheng.areas.balance.procedures.gap_plan import Options
from xuezheng.areas.balance.procedures.gaps import gaps
from xuezheng.areas.balance.procedures.plan_record import make_plan, read_result
from xuezheng.areas.balance.tests.test_verdict_pages import PERIOD, county  # noqa: F401 - a fixture
from xuezheng.areas.balance.workbook import facilities, stage_conditions
from xuezheng.core.periods import Period
from xuezheng.figures import Conclusion, FigureError, NotAssessed, Status, catalogue, conclude
from xuezheng.impact import replacement_plan
from xuezheng.intake import import_workbook
from xuezheng.intake.undo import undo
from xuezheng.records.models import User
from xuezheng.reports.compose import compose
from xuezheng.reports.model import runs_of, text_of
from xuezheng.reports.templates import catalogue as template_catalogue
from xuezheng.snapshots import freeze
from xuezheng.workbooks.template import write_workbook

DAY = date(2019, 12, 20)
# What the second school has but for its backbone teachers, and the third but for its media rooms: see ``county``.
SECOND = ["2134990002", "小学", "2019", "300", "6", "8", "42", "300", "0", "20", "0", "0", "3", "3", "1", "1"]
THIRD = ["2134990003", "2019", "2400", "0", "4400", "1040000", "12", "3", "3"]


@pytest.fixture(autouse=True)
def report(tmp_path, monkeypatch):
    """A report of what the national half-year report says of the verdict, and nothing else, which is quicker."""
    shipped = template_catalogue.shipped_templates()["half_year"].read_text("utf-8")
    macro = re.search(r"\{% macro by_part.*?endmacro %\}\n", shipped, re.DOTALL)
    sentences = re.search(
        r'\{% if not zero\("balance.requirements_not_met"\) %\}.*?endif %\}\n', shipped, re.DOTALL
    )
    path = tmp_path / "half_year.md"
    path.write_text(f"{macro[0]}# 报告\n\n## 一、优质均衡\n\n{sentences[0]}", encoding="utf-8")
    monkeypatch.setattr(template_catalogue, "shipped_templates", lambda: {"half_year": path})


@pytest.fixture
def changed(county, tmp_path):  # noqa: F811 - the fixture
    """A workbook with three backbone teachers for the second school, and twelve media rooms for the third."""
    path = tmp_path / "改正.xlsx"
    write_workbook(path, {stage_conditions: [SECOND], facilities: [THIRD]})
    return path


def number(key, snapshot, **part):
    return catalogue.figure(f"balance.requirements_{key}").at(snapshot, PERIOD, **part).value


def judged_sentence(snapshot):
    """The sentence of the national half-year report that states the verdict."""
    blocks = compose("half_year", snapshot, PERIOD).blocks
    texts = [text_of(runs_of(block)) for block in blocks]
    (text,) = [text for text in texts if "逐项判定" in text]
    (sentence,) = [each for each in text.split("。") if "逐项判定" in each]
    return sentence


def cost(snapshot, user):
    """The cost of the newly computed plan in yuan, nobody moved."""
    made = make_plan(snapshot, 2019, Options(transfers=False), user)
    return Fraction(read_result(made.result)["plans"]["chosen"]["cost"])


def state(user):
    """What the flow says of the registers as they are: conclusion, gaps, cost, counts and sentence."""
    snapshot = freeze(DAY)
    verdict = county_verdict(snapshot, 2019)
    return (
        verdict.conclusion,
        [(gap.row.name, gap.row.stage, gap.indicator.key, gap.to_floor) for gap in gaps(verdict.judged)],
        cost(snapshot, user),
        [number(key, snapshot) for key in ("met", "not_met", "unreported")],
        judged_sentence(snapshot),
    )


BEFORE = (
    Conclusion.FAILS,
    [
        ("第二学校", "primary", "backbone_per_100", 3),  # 85% of 3 is 2.55
        (
            "第三学校",
            "primary",
            "media_per_100",
            5,
        ),  # 200×2.3%×85%=3.91 of a share of 200/420: 8.211, it has 4
        ("第三学校", "junior", "media_per_100", 4),  # 200×2.4%×85%=4.08 of a share of 220/420: 7.789
    ],
    3 * 20_000 + 5 * 50_000,
    [46, 4, 0],
    "按优质均衡督导评估办法逐项判定，结论为不通过：没有达到的要求4项（学校3项、差异系数1项）；没有报告的要求0项",
)
AFTER = (
    Conclusion.PASSES,
    [],
    0,
    [50, 0, 0],  # 4 stages of schools, 14 coefficients, 15 and 9 items, 6 vetoes, 2 surveys
    "按优质均衡督导评估办法逐项判定，结论为通过：达到的要求50项"
    "（学校4项、差异系数14项、政府保障程度15项、教育质量9项、一票否决6项、社会认可度2项）",
)


def test_an_import_changes_verdict_gaps_plan_and_report_as_announced_and_undoing_it_changes_them_back(
    changed,
):
    user = User.objects.create(username="office", role="office")
    assert state(user) == BEFORE
    plan = replacement_plan(changed, PERIOD, DAY, confirm=True)
    assert [(each.title, each.before[0], each.after[0]) for each in plan.requirements] == [
        ("结论", "不通过", "通过"),
        ("第二学校（小学）", "没有达到", "达到"),
        ("第三学校（小学）", "没有达到", "达到"),
        ("第三学校（初中）", "没有达到", "达到"),
        ("小学每百名学生拥有县级以上骨干教师数差异系数", "没有达到", "达到"),
    ]
    assert [each.part for each in plan.requirements] == ["", "学校", "学校", "学校", "差异系数"]
    assert plan.requirements[-1].before[1] == "0.707，上限0.50"  # √(0.5)
    totals = {each.before.figure: (each.before.value, each.after.value) for each in plan.figures}
    assert totals["balance.requirements_not_met"] == (4, 0)
    assert totals["balance.requirements_met"] == (46, 50)
    assert "balance.requirements_unreported" not in totals
    assert "判定5项" in plan.sentence()
    assert (BEFORE[-1] + "。", AFTER[-1] + "。") in [
        (each.before_text, each.after_text) for each in plan.sentences
    ]
    outcome = import_workbook(changed, confirm=True)
    assert outcome.saved
    assert state(user) == AFTER
    undo(outcome.batch.pk)
    assert state(user) == BEFORE


def test_numbers_of_requirements_open_to_the_requirements_and_agree_with_the_verdict(county):  # noqa: F811
    snapshot = freeze(DAY)
    verdict = county_verdict(snapshot, 2019)
    not_met = catalogue.figure("balance.requirements_not_met")
    assert len(verdict.failures) == not_met.at(snapshot, PERIOD).value == not_met.rows(snapshot, PERIOD).count
    rows = not_met.rows(snapshot, PERIOD, part="schools").table.to_pylist()
    assert [row["title"] for row in rows] == ["第二学校（小学）", "第三学校（小学）", "第三学校（初中）"]
    for row in rows:
        slice_ = dict(pair.split("=") for pair in row["slice"].split(","))
        assert (
            catalogue.figure(row["figure"]).rows(snapshot, Period.parse(row["period"]), **slice_).count == 1
        )
    assert [(each.slice, each.value) for each in not_met.breakdown(snapshot, PERIOD, ("part",))] == [
        ({}, 4),
        ({"part": "schools"}, 3),
        ({"part": "variation"}, 1),
    ]
    citations = {each.key: each.clauses for each in not_met.at(snapshot, PERIOD).citations}
    assert citations["balance.variation_limit"][0][1] == "小学0.50（差异系数），初中0.45（差异系数）"
    with pytest.raises(FigureError, match="没有“没有的”"):
        not_met.at(snapshot, PERIOD, part="没有的")


def test_a_year_without_forms_has_no_numbers_and_no_sentence(county):  # noqa: F811
    snapshot = freeze(DAY)
    earlier = Period.parse("2018")
    figure = catalogue.figure("balance.requirements_not_met")
    assert figure.at(snapshot, earlier).value is None
    assert figure.at(snapshot, earlier).text() == "无数据"
    assert figure.rows(snapshot, earlier).count == 0
    with pytest.raises(NotAssessed, match="2018年还没有学校填报"):
        figure.assessment.requirements(snapshot, earlier)
    with pytest.raises(NotAssessed, match="还没有开始"):
        figure.assessment.requirements(snapshot, Period.parse("2020"))
    assert "逐项判定" not in "".join(
        text_of(runs_of(block)) for block in compose("half_year", snapshot, earlier).blocks
    )


@pytest.mark.parametrize(
    ("statuses", "conclusion"),
    [
        ([], Conclusion.UNDECIDED),
        ([Status.MET], Conclusion.PASSES),
        ([Status.MET, Status.UNREPORTED], Conclusion.UNDECIDED),
        ([Status.UNREPORTED, Status.NOT_MET, Status.MET], Conclusion.FAILS),
    ],
)
def test_nothing_passes_before_everything_is_reported_and_met(statuses, conclusion):
    assert conclude(statuses) is conclusion
