"""What the section's registers refuse."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.staffing.models import (
    ConductCase,
    Profile,
    Recruit,
    RecruitmentPlan,
    Rotation,
    SchoolQuota,
)
from xuezheng.records.models import Person, School, StaffMember

PERSON = Person(name="甲")
SCHOOL = School(name="某校")
DAY = date(2018, 8, 31)


def profile(**fields):
    return Profile(person=PERSON, **{"degree": "bachelor", "title": "none", **fields})


def quota(**fields):
    numbers = {"establishment": 20, "senior_posts": 4, "middle_posts": 10, "junior_posts": 6}
    return SchoolQuota(school=SCHOOL, school_year="2018-2019", set_on=DAY, **{**numbers, **fields})


def plan(**fields):
    usual = {
        "year": 2019,
        "post": "school",
        "subject": "chinese",
        "places": 1,
        "announced_on": date(2019, 5, 10),
    }
    return RecruitmentPlan(code="1", **{**usual, **fields})  # fmt: skip


def case(**fields):
    return ConductCase(number="1", received_on=DAY, kind="tutoring", school=SCHOOL, **fields)


@pytest.mark.parametrize(
    "record",
    [
        profile(),
        profile(title="middle", title_on=DAY, backbone="district", backbone_on=DAY),
        quota(),
        quota(establishment=21),
        plan(),
        plan(post="kindergarten", subject="preschool"),
        Recruit(plan=plan(), person=PERSON, notified_on=date(2019, 5, 10)),
        case(),
        case(concluded_on=DAY, outcome="untrue"),
        case(concluded_on=DAY, outcome="partly", measure="talk"),
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (profile(backbone="district"), "backbone_on", "须同时填写"),
        (profile(backbone_on=DAY), "backbone_on", "须同时填写"),
        (profile(title="senior"), "title_on", "须填取得日期"),
        (profile(title_on=DAY), "title_on", "未定级的应留空"),
        (quota(establishment=19), "establishment", "共20个，多于编制数19"),
        (plan(post="kindergarten"), "subject", "学前教育"),
        (plan(subject="preschool"), "subject", "所教学科"),
        (plan(year=2020), "announced_on", "不在2020年内"),
        (Recruit(plan=plan(), person=PERSON, notified_on=date(2019, 5, 9)), "notified_on", "早于招聘公告日期"),
        (case(outcome="true"), "outcome", "办结的须填办结日期和调查结论"),
        (case(concluded_on=DAY), "outcome", "办结的须填办结日期和调查结论"),
        (case(measure="talk"), "measure", "属实或部分属实"),
        (case(concluded_on=DAY, outcome="untrue", measure="talk"), "measure", "属实或部分属实"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.django_db
def test_only_who_held_a_post_at_the_school_that_is_exchanged_is_reviewed():
    school = School.objects.create(
        code="2134990001", name="某校", kind="211", urban_rural="220", runner="831"
    )
    person = Person.objects.create(name="甲", id_type="passport", id_number="E1", birth_date=DAY, sex="male")
    review = Rotation(person=person, school_year="2018-2019", school=school, assessed_on=DAY)
    assert "没有此人" in dict(review.faults())["school"]
    post = StaffMember.objects.create(person=person, school=school, post="clerk", post_from=date(2018, 8, 31))
    assert "行政教辅人员" in dict(review.faults())["school"]
    post.post = "vice_head"
    post.save()
    assert dict(review.faults()) == {}
    review.assessed_on = date(2018, 8, 30)
    assert "没有此人" in dict(review.faults())["school"]
    assert "没有此人" in dict(Rotation(person=PERSON, school=school, assessed_on=DAY).faults())["school"]


@pytest.mark.parametrize("written", ["2018", "2018—2019", "2018-19"])
def test_a_school_year_is_written_in_one_way(written):
    with pytest.raises(ValidationError, match="2018-2019"):
        SchoolQuota._meta.get_field("school_year").run_validators(written)


def test_nobody_but_the_section_sees_cases_of_conduct():
    assert ConductCase.confidential
    assert ConductCase.personal


def test_records_are_called_as_people_call_them():
    assert str(profile()) == "甲"
    assert str(quota()) == "某校 2018-2019"
    assert str(plan()) == "2019年1"
    assert str(case()) == "1"
