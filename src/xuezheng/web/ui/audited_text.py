"""An audited text as a page shows it: its paragraphs, with each number marked as checked, unchecked or wrong."""

from __future__ import annotations

from typing import Any

from xuezheng.proofing import Audit, Source, Status
from xuezheng.proofing.coverage import CheckedNumber

#: The CSS class of a number on the page, by what the audit found.
_CLASSES = {Status.AGREES: "xz-agrees", Status.UNCHECKED: "xz-unchecked", Status.WRONG: "xz-wrong"}


def show(source: Source, audit: Audit) -> list[dict[str, Any]]:
    """Return the paragraphs of an audited source in order, as JSON-serializable dicts.

    ``runs`` are pairs of a text and the CSS class of the number that it is, "" for words between numbers;
    ``messages`` are Chinese sentences on what was found in the paragraph.
    """
    by_paragraph: dict[int, list[CheckedNumber]] = {}
    for number in audit.numbers:
        by_paragraph.setdefault(number.paragraph, []).append(number)
    shown = []
    for order, text in enumerate(source.paragraphs):
        runs: list[tuple[str, str]] = []
        place = 0
        for number in by_paragraph.get(order, ()):
            runs += [
                (text[place : number.start], ""),
                (text[number.start : number.end], _CLASSES[number.status]),
            ]
            place = number.end
        runs.append((text[place:], ""))
        messages = [
            f"{each.certainty.value}：{each.message}" for each in audit.discrepancies if each.where in text
        ]
        shown.append({"runs": [run for run in runs if run[0]], "messages": messages})
    return shown
