"""The arrears of aid (补发): paid awards of less than the current rates for their term, as after a retroactive rise of a rate."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, Sum

from xuezheng.areas.aid.models import Award, Payment, programme_label
from xuezheng.areas.aid.procedures.amounts import Due, due
from xuezheng.areas.aid.procedures.entitling import in_force, needing_recognition
from xuezheng.areas.aid.procedures.propose import describe_left_out, excluded, unrecognised_among
from xuezheng.areas.aid.procedures.steps import Kind
from xuezheng.policy.arrears import Arrear, Arrears
from xuezheng.records.models import Term


@dataclass(frozen=True)
class Shortfall:
    """A paid award whose amount is less than the current rules give for its term.

    ``paid`` is the amount paid in fen; ``due`` is the amount by the current rules, with the basis of its
    calculation.
    """

    award: Award
    paid: int
    due: Due

    @property
    def missing(self) -> int:
        """The amount in fen that has still to be paid."""
        return (self.due.amount or 0) - self.paid


@dataclass(frozen=True)
class MadeUp:
    """The paid awards of a programme and term that are less than the current rules give: which can be topped up.

    ``payable`` are the awards whose difference can be paid. The others are only counted, each under the first
    reason that applies: ``barred`` are awards of persons with other aid in the term that excludes the
    programme, ``unrecognised`` those of persons not recognised as poor in the term, and ``over_ceiling``
    those whose difference would lift the person's aid in the term above the largest sum for one person.
    """

    payable: list[Shortfall]
    barred: int
    unrecognised: int
    over_ceiling: int

    @property
    def missing(self) -> int:
        """The sum in fen of the shortfalls that can be paid."""
        return sum(shortfall.missing for shortfall in self.payable)

    def left_out(self) -> str:
        """Return a Chinese sentence on the awards that cannot be paid, by reason; "" where all can."""
        return describe_left_out(self.barred, self.unrecognised, self.over_ceiling)


def _find(since: date) -> Iterator[Arrear]:
    """Yield the shortfalls of each programme and term that began on or after a day, the newest term first."""
    groups: dict[tuple[int, str], list[Shortfall]] = {}
    for shortfall in _shortfalls(Q(term__starts_on__gte=since)):
        groups.setdefault((shortfall.award.term_id, shortfall.award.programme), []).append(shortfall)
    terms = Term.objects.in_bulk([term for term, _ in groups])
    for (term, programme), lacking in sorted(
        groups.items(), key=lambda group: (-terms[group[0][0]].starts_on.toordinal(), group[0][1])
    ):
        yield Arrear(
            f"{terms[term].code} {programme_label(programme)}",
            len(lacking),
            sum(shortfall.missing for shortfall in lacking),
        )


made_up = Arrears(_find)


def shortfalls(programme: str, term: Term) -> MadeUp:
    """Return the paid awards of a programme (a code) in a term that are less than the current rules give.

    Awards with a payment that waits for approval or for the bank are left out.
    """
    lacking = _shortfalls(Q(programme=programme, term=term))
    awards = Award.objects.filter(pk__in={shortfall.award.pk for shortfall in lacking})
    barred = set(awards.filter(excluded(programme, term)).values_list("pk", flat=True))
    unrecognised = (
        unrecognised_among(awards, term) - barred
        if programme in needing_recognition(term.starts_on)
        else set()
    )
    rest = [shortfall for shortfall in lacking if shortfall.award.pk not in barred | unrecognised]
    payable = _within_ceiling(rest, term)
    return MadeUp(payable, len(barred), len(unrecognised), len(rest) - len(payable))


def _shortfalls(which: Q) -> list[Shortfall]:
    """Return the paid awards, with no payment under way, whose amount is less than what is due."""
    under_way = Payment.objects.filter(award=OuterRef("pk"), state__in=Payment.OPEN)
    paid = Award.objects.filter(which, ~Exists(under_way), paid_on__isnull=False)
    awards = {award.pk: award for award in paid.select_related("person", "term", "school")}
    dues = due(awards)
    lacking = (Shortfall(awards[key], awards[key].amount, calculated) for key, calculated in dues.items())
    return [shortfall for shortfall in lacking if shortfall.missing > 0]


def _within_ceiling(lacking: list[Shortfall], term: Term) -> list[Shortfall]:
    """Return the shortfalls whose payment keeps the person's sum of the term within the ceiling."""
    people = {shortfall.award.person_id for shortfall in lacking}
    live = Exists(Payment.objects.live().filter(award=OuterRef("pk")))
    awards = Award.objects.filter(Q(paid_on__isnull=False) | Q(live), term=term, person__in=people).order_by()
    sums = dict(awards.values("person").annotate(all=Sum("amount")).values_list("person", "all"))
    coming = Payment.objects.filter(
        kind=Kind.SUPPLEMENT, state__in=Payment.OPEN, award__term=term, award__person__in=people
    ).order_by()
    for person, amount in (
        coming.values("award__person").annotate(all=Sum("amount")).values_list("award__person", "all")
    ):
        sums[person] += amount
    payable = []
    for shortfall in lacking:
        ceiling = in_force("ceiling", term.starts_on, shortfall.award.stage)
        if ceiling is None or sums[shortfall.award.person_id] + shortfall.missing <= ceiling:
            payable.append(shortfall)
    return payable
