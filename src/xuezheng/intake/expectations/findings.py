"""Findings: the deviating numbers of an import, each of which must be explained before the import is saved.

An explanation has an author and a date and is stored with the batch; it is offered again the next time the
same number of the same record has to be explained.
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
    """The latest earlier explanation of the same number of the same thing, offered to the user to be used again.

    ``author`` is the user's name, ``day`` is in ISO format, ``period`` is the Chinese label of the period
    that the explained number belonged to.
    """

    text: str
    author: str
    day: str
    period: str


@dataclass(frozen=True)
class Finding:
    """A number of an imported row that deviates and has to be explained.

    ``place`` describes the cell, ``deviation`` what was expected; ``sheet`` is the template, ``offered`` an
    earlier explanation, or None.
    """

    place: Problem
    sheet: Sheet
    deviation: Deviation
    offered: Offered | None = None

    @property
    def key(self) -> str:
        """A hash that identifies the finding; it changes with the value, the place and the expectation."""
        parts = (self.place.sheet, self.place.row, *self.deviation[1:])
        return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:32]

    @property
    def subject(self) -> str:
        """The record of the row as text (``str()``), such as a school and a term."""
        return str(self.deviation.record)

    def __str__(self) -> str:
        return f"{self.place.place}（{self.subject}）填的是“{self.deviation.value}”，{self.message}"

    @property
    def message(self) -> str:
        """A Chinese sentence that describes the deviation and asks to check or explain the number."""
        return f"{self.deviation.check}相差较大：{self.deviation.expected}。请核对；没有填错的，请写明原因。"


#: Returns the explanation given for a number that deviates, "" for none.
Explain = Callable[[Finding], str]


def nothing(finding: Finding) -> str:
    """Return "" for every finding: the default for an import without explanations."""
    return ""


def written(text: str) -> str:
    """Return an explanation as it is stored, with ID numbers masked, blanks reduced and cut to 300 characters.

    "" is returned for a text of fewer than five characters.
    """
    kept = with_numbers_masked(" ".join(text.split()))[:LONGEST]
    return kept if len(kept) >= SHORTEST else ""


def findings(
    sheet: Sheet, name: str, matched: Matched, records: Sequence[Record], numbers: list[int],
    places: Mapping[Column, int],
) -> list[Finding]:  # fmt: skip
    """Return the deviating numbers of records that an import has added or changed.

    Each has an earlier explanation to offer, if there is one. ``name`` is the sheet's name in its file,
    ``matched`` are the records that its rows name, with the former values of changed fields, and ``records``
    those of them that were written; ``numbers`` are the Excel row numbers by the index of the row, ``places``
    the index of each column in the file. Numbers in columns that the file lacks are left out.
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
    """Store the explanation of each finding in ``explained`` with the batch of the import.

    ``explain`` returns the text of a finding.
    """
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
    """Return the deviating numbers of saved records, without those whose present value was explained."""
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
