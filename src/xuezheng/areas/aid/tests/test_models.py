"""What cannot be true of an award."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.aid.models import Allocation, Award, LivelihoodProject
from xuezheng.records.models import Person, School, Term

TERM = Term(code="2019春", starts_on=date(2019, 2, 18), ends_on=date(2019, 7, 5))
PERSON = Person(name="甲")


def award(**fields):
    usual = {
        "programme": "registered_poor",
        "stage": "primary",
        "boarding": "day",
        "tier": "",
        "amount": 50_000,
    }
    return Award(person=PERSON, term=TERM, **{**usual, **fields})


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"stage": "university"},
        {"paid_on": date(2019, 2, 18)},
        {"programme": "boarder", "boarding": "boarder"},
        {"programme": "senior_grant", "stage": "senior", "tier": "second"},
        {"programme": "preschool", "stage": "preschool"},
    ],
)
def test_an_award_that_can_be_is_not_complained_of(fields):
    assert list(award(**fields).contradictions()) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"tier": "first"}, "tier", "“建档立卡学生资助”不分档次，档次应留空"),
        ({"programme": "senior_grant", "stage": "senior"}, "tier", "“普通高中国家助学金”须填档次"),
        ({"programme": "senior_tuition", "stage": "junior"}, "stage", "“普通高中免学杂费”不发给初中学生"),
        ({"programme": "preschool"}, "stage", "“学前教育困难幼儿资助”不发给小学学生"),
        ({"programme": "boarder", "boarding": "day"}, "boarding", "只发给住校学生"),
        ({"paid_on": date(2019, 2, 17)}, "paid_on", "发放日期早于2019春学期的开学日期2019-02-18"),
    ],
)
def test_an_award_that_cannot_be_is_told_at_the_field(fields, field, sentence):
    assert sentence in dict(award(**fields).contradictions())[field]


@pytest.mark.parametrize(("model", "amount"), [(Award, 0), (Award, -1), (Allocation, -1)])
def test_an_amount_must_be_more_than_nothing(model, amount):
    with pytest.raises(ValidationError, match="金额"):
        model._meta.get_field("amount").run_validators(amount)


def test_records_are_called_as_people_call_them():
    assert str(award()) == "甲 建档立卡学生资助"
    assert str(Allocation(school=School(name="某校"), programme="textbooks")) == "某校 免费教科书"
    assert str(LivelihoodProject(name="困难学生资助")) == "困难学生资助"
