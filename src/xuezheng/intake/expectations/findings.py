"""Findings: the numbers that have to be explained before an import is kept, since they deviate from what their sheet expects.

An explanation has an author and a date, stays with the import, and is offered the next time that the same number of the same thing has to be
explained.
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
    """The latest earlier explanation of the same number of the same thing: its author, date (ISO) and period, in Chinese."""

    text: str
    author: str
    day: str
    period: str


@dataclass(frozen=True)
class Finding:
    """A cell whose number has to be explained; ``place`` is the cell as a :class:`Problem`, ``deviation`` what was expected."""

    place: Problem
    sheet: Sheet
    deviation: Deviation
    offered: Offered | None = None

    @property
    def key(self) -> str:
        """The key by which an explanation refers to the finding; it changes with the value, the place or the expectation."""
        parts = (self.place.sheet, self.place.row, *self.deviation[1:])
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]

    @property
    def subject(self) -> str:
        """The row's record, as text."""
        return str(self.deviation.record)

    def __str__(self) -> str:
        return f"{self.place.place}（{self.subject}）填的是“{self.deviation.value}”，{self.message}"

    @property
    def message(self) -> str:
        """The deviation as a Chinese sentence, with the request to check or explain it."""
        return f"{self.deviation.check}相差较大：{self.deviation.expected}。请核对；没有填错的，请写明原因。"


#: Gives what is written on a number that has to be explained, "" for nothing.
Explain = Callable[[Finding], str]


def nothing(finding: Finding) -> str:
    """Return "" for every finding: the default where nobody explains."""
    return ""


def written(text: str) -> str:
    """Return an explanation as it is kept, cut to 300 characters, with ID numbers masked; "" for one under five characters."""
    kept = with_numbers_masked(" ".join(text.split()))[:LONGEST]
    return kept if len(kept) >= SHORTEST else ""


def findings(
    sheet: Sheet, name: str, matched: Matched, records: Sequence[Record], numbers: list[int],
    places: Mapping[Column, int],
) -> list[Finding]:  # fmt: skip
    """Return the deviating numbers of records that an import added or changed, each with the earlier explanation to offer.

    ``name`` is the sheet's name in its file, ``records`` those written, ``numbers`` the Excel row numbers by row, ``places`` the columns' indexes in
    the file.
    """
    columns = {column.path: column for column in places}
    deviating = []
    for deviation in deviations(sheet, records, matched.before):
        if deviation.path not in columns:
            continue  # the workbook does not have the column
        row, column = numbers[matched.rows[id(deviation.record)]], columns[deviation.path]
        place = Problem(
            name,
            row,
            places[column],
            column.title,
            deviation.value,
            f"{deviation.check}：{deviation.expected}",
        )
        deviating.append(Finding(place, sheet, deviation))
    return list(_with_earlier_explanations(deviating))


def keep(explained: Iterable[Finding], explain: Explain, batch: Batch) -> None:
    """Store the explanations with the batch of the import that brought the numbers in; ``explain`` returns each one's text."""
    ValueExplanation.objects.bulk_create(
        ValueExplanation(
            batch=batch,
            made_by=batch.made_by,
            sheet=finding.sheet.title,
            subject=finding.subject[:200],
            title=finding.place.title,
            value=finding.deviation.value,
            expected=finding.deviation.expected[:300],
            text=written(explain(finding)),
            **_named(finding.deviation),
        )
        for finding in explained
    )


def unexplained(sheet: Sheet, records: Sequence[Record]) -> list[Deviation]:
    """Return the numbers of records that deviate from what their sheet expects, but for those whose present value was explained."""
    deviating = deviations(sheet, records)
    explained = {
        (explanation.record, explanation.path, explanation.check_name, explanation.value)
        for explanation in _explanations(deviating)
    }
    return [
        deviation
        for deviation in deviating
        if (deviation.record.pk, deviation.path, deviation.check, deviation.value) not in explained
    ]


def _with_earlier_explanations(deviating: list[Finding]) -> Iterator[Finding]:
    latest = {
        (explanation.thing, explanation.path, explanation.check_name): explanation
        for explanation in _explanations([finding.deviation for finding in deviating])
    }
    for finding in deviating:
        named = _named(finding.deviation)
        earlier = latest.get((named["thing"], named["path"], named["check_name"]))
        offered = (
            None
            if earlier is None
            else Offered(
                earlier.text,
                str(earlier.made_by or ""),
                f"{localtime(earlier.made_at):%Y-%m-%d}",
                label_of(earlier.period),
            )
        )
        yield Finding(finding.place, finding.sheet, finding.deviation, offered)


def _explanations(deviating: Sequence[Deviation]) -> list[ValueExplanation]:
    """All active explanations of the same things, in order of time."""
    things = sorted({thing_of(deviation.record) for deviation in deviating})
    registers = {deviation.record.table_name() for deviation in deviating}
    explanations: list[ValueExplanation] = []
    for part in parts(things):
        active = ValueExplanation.objects.active().filter(register__in=registers, thing__in=part)
        explanations += active.select_related("made_by").order_by("pk")
    return explanations


def _named(deviation: Deviation) -> dict[str, Any]:
    return {
        "register": deviation.record.table_name(),
        "record": deviation.record.pk,
        "thing": thing_of(deviation.record),
        "period": period_of(deviation.record),
        "path": deviation.path,
        "check_name": deviation.check,
    }
