"""What has to be explained before an import is kept: each number that is not near what its sheet expects.

An explanation has an author and a day, stays with the import, and is offered to whoever has to explain the same number of
the same thing the next time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localtime

from xuezheng.intake.expectations.deviations import Deviation, deviations, label_of, period_of, thing_of
from xuezheng.intake.matching import Matched
from xuezheng.records.bulk import parts
from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.records.models import Batch, Record, ValueExplanation
from xuezheng.workbooks.problems import Problem
from xuezheng.workbooks.sheet import Column, Sheet

#: How long an explanation is at least and at most, in characters.
SHORTEST, LONGEST = 5, 300


@dataclass(frozen=True)
class Offered:
    """What was written on the same number of the same thing before: by whom, on which day, of which period."""

    text: str
    author: str
    day: str
    period: str


@dataclass(frozen=True)
class Finding:
    """A cell whose number has to be explained; ``place`` tells where it stands and what was expected."""

    place: Problem
    sheet: Sheet
    deviation: Deviation
    offered: Offered | None = None

    @property
    def key(self) -> str:
        """What an explanation names: another once value, place or what was expected is another."""
        told = (self.place.sheet, self.place.row, *self.deviation[1:])
        return hashlib.sha256("\n".join(map(str, told)).encode()).hexdigest()[:32]

    @property
    def subject(self) -> str:
        """What the row is about."""
        return str(self.deviation.record)

    def __str__(self) -> str:
        return f"{self.place.place}（{self.subject}）填的是“{self.deviation.value}”，{self.told}"

    @property
    def told(self) -> str:
        """What is to be explained, in a sentence."""
        return f"{self.deviation.check}相差较大：{self.deviation.told}。请核对；没有填错的，请写明原因。"


#: Gives what is written on a number that has to be explained, "" for nothing.
Explain = Callable[[Finding], str]


def nothing(finding: Finding) -> str:
    """Explain nothing."""
    return ""


def written(text: str) -> str:
    """Return an explanation as it is kept, without numbers that identify people; "" for one that is too short."""
    kept = with_numbers_masked(" ".join(text.split()))[:LONGEST]
    return kept if len(kept) >= SHORTEST else ""


def findings(
    sheet: Sheet, name: str, matched: Matched, records: Sequence[Record], numbers: list[int],
    places: Mapping[Column, int],
) -> list[Finding]:  # fmt: skip
    """Return what has to be explained of the records that a sheet, called ``name`` in its file, added or changed."""
    columns = {column.path: column for column in places}
    found = []
    for it in deviations(sheet, records, matched.before):
        row, column = numbers[matched.rows[id(it.record)]], columns[it.path]
        place = Problem(name, row, places[column], column.title, it.value, f"{it.check}：{it.told}")
        found.append(Finding(place, sheet, it))
    return list(_with_what_was_said(found))


def keep(found: Iterable[Finding], explain: Explain, batch: Batch) -> None:
    """Keep the explanations with the import that brought the numbers in."""
    ValueExplanation.objects.bulk_create(
        ValueExplanation(
            batch=batch,
            made_by=batch.made_by,
            sheet=it.sheet.title,
            subject=it.subject[:200],
            title=it.place.title,
            value=it.deviation.value,
            expected=it.deviation.told[:300],
            text=written(explain(it)),
            **_named(it.deviation),
        )
        for it in found
    )


def unexplained(sheet: Sheet, records: Sequence[Record]) -> list[Deviation]:
    """Return what stands in a register, not near what its sheet expects, without an explanation of just that value."""
    found = deviations(sheet, records)
    said = {(it.record, it.path, it.check_name, it.value) for it in _explanations(found)}
    return [it for it in found if (it.record.pk, it.path, it.check, it.value) not in said]


def _with_what_was_said(found: list[Finding]) -> Iterator[Finding]:
    latest = {(it.thing, it.path, it.check_name): it for it in _explanations([it.deviation for it in found])}
    for it in found:
        named = _named(it.deviation)
        said = latest.get((named["thing"], named["path"], named["check_name"]))
        offered = said and Offered(
            said.text, str(said.made_by or ""), f"{localtime(said.made_at):%Y-%m-%d}", label_of(said.period)
        )
        yield Finding(it.place, it.sheet, it.deviation, offered)


def _explanations(found: Sequence[Deviation]) -> list[ValueExplanation]:
    """All that stands of explanations of the same things, in order of time."""
    things = sorted({thing_of(it.record) for it in found})
    registers = {it.record.table_name() for it in found}
    said: list[ValueExplanation] = []
    for part in parts(things):
        standing = ValueExplanation.objects.standing().filter(register__in=registers, thing__in=part)
        said += standing.select_related("made_by").order_by("pk")
    return said


def _named(it: Deviation) -> dict[str, Any]:
    return {
        "register": it.record.table_name(),
        "record": it.record.pk,
        "thing": thing_of(it.record),
        "period": period_of(it.record),
        "path": it.path,
        "check_name": it.check,
    }
