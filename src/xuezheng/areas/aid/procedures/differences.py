"""Correcting what was paid: by paying or recovering the difference, never by changing the payment.

Either a single payment was wrong, or a retroactive rise of a rate leaves all awards of a programme and term
short (补发).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from xuezheng.areas.aid.arrears import shortfalls
from xuezheng.areas.aid.models import Award, Payment, PaymentList, programme_label
from xuezheng.areas.aid.procedures.amounts import due
from xuezheng.areas.aid.procedures.receipt import ELSEWHERE, settle
from xuezheng.areas.aid.procedures.steps import (
    Kind,
    State,
    StepRefused,
    lock_list,
    move,
    note_steps,
    refuse_strangers,
)
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.policy.current import read_once
from xuezheng.records.models import Term, User
from xuezheng.records.permissions import may
from xuezheng.workbooks.cells import typed_yuan


@transaction.atomic
def propose_difference(award: int, user: User, reason: str, *, entitled: bool = True) -> Payment:
    """Propose a supplement or a recovery for a paid award, on a list of its own, and return the payment.

    ``award`` is the primary key. The amount is the difference between what was paid so far and what is due by
    the current rules; with ``entitled=False`` nothing is due. Raises :class:`StepRefused` where ``reason``
    is blank, there is no difference, a payment of the award is under way, this system did not pay it, or the
    user may not handle payments.
    """
    if not reason.strip():
        raise StepRefused("请写明补发或追回的事由，如“档次更正”“已在外地享受”。")
    wait_for_other_imports()
    refuse_strangers(user)
    paid_award = Award.objects.select_related("person", "term").filter(pk=award).first()
    if paid_award is None or not paid_award.payments.filter(state=State.PAID).exists():
        raise StepRefused("这笔资助没有由本系统发放过，不能补发或追回。")
    if paid_award.payments.filter(state__in=Payment.OPEN).exists():
        raise StepRefused("这笔资助已有在办的一笔。请先办完再补发或追回。")
    calculated = due([award])[award]
    if calculated.amount is None:
        raise StepRefused("按规则算不出金额。请核对政策标准和资助名单。")
    paid = paid_award.payments.all().net()
    difference = (calculated.amount if entitled else 0) - paid
    if not difference:
        raise StepRefused(f"已发{typed_yuan(paid)}元，与按规则应发的相同，没有差额。")
    made = PaymentList.objects.create(programme=paid_award.programme, term=paid_award.term, proposed_by=user)
    payment = Payment.objects.create(
        list=made,
        award=paid_award,
        kind=Kind.SUPPLEMENT if difference > 0 else Kind.RECOVERY,
        amount=abs(difference),
        basis=calculated.basis | {"paid_before": paid, "should_be": calculated.amount if entitled else 0},
        note=reason.strip()[:100],
    )
    note_steps([payment.pk], "", State.DUE, user, payment.note)
    return payment


@transaction.atomic
@read_once()
def propose_make_up(programme: str, term: Term, user: User, reason: str) -> tuple[PaymentList, str]:
    """Put the shortfalls of a programme (a code) in a term on a new list, for another person's approval.

    ``reason`` names the document that raised the rate, up to 100 characters. Returns the list and a Chinese
    sentence; raises :class:`StepRefused` where ``reason`` is blank, nothing can be paid, or the user may not
    handle payments.
    """
    wait_for_other_imports()
    refuse_strangers(user)
    if not reason.strip():
        raise StepRefused("请写明补发的事由，如提高标准的文号。")
    found = shortfalls(programme, term)
    if not found.payable:
        raise StepRefused(
            f"{term.code}“{programme_label(programme)}”没有可补发的差额。{found.left_out()}".strip()
        )
    made = PaymentList.objects.create(programme=programme, term=term, proposed_by=user)
    ours = set(
        Payment.objects.filter(award__in=[line.award for line in found.payable]).values_list(
            "award", flat=True
        )
    )
    payments = Payment.objects.bulk_create(
        [
            Payment(
                list=made,
                award=shortfall.award,
                kind=Kind.SUPPLEMENT,
                amount=shortfall.missing,
                basis=shortfall.due.basis
                | {"paid_before": shortfall.paid, "should_be": shortfall.due.amount}
                | ({} if shortfall.award.pk in ours else {ELSEWHERE: shortfall.paid}),
                note=reason.strip()[:100],
            )
            for shortfall in found.payable
        ],
        batch_size=500,
    )
    note_steps([payment.pk for payment in payments], "", State.DUE, user, reason.strip()[:100])
    sentence = f"{made}已编制：补发{len(payments)}笔，共{typed_yuan(found.missing)}元。{found.left_out()}"
    return made, sentence


@transaction.atomic
def recover(number: int, user: User, received_on: date) -> str:
    """Confirm that the recovery with the primary key ``number`` was received on a day.

    Return a Chinese sentence. Raises :class:`StepRefused` where it is no approved recovery, the user may not
    or has approved it, or the day is before the term or after today.
    """
    payment = Payment.objects.select_related("award__term").filter(pk=number, kind=Kind.RECOVERY).first()
    if payment is None:
        raise StepRefused("没有这笔追回。请刷新页面再试。")
    wait_for_other_imports()
    payment_list = lock_list(payment.list_id, user)
    if not may(user, "confirm", "aid.payment", made_by=payment_list.approved_by_id):
        raise StepRefused(f"{payment_list}由您审批，收款须由他人确认。")
    if not payment.award.term.starts_on <= received_on <= timezone.localdate():
        raise StepRefused(f"收款日期{received_on}应在开学之后、今天之前。")
    payments = Payment.objects.filter(pk=number)
    if not move(payments, State.APPROVED, State.RECOVERED, user, f"{received_on}收到", paid_on=received_on):
        raise StepRefused("这笔不是待收款的追回，您这次没有改动。请刷新页面查看。")
    settle([payment.award_id], user, f"追回：{payment.note}")
    return f"已确认收回{typed_yuan(payment.amount)}元。"
