"""What follows from a recognition: the category in the person's file, and the programmes that the person ought to get."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from xuezheng.areas.aid.models import Award, Entitlement, Recognition
from xuezheng.policy.entries import entries
from xuezheng.records.models import PersonCategory, Pupil, Record, User

_Programme: Any = Award.Programme
_WHY = "困难认定"


def take_up_recognised(keys: Collection[int], user: User) -> None:
    """Open the category of everybody whom these recognitions recognise, and entitle them for the term."""
    decided = Recognition.objects.filter(pk__in=keys).select_related("term", "person", "school")
    enrolled = Pupil.objects.filter(person__in=decided.values("person"), left_on=None)
    pupils = {it.person_id: it for it in enrolled}
    for it in decided:
        _open_category(it, user)
        pupil = pupils.get(it.person_id)
        for programme in entitled_to(it, pupil.boarding if pupil else ""):
            of = {"person": it.person, "programme": programme, "term": it.term}
            if not Entitlement.objects.filter(**of).exists():
                _save(Entitlement(**of, school=it.school, source=Entitlement.Source.SCHOOL), user)


def close_recognised(keys: Collection[int], user: User) -> None:
    """Close the category of everybody whom these recognitions end, and take back what nobody was awarded yet."""
    for it in Recognition.objects.filter(pk__in=keys).select_related("term"):
        _close_category(it, it.category, it.decided_on, user)
        without = unawarded().filter(person=it.person_id, term=it.term, source=Entitlement.Source.SCHOOL)
        for entitlement in without:
            entitlement._change_reason, entitlement._history_user = _WHY, user
            entitlement.delete()


def entitled_to(it: Recognition, boarding: str) -> list[str]:
    """Return the programmes that somebody of a category, stage and way of living ought to get in the term."""
    found = [
        programme
        for programme in Award.Programme.values
        if it.stage in Award.STAGES.get(programme, (it.stage,))
        and Award.lives_right(programme, boarding)
        and Award.taught_right(programme, it.school.kind)
        and in_force("eligible", it.term.starts_on, programme, it.category) == 1
    ]
    return [programme for programme in found if not excluding(programme, it.term.starts_on) & set(found)]


def excluding(programme: str, day: date) -> set[str]:
    """Return the programmes beside which a programme is not paid."""
    return {other for other in Award.Programme.values if in_force("exclusive", day, programme, other) == 1}


def needing_recognition(day: date) -> list[str]:
    """Return the programmes that want a recognition first."""
    return [it for it in Award.Programme.values if in_force("needs_recognition", day, it) == 1]


def in_force(name: str, day: date, *keys: str) -> Any:
    """Return what a policy entry of the area says on a day for its keys; None where it says nothing."""
    return entries("aid")[name].value(day, *keys)


def unawarded() -> QuerySet:
    """Return who ought to get a programme in a term and has no award of it."""
    awarded = Award.objects.filter(
        person=OuterRef("person"), programme=OuterRef("programme"), term=OuterRef("term")
    )
    return Entitlement.objects.filter(~Exists(awarded))


def recognised(starts: Any, ends: Any, person: Any) -> QuerySet:
    """Return the categories of a person that hold on some day of a term."""
    return PersonCategory.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=starts), person=person, starts_on__lte=ends
    )


def _open_category(it: Recognition, user: User) -> None:
    earlier = Recognition.objects.filter(
        person=it.person_id, state=Recognition.State.DECIDED, term__starts_on__lt=it.term.starts_on
    ).exclude(category=it.category)
    for category in set(earlier.values_list("category", flat=True)):
        # The poverty register tells itself who leaves it.
        if category != PersonCategory.Category.REGISTERED_POOR:
            _close_category(it, category, it.decided_on, user)
    standing = PersonCategory.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=it.decided_on), person=it.person_id, category=it.category
    )
    if not standing.exists():
        _save(PersonCategory(person=it.person, category=it.category, starts_on=it.decided_on), user)


def _close_category(it: Recognition, category: str, day: date | None, user: User) -> None:
    open_: Iterable[PersonCategory] = PersonCategory.objects.filter(
        person=it.person_id, category=category, ends_on=None
    )
    for held in open_:
        last = (day or it.term.ends_on) - timedelta(days=1)
        held.ends_on = max(held.starts_on, last)
        _save(held, user)


def _save(record: Record, user: User) -> None:
    record._change_reason, record._history_user = _WHY, user
    record.save()
