"""What was paid wrongly is put right by a difference: paid on top, or called back."""

from datetime import date

import pytest

from xuezheng.areas.aid.models import Award, Budget, Payment
from xuezheng.areas.aid.procedures.bank import make_batch
from xuezheng.areas.aid.procedures.decide import approve
from xuezheng.areas.aid.procedures.differences import propose_difference, recover
from xuezheng.areas.aid.procedures.receipt import ReceiptRefused, read_receipt
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.areas.aid.tests.conftest import PAID_ON, add_awards, states

pytestmark = pytest.mark.django_db


def test_a_correction_is_paid_as_a_difference(paid, users, answered):
    award = paid[0].award
    Award.objects.filter(pk=award.pk).update(boarding="boarder")
    supplement = propose_difference(award.pk, users[0], "就读方式更正为住校")
    assert (supplement.kind, supplement.amount) == ("supplement", 31250)
    with pytest.raises(StepRefused, match="已有在办的一笔"):
        propose_difference(award.pk, users[0], "又一次")
    approve(supplement.list_id, users[1])
    batch, _ = make_batch(supplement.list_id, users[0])
    read_receipt(batch.pk, answered(batch), users[0])
    award.refresh_from_db()
    assert (award.amount, award.paid_on) == (62500, PAID_ON)
    assert Payment.objects.get(pk=paid[0].pk).amount == 31250
    with pytest.raises(StepRefused, match="没有差额"):
        propose_difference(award.pk, users[0], "再一次")


def test_what_was_paid_too_much_is_called_back(paid, users, term):
    award = paid[0].award
    recovery = propose_difference(award.pk, users[0], "已在外地享受", entitled=False)
    assert (recovery.kind, recovery.amount) == ("recovery", 31250)
    with pytest.raises(StepRefused, match="不是待收款的追回"):
        recover(recovery.pk, users[0], date(2019, 11, 20))
    approve(recovery.list_id, users[1])
    with pytest.raises(StepRefused, match="没有已审批的笔"):
        make_batch(recovery.list_id, users[0])
    with pytest.raises(StepRefused, match="由您审批"):
        recover(recovery.pk, users[1], date(2019, 11, 20))
    with pytest.raises(StepRefused, match="应在开学之后"):
        recover(recovery.pk, users[0], date(2018, 11, 20))
    used = Budget.objects.get().used()
    recover(recovery.pk, users[0], date(2019, 11, 20))
    award.refresh_from_db()
    assert award.paid_on is None
    assert Budget.objects.get().used() == used - 31250
    assert states() == ["paid", "paid", "paid", "recovered"]
    with pytest.raises(StepRefused, match="不是待收款的追回"):
        recover(recovery.pk, users[0], date(2019, 11, 20))


def test_what_was_called_back_does_not_come_back_from_the_bank_too(paid, batch, users, answered):
    recovery = propose_difference(paid[0].award_id, users[0], "已在外地享受", entitled=False)
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(batch.pk, answered(batch, {1: "账户已销户"}), users[0])
    assert "有在办的补发或追回" in refused.value.faults[0]
    approve(recovery.list_id, users[1])
    recover(recovery.pk, users[0], date(2019, 11, 20))
    with pytest.raises(ReceiptRefused) as refused:
        read_receipt(batch.pk, answered(batch, {1: "账户已销户"}), users[0])
    assert "已追回过" in refused.value.faults[0]


def test_a_difference_has_a_reason_and_something_to_differ_from(paid, listed, users):
    with pytest.raises(StepRefused, match="请写明补发或追回的事由"):
        propose_difference(paid[0].award_id, users[0], "")
    (unpaid,) = add_awards(1, listed.term, paid[0].award.school, first=70)
    with pytest.raises(StepRefused, match="没有由本系统发放过"):
        propose_difference(unpaid.pk, users[0], "更正")
