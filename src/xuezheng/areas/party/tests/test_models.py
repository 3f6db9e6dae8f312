"""What cannot be true of organisations, members and their ratings."""

from datetime import date

import pytest

from xuezheng.areas.party.models import (
    BranchElection,
    Development,
    IntegrityTask,
    Member,
    MemberGrading,
    MemberSchool,
    Organisation,
    OrganisationRating,
    PlatformUse,
)
from xuezheng.records.models import Person, School

PERSON = Person(name="甲")
BRANCH = Organisation(name="甲校党支部", kind="branch", founded_on=date(2010, 7, 1))
STEPS = {"applied_on": date(2017, 1, 1), "activist_on": date(2018, 1, 1), "prospect_on": date(2019, 3, 1)}


def task(**fields):
    usual = {"kind": "paper", "assigned_on": date(2019, 3, 1), "due_on": date(2019, 3, 31)}
    return IntegrityTask(title="要点", owner="party", **{**usual, **fields})


@pytest.mark.parametrize(
    "record",
    [
        BRANCH,
        Organisation(name="乙校党支部", secretary=PERSON, secretary_rank="head", founded_on=date(2010, 7, 1)),
        OrganisationRating(organisation=BRANCH, year=2019, score=100, rated_on=date(2019, 6, 20)),
        OrganisationRating(organisation=BRANCH, year=2019, score=100, rated_on=date(2020, 1, 5)),
        MemberGrading(member=Member(person=PERSON), year=2019, score=90, rated_on=date(2019, 6, 20)),
        BranchElection(organisation=BRANCH, held_on=date(2010, 7, 1)),
        Development(person=PERSON, organisation=BRANCH, **STEPS),
        Development(
            person=PERSON, organisation=BRANCH, applied_on=date(2017, 1, 1), ended_on=date(2018, 1, 1)
        ),
        task(),
        task(done_on=date(2019, 3, 20), document="云教工委〔2019〕6号"),
        task(kind="talk", done_on=date(2019, 4, 20)),
        PlatformUse(person=PERSON, month=date(2019, 4, 1), days=30),
        PlatformUse(person=PERSON, month=date(2019, 4, 1), days=0),
    ],
)
def test_a_record_that_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (Organisation(name="甲", parent="甲"), "parent", "上级党组织不能是本组织"),
        (Organisation(name="甲", secretary=PERSON), "secretary_rank", "须填书记职级"),
        (
            Organisation(name="甲", founded_on=date(2019, 1, 2), dissolved_on=date(2019, 1, 1)),
            "dissolved_on",
            "撤销日期早于成立日期2019-01-02",
        ),
        (OrganisationRating(year=2019, rated_on=date(2018, 12, 31)), "rated_on", "早于评定年度2019年"),
        (MemberGrading(year=2019, rated_on=date(2018, 12, 31)), "rated_on", "早于评定年度2019年"),
        (
            BranchElection(organisation=BRANCH, held_on=date(2010, 6, 30)),
            "held_on",
            "早于该党组织的成立日期2010-07-01",
        ),
        (
            Member(person=PERSON, joined_on=date(2019, 7, 1), full_on=date(2018, 7, 1)),
            "full_on",
            "转正日期早于入党日期",
        ),
        (Development(**{**STEPS, "activist_on": None}), "prospect_on", "缺前一步的“确定为积极分子日期”"),
        (
            Development(**{**STEPS, "prospect_on": date(2017, 12, 31)}),
            "prospect_on",
            "早于确定为积极分子日期2018-01-01",
        ),
        (
            Development(
                **STEPS,
                probationary_on=date(2019, 5, 1),
                full_on=date(2020, 5, 1),
                ended_on=date(2020, 6, 1),
            ),
            "ended_on",
            "终止培养日期应留空",
        ),
        (task(due_on=date(2019, 2, 28)), "due_on", "完成时限早于下达日期2019-03-01"),
        (task(done_on=date(2019, 3, 20)), "document", "已印发的文件须填文号"),
        (PlatformUse(month=date(2019, 4, 2), days=1), "month", "应填当月首日，如2019-04-01"),
        (PlatformUse(month=date(2019, 4, 1), days=31), "days", "4月只有30天"),
    ],
)
def test_a_record_that_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


def test_records_are_called_as_people_call_them():
    member = Member(person=PERSON)
    assert str(BRANCH) == "甲校党支部"
    assert str(MemberSchool(organisation=BRANCH, school=School(name="甲校"))) == "甲校党支部 甲校"
    assert str(member) == str(Development(person=PERSON)) == "甲"
    assert str(OrganisationRating(organisation=BRANCH, year=2019)) == "甲校党支部 2019"
    assert str(MemberGrading(member=member, year=2019)) == "甲 2019"
    assert str(BranchElection(organisation=BRANCH, held_on=date(2019, 4, 1))) == "甲校党支部 2019-04-01"
    assert str(task()) == "要点"
    assert str(PlatformUse(person=PERSON, month=date(2019, 4, 1))) == "甲 2019-04"
