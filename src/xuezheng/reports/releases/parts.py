"""The part of each section (股室) in a report: the paragraphs and tables with numbers from the figures of its areas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn

from xuezheng import registry
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.word import marks
from xuezheng.reports.word.marks import CarriedMark


def section_of(figure: str) -> str:
    """Return the section responsible for the figure with this key; "" where no area declares it any more."""
    area = registry.areas().get(figure.partition(".")[0])
    return area.section if area else ""


def parts(opened: Any) -> dict[str, str]:
    """Return a digest of each section's part of an opened Word document, by the section's name.

    The digest changes with any word or number of the section's paragraphs and tables, and with the figures of
    the numbers, but not when paragraphs only change places. A paragraph with numbers of several sections is
    part of each.
    """
    blocks_by_section: dict[str, list[Any]] = {}
    for block, block_marks in _marked(opened):
        numbers = [[mark.figure, sorted(mark.slice.items())] for mark in block_marks]
        for section in {section_of(mark.figure) for mark in block_marks} - {""}:
            blocks_by_section.setdefault(section, []).append([_words(block), numbers])
    return {
        section: _digest(sorted(map(json.dumps, blocks))) for section, blocks in blocks_by_section.items()
    }


def sections_by_block(opened: Any) -> dict[Any, set[str]]:
    """Return the sections (股室) responsible for the marked numbers of an opened Word document, by paragraph or table.

    The keys are the elements of the body with marked numbers; the names of the sections follow from the
    figures of the numbers. A set is empty where no area declares them any more.
    """
    return {
        block: {section_of(mark.figure) for mark in block_marks} - {""}
        for block, block_marks in _marked(opened)
    }


def _words(block: Any) -> str:
    """Return the text of a paragraph, or of a table: its caption in the paragraph above, then its cells, joined by ``|``."""
    above = block.getprevious() if block.tag == qn("w:tbl") else None
    paragraphs = [*([] if above is None else above.iter(qn("w:p"))), *block.iter(qn("w:p"))]
    return "|".join(map(text_of, paragraphs))


def _marked(opened: Any) -> Iterator[tuple[Any, list[CarriedMark]]]:
    """Yield the blocks of the body that hold marked numbers, in no order, with the numbers in reading order."""
    enclosed = marks.enclosed(opened)
    marks_by_block: dict[Any, list[CarriedMark]] = {}
    for mark in marks.carried(opened).marks:
        if texts := enclosed.get(mark.bookmark):
            marks_by_block.setdefault(_block(texts[0], opened), []).append(mark)
    yield from marks_by_block.items()


def _block(element: Any, opened: Any) -> Any:
    while element.getparent() is not opened.element.body:
        element = element.getparent()
    return element


def _digest(blocks: list[str]) -> str:
    return hashlib.sha256("\n".join(blocks).encode()).hexdigest()
