"""Users' decisions on list rows: each in one transaction, valid for all rows with the same content, and undoable."""

from __future__ import annotations

from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from xuezheng.linkage.content import CONTENT
from xuezheng.linkage.current_match import FIELDS, candidates_of, decisions_of, find_current_match
from xuezheng.linkage.job import enrolled_on, own_division
from xuezheng.linkage.models import Candidate, Decision, Link
from xuezheng.records.models import User

# Without types of its own, Django's choices look like tuples to a type checker.
State = Link.State
Verdict = Decision.Verdict


class DecisionRefused(Exception):
    """The decision cannot be made or undone; the exception's text is a Chinese sentence."""


class Elsewhere(NamedTuple):
    """Where a person who is not enrolled in the district studies: the school's name and the division code."""

    school_name: str
    study_division: str


def decide(
    link: int,
    verdict: str,
    user: User,
    note: str,
    person: int | None = None,
    elsewhere: Elsewhere | None = None,
) -> Decision:
    """Record a decision on a row, and apply it to all rows with the same content.

    ``link`` is the primary key of the row's :class:`Link`. ``verdict`` is a value of
    :class:`Decision.Verdict`: ``same`` and ``different`` need a ``person`` (primary key) among the row's
    candidates, ``absent`` needs ``elsewhere``. ``note`` is the evidence, in Chinese.

    Raises :class:`DecisionRefused` if the person is no candidate, ``elsewhere`` is missing or in the
    district, the row already has this result or a decision (undo that first), or another user decides at the
    same time.
    """
    if verdict == Verdict.ABSENT:
        if elsewhere is None or elsewhere.study_division == own_division():
            raise DecisionRefused("就读地区划代码应是外地的。在本地就读的，请从相近的人中选定。")
    elif not Candidate.objects.filter(link=link, person=person).exists():
        raise DecisionRefused("只能从列出的相近的人中选定。请刷新本页再试。")
    try:
        with transaction.atomic():
            return _decide(link, verdict, user, note, person, elsewhere)
    except IntegrityError:
        raise DecisionRefused("内容相同的另一行刚由别人作出决定。请刷新本页查看。") from None


def _decide(
    link: int, verdict: str, user: User, note: str, person: int | None, elsewhere: Elsewhere | None
) -> Decision:
    content = Link.objects.filter(pk=link).values_list("content_hash", flat=True).first()
    _lock(content)
    # What the automatic steps found may still be refused, or corrected; what somebody decided may not.
    claimed = Link.objects.filter(pk=link, content_hash=content, decision=None)
    if verdict == Verdict.SAME:
        claimed = claimed.exclude(state=State.FOUND, person=person)
    # Of two who decide at once, one changes a row here; the other waits, and changes none.
    if content is None or not claimed.update(state=State.OPEN):
        raise DecisionRefused(_already(link))
    decision = Decision.objects.create(
        content_hash=content,
        verdict=verdict,
        person_id=None if verdict == Verdict.ABSENT else person,
        school_name=elsewhere.school_name if elsewhere else "",
        study_division=elsewhere.study_division if elsewhere else "",
        note=note,
        made_by=user,
    )
    _settle(content)
    return decision


def undo_decision(number: int, user: User) -> Decision:
    """Undo the decision with the primary key ``number``.

    The rows with its content return to the result of the automatic steps. Raises :class:`DecisionRefused` if
    the decision is already undone or does not exist.
    """
    with transaction.atomic():
        content = Decision.objects.filter(pk=number).values_list("content_hash", flat=True).first()
        _lock(content)
        now = timezone.now()
        active = Decision.objects.filter(pk=number, undone_at=None)
        if not active.update(undone_at=now, undone_by=user):
            raise DecisionRefused("这个决定已经撤销。请刷新本页查看。")
        decision = Decision.objects.get(pk=number)
        _settle(decision.content_hash)
    return decision


def _lock(content: str | None) -> None:
    """Lock every row of a content, in the order in which the job locks them, which prevents deadlocks."""
    list(Link.objects.select_for_update().filter(content_hash=content).order_by("row_id").values_list("pk"))


def _settle(content: str) -> None:
    """Set every row of a content to the match that the active decisions give."""
    links = list(Link.objects.select_related("row").filter(content_hash=content))
    decided = decisions_of([content])[content]
    candidates = candidates_of(link.pk for link in links)
    district = own_division()
    for link in links:
        people = {*candidates[link.pk], *(decision.person_id for decision in decided)}
        row = {name: getattr(link.row, name) for name in CONTENT}
        enrolled = enrolled_on(link.row.listed_on, person__in=people - {None})
        find_current_match(row, content, link.reason, candidates[link.pk], decided, enrolled, district).write(
            link
        )
    Link.objects.bulk_update(links, FIELDS)


def _already(link: int) -> str:
    link_now = Link.objects.select_related("decision__made_by").filter(pk=link).first()
    if link_now is None:
        return "这一行已不在名单中。请刷新本页查看。"
    if link_now.decision is None:
        return "这一行已经是这个结果。"
    made = f"{localtime(link_now.decision.made_at):%Y-%m-%d %H:%M}"
    return f"这一行已由{link_now.decision.made_by}于{made}作出决定（{link_now.decision}）。要改，请先撤销那个决定。"
