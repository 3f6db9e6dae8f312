"""What the section's registers refuse."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.quality.models import (
    ExamResult,
    Mentoring,
    Studio,
    StudioAssessment,
    StudioMember,
    StudioTask,
    TeachingAssignment,
)
from xuezheng.records.models import Person, Term

TEACHER, OTHER_TEACHER = Person(pk=1, name="甲"), Person(pk=2, name="乙")
ASSIGNMENT = TeachingAssignment(
    person=TEACHER, school_year="2017-2018", class_name="七年级1班", subject="chinese"
)
STUDIO = Studio(name="小学数学名师工作室", person=TEACHER, founded_on=date(2019, 3, 28))


def mentoring(**fields):
    usual = {"assignment": ASSIGNMENT, "mentor": OTHER_TEACHER, "since": date(2018, 9, 12)}
    return Mentoring(**{**usual, **fields})


def member(**fields):
    return StudioMember(studio=STUDIO, **{"person": OTHER_TEACHER, "joined_on": date(2019, 3, 28), **fields})


@pytest.mark.parametrize(
    "record",
    [
        mentoring(),
        mentoring(since=date(2018, 7, 1)),
        mentoring(since=date(2019, 8, 31)),
        member(),
        STUDIO,
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (mentoring(mentor=TEACHER), "mentor", "不能是被帮扶的教师本人"),
        (mentoring(since=date(2018, 6, 30)), "since", "不在2017-2018学年结束后的一年内"),
        (mentoring(since=date(2019, 9, 1)), "since", "上一学年的成绩"),
        (mentoring(until=date(2018, 9, 11)), "until", "早于结对日期"),
        (member(person=TEACHER), "person", "主持人不另列为成员"),
        (member(joined_on=date(2019, 3, 27)), "joined_on", "早于工作室成立日期2019-03-28"),
    ],
)
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.parametrize(
    ("code", "school_year"), [("2018春", "2017-2018"), ("2018秋", "2018-2019"), ("2019春", "2018-2019")]
)
def test_the_school_year_of_a_result_follows_from_its_term(code, school_year):
    result = ExamResult(term=Term(code=code), subject="chinese", school_year="2000-2001")
    result.complete()
    assert result.school_year == school_year


@pytest.mark.parametrize("score", ["-0.5", "150.5"])
def test_a_mark_lies_in_bounds(score):
    with pytest.raises(ValidationError, match="分数"):
        ExamResult._meta.get_field("score").run_validators(Decimal(score))


def test_an_assessment_is_at_most_a_hundred():
    with pytest.raises(ValidationError, match="100"):
        StudioAssessment._meta.get_field("score").run_validators(101)


def test_records_are_called_as_people_call_them():
    assert str(ASSIGNMENT) == "2017-2018 七年级1班语文"
    assert str(mentoring()) == "乙 2018-09-12"
    assert str(STUDIO) == "小学数学名师工作室"
    assert str(member()) == "乙"
    assert str(StudioTask(title="送教")) == "送教"
    assert str(StudioAssessment(studio=STUDIO, year=2019)) == "小学数学名师工作室 2019"
    assert str(ExamResult(term=Term(code="2018春"), subject="chinese")) == "语文 2018春"
