"""Many at once: each award is paid once, and those who come second read who was first."""

import pytest
from tests.at_once import at_once, told_apart

from xuezheng.areas.aid.models import Award, Budget, Payment, PaymentBatch, PaymentList, Step
from xuezheng.areas.aid.procedures.bank import make_batch
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.differences import propose_difference
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.areas.aid.procedures.receipt import read_receipt
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.tests.conftest import PROGRAMME, add_awards

AWARDS = 500

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]


def together(*acts):
    """Do everything at the same moment; return what came of it, the refusals and the other failures."""
    done, raised = at_once(*acts)
    return done, *told_apart(raised, StepRefused)


@pytest.mark.parametrize("many", [8, 32])
def test_many_who_approve_the_same_awards_at_once_pay_each_once(awards, term, users, many):
    awards(AWARDS)
    listed = propose(PROGRAMME, term, users[0]).list
    acts = [lambda who=users[1 + turn % 4]: approve(listed.pk, who) for turn in range(many)]
    done, refused, failed = together(*acts)
    assert failed == []
    assert len(done) == 1
    assert len(refused) == many - 1
    assert all(f"{AWARDS}笔已由" in sentence and "审批" in sentence for sentence in refused)
    assert Payment.objects.filter(state="approved").count() == Award.objects.count() == AWARDS
    assert Step.objects.filter(after="approved").count() == AWARDS
    assert Budget.objects.get().used() == AWARDS * 31250


def test_many_who_draw_up_the_same_list_make_one(awards, term, users):
    awards(40)
    acts = [lambda who=users[turn % 5]: propose(PROGRAMME, term, who) for turn in range(8)]
    done, refused, failed = together(*acts)
    assert (len(done), len(refused), failed) == (1, 7, [])
    assert all("40笔已由" in sentence for sentence in refused)
    assert (PaymentList.objects.count(), Payment.objects.count()) == (1, 40)


def test_many_who_send_to_the_bank_and_read_its_answer_do_each_once(awards, term, users, answered):
    awards(40)
    listed = propose(PROGRAMME, term, users[0]).list
    approve(listed.pk, users[1])
    done, refused, failed = together(*[lambda: make_batch(listed.pk, users[2])] * 8)
    assert (len(done), len(refused), failed) == (1, 7, [])
    assert all("没有待编批的笔：40笔已由丙编入" in sentence for sentence in refused)
    batch = PaymentBatch.objects.get()
    path = answered(batch, {7: "账号不存在"})
    done, refused, failed = together(*[lambda: read_receipt(batch.pk, path, users[0])] * 4)
    assert (refused, failed) == ([], [])
    assert sorted((receipt.paid, receipt.returned, receipt.known) for receipt in done) == [(0, 0, 40)] * 3 + [
        (39, 1, 0)
    ]
    assert Award.objects.filter(paid_on__isnull=False).count() == 39
    assert Step.objects.filter(after="paid").count() == 39


def test_lists_that_one_budget_does_not_cover_are_not_both_approved(awards, term, users, school):
    awards(10)
    first = propose(PROGRAMME, term, users[0]).list
    add_awards(10, term, school, first=11)
    second = propose(PROGRAMME, term, users[0]).list
    Budget.objects.update(amount=15 * 31250)
    acts = [
        lambda payment_list=payment_list, who=who: approve(payment_list.pk, who)
        for payment_list in (first, second)
        for who in users[1:]
    ]
    done, refused, failed = together(*acts)
    assert (len(done), failed) == (1, [])
    assert sum("指标不够" in sentence for sentence in refused) >= 4
    assert Budget.objects.get().used() == 10 * 31250


def test_one_difference_is_proposed_of_many(awards, term, users, answered):
    awards(1)
    listed = propose(PROGRAMME, term, users[0]).list
    approve(listed.pk, users[1])
    batch, _ = make_batch(listed.pk, users[0])
    read_receipt(batch.pk, answered(batch), users[0])
    award = Award.objects.get().pk
    acts = [lambda who=who: propose_difference(award, who, "查实", entitled=False) for who in users]
    done, refused, failed = together(*acts)
    assert (len(done), len(refused), failed) == (1, 4, [])
    assert all("已有在办的一笔" in sentence for sentence in refused)
