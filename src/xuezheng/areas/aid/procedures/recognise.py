"""The steps of recognition: a school reviews and gives notice, the bureau decides.

No step is taken twice, and no user takes both the school's and the bureau's steps. A step that is refused
raises :class:`StepRefused` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from xuezheng.areas.aid.models import RECOGNITION_TRANSITIONS, Notice, Recognition, RecognitionStep
from xuezheng.areas.aid.procedures.entitling import close_recognised, in_force, take_up_recognised
from xuezheng.areas.aid.procedures.notices import check_notice
from xuezheng.areas.aid.procedures.steps import StepRefused
from xuezheng.core.number_text import some_of
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.policy.declarations import code_lists
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import ChainLink, Term, User
from xuezheng.records.permissions import permitted_accounts

# Without types of its own, Django's choices look like tuples to a type checker.
State = Recognition.State
Change = Recognition.Change

_NOBODY = "没有选定任何一名学生。请勾选后再办理。"
_REASONS: dict[str, str] = {
    State.REFUSED: "请写明未通过的原因，如“家庭收入高于认定标准”。",
    State.WITHDRAWN: "请写明撤回的原因，如“家长要求不再申请”。",
    State.APPLIED: "请写明退回的原因；公示期间有异议的，写明异议，如“家中有经营性收入，须重新核实”。",
    State.ENDED: "请写明终止的原因，如“查实不符合条件”。",
}


@dataclass(frozen=True)
class By:
    """The user who takes a step, the day on which it is taken, and a note (for some steps the required reason)."""

    user: User
    day: date
    note: str = ""


def schools_step(rows: QuerySet[Recognition], user: User) -> QuerySet[Recognition]:
    """Return those of ``rows`` for which ``user`` may take the steps of the school, such as the review.

    This is decided by the user's permissions in the database at the time of the query.
    """
    permitted = permitted_accounts("review", "aid.recognition", school=OuterRef("school_id"))
    return rows.filter(Exists(User.objects.filter(permitted, pk=user.pk)))


def bureaus_step(rows: QuerySet[Recognition], user: User) -> QuerySet[Recognition]:
    """Return those of ``rows`` for which ``user`` may take the steps of the bureau: decide, refuse, end.

    Left out are those that the user has imported, applied for or reviewed.
    """
    made = RecognitionStep.objects.filter(
        recognition=OuterRef("pk"), by=user.pk, after__in=(State.APPLIED, State.REVIEWED)
    )
    return rows.filter(Exists(_deciders(user)), ~Exists(made)).exclude(batch__made_by=user.pk)


def _deciders(user: User) -> QuerySet[User]:
    return User.objects.filter(permitted_accounts("decide", "aid.recognition"), pk=user.pk)


@transaction.atomic
def apply(application: Recognition, user: User) -> Recognition:
    """Save an application that a form has checked, and return it; the user becomes the one who applied.

    Raises :class:`StepRefused` where the pupil already has one for the term, or the user may not apply for
    the school.
    """
    wait_for_other_imports()
    if Recognition.objects.filter(person=application.person_id, term=application.term_id).exists():
        raise StepRefused(
            f"{application.person}在{application.term.code}学期已有认定。请在该学期的认定里办理。"
        )
    application._change_reason, application._history_user = "申请", user
    application.save()
    if not schools_step(Recognition.objects.filter(pk=application.pk), user).exists():
        raise StepRefused("这名学生不在您的学校，您不能为其申请。")
    _note([application.pk], "", State.APPLIED, By(user, application.applied_on))
    return application


@transaction.atomic
def review(keys: Collection[int], by: By, tier: str = "") -> int:
    """Record the school's review of the applications with these primary keys; return their number.

    ``tier`` is the code of another tier of hardship for all of them, "" to keep those applied for. Raises
    :class:`StepRefused` where any is not in the state "applied", or the user may not take the school's steps
    for it.
    """
    further = {"tier": tier} if tier else {}
    return len(_take(keys, State.APPLIED, State.REVIEWED, by, schools_step, None, **further))


@transaction.atomic
def refuse(key: int, by: By) -> None:
    """Refuse the application ``key``; ``by.note`` is the reason.

    Before its review only the school may do this, afterwards only the bureau; raises :class:`StepRefused` for
    others.
    """
    before = _get_recognition(key).state
    _take([key], before, State.REFUSED, by, schools_step if before == State.APPLIED else bureaus_step)


@transaction.atomic
def send_back(key: int, by: By) -> None:
    """Return the recognition ``key`` to the school's review, after an objection or doubts of the bureau.

    ``by.note`` is the reason. Raises :class:`StepRefused` where its state does not permit this, or the user
    may not.
    """
    _take([key], _get_recognition(key).state, State.APPLIED, by, schools_step, noticed_until=None)


@transaction.atomic
def withdraw(key: int, by: By) -> None:
    """Withdraw the application ``key`` for the school; ``by.note`` is the reason.

    Raises :class:`StepRefused` where its state does not permit this, or the user may not.
    """
    _take([key], _get_recognition(key).state, State.WITHDRAWN, by, schools_step)


@transaction.atomic
def end(key: int, by: By) -> None:
    """End the decided recognition ``key`` within its term; its entitlements without an award are deleted.

    ``by.note`` is the reason. Raises :class:`StepRefused` where it is not decided, or the user may not.
    """
    _take([key], State.DECIDED, State.ENDED, by, bureaus_step, decided_on=by.day)
    close_recognised([key], by.user)


@transaction.atomic
def post(keys: Collection[int], by: By, last: date) -> Notice:
    """Record the public notice of reviewed recognitions of one school and term, from ``by.day`` to ``last``, and return it.

    Raises :class:`StepRefused` for several schools or terms, too short a notice, a recognition that is not
    reviewed, or a user who may not.
    """
    schools_and_terms = list(Recognition.objects.filter(pk__in=keys).values_list("school", "term").distinct())
    if len(schools_and_terms) != 1:
        raise StepRefused("一份公示只能是一所学校、一个学期的。请按学校和学期分别公示。")
    check_notice(by.day, last)
    ((school, term),) = schools_and_terms
    notice = Notice.objects.create(
        school_id=school, term_id=term, first_day=by.day, last_day=last, made_by=by.user
    )
    _take(keys, State.REVIEWED, State.NOTICED, by, schools_step, notice, noticed_until=last)
    return notice


@transaction.atomic
def decide(keys: Collection[int], by: By) -> int:
    """Decide the recognitions with these primary keys, all or none; return their number.

    Persons get the category of hardship and the entitlements that follow; for one reviewed as no longer poor
    the recognition is ended instead. Raises :class:`StepRefused` where the notice of any has not ended
    (unless it needs none), or the user may not.
    """
    wait_for_other_imports()
    rows = list(Recognition.objects.filter(pk__in=keys).select_related("person"))
    if not rows:
        raise StepRefused(_NOBODY)
    if early := [recognition.person.name for recognition in rows if not may_be_decided(recognition, by.day)]:
        first = next(recognition for recognition in rows if recognition.person.name == early[0])
        raise StepRefused(f"{some_of(early)}{_why_not_yet(first, by.day)}本次没有任何改动。")
    noticed = [recognition.pk for recognition in rows if recognition.state == State.NOTICED]
    ending = [
        recognition.pk
        for recognition in rows
        if recognition.state == State.REVIEWED and recognition.change == Change.ENDED
    ]
    others = [recognition.pk for recognition in rows if recognition.pk not in {*noticed, *ending}]
    for before, after, ids in (
        (State.NOTICED, State.DECIDED, noticed),
        (State.REVIEWED, State.DECIDED, others),
        (State.REVIEWED, State.ENDED, ending),
    ):
        if ids:
            _take(ids, before, after, by, bureaus_step, decided_on=by.day)
    take_up_recognised([*noticed, *others], by.user)
    close_recognised(ending, by.user)
    return len(rows)


def may_be_decided(recognition: Recognition, day: date) -> bool:
    """Whether a recognition can be decided on ``day``: its notice ended before, or it is reviewed and needs none."""
    if recognition.state == State.NOTICED:
        return recognition.noticed_until is not None and recognition.noticed_until < day
    return recognition.state == State.REVIEWED and not needs_notice(recognition.change, day)


def needs_notice(change: str, day: date) -> bool:
    """Whether the policy on ``day`` requires a public notice before the decision.

    ``change`` is the ``Change`` of the recognition, such as "new" or "kept".
    """
    return bool(in_force("notice_needed", day, change))


def _degree(tier: str, day: date) -> int:
    """Return the place of a tier of hardship on a day, the heaviest first; a tier that does not say how heavy it is comes last."""
    degrees = list(code_lists("aid")["hardship_tier"].properties["degree"].words)
    known = code_list("aid.hardship_tier").codes.get(tier)
    degree = known.properties(day).get("degree") if known else None
    return degrees.index(degree) if degree in degrees else len(degrees)


@transaction.atomic
def carry_over(key: int, term: Term, by: By, change: str, tier: str = "") -> Recognition:
    """Carry the decided recognition ``key`` over to a later term, reviewed by the school; return the new one.

    ``change`` is "kept", "raised", "lowered" or "ended", and ``tier`` the code of the new tier, "" for the
    same. Raises :class:`StepRefused` where the old one is not decided or the term not later, the tier does
    not fit the change, the pupil has a recognition for the term, or the user may not take the school's steps.
    """
    wait_for_other_imports()
    old = _get_recognition(key)
    if old.state != State.DECIDED or old.term.starts_on >= term.starts_on:
        raise StepRefused("只有以前学期已认定的可以复核到新的学期。请刷新页面查看。")
    tier = tier or old.tier
    before, after = _degree(old.tier, term.starts_on), _degree(tier, term.starts_on)
    fits: dict[str, bool] = {
        Change.KEPT: tier == old.tier,
        Change.RAISED: after < before,
        Change.LOWERED: after > before,
        Change.ENDED: tier == old.tier,
    }
    if not fits.get(change):
        raise StepRefused(
            f"原为“{old.get_tier_display()}”，选的等级与“{Change(change).label}”不符。请核对。"
            if change in fits
            else "请选择复核结果：不变、调高、调低或不再困难。"
        )
    if change != Change.KEPT and not by.note.strip():
        raise StepRefused("调高、调低或不再困难的，请写明原因。")
    new = Recognition(
        person=old.person,
        term=term,
        school=old.school,
        class_name="",
        category=old.category,
        tier=tier,
        household_size=old.household_size,
        guardian=old.guardian,
        phone=old.phone,
        reason=old.reason,
        applied_on=by.day,
        change=change,
    )
    new.complete()
    if faults := dict(new.faults()):
        raise StepRefused(f"{old.person}：{next(iter(faults.values()))}")
    apply(new, by.user)
    note = by.note or f"{old.term.code}学期认定的复核"
    _take([new.pk], State.APPLIED, State.REVIEWED, By(by.user, by.day, note), schools_step)
    return new


@transaction.atomic
def reopen(key: int, by: By) -> None:
    """Return the refused or withdrawn application ``key`` to the state applied, in its own term.

    ``by.note`` is the reason. Raises :class:`StepRefused` where it is in another state, or the user may not.
    """
    old = _get_recognition(key)
    if old.state not in (State.REFUSED, State.WITHDRAWN):
        raise StepRefused(_describe_last_step(old))
    again: dict[str, Any] = {"change": Change.NEW, "noticed_until": None, "applied_on": by.day}
    _take([key], old.state, State.APPLIED, by, schools_step, **again)


def _take(
    keys: Collection[int],
    before: str,
    after: str,
    by: By,
    right: Any,
    notice: Notice | None = None,
    **further: Any,
) -> list[int]:
    """Move recognitions from one state to the next and record the step: all of them or, raising :class:`StepRefused`, none.

    ``right`` limits a queryset to the rows whose step the user may take; ``further`` are other fields to set. Returns the sorted keys.
    """
    wait_for_other_imports()
    keys = sorted(set(keys))
    if not keys:
        raise StepRefused(_NOBODY)
    if after not in RECOGNITION_TRANSITIONS.get(before, ()):
        raise StepRefused(_describe_last_step(_get_recognition(keys[0])))
    if not by.note.strip() and after in _REASONS and (before, after) != (State.REVIEWED, State.ENDED):
        raise StepRefused(_REASONS[after])
    _check_day(keys, by.day)
    permitted = right(Recognition.objects.filter(pk__in=keys, state=before), by.user)
    if permitted.count() != len(keys):
        raise StepRefused(_why_not(keys, before, by.user, right))
    # Rights and states are checked once more by the update itself: what others did meanwhile is not overwritten.
    if permitted.update(state=after, **further) != len(keys):
        raise StepRefused("别人刚办理了其中几人，本次没有任何改动。请刷新页面再试。")
    rows = list(Recognition.objects.filter(pk__in=keys))
    Recognition.history.bulk_history_create(
        rows, update=True, default_user=by.user, default_change_reason=f"认定：{State(after).label}"
    )
    _note(keys, before, after, by, notice)
    return keys


def _note(keys: Collection[int], before: str, after: str, by: By, notice: Notice | None = None) -> None:
    steps = RecognitionStep.objects.bulk_create(
        RecognitionStep(
            recognition_id=key,
            before=before,
            after=after,
            day=by.day,
            by=by.user,
            note=by.note.strip()[:200],
            notice=notice,
        )
        for key in keys
    )
    ChainLink.objects.append("aid.recognition_step", [step.pk for step in steps])


def _check_day(keys: Collection[int], day: date) -> None:
    if day > timezone.localdate():
        raise StepRefused(f"办理日期{day}在今天之后。请核对日期。")
    rows = Recognition.objects.filter(pk__in=keys)
    latest_days = rows.aggregate(step=Max("steps__day"), applied=Max("applied_on"))
    latest = max(filter(None, latest_days.values()), default=day)
    if day < latest:
        raise StepRefused(f"办理日期{day}早于上一步的{latest}。请核对日期。")


def _get_recognition(key: int) -> Recognition:
    recognition = Recognition.objects.select_related("person", "term", "school").filter(pk=key).first()
    if recognition is None:
        raise StepRefused("没有这条认定。请刷新页面再试。")
    return recognition


def _why_not(keys: Collection[int], before: str, user: User, right: Any) -> str:
    rows = Recognition.objects.filter(pk__in=keys).select_related("person")
    moved = rows.exclude(state=before).first()
    if moved is not None:
        return _describe_last_step(moved)
    if right is bureaus_step and _deciders(user).exists():
        names = [
            recognition.person.name
            for recognition in rows.exclude(pk__in=bureaus_step(rows, user).values("pk"))
        ]
        return f"{some_of(names)}由您申请或评议，须由他人认定。"
    return "您的账号不能办理这一步。学校的步骤由本校经办人办理，认定由资助管理中心或办公室办理。"


def _describe_last_step(recognition: Recognition) -> str:
    """Return a Chinese sentence with the recognition's current state and the user of the last step."""
    last = recognition.steps.select_related("by").last()
    who = f"，由{last.by}于{last.day}办理" if last else ""
    return f"{recognition.person}的认定现为“{recognition.get_state_display()}”{who}，您这次没有改动。"


def _why_not_yet(recognition: Recognition, day: date) -> str:
    if recognition.state == State.NOTICED:
        return f"公示到{recognition.noticed_until}，期满后才能认定，{day}还不能。"
    if recognition.state == State.REVIEWED:
        return "学校已评议，还没有公示。请先由学校公示。"
    return f"现为“{recognition.get_state_display()}”，不能认定。"
