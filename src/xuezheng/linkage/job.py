"""The recurring job that reconciles lists with the pupils of the district and keeps the results up to date.

Matching is done outside any transaction, writing in a single one: a job that is killed leaves nothing
half-written, and one that runs again writes only differences. Rows are locked before decisions are read, so
that no simultaneous decision is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
from django.db import transaction
from django.db.models import Q, QuerySet

from xuezheng.linkage.content import CONTENT, content_hash
from xuezheng.linkage.current_match import FIELDS, Enrolled, candidates_of, decisions_of, find_current_match
from xuezheng.linkage.models import Candidate, Link, ListRow
from xuezheng.linkage.names import plain
from xuezheng.linkage.reconcile import KNOWN, LISTED, RowMatch, reconcile
from xuezheng.records.bulk import AT_ONCE, parts, wait_in_line
from xuezheng.records.models import District, Pupil

#: Called with a Chinese description of the step, the number of steps done, and their total.
Progress = Callable[[str, int, int], None]


@dataclass
class ListOutcome:
    """The result for one list, identified by category (a hardship code) and date.

    ``states`` and ``reasons`` are the numbers of rows by value of ``Link.State`` and :class:`Reason`;
    ``changed`` is the number of rows whose result is new or differs from the stored one.
    """

    category: str
    listed_on: date
    changed: int = 0
    states: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def rows(self) -> int:
        """The number of rows of the list."""
        return self.states.total()


def link(rows: QuerySet[ListRow] | None = None, progress: Progress = lambda *args: None) -> list[ListOutcome]:
    """Reconcile ``rows`` with the pupils of the district, save the results, and return one outcome per list.

    ``rows`` are by default those of the newest list of each category. The outcomes are in order of date and
    category. ``progress`` is called with a Chinese description of the step, the number of list dates done,
    and their total.
    """
    chosen = ListRow.objects.latest() if rows is None else rows
    days = sorted(set(chosen.values_list("listed_on", flat=True)))
    outcomes: list[ListOutcome] = []
    for done, day in enumerate(days):
        progress(f"比对{day}的名单", done, len(days))
        outcomes += _link_day(chosen.filter(listed_on=day), day)
    return outcomes


def enrolled_on(day: date, **further: Any) -> dict[int, Enrolled]:
    """Return the pupils who are enrolled now or left after ``day``, by primary key of the person.

    ``further`` are look-ups on :class:`Pupil`. Pupils who entered after ``day`` are included, since a move to
    another school overwrites the date of entry.
    """
    there = Pupil.objects.filter(Q(left_on=None) | Q(left_on__gt=day), **further)
    columns = (
        "person_id", "person__id_number", "person__name", "person__birth_date", "person__sex",
        "class_group__school__name", "class_group__stage",
    )  # fmt: skip
    enrolments = there.order_by("person_id").values_list(*columns)
    before = family_before(day)
    nothing = "", ""
    return {
        person: Enrolled._make((*values, *before.get(person, nothing)))
        for person, *values in enrolments.iterator(AT_ONCE)
    }


def family_before(day: date, **further: Any) -> dict[int, tuple[str, str]]:
    """Return (guardian, village) of persons, by primary key, from each person's latest matched list row before ``day``.

    ``further`` are look-ups on :class:`ListRow`. Persons without such a row are absent. Only earlier lists
    count, so that a list reconciled again is not compared with itself.
    """
    rows = ListRow.objects.filter(link__state=Link.State.FOUND, listed_on__lt=day, **further)
    listed_before = rows.exclude(guardian="", village="").order_by("listed_on", "pk")
    families = listed_before.values_list("link__person", "guardian", "village").iterator(AT_ONCE)
    return {person: (guardian, village) for person, guardian, village in families}


def own_division() -> str:
    """Return the administrative division code of the district; "" if the district is not registered yet."""
    return District.objects.values_list("code", flat=True).first() or ""


def _link_day(rows: QuerySet[ListRow], day: date) -> list[ListOutcome]:
    listed = {values["pk"]: values for values in rows.order_by("pk").values("pk", *CONTENT)}
    enrolled = enrolled_on(day)
    matches = reconcile(_listed_table(listed), _known_table(enrolled))
    with transaction.atomic():
        wait_in_line("linkage")
        return _Keeping(listed, enrolled, day).keep(matches)


def _listed_table(listed: dict[int, dict[str, Any]]) -> pa.Table:
    rows = listed.values()
    columns: list[list[Any]] = [
        list(listed),
        [row["id_number"] or None for row in rows],
        [row["name"] for row in rows],
        [row["birth_date"] for row in rows],
        [row["sex"] or None for row in rows],
        [_plain(row["school_name"]) for row in rows],
        [row["guardian"] or None for row in rows],
        [_plain(row["village"]) for row in rows],
    ]
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(columns, LISTED.types, strict=True)], schema=LISTED
    )


def _known_table(enrolled: dict[int, Enrolled]) -> pa.Table:
    people = enrolled.values()
    columns: list[list[Any]] = [
        list(enrolled),
        [person.id_number for person in people],
        [person.name for person in people],
        [person.birth_date for person in people],
        [person.sex for person in people],
        [_plain(person.school) for person in people],
        [person.guardian or None for person in people],
        [_plain(person.village) for person in people],
    ]
    return pa.table(
        [pa.array(values, kind) for values, kind in zip(columns, KNOWN.types, strict=True)], schema=KNOWN
    )


@lru_cache(4096)
def _plain(name: str) -> str | None:
    return plain(name) or None


class _Keeping:
    """Writes the results for the lists of one date, inside a transaction."""

    def __init__(self, listed: dict[int, dict[str, Any]], enrolled: dict[int, Enrolled], day: date) -> None:
        self.enrolled = enrolled
        self.day = day
        self.links: dict[int, Link] = {}
        there: set[int] = set()
        for part in parts(list(listed)):
            # A list whose import was undone meanwhile is gone.
            there |= set(ListRow.objects.filter(pk__in=part).values_list("pk", flat=True))
            locked = Link.objects.select_for_update().filter(row__in=part).order_by("row_id")
            self.links |= {link.row_id: link for link in locked}
        self.listed = {key: values for key, values in listed.items() if key in there}
        self.contents = {key: content_hash(values) for key, values in self.listed.items()}
        self.decided = decisions_of(self.contents.values())
        self.near = candidates_of(link.pk for link in self.links.values())

    def keep(self, matches: dict[int, RowMatch]) -> list[ListOutcome]:
        """Write new and changed results; return the result of each list."""
        district = own_division()
        outcomes: dict[str, ListOutcome] = {}
        fresh: list[Link] = []
        changed: list[Link] = []
        nearer: list[tuple[Link, dict[int, float]]] = []
        for key, values in self.listed.items():
            content, candidates = self.contents[key], matches[key].candidates
            current = find_current_match(
                values,
                content,
                matches[key].reason,
                candidates,
                self.decided[content],
                self.enrolled,
                district,
            )
            outcome = outcomes.setdefault(values["category"], ListOutcome(values["category"], self.day))
            outcome.states[current.state] += 1
            outcome.reasons[current.reason] += 1
            link = self.links.get(key) or Link(row_id=key)
            differs = not current.agrees_with(link)
            if differs:
                current.write(link)
                (changed if link.pk else fresh).append(link)
            if self.near.get(link.pk, {}) != candidates:
                nearer.append((link, candidates))
            outcome.changed += differs
        Link.objects.bulk_create(fresh, batch_size=AT_ONCE)
        Link.objects.bulk_update(changed, FIELDS, batch_size=AT_ONCE // 10)
        _replace_candidates(nearer)
        return [outcomes[category] for category in sorted(outcomes)]


def _replace_candidates(nearer: list[tuple[Link, dict[int, float]]]) -> None:
    for part in parts([link.pk for link, _ in nearer]):
        Candidate.objects.filter(link__in=part).delete()
    Candidate.objects.bulk_create(
        [
            Candidate(link=link, person_id=person, strength=strength)
            for link, candidates in nearer
            for person, strength in candidates.items()
        ],
        batch_size=AT_ONCE,
    )
