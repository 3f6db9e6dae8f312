"""The page of one person's aid: the awards of each term, their sum, and the basis of each amount."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.areas.aid.models import Award, Entitlement, Recognition, may_recognise, programme_label
from xuezheng.areas.aid.pages.recognitions import COLOURS, PURPOSE, refuse_strangers
from xuezheng.areas.aid.procedures.amounts import Due, due
from xuezheng.areas.aid.procedures.entitling import excluding, in_force
from xuezheng.records.models import Person, PersonCategory, Record, Term, User
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest


class AwardDue(NamedTuple):
    """An award with the amount due by the current rules.

    ``excluded`` are the Chinese names of the person's other programmes in the term that rule this one out.
    """

    award: Award
    due: Due
    excluded: list[str]


class OfTerm(NamedTuple):
    """A person's aid in one term.

    ``total`` is the sum of the awards and ``ceiling`` the largest sum for one person, both in fen, the latter
    None where policy sets none. ``wanting`` are entitlements without an award; ``recognition`` is None for a
    person who has none in the term.
    """

    term: Term
    awards: list[AwardDue]
    total: int
    ceiling: int | None
    wanting: list[Entitlement]
    recognition: Recognition | None

    @property
    def over(self) -> bool:
        """Whether the sum of the awards exceeds the ceiling."""
        return self.ceiling is not None and self.total > self.ceiling


@never_cache
@require_GET
def person(request: UserRequest, pk: int) -> HttpResponse:
    """Show the aid of the person ``pk``, term by term; the view is written to the access log.

    Raises ``PermissionDenied`` where the user may not see recognitions, ``Http404`` for a person that the
    user may not see.
    """
    refuse_strangers(request.user)
    person = get_object_or_404(Person.objects.visible_to(request.user), pk=pk)
    access_log.note(request, "一人的资助", PURPOSE, [person.pk])
    criteria = {"person": person}
    awards = list(Award.objects.visible_to(request.user).filter(**criteria).select_related("term", "school"))
    entitled = list(Entitlement.objects.visible_to(request.user).filter(**criteria).select_related("term"))
    recognised = list(Recognition.objects.visible_to(request.user).filter(**criteria).select_related("term"))
    for recognition in recognised:
        recognition.colour = COLOURS[recognition.state]
    amounts = due([award.pk for award in awards])
    records: list[Award | Entitlement | Recognition] = [*awards, *entitled, *recognised]
    terms = {record.term_id: record.term for record in records}
    context: dict[str, Any] = {
        "person": person,
        "categories": PersonCategory.objects.visible_to(request.user)
        .filter(**criteria)
        .order_by("-starts_on"),
        "terms": [
            _of_term(
                term,
                [award for award in awards if award.term_id == term.pk],
                amounts,
                [entitlement for entitlement in entitled if entitlement.term_id == term.pk],
                next((recognition for recognition in recognised if recognition.term_id == term.pk), None),
            )
            for term in sorted(terms.values(), key=lambda each_term: each_term.starts_on, reverse=True)
        ],
    }
    return render(request, "aid/person.html", context)


def _of_term(
    term: Term,
    awards: list[Award],
    amounts: dict[int, Due],
    entitled: list[Entitlement],
    recognition: Recognition | None,
) -> OfTerm:
    programmes = {award.programme for award in awards}
    award_dues = [
        AwardDue(
            award,
            amounts[award.pk],
            [
                programme_label(excluded)
                for excluded in sorted(excluding(award.programme, term.starts_on) & programmes)
            ],
        )
        for award in awards
    ]
    ceilings = [in_force("ceiling", term.starts_on, award.stage) for award in awards]
    return OfTerm(
        term,
        award_dues,
        sum(award.amount for award in awards),
        min(filter(None, ceilings), default=None),
        [entitlement for entitlement in entitled if entitlement.programme not in programmes],
        recognition,
    )


def aid_of(record: Record, user: User) -> str | None:
    """Return the address of the aid page of a record's person.

    None for a record without a person, or where the user may not see recognitions.
    """
    person = record if isinstance(record, Person) else getattr(record, "person", None)
    if not isinstance(person, Person) or not may_recognise(user):
        return None
    return reverse("aid:person", args=[person.pk])
