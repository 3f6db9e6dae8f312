"""What cannot be true of evaluations, findings, visits and checks."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.inspection.models import (
    Evaluation,
    Finding,
    Indicator,
    IndicatorScore,
    InstitutionCheck,
    KindergartenVisit,
    TrainingInstitution,
)
from xuezheng.records.models import ClassGroup, School

PRIMARY = School(code="2134990001", name="甲校", kind="211", urban_rural="220", runner="831")
KINDERGARTEN = School(name="乙园", kind="111")
INSTITUTION = TrainingInstitution(name="丙中心")
FOUND_ON = date(2019, 4, 1)


def indicator(number, weight, **fields):
    usual = {"year": 2019, "scope": "school", "topic": "party", "title": f"指标{number}"}
    return Indicator(code=f"2019-X{number:02}", weight=weight, **{**usual, **fields})


def finding(**fields):
    return Finding(
        school=PRIMARY, found_on=FOUND_ON, issue="记录缺失", **{"due_on": date(2019, 5, 1), **fields}
    )


def visit(**fields):
    usual = {"school": KINDERGARTEN, "aspect": "safety", "passed": True}
    return KindergartenVisit(visited_on=FOUND_ON, **{**usual, **fields})


def check(**fields):
    return InstitutionCheck(institution=INSTITUTION, checked_on=FOUND_ON, **{"problem": "none", **fields})


@pytest.mark.parametrize(
    "record",
    [
        finding(),
        finding(due_on=FOUND_ON, mended_on=FOUND_ON),
        TrainingInstitution(name="丙中心"),
        TrainingInstitution(name="丙中心", licence="第1号", licensed_until=date(2020, 1, 1)),
        check(prepaid_months=12),
        check(problem="fees", due_on=date(2019, 5, 1), mended_on=date(2019, 6, 1)),
    ],
)
def test_a_record_that_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (finding(due_on=date(2019, 3, 31)), "due_on", "整改时限早于发现日期2019-04-01"),
        (finding(mended_on=date(2019, 3, 31)), "mended_on", "整改完成日期早于发现日期2019-04-01"),
        (TrainingInstitution(name="丙", licence="第1号"), "licensed_until", "须同时填写"),
        (TrainingInstitution(name="丙", licensed_until=date(2020, 1, 1)), "licensed_until", "须同时填写"),
        (check(problem="fees"), "due_on", "发现问题的须填整改时限"),
        (check(due_on=date(2019, 5, 1)), "due_on", "未发现问题的应留空"),
        (check(mended_on=date(2019, 5, 1)), "mended_on", "整改完成日期应留空"),
    ],
)
def test_a_record_that_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.django_db
def test_weights_of_a_year_and_scope_never_go_beyond_a_hundred():
    indicator(1, 60).save()
    assert list(indicator(2, 40).faults()) == []
    assert "其他指标的权重已有60" in dict(indicator(2, 41).faults())["weight"]
    assert list(indicator(2, 100, year=2018).faults()) == []
    assert list(indicator(2, 100, scope="kindergarten").faults()) == []
    alone = Indicator.objects.get()
    alone.weight = 100
    assert list(alone.faults()) == []


@pytest.mark.django_db
def test_nobody_is_evaluated_before_the_weights_make_a_hundred():
    indicator(1, 60).save()
    evaluation = Evaluation(school=PRIMARY, year=2019, evaluated_on=date(2019, 12, 20))
    assert "权重之和为60，应为100" in dict(evaluation.faults())["year"]
    indicator(2, 40).save()
    assert list(evaluation.faults()) == []
    evaluation.evaluated_on = date(2018, 12, 31)
    assert "早于考核年度2019年" in dict(evaluation.faults())["evaluated_on"]


def test_a_score_goes_with_an_indicator_of_the_year_and_the_kind_of_school():
    evaluation = Evaluation(school=PRIMARY, year=2019)
    assert list(IndicatorScore(evaluation=evaluation, indicator=indicator(1, 10)).faults()) == []
    of_last_year = IndicatorScore(evaluation=evaluation, indicator=indicator(1, 10, year=2018))
    assert "与考核年度2019年不符" in dict(of_last_year.faults())["indicator"]
    of_kindergartens = IndicatorScore(evaluation=evaluation, indicator=indicator(1, 10, scope="kindergarten"))
    assert "指标只用于幼儿园" in dict(of_kindergartens.faults())["indicator"]
    with pytest.raises(ValidationError, match="不能大于100"):
        IndicatorScore._meta.get_field("score").run_validators(101)


@pytest.mark.django_db
def test_only_who_has_preschool_children_is_visited_as_a_kindergarten():
    PRIMARY.save()
    assert list(visit().faults()) == []
    assert "没有附设幼儿班" in dict(visit(school=PRIMARY).faults())["school"]
    ClassGroup.objects.create(school=PRIMARY, name="幼儿班", stage="preschool", grade=3, attached=True)
    assert list(visit(school=PRIMARY).faults()) == []
    assert "须写明存在问题" in dict(visit(passed=False).faults())["problem"]
    assert "符合要求的应留空" in dict(visit(problem="记录不全").faults())["problem"]


def test_records_are_called_as_people_call_them():
    assert str(indicator(1, 10)) == "指标1"
    evaluation = Evaluation(school=PRIMARY, year=2019)
    assert str(evaluation) == "甲校 2019"
    assert str(IndicatorScore(evaluation=evaluation, indicator=indicator(1, 10))) == "甲校 2019 指标1"
    assert str(finding()) == "甲校 记录缺失"
    assert str(visit()) == "乙园 安全管理"
    assert str(INSTITUTION) == "丙中心"
    assert str(check()) == "丙中心 2019-04-01"
