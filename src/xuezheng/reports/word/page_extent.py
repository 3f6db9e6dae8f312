"""An estimate of the page on which a document's text ends, and of how much of that page is left."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from xuezheng.reports.word import layout
from xuezheng.reports.word.title_lines import width

_PAGE = (layout.PAGE_HEIGHT - layout.TOP - layout.BOTTOM) / 20  # points
_CELL_RULE = 0.5  # points
_DOUBT = 20.0  # points for each page: LibreOffice ends thirteen pages half a page from where this does


class Page(NamedTuple):
    """The last page of a document: its number, from 1, and its filled and its free height in points, as estimated."""

    number: int
    filled: float
    free: float

    def surely_holds(self, points: float) -> bool:
        """Whether ``points`` more fit on this page even if the estimate is off by 20 points for each page before."""
        doubt = self.number * _DOUBT
        return self.filled >= doubt and self.free >= points + doubt


class _Line(NamedTuple):
    """A line of text or a row of a table: its height in points, and how it is kept with its neighbours.

    ``opens_page`` begins a new page, ``kept`` keeps it with the next line; ``repeated`` is the height of its table's header row,
    which is repeated on a page that it begins.
    """

    height: float
    opens_page: bool = False
    kept: bool = False
    repeated: float = 0.0


def last_page(document: Document) -> Page:
    """Return the number of the last page of a document, with its filled and its free height in points.

    It is an estimate, since only Word knows exactly: it is off by about a line (20 points) for each page, and
    the errors of the pages add up.
    """
    number, filled = 1, 0.0
    lines = list(_lines(document))
    for place, line in enumerate(lines):
        follows = place and lines[place - 1].kept
        kept = list(itertools.takewhile(lambda later: later.kept, lines[place:]))
        together = sum(each.height for each in lines[place : place + len(kept) + 1])
        needed = line.height if follows or together > _PAGE else together
        if filled and (line.opens_page or filled + needed > _PAGE):
            number, filled = number + 1, line.repeated
        filled += line.height
    return Page(number, filled, _PAGE - filled)


def _lines(document: Document) -> Iterator[_Line]:
    for element in document.element.body:
        if element.tag == qn("w:p"):
            yield from _of_paragraph(Paragraph(element, document._body))
        elif element.tag == qn("w:tbl"):
            yield from _of_table(Table(element, document._body))


def _of_paragraph(paragraph: Paragraph) -> Iterator[_Line]:
    own, styled = paragraph.paragraph_format, _style(paragraph).paragraph_format
    count, height = _measured(paragraph, layout.TEXT_WIDTH / 20)
    before = own.space_before.pt if own.space_before else 0
    kept = styled.keep_with_next if own.keep_with_next is None else own.keep_with_next
    for number in range(1, count + 1):
        first, last = number == 1, number == count
        yield _Line(height + before * first, bool(own.page_break_before) and first, bool(kept) and last)


def _style(paragraph: Paragraph) -> Any:
    """Return the style of a paragraph, which in our documents always exists and has a size."""
    return paragraph.style


def _of_table(table: WordTable) -> Iterator[_Line]:
    head = 0.0
    for row in table.rows:
        height = _CELL_RULE + max(_cell(cell) for cell in row.cells)
        kept = all(paragraph.paragraph_format.keep_with_next for paragraph in row.cells[0].paragraphs)
        repeats = row._tr.trPr is not None and row._tr.trPr.find(qn("w:tblHeader")) is not None
        yield _Line(height, kept=kept or repeats, repeated=0 if repeats else head)
        head = height if repeats else head


def _cell(cell: Any) -> float:
    measured = [_measured(paragraph, cell.width.pt - layout.CELL_MARGINS) for paragraph in cell.paragraphs]
    return sum(count * height for count, height in measured)


def _measured(paragraph: Paragraph, available: float) -> tuple[int, float]:
    """Return how many lines a paragraph takes in a width of ``available`` points, and the height of each in points."""
    own, styled, size = (
        paragraph.paragraph_format,
        _style(paragraph).paragraph_format,
        _style(paragraph).font.size.pt,
    )
    pitch = size + (layout.SPACING if size == layout.SIZE_3 else 0)
    height = own.line_spacing or styled.line_spacing
    first = own.first_line_indent or styled.first_line_indent
    indents = sum(side.pt for side in (own.left_indent, own.right_indent) if side)
    per_line = max(1.0, (available - indents) // pitch)
    lead = first.pt / pitch if first else 0
    counts = [math.ceil((width(text) + lead) / per_line) for text in paragraph.text.split("\n")]
    return sum(max(1, count) for count in counts), height.pt
