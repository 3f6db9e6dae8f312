"""What all steps of payment share: permission, locking, the change of state, and its record."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db.models import Exists, Model, QuerySet

from xuezheng.areas.aid.models import PAYMENT_TRANSITIONS, Payment, PaymentList, Step, payers
from xuezheng.records.bulk import parts
from xuezheng.records.models import ChainLink, User

# Without types of its own, Django's choices look like tuples to a type checker.
State = Payment.State
Kind = Payment.Kind


_Row = TypeVar("_Row", bound=Model)


class StepRefused(Exception):
    """The step is refused and nothing was changed; the message is a Chinese sentence."""


def by_right(rows: QuerySet[_Row], user: User) -> QuerySet[_Row]:
    """Return ``rows`` if ``user`` may handle payments by the permissions in the database now, else an empty query set.

    The condition is part of the query, so that an update with it checks the permission at the same moment.
    """
    return rows.filter(Exists(payers().filter(pk=user.pk)))


def refuse_strangers(user: User) -> None:
    """Raise :class:`StepRefused` where ``user`` may not handle payments."""
    if not payers().filter(pk=user.pk).exists():
        raise StepRefused("您的账号不能办理资助发放。请由资助管理中心或办公室办理。")


def lock_list(number: int, user: User) -> PaymentList:
    """Lock the list with the primary key ``number`` until the transaction ends, and return it.

    Every step on its payments locks it, so that two are never taken at once. Raises :class:`StepRefused`
    where there is no such list, or the user may not handle payments.
    """
    refuse_strangers(user)
    payment_list: PaymentList | None = (
        by_right(PaymentList.objects.select_for_update(), user).filter(pk=number).first()
    )
    if payment_list is None:
        raise StepRefused(f"没有清单{number}。请刷新页面再试。")
    return payment_list


def move(
    payments: QuerySet[Payment], before: str, after: str, user: User, note: str = "", **further: Any
) -> list[int]:
    """Move those of ``payments`` that are in the state ``before`` to ``after``; return their primary keys.

    The step is recorded with ``note``; ``further`` are other fields to set. Raises :class:`StepRefused` where
    another user changes some of them at the same moment, in which case the caller's transaction must be
    rolled back, and ``ValueError`` for a transition that does not exist.
    """
    if after not in PAYMENT_TRANSITIONS.get(before, ()):
        raise ValueError(f"no step from {before} to {after}")
    keys = list(payments.filter(state=before).order_by("pk").values_list("pk", flat=True))
    changed = 0
    for part in parts(keys):
        permitted = by_right(Payment.objects.filter(pk__in=part, state=before), user)
        changed += permitted.update(state=after, **further)
    if changed != len(keys):
        raise StepRefused("别人刚办理了其中几笔，本次没有任何改动。请刷新页面再试。")
    note_steps(keys, before, after, user, note)
    return keys


def note_steps(keys: list[int], before: str, after: str, user: User, note: str) -> None:
    """Record a step of the payments with the primary keys ``keys``, and append it to the hash chain.

    ``before`` is "" for the first step of a payment.
    """
    steps = Step.objects.bulk_create(
        [Step(payment_id=key, before=before, after=after, by=user, note=note) for key in keys],
        batch_size=1000,
    )
    ChainLink.objects.append("aid.payment_step", [step.pk for step in steps])
