"""What cannot be true of ledgers, funds and checks."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.finance.models import BudgetLine, Expenditure, FinanceCheck, FundingPaper, PublicFunds
from xuezheng.records.models import School, Term

SCHOOL = School(name="甲校", kind="211")
TERM = Term(code="2019春", starts_on=date(2019, 2, 25), ends_on=date(2019, 6, 28))


def funds(**fields):
    return PublicFunds(
        **{"school": SCHOOL, "stage": "primary", "term": TERM, "pupils": 10, "amount": 0, **fields}
    )


def check(**fields):
    return FinanceCheck(
        **{"school": SCHOOL, "kind": "fees", "checked_on": date(2019, 4, 1), "problems": 0, **fields}
    )


FINDING = {"problems": 1, "finding": "公示不完整", "due_on": date(2019, 4, 30)}


@pytest.mark.parametrize(
    "record",
    [
        Expenditure(month=date(2019, 5, 1), function="2050202", source="general", amount=-100),
        funds(),
        funds(boarders=10),
        funds(stage="preschool"),
        check(),
        check(**FINDING),
        check(**FINDING, mended_on=date(2019, 5, 5)),
    ],
)
def test_a_record_that_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (Expenditure(month=date(2019, 5, 31)), "month", "应填当月首日，如2019-05-01"),
        (funds(boarders=11), "boarders", "多于核定学生数10"),
        (funds(stage="junior"), "stage", "小学不办初中"),
        (check(**{**FINDING, "due_on": None}), "due_on", "须填整改时限"),
        (check(**{**FINDING, "finding": ""}), "finding", "须写明主要问题"),
        (check(**{**FINDING, "due_on": date(2019, 3, 31)}), "due_on", "整改时限早于检查日期2019-04-01"),
        (check(mended_on=date(2019, 4, 2)), "problems", "应留空"),
    ],
)
def test_a_record_that_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


@pytest.mark.parametrize("model", [BudgetLine, PublicFunds])
def test_what_is_set_aside_or_paid_is_never_negative(model):
    with pytest.raises(ValidationError, match="不能小于0元"):
        model._meta.get_field("amount").run_validators(-1)


def test_records_are_called_as_people_call_them():
    assert str(BudgetLine(year=2019, function="2050202")) == "2019 小学教育"
    assert str(Expenditure(month=date(2019, 5, 1), function="2050203")) == "2019-05 初中教育"
    assert str(funds()) == "甲校 小学"
    assert str(FundingPaper(title="收费通知")) == "收费通知"
    assert str(check()) == "甲校 教育收费"
