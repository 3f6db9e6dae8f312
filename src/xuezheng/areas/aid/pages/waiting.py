"""The to-dos of the aid office and of schools' clerks: applications, notices, decisions and payments."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Model, QuerySet
from django.urls import reverse
from django.utils import timezone

from xuezheng.areas.aid.models import Payment, Recognition, may_recognise
from xuezheng.areas.aid.procedures.recognise import State, bureaus_step, schools_step
from xuezheng.records.models import Term, User
from xuezheng.records.permissions import Scope, permits
from xuezheng.web.ui.todos import Todo


def recognitions_waiting(user: User) -> Iterator[Todo]:
    """Yield a to-do for each term with recognitions whose next step is the user's.

    For a school's clerk these are the review and the notice, for the bureau the decision after the notice has
    ended. Nothing is yielded for other users.
    """
    if not may_recognise(user):
        return
    rows = Recognition.objects.visible_to(user)
    if Scope.SCHOOL in permits(user, "review", "aid.recognition"):
        for state, what in ((State.APPLIED, "评议困难认定申请"), (State.REVIEWED, "公示困难认定名单")):
            yield from _by_term(what, state, schools_step(rows, user).filter(state=state))
    over = rows.filter(state=State.NOTICED, noticed_until__lt=timezone.localdate())
    yield from _by_term("认定公示期满的申请", State.NOTICED, bureaus_step(over, user))


def _by_term(what: str, state: str, rows: QuerySet[Model]) -> Iterator[Todo]:
    counts = rows.order_by().values_list("term").annotate(people=Count("pk"))
    terms = Term.objects.in_bulk([term for term, _ in counts])
    for term, people in counts:
        address = f"{reverse('aid:recognitions')}?term={terms[term].code}&state={state}"
        yield Todo(f"{what}（{terms[term].code}）", f"{people}人", address)


def payments_waiting(user: User) -> Iterator[Todo]:
    """Yield a to-do for each list with payments that wait for the user's step.

    These are payments to be approved, on lists that others have proposed, and approved payments without a
    batch. Nothing is yielded for users who may not handle payments.
    """
    if not permits(user, "handle", "aid.payment"):
        return
    due, approved = Payment.State.DUE, Payment.State.APPROVED
    waiting = (
        Payment.objects.filter(state__in=(due, approved))
        .exclude(state=due, list__proposed_by=user)
        .order_by()
    )
    for list_, state, people in waiting.values_list("list", "state").annotate(people=Count("pk")):
        what = "审批资助发放名单" if state == due else "生成代发文件"
        yield Todo(f"{what}（{list_}号）", f"{people}笔", reverse("aid:list", args=[list_]))
