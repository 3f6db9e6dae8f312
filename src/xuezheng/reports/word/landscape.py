"""Turns a document's pages to landscape, for tables of many columns, and fits the columns to what the rows below the headings need."""

from __future__ import annotations

from typing import Any

from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from docx.table import Table

from xuezheng.reports.word.title_lines import width

#: Characters of a column: no narrower, no wider, and so many of a heading in a line.
_NARROWEST, _WIDEST, _OF_A_HEADING = 3.0, 14.0, 4.0
_SLACK = 1.5
_TWIPS_IN_EMU = 635


def turn(document: Any) -> None:
    """Turn all pages of a python-docx document to landscape, and widen its tables to the new width between the margins."""
    for section in document.sections:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = section.page_height, section.page_width
    first = document.sections[0]
    between = (first.page_width - first.left_margin - first.right_margin) // _TWIPS_IN_EMU
    for table in document.tables:
        _divide(table, between)


def _divide(table: Table, between: int) -> None:
    """Divide the width, in twips, among the columns of a table."""
    headings, *body = [[cell.text for cell in row.cells] for row in table.rows]
    needed = [
        min(
            _WIDEST, max(_NARROWEST, min(width(heading), _OF_A_HEADING), *(width(row[place]) for row in body))
        )
        + _SLACK
        for place, heading in enumerate(headings)
    ]
    widths = [str(int(between * characters / sum(needed))) for characters in needed]
    for column, twips in zip(table._tbl.tblGrid, widths, strict=True):
        column.set(qn("w:w"), twips)
    for row in table._tbl.tr_lst:
        for cell, twips in zip(row.tc_lst, widths, strict=True):
            cell.get_or_add_tcPr().get_or_add_tcW().set(qn("w:w"), twips)
