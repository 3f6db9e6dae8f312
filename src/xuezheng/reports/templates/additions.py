"""Sentences that users add to a report: words around a number, which is the value of a figure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xuezheng.reports.templates.inserts import Inserts

_HEADING = re.compile(r"#{1,5}\s+(.*)")
_NUMERAL = re.compile(r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|[0-9]+[.．]|（[0-9]+）)\s*")


@dataclass(frozen=True)
class Addition:
    """A sentence at the end of the section under ``heading``: the words ``before``, the number, and the words ``after``.

    ``figure`` is the key of the figure, ``slice`` maps dimensions to members; ``by`` is the dimension of a
    chart of the figure below the sentence, "" for none.
    """

    heading: str
    before: str
    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)
    after: str = "。"
    by: str = ""


def bare(heading: str) -> str:
    """Return a heading without its leading number, which changes as headings are added and removed."""
    return _NUMERAL.sub("", heading, count=1).strip()


def added(text: str, inserts: Inserts, additions: Iterable[Addition]) -> tuple[str, tuple[Addition, ...]]:
    """Return the rendered text of a template with users' sentences added, and the sentences that could not be placed.

    Each sentence is placed at the end of the section under its heading; it cannot be placed if the text has
    no such heading. ``inserts`` gets the numbers and charts of the sentences.
    """
    lines, unplaced = text.splitlines(), []
    for addition in additions:
        place = _end_below(lines, addition.heading)
        if place is None:
            unplaced.append(addition)
            continue
        number = inserts.number(addition.figure, **addition.slice)
        sentence = f"{inserts.prose(addition.before)}{number}{inserts.prose(addition.after)}"
        lines[place:place] = ["", sentence, ""]
        if addition.by:
            lines[place + 3 : place + 3] = [
                inserts.chart(addition.figure, addition.by, **addition.slice), ""
            ]  # fmt: skip
    return "\n".join(lines), tuple(unplaced)


def _end_below(lines: list[str], heading: str) -> int | None:
    """Return the index of the line after the section under a heading; None where the heading is missing."""
    in_section = False
    for place, line in enumerate(lines):
        if head := _HEADING.match(line):
            if in_section:
                return place
            in_section = bare(head.group(1)) == heading
    return len(lines) if in_section else None
