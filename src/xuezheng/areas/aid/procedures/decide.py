"""Approving a list within its budget, or declining single payments; never by the user who proposed the list."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.timezone import localtime

from xuezheng.areas.aid.models import Budget, Payment, PaymentList
from xuezheng.areas.aid.procedures.steps import (
    Kind,
    State,
    StepRefused,
    by_right,
    lock_list,
    move,
    refuse_strangers,
)
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.records.models import User
from xuezheng.records.permissions import may
from xuezheng.workbooks.cells import typed_yuan


@transaction.atomic
def approve(number: int, user: User) -> str:
    """Approve all payments of a list that wait for approval, or none; return a Chinese sentence.

    ``number`` is the primary key of the list. Raises :class:`StepRefused` where the user may not handle
    payments or has proposed the list, the list was approved before, nothing waits, or the budget is missing
    or exceeded.
    """
    # An import may lower the budget, or say what others paid, at the same moment.
    wait_for_other_imports()
    approvable = PaymentList.objects.filter(pk=number, approved_by=None).exclude(proposed_by=user)
    # Of many who approve at once one changes the row here; the others wait, and change none.
    if not by_right(approvable, user).update(approved_by=user, approved_at=timezone.now()):
        raise StepRefused(_why_not(number, user))
    payment_list = PaymentList.objects.get(pk=number)
    due = Payment.objects.filter(list=payment_list, state=State.DUE)
    totals = due.aggregate(
        all=Sum("amount", default=0), out=Sum("amount", filter=~Q(kind=Kind.RECOVERY), default=0)
    )
    if not totals["all"]:
        raise StepRefused(f"{payment_list}没有待审批的笔。请刷新页面查看。")
    if totals["out"]:
        _within_budget(payment_list, totals["out"], user)
    keys = move(due, State.DUE, State.APPROVED, user)
    return f"{payment_list}已审批：{len(keys)}笔，共{typed_yuan(totals['all'])}元。"


def _within_budget(payment_list: PaymentList, amount: int, user: User) -> None:
    """Lock the budget until the transaction ends, refuse an amount (fen) above its rest, and record the approval in its history."""
    name = f"{payment_list.term.code}“{payment_list.get_programme_display()}”"
    budget = (
        Budget.objects.select_for_update()
        .filter(programme=payment_list.programme, term=payment_list.term)
        .first()
    )
    if budget is None:
        raise StepRefused(f"没有登记{name}的指标。请先导入“资助指标表”。")
    left = budget.amount - budget.used()
    if amount > left:
        raise StepRefused(
            f"{name}的指标不够：指标{typed_yuan(budget.amount)}元，还可用{typed_yuan(max(left, 0))}元，"
            f"本清单待审批{typed_yuan(amount)}元。请追加指标后再审批，或不同意其中几笔。"
        )
    # A user who is lowering it in a form at this moment has to reload: the form checks for the latest version.
    budget._change_reason = f"{payment_list}审批{typed_yuan(amount)}元"
    budget._history_user = user
    budget.save()


def _why_not(number: int, user: User) -> str:
    refuse_strangers(user)
    payment_list = PaymentList.objects.select_related("approved_by", "proposed_by").filter(pk=number).first()
    if payment_list is None:
        return f"没有清单{number}。请刷新页面再试。"
    if payment_list.approved_by:
        count = payment_list.payments.filter(steps__after=State.APPROVED).count()
        return f"{payment_list}的{count}笔已由{payment_list.approved_by}于{localtime(payment_list.approved_at):%Y-%m-%d %H:%M}审批，您这次没有改动。"
    return f"{payment_list}由您编制，须由他人审批。"


@transaction.atomic
def decline(number: int, user: User, reason: str) -> str:
    """Decline a payment that waits for approval; return a Chinese sentence. Its award can be proposed again.

    ``number`` is the primary key of the payment. Raises :class:`StepRefused` where ``reason`` is blank,
    the user may not handle payments or has proposed the list, or the payment does not wait for approval.
    """
    if not reason.strip():
        raise StepRefused("请写明不同意的原因，如“已转学，不再享受”。")
    payment = Payment.objects.select_related("list", "award__person").filter(pk=number).first()
    if payment is None:
        raise StepRefused("没有这笔支付。请刷新页面再试。")
    proposer = lock_list(payment.list_id, user).proposed_by_id
    if not may(user, "approve", "aid.payment", made_by=proposer):
        raise StepRefused(f"{payment.list}由您编制，须由他人审批。")
    if not move(Payment.objects.filter(pk=number), State.DUE, State.DECLINED, user, reason.strip()):
        raise StepRefused(_describe_last_step(number))
    return f"{payment.award.person}的这笔没有同意。"


def _describe_last_step(number: int) -> str:
    """Return a Chinese sentence with the payment's current state and the user of the last step."""
    payment = Payment.objects.get(pk=number)
    last = payment.steps.select_related("by").last()
    who = f"，由{last.by}于{localtime(last.at):%Y-%m-%d %H:%M}办理" if last else ""
    return f"这笔现为“{payment.get_state_display()}”{who}，您这次没有改动。"
