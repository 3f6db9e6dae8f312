"""An audited text as a page shows it: its paragraphs, with each number marked as checked, unchecked or wrong."""

from __future__ import annotations

from typing import Any

from xuezheng.proofing import Audit, Source, Status
from xuezheng.proofing.coverage import CheckedNumber

#: The CSS class of a number on the page, by what the audit found.
_CLASSES = {Status.AGREES: "xz-agrees", Status.UNCHECKED: "xz-unchecked", Status.WRONG: "xz-wrong"}


def show(source: Source, audit: Audit) -> list[dict[str, Any]]:
    """Return a JSON-serializable dict with "runs" and "messages" for each paragraph of an audited source, in order.

    "runs" are pairs (text, CSS class) that make up the paragraph. The class of a number is the audit's verdict:
    "xz-agrees", "xz-unchecked" or "xz-wrong"; that of the words between numbers is "". "messages" are the
    Chinese sentences on the discrepancies in the paragraph, each after how certain it is.
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
