"""The check that payments, their steps, the awards and the budgets agree."""

from __future__ import annotations

from collections import Counter

from xuezheng.areas.aid.models import PAYMENT_TRANSITIONS, Award, Budget, Payment, Step
from xuezheng.areas.aid.procedures.receipt import ELSEWHERE
from xuezheng.core.number_text import some_of
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.workbooks.cells import typed_yuan

_State = Payment.State
_BEYOND_APPROVAL = set(_State.values) - {str(_State.DUE), str(_State.DECLINED)}


@check("资助发放")
def payments(notes: Notes) -> str:
    """Check that payments, their steps, the awards and the budgets agree.

    The steps of each payment must follow each other as allowed and lead to its state; another user than the
    proposer must have approved it; the awards must have the amounts and days of the payments made, and no
    budget may be exceeded. Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    _follow_steps(notes)
    _check_approval(notes)
    _check_awards(notes)
    _check_budgets(notes)
    counted = Payment.objects.count()
    return f"{counted}笔，与办理记录、审批、资助名单和资助指标相符。"


def _follow_steps(notes: Notes) -> None:
    """Find payments whose steps do not follow each other as allowed, or do not lead to their state."""
    reached: dict[int, str] = {}
    broken: set[int] = set()
    for payment, before, after in (
        Step.objects.order_by("pk").values_list("payment", "before", "after").iterator()
    ):
        allowed = PAYMENT_TRANSITIONS.get(before, frozenset()) if before else {str(_State.DUE)}
        if before != reached.get(payment, "") or after not in allowed:
            broken.add(payment)
        reached[payment] = after
    states = dict(Payment.objects.values_list("pk", "state"))
    broken |= {key for key, state in states.items() if reached.get(key) != state}
    _report(notes, broken, "的状态与办理记录不符，办理记录被删除或改动过")


def _check_approval(notes: Notes) -> None:
    rows = Payment.objects.filter(state__in=_BEYOND_APPROVAL)
    alone = {
        key
        for key, maker, checker in rows.values_list("pk", "list__proposed_by", "list__approved_by")
        if checker is None or checker == maker
    }
    _report(notes, alone, "没有由另一人审批")


def _check_awards(notes: Notes) -> None:
    """Find awards whose amount and day do not match the payments made."""
    # Others had paid these awards before; ours comes on top.
    on_top = Payment.objects.filter(basis__has_key=ELSEWHERE).values_list("award", "basis")
    net: Counter[int] = Counter({award: basis[ELSEWHERE] for award, basis in on_top})
    columns = ("award", "kind", "state", "amount")
    for award, kind, state, amount in Payment.objects.values_list(*columns).iterator():
        if kind == Payment.Kind.RECOVERY:
            net[award] -= amount * (state == _State.RECOVERED)
        else:
            net[award] += amount * (state == _State.PAID)
    wrong = [
        (key, amount)
        for key, amount, paid_on in Award.objects.filter(pk__in=net).values_list("pk", "amount", "paid_on")
        if net[key] not in (0, amount) or (paid_on is not None) != (net[key] > 0)
    ]
    for key, amount in wrong[:5]:
        notes.find(
            f"资助{key}登记为{typed_yuan(amount)}元，而本系统发放的净额是{typed_yuan(max(net[key], 0))}元。请核对发放清单和银行回单。"
        )
    if len(wrong) > 5:
        notes.find(f"还有{len(wrong) - 5}笔资助与发放的净额不符。")


def _check_budgets(notes: Notes) -> None:
    for budget in Budget.objects.select_related("term"):
        if (used := budget.used()) > budget.amount:
            notes.find(
                f"{budget}的指标是{typed_yuan(budget.amount)}元，已审批和发放{typed_yuan(used)}元。请核对指标文件和清单。"
            )


def _report(notes: Notes, keys: set[int], what: str) -> None:
    if keys:
        numbers = some_of([str(key) for key in sorted(keys)])
        notes.find(f"{len(keys)}笔支付（编号{numbers}）{what}。请查明，并从备份核对。")
