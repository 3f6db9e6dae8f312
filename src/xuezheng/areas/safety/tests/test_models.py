"""What cannot be true of hazards, reports and checks, and who may see reports of bullying."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.safety.models import (
    Accident,
    BullyingReport,
    Drill,
    DrowningMeasure,
    Hazard,
    HealthCheck,
    Outbreak,
)
from xuezheng.records.models import School, User
from xuezheng.rules.tables import base_columns

SCHOOL = School(name="甲校", kind="211")
DAY = date(2019, 4, 1)


def hazard(**fields):
    usual = {
        "kind": "fire",
        "level": "common",
        "place": "灭火器失压",
        "owner": "某某",
        "due_on": date(2019, 4, 20),
    }
    return Hazard(school=SCHOOL, found_on=DAY, **{**usual, **fields})


def report(**fields):
    return BullyingReport(number="QL2019-001", school=SCHOOL, reported_on=DAY, **fields)


def check(**fields):
    return HealthCheck(school=SCHOOL, kind="canteen", checked_on=DAY, **fields)


def measure(**fields):
    return DrowningMeasure(school=SCHOOL, day=DAY, **fields)


@pytest.mark.parametrize(
    "record",
    [
        hazard(),
        hazard(closed_on=date(2019, 4, 30)),
        report(),
        report(outcome="quarrel", concluded_on=DAY),
        check(),
        check(problem="留样不足", due_on=date(2019, 4, 10)),
        measure(kind="patrol"),
        measure(kind="education", reached=0),
        Accident(school=SCHOOL, kind="drowning", day=DAY, injured=0, dead=1),
    ],
)
def test_a_record_that_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (hazard(due_on=date(2019, 3, 31)), "due_on", "整改时限早于排查日期2019-04-01"),
        (hazard(closed_on=date(2019, 3, 31)), "closed_on", "销号日期早于排查日期2019-04-01"),
        (report(outcome="quarrel"), "concluded_on", "须同时填写"),
        (report(concluded_on=DAY), "concluded_on", "须同时填写"),
        (
            report(outcome="quarrel", concluded_on=date(2019, 3, 31)),
            "concluded_on",
            "认定日期早于报告日期2019-04-01",
        ),
        (check(problem="留样不足"), "due_on", "存在问题的须填整改时限"),
        (check(due_on=date(2019, 4, 10)), "due_on", "没有问题的应留空"),
        (check(mended_on=date(2019, 4, 10)), "mended_on", "整改完成日期应留空"),
        (measure(kind="patrol", reached=5), "reached", "水域巡查的覆盖学生数应留空"),
        (measure(kind="letter"), "reached", "其他工作须填写"),
        (Outbreak(reported_on=DAY, ended_on=date(2019, 3, 31)), "ended_on", "处置结束日期早于报告日期"),
        (Accident(injured=0, dead=0), "injured", "不能都是0"),
    ],
)
def test_a_record_that_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.parametrize(("model", "field"), [(Drill, "participants"), (Outbreak, "cases")])
def test_a_drill_or_an_outbreak_of_nobody_is_refused(model, field):
    with pytest.raises(ValidationError, match="人数须大于0"):
        model._meta.get_field(field).run_validators(0)


def test_who_answers_for_a_hazard_is_never_frozen():
    assert "owner" not in {column.name for column in base_columns(Hazard)}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "section", "visible"),
    [("section", "safety", 1), ("section", "aid", 0), ("office", "", 0), ("leader", "", 0), ("clerk", "", 0)],
)
def test_only_the_safety_office_sees_reports_of_bullying(role, section, visible):
    school = School.objects.create(
        code="2134990001", name="甲校", kind="211", urban_rural="220", runner="831"
    )
    BullyingReport.objects.create(
        number="QL2019-001", school=school, stage="primary", reported_on=DAY, source="pupil", form="verbal"
    )
    user = User(username=role, role=role, section=section, school=school if role == "clerk" else None)
    assert BullyingReport.objects.visible_to(user).count() == visible


def test_records_are_called_as_people_call_them():
    assert str(Drill(school=SCHOOL, kind="fire")) == "甲校 消防疏散"
    assert str(hazard()) == "甲校 灭火器失压"
    assert str(report()) == "QL2019-001"
    assert str(measure(kind="patrol")) == "甲校 水域巡查"
    assert str(check()) == "甲校 食堂"
    assert str(Outbreak(school=SCHOOL, disease="flu")) == "甲校 流行性感冒"
    assert str(Accident(school=SCHOOL, kind="traffic")) == "甲校 交通"
