"""The end of an official document (公文) by GB/T 9704-2012: the list of attachments, the signature with its date, a note, the imprint (版记)."""

from __future__ import annotations

import math
from datetime import date
from typing import Any

from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Pt, Twips
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph

from xuezheng.reports.templates.language import chinese_date
from xuezheng.reports.word import layout, page_extent
from xuezheng.reports.word.letterhead import Kind, Letterhead
from xuezheng.reports.word.title_lines import width

_THICK, _THIN = 8, 6  # eighths of a point: 0.35 mm and 0.25 mm
_PRINTER = 0.55  # of the width of the text
_IMPRINT_LINE = 24.0  # points
_COPIES_WIDTH = 26  # characters of 四号 to a line of copies
_LABEL = "附件："


def sign(
    document: Document, bureau: str, signed_on: date, head: Letterhead | None, attachments: tuple[str, ...]
) -> None:
    """Add the list of attachments, the signature of ``bureau`` and the day ``signed_on`` to the end of a document.

    Room for a seal is left unless the letterhead says otherwise (``head.sealed``); ``attachments`` are their
    titles.
    """
    text = document.paragraphs[-1:]
    if attachments:
        text.append(document.add_paragraph(style=layout.PLAIN))
        text += _attachments(document, attachments)
    sealed = head is None or head.sealed
    blanks = [document.add_paragraph(style=layout.PLAIN) for _ in range(2 if sealed else 1)]
    day = chinese_date(signed_on)
    right = _indents_with_seal(bureau, day) if sealed else _indents_without_seal(bureau, day)
    lines = [document.add_paragraph(text, style=layout.SIGNED) for text in (bureau, day)]
    for paragraph, empty in zip(lines, right, strict=True):
        layout.indent(paragraph.paragraph_format, "right", empty, layout.SIZE_3)
    # The page of the signature also holds text: a page with a seal alone could be put to any document.
    for paragraph in (*text, *blanks, lines[0]):
        paragraph.paragraph_format.keep_with_next = True
    if head and head.note:
        lines[1].paragraph_format.keep_with_next = True
        note = document.add_paragraph(f"（{head.note.strip('（）')}）", style=layout.NOTE)
        layout.indent(note.paragraph_format, "firstLine", 2, layout.SIZE_3)


def _indents_with_seal(bureau: str, day: str) -> tuple[float, float]:
    """Return the characters left empty at the right of name and date: the date four, the name centred above it."""
    return max(0.0, 4 + (width(day) - width(bureau)) / 2), 4


def _indents_without_seal(bureau: str, day: str) -> tuple[float, float]:
    """Return the characters left empty at the right of name and date: the name two, the date beginning two after it."""
    if width(day) > width(bureau):
        return 2 + width(day) + 2 - width(bureau), 2
    return 2, width(bureau) - width(day)


def _attachments(document: Document, names: tuple[str, ...]) -> list[Any]:
    """Add the list of attachments and return its paragraphs; continuation lines begin below the first character of the name."""
    paragraphs = []
    for number, name in enumerate(names, 1):
        serial = f"{number}." if len(names) > 1 else ""
        label = _LABEL if number == 1 else ""
        paragraph = document.add_paragraph(f"{label}{serial}{name}", style=layout.ATTACHED)
        before = width(label + serial)
        layout.indent(paragraph.paragraph_format, "left", 2 + width(_LABEL + serial), layout.SIZE_3)
        layout.indent(paragraph.paragraph_format, "hanging", before, layout.SIZE_3)
        paragraphs.append(paragraph)
    return paragraphs


def imprint(document: Document, head: Letterhead, bureau: str, day: date) -> None:
    """Add the imprint (版记), the recipients of copies and the printer, to the foot of a document's last page.

    Except in a letter, the imprint is on an even page. ``bureau`` and ``day`` are used where the letterhead
    has no printer or date; a letter without copies gets no imprint.
    """
    copies = f"抄送：{head.copies.rstrip('。')}。" if head.copies else ""
    letter = head.kind is Kind.LETTER
    if letter and not copies:
        return
    page = page_extent.last_page(document).number if letter else _even_page(document, copies)
    table = document.add_table(0, 2)
    if copies:
        cells = table.add_row().cells
        _copies(cells[0].merge(cells[1]).paragraphs[0], copies)
    if not letter:
        printed = chinese_date(head.printed_on or head.day or day)
        _printed(table.add_row().cells, head.printed_by or bureau, f"{printed}印发")
    _float(table, layout.BINDING if page % 2 else layout.FORE_EDGE, ruled=not letter)
    _holder(document)


def _even_page(document: Document, copies: str) -> int:
    """Return the number of the even page that will hold the imprint: the last one if it has room, else a new one."""
    last = page_extent.last_page(document)
    lines = math.ceil(width(copies) / _COPIES_WIDTH) + 1
    if last.number % 2 == 0 and last.surely_holds((lines + 1) * _IMPRINT_LINE):
        return last.number
    section = document.add_section(WD_SECTION.EVEN_PAGE)
    if last.number % 2 == 0:
        # The page between stays blank: then neither it nor the imprint's bears a number.
        section.even_page_footer.is_linked_to_previous = False
    _holder(document)
    return last.number + 2 - last.number % 2


def _holder(document: Document) -> None:
    """Add a paragraph without height: a section needs one, and a floating table stays on the page of the paragraph after it."""
    document.add_paragraph(style=layout.SMALL).paragraph_format.line_spacing = Pt(1)


def _copies(paragraph: Paragraph, text: str) -> None:
    paragraph.style = layout.IMPRINT
    paragraph.add_run(text)
    for side, characters in (("left", 4), ("hanging", 3), ("right", 1)):
        layout.indent(paragraph.paragraph_format, side, characters, layout.SIZE_4)


def _printed(cells: Any, printer: str, day: str) -> None:
    for cell, text, side in zip(cells, (printer, day), ("left", "right"), strict=True):
        paragraph = cell.paragraphs[0]
        paragraph.style = layout.IMPRINT
        paragraph.add_run(text)
        layout.indent(paragraph.paragraph_format, side, 1, layout.SIZE_4)
    cells[1].paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _float(table: WordTable, left: int, *, ruled: bool) -> None:
    """Place a table at the lower edge of the text area, as wide as the text, ``left`` twips from the left edge of the page.

    Measured from the text instead of from the page, LibreOffice would leave so wide a table where it was added.
    """
    borders = [("top", _THICK), ("bottom", _THICK), ("insideH", _THIN)] if ruled else []
    rules = "".join(
        f'<w:{edge} w:val="single" w:sz="{sz}" w:space="0" w:color="auto"/>' for edge, sz in borders
    )
    properties = parse_xml(
        f"<w:tblPr {nsdecls('w')}>"
        '<w:tblpPr w:leftFromText="0" w:rightFromText="0" w:vertAnchor="margin" w:horzAnchor="page" '
        f'w:tblpX="{left}" w:tblpYSpec="bottom"/>'
        f'<w:tblW w:w="{layout.TEXT_WIDTH}" w:type="dxa"/>'
        + (f"<w:tblBorders>{rules}</w:tblBorders>" if rules else "")
        + '<w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
    )
    table._tbl.replace(table._tbl.tblPr, properties)
    widths = round(layout.TEXT_WIDTH * _PRINTER), layout.TEXT_WIDTH - round(layout.TEXT_WIDTH * _PRINTER)
    for column, twips in zip(table.columns, widths, strict=True):
        column.width = Twips(twips)
        for cell in column.cells:
            cell.width = Twips(sum(widths) if cell._tc.grid_span > 1 else twips)
