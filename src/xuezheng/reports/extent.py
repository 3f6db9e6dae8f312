"""How far the text of a document reaches: on which page it ends, and how much of that page it fills."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Pt
from docx.table import Table
from docx.text.paragraph import Paragraph

from xuezheng.reports import layout
from xuezheng.reports.titles import width

ANCHOR = Pt(1)  # the line of the paragraph that holds what stands at the foot of the last page
_PAGE = 22 * layout.LINE
_IMPRINT_LINE = 24.0  # points of a line of the imprint


def leaves_room(document: Any, imprint_lines: int) -> bool:
    """Whether the last page of a document is an even one with room at its foot for so many lines of imprint."""
    pages, filled = _reach(document)
    return pages % 2 == 0 and filled + (imprint_lines + 0.5) * _IMPRINT_LINE <= _PAGE


def _reach(document: Any) -> tuple[int, float]:
    """The last page, and the points of it that are filled.

    Word alone knows exactly; lines of a fixed height and characters of a fixed width make this good to a line.
    """
    pages, filled = 1, 0.0
    for height, new_page in _heights(document):
        if new_page and filled:
            pages, filled = pages + 1, 0.0
        if filled + height > _PAGE + 1:
            pages, filled = pages + 1, 0.0
        filled += height
    return pages, filled


def _heights(document: Any) -> Iterator[tuple[float, bool]]:
    """Yield the height of each line of text and row of a table, and whether a page begins with it."""
    for element in document.element.body:
        if element.tag == qn("w:p"):
            paragraph = Paragraph(element, document._body)
            lines, line = _lines(paragraph, layout.TEXT_WIDTH / 20)
            first = bool(paragraph.paragraph_format.page_break_before)
            before = paragraph.paragraph_format.space_before
            yield line + (before.pt if before else 0), first
            yield from ((line, False) for _ in range(lines - 1))
        elif element.tag == qn("w:tbl"):
            for row in Table(element, document._body).rows:
                yield max(_cell(cell) for cell in row.cells) + 0.5, False


def _cell(cell: Any) -> float:
    margins = 10.8
    texts = [_lines(paragraph, cell.width.pt - margins) for paragraph in cell.paragraphs]
    return sum(lines * line for lines, line in texts)


def _lines(paragraph: Any, room: float) -> tuple[int, float]:
    """How many lines a paragraph takes in so many points of width, and the height of each."""
    style, own = paragraph.style, paragraph.paragraph_format
    size = style.font.size.pt + (layout.SPACING if style.font.size.pt == layout.SIZE_3 else 0)
    line = own.line_spacing or style.paragraph_format.line_spacing
    first = own.first_line_indent or style.paragraph_format.first_line_indent
    indents = sum(side.pt for side in (own.left_indent, own.right_indent) if side)
    per_line = max(1.0, (room - indents) // size)
    lead = first.pt / size if first else 0
    return sum(
        max(1, math.ceil((width(text) + lead) / per_line)) for text in paragraph.text.split("\n")
    ), line.pt
