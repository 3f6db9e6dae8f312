"""Proposing a list of the payments that are due by the rules, each with the basis of its amount."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.utils.timezone import localtime

from xuezheng.areas.aid.models import Award, Payment, PaymentList, programme_label
from xuezheng.areas.aid.procedures.amounts import Due, due
from xuezheng.areas.aid.procedures.entitling import excluding, in_force, needing_recognition, recognised
from xuezheng.areas.aid.procedures.steps import State, StepRefused, note_steps, refuse_strangers
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.policy.current import read_once
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Term, User
from xuezheng.workbooks.cells import typed_yuan


@dataclass(frozen=True)
class Proposed:
    """A list that was proposed, and how many awards could not be put on it, by reason.

    ``payments`` is the number of its payments and ``amount`` their sum in fen. Of the awards left out,
    ``barred`` have other aid in the term that excludes the programme, ``unrecognised`` lack a recognition,
    ``over_ceiling`` would lift a person's sum in the term above the largest permitted, and for
    ``without_rule`` no rule gives an amount.
    """

    list: PaymentList
    payments: int
    amount: int
    barred: int
    unrecognised: int
    over_ceiling: int
    without_rule: int

    def sentence(self) -> str:
        """Return the result as Chinese text."""
        left_out = describe_left_out(self.barred, self.unrecognised, self.over_ceiling, self.without_rule)
        return f"{self.list}已编制：{self.payments}笔，共{typed_yuan(self.amount)}元。{left_out}"


def describe_left_out(barred: int, unrecognised: int, over_ceiling: int, without_rule: int = 0) -> str:
    """Return a Chinese sentence on how many awards are left out of a list, by reason; "" where none is."""
    left = [
        f"{count}人{why}"
        for count, why in (
            (barred, "同学期另有按规定不同时发放的资助"),
            (unrecognised, "本学期还没有认定为家庭经济困难"),
            (over_ceiling, "本学期各项资助合计将超过一人一学期的上限"),
            (without_rule, "按规则算不出金额"),
        )
        if count
    ]
    return f"没有编入的：{'，'.join(left)}。" if left else ""


def all_waiting() -> QuerySet[Award]:
    """Return the awards of all programmes and terms that are not paid and for which no payment is under way."""
    live = Payment.objects.live().filter(award=OuterRef("pk"))
    return Award.objects.filter(~Exists(live), paid_on=None)


def waiting(programme: str, term: Term) -> QuerySet[Award]:
    """Return the awards of a programme (a code) and term that are not paid and have no payment under way."""
    return all_waiting().filter(programme=programme, term=term)


@transaction.atomic
@read_once()
def propose(programme: str, term: Term, user: User) -> Proposed:
    """Put all unpaid awards of a programme (a code) in a term on a new list.

    Amounts are those of the current rules, whatever a workbook stated. Awards that cannot be paid are left
    out and counted. Raises :class:`StepRefused` where no award can be put on the list, or the user may not.
    """
    # An import may say at the same moment that an award was paid by others.
    wait_for_other_imports()
    refuse_strangers(user)
    awards = waiting(programme, term)
    everyone = set(awards.values_list("pk", flat=True))
    if not everyone:
        raise StepRefused(_why_nobody(programme, term))
    barred = set(awards.filter(excluded(programme, term)).values_list("pk", flat=True))
    unrecognised = (
        unrecognised_among(awards, term) - barred
        if programme in needing_recognition(term.starts_on)
        else set()
    )
    dues = due(everyone - barred - unrecognised)
    over = _over_ceiling(dues, term)
    payable = {key: calculated for key, calculated in dues.items() if calculated.amount and key not in over}
    without = len(dues) - len(payable) - len(over)
    if not payable:
        raise StepRefused(
            f"{len(everyone)}人都不能编入：{len(barred)}人同学期另有按规定不同时发放的资助，"
            f"{len(unrecognised)}人本学期还没有认定为家庭经济困难，{len(over)}人合计将超过一人一学期的上限，"
            f"{without}人按规则算不出金额。请核对认定、政策标准和资助名单。"
        )
    made = PaymentList.objects.create(programme=programme, term=term, proposed_by=user)
    _add(made, payable, user)
    amount = sum(calculated.amount or 0 for calculated in payable.values())
    return Proposed(made, len(payable), amount, len(barred), len(unrecognised), len(over), without)


def _add(to: PaymentList, payable: dict[int, Due], user: User) -> None:
    payments = [
        Payment(list=to, award_id=key, amount=calculated.amount or 0, basis=calculated.basis)
        for key, calculated in sorted(payable.items())
    ]
    Payment.objects.bulk_create(payments, batch_size=500)
    note_steps([payment.pk for payment in payments], "", State.DUE, user, "")


def excluded(programme: str, term: Term) -> Q:
    """Return the condition that an award's person has other aid in the term which cannot be paid with ``programme``.

    It is for query sets of awards. Other aid counts where it is paid or its payment is under way.
    """
    day = term.starts_on
    opposed = [
        programme_excluded
        for programme_excluded in code_list("aid.programme").codes
        if programme_excluded in excluding(programme, day) or programme in excluding(programme_excluded, day)
    ]
    others = Award.objects.filter(person=OuterRef("person"), term=term, programme__in=opposed)
    return Q(Exists(others.filter(Q(paid_on__isnull=False) | _under_way())))


def _under_way() -> Exists:
    return Exists(Payment.objects.live().filter(award=OuterRef("pk")))


def unrecognised_among(awards: QuerySet[Award], term: Term) -> set[int]:
    """Return the primary keys of the awards whose person is not recognised as poor on any day of the term."""
    categories = recognised(term.starts_on, term.ends_on, OuterRef("person"))
    return set(awards.filter(~Exists(categories)).values_list("pk", flat=True))


def _over_ceiling(dues: dict[int, Due], term: Term) -> set[int]:
    """Return the ids of awards whose amount would lift a person's sum in the term above the ceiling."""
    people = {award.pk: award for award in Award.objects.filter(pk__in=dues).only("pk", "person_id", "stage")}
    others = Award.objects.order_by().filter(
        Q(paid_on__isnull=False) | _under_way(),
        term=term,
        person__in={award.person_id for award in people.values()},
    )
    sums = dict(others.values("person").annotate(all=Sum("amount")).values_list("person", "all"))
    over = set()
    for key, calculated in dues.items():
        ceiling = in_force("ceiling", term.starts_on, people[key].stage)
        if (
            calculated.amount
            and ceiling is not None
            and sums.get(people[key].person_id, 0) + calculated.amount > ceiling
        ):
            over.add(key)
    return over


def _why_nobody(programme: str, term: Term) -> str:
    name = programme_label(programme)
    last = PaymentList.objects.filter(programme=programme, term=term).select_related("proposed_by").first()
    if last is None:
        return f"{term.code}“{name}”没有待发放的人。请先导入资助发放名单，发放日期留空。"
    return (
        f"{term.code}“{name}”没有待编制的人：{last.payments.count()}笔已由{last.proposed_by}于"
        f"{localtime(last.proposed_at):%Y-%m-%d %H:%M}编入{last}。"
    )
