"""Creating awards for entitled persons without one: for the school where they are enrolled, with the amounts of the rules."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from xuezheng.areas.aid.models import Award, Entitlement, Recognition
from xuezheng.areas.aid.procedures.amounts import due
from xuezheng.areas.aid.procedures.entitling import in_force, unawarded
from xuezheng.areas.aid.procedures.steps import StepRefused, refuse_strangers
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.policy.current import read_once
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import District, Pupil, Term, User

_WHY = "据应助名单拟定"


def wanting() -> QuerySet[Entitlement]:
    """Return the entitlements at schools of the district for which the person has no award yet.

    An award counts if it is of the same programme and term.
    """
    return unawarded().filter(school__isnull=False)


@transaction.atomic
def draw_up(programme: str, term: Term, user: User) -> str:
    """Create the missing awards of a programme (a code) in a term; return a Chinese sentence.

    Persons to whom the programme is not paid, or for whom no rule gives an amount, are skipped. Raises
    :class:`StepRefused` where no award can be created, or the user may not.
    """
    wait_for_other_imports()
    refuse_strangers(user)
    people = list(wanting().filter(programme=programme, term=term).values_list("person", flat=True))
    if not people:
        raise StepRefused("应助名单上的都已有资助，没有可拟定的。")
    made = [award for award in _awards(programme, term, people) if not dict(award.faults())]
    # An amount follows from the row, so the row comes first; nobody sees it before the transaction ends.
    Award.objects.bulk_create(made, batch_size=500)
    dues = due([award.pk for award in made])
    payable = [award for award in made if dues[award.pk].amount]
    Award.objects.filter(pk__in={award.pk for award in made} - {award.pk for award in payable}).delete()
    for award in payable:
        award.amount = dues[award.pk].amount
    Award.objects.bulk_update(payable, ["amount"], batch_size=500)
    Award.history.bulk_history_create(payable, default_user=user, default_change_reason=_WHY)
    if not payable:
        raise StepRefused(
            f"{len(people)}人都不能拟定：不在册、就读方式或档次不符，或按规则算不出金额。请核对学籍和认定。"
        )
    left = len(people) - len(payable)
    without = f"{left}人不在册、就读方式或档次不符，或按规则算不出金额，没有拟定。" if left else ""
    return f"已拟定{len(payable)}人的资助，待编制清单。{without}"


@read_once()
def _awards(programme: str, term: Term, people: list[int]) -> list[Any]:
    division = District.objects.get().code
    decided = Recognition.objects.filter(term=term, person__in=people, state=Recognition.State.DECIDED)
    tiers = dict(decided.values_list("person", "tier"))
    known = code_list("aid.programme").codes[programme].on(term.starts_on)
    tiered = known is not None and "tiered" in known.properties
    enrolled = Pupil.objects.filter(person__in=people, left_on=None)
    return [
        Award(
            person=pupil.person,
            programme=programme,
            term=term,
            stage=pupil.class_group.stage,
            school=pupil.class_group.school,
            school_name=pupil.class_group.school.name,
            study_division=division,
            boarding=pupil.boarding,
            tier=(in_force("grant_tier", term.starts_on, tiers.get(pupil.person_id, "")) or "")
            if tiered
            else "",
            amount=1,
        )
        for pupil in enrolled.select_related("person", "class_group__school")
    ]
