"""The current match of a list row, computed from the automatic steps and users' decisions.

The job and the pages use it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from xuezheng.linkage.models import Candidate, Decision, Link, Reason
from xuezheng.records.bulk import parts

# A list that says where somebody studies outweighs a likeness that is less likely than not.
_LIKELY = 0.5
# Without types of its own, Django's choices look like tuples to a type checker.
State = Link.State
Verdict = Decision.Verdict


class Enrolled(NamedTuple):
    """A pupil of the district, with the values that a list row can be compared with.

    ``sex`` and ``stage`` are values of ``Sex`` and ``Stage``; ``school`` is a name. ``guardian`` and
    ``village``, which no register has, are from earlier list rows of the person, "" without any.
    """

    id_number: str
    name: str
    birth_date: date
    sex: str
    school: str
    stage: str
    guardian: str = ""
    village: str = ""


@dataclass(frozen=True)
class CurrentMatch:
    """The current match of a list row: the values of its :class:`Link`, by the names of the link's fields.

    ``content_hash`` is that of the row. ``state`` and ``reason`` are values of ``Link.State`` and ``Reason``;
    ``person_id`` is the person found, None without one. ``study_division`` is the division code of the place
    of study, "" if unknown; ``birth_date_differs`` and ``stage_differs`` say that the list contradicts the
    register. ``decision_id`` is the user's decision that settles the match, None for the automatic result.
    """

    content_hash: str
    state: str
    reason: str
    person_id: int | None
    study_division: str
    birth_date_differs: bool
    stage_differs: bool
    decision_id: int | None

    def agrees_with(self, link: Link) -> bool:
        """Return whether a stored link already has all of these values, so that it need not be written."""
        return all(getattr(link, name) == value for name, value in vars(self).items())

    def write(self, link: Link) -> None:
        """Set these values on a link, without saving it."""
        for name, value in vars(self).items():
            setattr(link, name, value)


#: The fields of a link that a current match sets.
FIELDS = tuple(name.removesuffix("_id") for name in CurrentMatch.__dataclass_fields__)


def find_current_match(
    row: Mapping[str, Any],
    content: str,
    reason: Any,
    candidates: Mapping[int, float],
    decisions: Sequence[Decision],
    enrolled: Mapping[int, Enrolled],
    district: str,
) -> CurrentMatch:
    """Return the current match of a list row.

    ``row`` has the values of the row by field name, ``content`` is their hash. ``reason`` is the result of
    the automatic steps, a :class:`Reason` or its value; ``candidates`` are the probabilities (0 to 1) by
    primary key of the person, the highest first, of which the first is the match if the reason identifies a
    person (:attr:`Reason.finds`). ``decisions`` are the active decisions on this content; ``enrolled`` are
    the pupils by person; ``district`` is the district's division code.
    """
    refused = {decision.person_id for decision in decisions if decision.verdict == Verdict.DIFFERENT}
    settled = next((decision for decision in decisions if decision.verdict != Verdict.DIFFERENT), None)
    left = {person: strength for person, strength in candidates.items() if person not in refused}
    person, division = None, ""
    if settled:
        state = State.FOUND if settled.verdict == Verdict.SAME else State.ABSENT
        person, division = settled.person_id, settled.study_division
    elif Reason(reason).finds and next(iter(candidates)) in left:
        state, person = State.FOUND, next(iter(left))
    elif _studies_elsewhere(row["study_division"], reason, left, district):
        state, reason, division = State.ABSENT, Reason.STATED, row["study_division"]
    else:
        state = State.OPEN
    about = enrolled.get(person) if person else None
    return CurrentMatch(
        content_hash=content,
        state=state,
        reason=reason,
        person_id=person,
        study_division=district if state == State.FOUND else division,
        birth_date_differs=bool(about and row["birth_date"] and row["birth_date"] != about.birth_date),
        stage_differs=bool(about and row["stage"] and row["stage"] != about.stage),
        decision_id=settled.pk if settled else None,
    )


def _studies_elsewhere(division: str, reason: Any, left: Mapping[int, float], district: str) -> bool:
    """Whether the list gives another division as place of study, and no person of the district is a likely match."""
    stated = bool(division) and division != district
    silent = reason != Reason.NAME_CONFLICT and not Reason(reason).finds
    return stated and silent and max(left.values(), default=0.0) < _LIKELY


def decisions_of(contents: Iterable[str]) -> dict[str, list[Decision]]:
    """Return the active decisions by hash of content.

    The result is a ``defaultdict``: a content without decisions has an empty list.
    """
    by_content: dict[str, list[Decision]] = defaultdict(list)
    for part in parts(sorted(set(contents))):
        for decision in Decision.objects.filter(content_hash__in=part, undone_at=None):
            by_content[decision.content_hash].append(decision)
    return by_content


def candidates_of(links: Iterable[int]) -> dict[int, dict[int, float]]:
    """Return the stored candidates by primary key of the link.

    They are probabilities by primary key of the person, the highest first. The result is a ``defaultdict``: a
    link without candidates has an empty dict.
    """
    by_link: dict[int, dict[int, float]] = defaultdict(dict)
    for part in parts(sorted(links)):
        kept = Candidate.objects.filter(link__in=part).order_by("-strength", "person")
        for link, person, strength in kept.values_list("link", "person", "strength"):
            by_link[link][person] = strength
    return by_link
