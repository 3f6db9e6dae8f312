"""Adopting a report written elsewhere: its numbers become marks of the figures they state, so that it can be refreshed.

A mark is a bookmark around a number, with a record of the figure whose value it is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from docx.document import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from xuezheng.core.number_text import STYLES
from xuezheng.proofing import word_file
from xuezheng.proofing.grids import Table
from xuezheng.proofing.reading import cells_of, grid_of
from xuezheng.reports.compose import of_marks
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.living.matching import Match, Sureness, match
from xuezheng.reports.living.table_numbers import table_numbers
from xuezheng.reports.model import Mark
from xuezheng.reports.word import document, marks

if TYPE_CHECKING:
    from xuezheng.core.periods import Period
    from xuezheng.figures import Answer
    from xuezheng.snapshots import Snapshot

_TITLE = 30  # signs of the paragraph before a table
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


class AdoptionRefused(ValueError):
    """The report cannot be adopted; the message is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Left:
    """A number of a Word file that did not become a marked number when the file was adopted.

    ``text`` is the number as the document has it, ``reason`` is a Chinese phrase, such as that no figure
    matches.
    """

    text: str
    reason: str


@dataclass(frozen=True)
class Adopted:
    """The result of adopting a Word file: the document, in which the numbers that match a figure are bookmarked.

    ``marks`` are those numbers, ``left`` the numbers that were left unmarked, both in reading order.
    """

    document: Document
    marks: tuple[Mark, ...]
    left: tuple[Left, ...]

    def save(self, path: Path | str) -> None:
        """Write the Word file atomically: a reader of ``path`` gets the old file or the complete new one."""
        document.save(self.document, path)

    def as_object(self) -> dict[str, Any]:
        """Return a JSON-serializable dict: ``adopted`` (a count) and ``left`` (a list of ``{"number", "reason"}``)."""
        left = [{"number": left.text, "reason": left.reason} for left in self.left]
        return {"adopted": len(self.marks), "left": left}


def adopt(
    path: Path | str | IO[bytes],
    snapshot: Snapshot,
    period: Period,
    least: Sureness = Sureness.SURE,
) -> Adopted:
    """Mark the numbers of a Word file that match a figure of the period with at least the sureness ``least``.

    A marked number gets a bookmark and a record of its figure, so that it can be refreshed and verified
    later. No character of the text changes, and the file at ``path`` is not written: save the result. Raises
    ``word_file.NotAReportError`` where it is no Word file, and :class:`AdoptionRefused` where it has marks
    already.
    """
    opened = word_file.open_document(path)
    if marks.carries(opened):
        raise AdoptionRefused("这份报告里已有数字标记，不必再纳入管理。请直接刷新或核对。")
    places = list(_places(opened.element.body))
    bookmarks = marks.free(opened)
    adopted: list[Mark] = []
    left: list[Left] = []
    # From behind, so that the places before stay what they are.
    for matched in reversed(match([place.text for place in places], snapshot, period)):
        place = places[matched.paragraph]
        start = max(matched.token.start - place.offset, 0)
        end = min(matched.token.end - place.offset, place.length)
        if start >= end:
            continue  # a number in the heading of a cell
        chosen = _chosen(matched, place.text[start + place.offset : end + place.offset], least)
        if isinstance(chosen, str):
            left.append(Left(matched.token.text, chosen))
            continue
        answer, style = chosen
        id_, name = next(bookmarks)
        if place.paragraph is not None and _enclose(place.paragraph, start, end, id_, name):
            adopted.append(Mark(name, style, answer))
        else:
            left.append(Left(matched.token.text, "在超链接或修订的边界上"))
    adopted.reverse()
    marks.attach(opened, of_marks("", snapshot, period, adopted))
    return Adopted(opened, tuple(adopted), tuple(reversed(left)))


@dataclass(frozen=True)
class _Place:
    """A paragraph and the text in which its numbers are matched; that of a cell is a longer sentence, in which the paragraph begins at ``offset``."""

    paragraph: Element | None
    text: str
    offset: int
    length: int


def _places(body: Any) -> Iterator[_Place]:
    """Yield the paragraphs of the text and the numbers of the tables, in reading order."""
    before = ""
    for element in body.iterchildren(qn("w:p"), qn("w:tbl")):
        if element.tag == qn("w:p"):
            text = text_of(element)
            before = text.strip() or before
            yield _Place(element, text, 0, len(text))
            continue
        rows = list(cells_of(element))
        for number in table_numbers(Table(before[:_TITLE], grid_of(element))):
            paragraph = _paragraph(rows[number.row][number.column], number.text)
            yield _Place(paragraph, number.sentence, number.offset, len(number.text))


def _paragraph(cell: Any, text: str) -> Element | None:
    """Return the paragraph of a cell that is just the text; None where it is spread over several."""
    return next((each for each in cell.iterchildren(qn("w:p")) if text_of(each) == text), None)


def _chosen(matched: Match, text: str, least: Sureness) -> tuple[Answer, str | None] | str:
    """Return the answer that a number states with its style, or a Chinese phrase why the number is not adopted."""
    if matched.sureness is None:
        return "没有对应的指标"
    answer = matched.candidates[0].answer
    label = f"{answer.label}{'（' + answer.slice_label + '）' if answer.slice_label else ''}"
    order = list(Sureness)
    if order.index(matched.sureness) > order.index(least):
        return f"{matched.sureness.value}是“{label}”，把握不够"
    for style in (None, *STYLES):
        if _format_answer(answer, style) == text:
            return answer, style
    return f"是“{label}”，但系统把它写作{answer.text()}"


def _format_answer(answer: Answer, style: str | None) -> str:
    try:
        return answer.text(style)
    except ValueError:
        return ""


def _enclose(paragraph: Element, start: int, end: int, id_: str, name: str) -> bool:
    """Put a bookmark around the characters ``start`` to ``end`` of a paragraph; return False where their runs have different parents."""
    runs = list(_cut(paragraph, start, end))
    if not runs or len({run.getparent() for run in runs}) > 1:
        return False
    opening, closing = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for element in (opening, closing):
        element.set(qn("w:id"), id_)
    opening.set(qn("w:name"), name)
    runs[0].addprevious(opening)
    runs[-1].addnext(closing)
    return True


def _cut(paragraph: Element, start: int, end: int) -> Iterator[Any]:
    """Yield the runs that hold just the characters from ``start`` to ``end``; runs that hold others too are divided."""
    place = 0
    for text in list(paragraph.iter(qn("w:t"))):
        length = len(text.text or "")
        inside = max(start - place, 0), min(end - place, length)
        place += length
        run = text.getparent()
        if inside[0] >= inside[1] or run is None or run.tag != qn("w:r"):
            continue
        if inside[1] < length:
            _split(text, inside[1])
        yield _split(text, inside[0]).getparent() if inside[0] else run


def _split(text: Any, place: int) -> Any:
    """Divide a text element, and the run that holds it, at the offset ``place``; return the text element that begins there."""
    run = text.getparent()
    tail = OxmlElement("w:r")
    if run.rPr is not None:
        tail.append(copy.deepcopy(run.rPr))
    after = copy.deepcopy(text)
    text.text, after.text = text.text[:place], text.text[place:]
    for half in (text, after):
        half.set(_SPACE, "preserve")
    following = list(text.itersiblings())
    tail.append(after)
    tail.extend(following)
    run.addnext(tail)
    return after
