"""What follows from a recognition: the person's category of hardship, and the entitlements to programmes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from xuezheng.areas.aid.models import Award, Entitlement, Recognition, school_type
from xuezheng.policy.current import entry, read_once
from xuezheng.records.code_lists import CodeVersion, allows, code_list, has
from xuezheng.records.models import PersonCategory, Pupil, Record, User

_WHY = "困难认定"


@read_once()
def take_up_recognised(keys: Collection[int], user: User) -> None:
    """Register what follows from the recognitions with these primary keys, which are decided.

    Each person gets the category of hardship from the day of the decision, and the entitlements to programmes
    in the term; existing ones are kept. Another category that rests on a recognition of an earlier term ends,
    unless an outside list records who leaves it. The changes are recorded as made by ``user``.
    """
    decided = Recognition.objects.filter(pk__in=keys).select_related("term", "person", "school")
    enrolled = Pupil.objects.filter(person__in=decided.values("person"), left_on=None)
    pupils = {pupil.person_id: pupil for pupil in enrolled}
    for recognition in decided:
        _open_category(recognition, user)
        pupil = pupils.get(recognition.person_id)
        for programme in entitled_to(recognition, pupil.boarding if pupil else ""):
            entitlement_key = {"person": recognition.person, "programme": programme, "term": recognition.term}
            if not Entitlement.objects.filter(**entitlement_key).exists():
                _save(
                    Entitlement(
                        **entitlement_key, school=recognition.school, source=Entitlement.BY_RECOGNITION
                    ),
                    user,
                )


def close_recognised(keys: Collection[int], user: User) -> None:
    """Take back what followed from the recognitions with these primary keys, which end.

    Each person's category of hardship ends on the day before. Entitlements in the term that rest on a
    recognition are deleted unless there is an award.
    """
    for recognition in Recognition.objects.filter(pk__in=keys).select_related("term"):
        _close_category(recognition, recognition.category, recognition.decided_on, user)
        without = unawarded().filter(
            person=recognition.person_id, term=recognition.term, source=Entitlement.BY_RECOGNITION
        )
        for entitlement in without:
            entitlement._change_reason, entitlement._history_user = _WHY, user
            entitlement.delete()


def entitled_to(recognition: Recognition, boarding: str) -> list[str]:
    """Return the codes of the programmes to which a recognised pupil is entitled in the recognition's term.

    The policy on the first day of the term decides. ``boarding`` is the code of the pupil's boarding; with "",
    which stands for unknown, programmes for certain kinds of boarding only are left out.
    """
    day = recognition.term.starts_on
    return programmes_of(
        Entitled(
            recognition.category,
            recognition.stage,
            recognition.school.kind,
            boarding,
            PersonCategory.objects.filter(
                person=recognition.person_id, category=recognition.category, resolved_on__lte=day
            ).exists(),
        ),
        day,
    )


class Entitled(NamedTuple):
    """The facts that decide to which programmes a pupil is entitled; all but ``resolved`` are codes.

    ``category`` is that of hardship. ``resolved`` is True where the risk of a monitored household (监测对象)
    is resolved.
    """

    category: str
    stage: str
    school_kind: str
    boarding: str
    resolved: bool = False


def programmes_on(day: date) -> Iterator[tuple[str, CodeVersion]]:
    """Yield (code, version) of each programme in force on a day; the version has the properties of that day."""
    for programme, known in code_list("aid.programme").codes.items():
        if version := known.on(day):
            yield programme, version


def programmes_of(pupil: Entitled, day: date) -> list[str]:
    """Return the codes of the programmes to which a pupil is entitled on ``day``, the first day of a term.

    Of several, those that another of them rules out (see :func:`excluding`) are left out. The list is empty
    for a category of hardship not in force on that day.
    """
    known = code_list("policy.hardship").codes.get(pupil.category)
    category = known.on(day) if known else None
    if category is None:
        return []
    monitored = "entitles_resolved" in category.properties
    entitles = "entitles_resolved" if monitored and pupil.resolved else "entitles"
    programmes = [
        programme
        for programme, version in programmes_on(day)
        if allows(version, "stages", pupil.stage)
        and allows(version, "boarding", pupil.boarding)
        and allows(version, "schools", school_type(pupil.school_kind))
        and has(category, entitles, programme)
    ]
    return [programme for programme in programmes if not excluding(programme, day) & set(programmes)]


def excluding(programme: str, day: date) -> set[str]:
    """Return the codes of the programmes that rule out ``programme`` for a person who gets one of them in the term.

    They are those of the policy on ``day``.
    """
    return {
        excluded
        for excluded in code_list("aid.programme").codes
        if in_force("exclusive", day, programme, excluded) == 1
    }


def needing_recognition(day: date) -> list[str]:
    """Return the codes of the programmes that require a recognition of hardship by the policy on ``day``."""
    return [
        programme
        for programme in code_list("aid.programme").codes
        if in_force("needs_recognition", day, programme) == 1
    ]


def in_force(name: str, day: date, *keys: str) -> Any:
    """Return the value of the policy entry ``aid.<name>`` on a day; None if no version is in force or no key matches.

    ``keys`` are the codes of one case, in the order of the columns in the entry's ``by``, such as (stage,
    boarding); none for an entry without ``by``. With fewer keys, the mapping by the remaining ones is returned.
    """
    return entry(f"aid.{name}").value(day, *keys)


def unawarded() -> QuerySet[Entitlement]:
    """Return the entitlements for which the person has no award of the same programme and term, paid or not."""
    awarded = Award.objects.filter(
        person=OuterRef("person"), programme=OuterRef("programme"), term=OuterRef("term")
    )
    return Entitlement.objects.filter(~Exists(awarded))


def recognised(starts: Any, ends: Any, person: Any) -> QuerySet[PersonCategory]:
    """Return the categories of hardship of a person that are valid on some day from ``starts`` to ``ends``, both included.

    The parameters are values or query expressions such as ``OuterRef``.
    """
    return PersonCategory.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts), person=person, starts_on__lte=ends
    )


def _open_category(recognition: Recognition, user: User) -> None:
    earlier = Recognition.objects.filter(
        person=recognition.person_id,
        state=Recognition.State.DECIDED,
        term__starts_on__lt=recognition.term.starts_on,
    ).exclude(category=recognition.category)
    kept_by_list = set(code_list("policy.hardship").having("kept_by_list"))
    for category in set(earlier.values_list("category", flat=True)):
        # Some lists record themselves who leaves them.
        if category not in kept_by_list:
            _close_category(recognition, category, recognition.decided_on, user)
    current = PersonCategory.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=recognition.decided_on),
        person=recognition.person_id,
        category=recognition.category,
    )
    if not current.exists():
        _save(
            PersonCategory(  # type: ignore[misc]  # one that is decided has the day
                person=recognition.person,
                category=recognition.category,
                starts_on=recognition.decided_on,
            ),
            user,
        )


def _close_category(recognition: Recognition, category: str, day: date | None, user: User) -> None:
    open_: Iterable[PersonCategory] = PersonCategory.objects.filter(
        person=recognition.person_id, category=category, ends_on=None
    )
    for person_category in open_:
        last = (day or recognition.term.ends_on) - timedelta(days=1)
        person_category.ends_on = max(person_category.starts_on, last)
        _save(person_category, user)


def _save(record: Record, user: User) -> None:
    record._change_reason, record._history_user = _WHY, user
    record.save()
