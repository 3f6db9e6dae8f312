"""Forms of several tables, written as sheets of an Excel file or as tables of a Word document.

A cell is empty if its number was not reported, with the reason in a note below the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import xlsxwriter

from xuezheng.reports.model import Block, Paragraph, Table
from xuezheng.workbooks.template import TEXT_ONLY

#: A printed cell; None for one that stays empty because something was not reported.
Text = str | None


@dataclass(frozen=True)
class FormTable:
    """A table of the form as text: title, headings, rows, and notes on empty cells. An empty cell is None."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    notes: tuple[str, ...] = field(default=())


def write_tables(tables: Iterable[FormTable], title: str, basis: str, path: Path) -> None:
    """Write each table as a sheet of the Excel file ``path``, with title, origin (``basis``) and notes."""
    with xlsxwriter.Workbook(path, TEXT_ONLY) as book:
        bold, head = (
            book.add_format({"bold": True}),
            book.add_format({"bold": True, "text_wrap": True, "border": 1}),
        )
        text, plain_number = book.add_format({"border": 1, "text_wrap": True}), book.add_format({"border": 1})
        decimals = {
            places: book.add_format({"border": 1, "num_format": "0." + "0" * places}) for places in (1, 2, 3)
        }
        for table in tables:
            sheet = book.add_worksheet(table.title[:31])
            sheet.write(0, 0, f"{title} {table.title}", bold)
            sheet.write(1, 0, basis)
            sheet.write_row(2, 0, table.headings, head)
            for place, row in enumerate(table.rows, start=3):
                for column, cell in enumerate(row):
                    if cell is None:
                        sheet.write_blank(place, column, None, text)
                    elif (number := _as_number(cell)) is not None:
                        sheet.write_number(
                            place, column, number, decimals.get(len(cell.partition(".")[2]), plain_number)
                        )
                    else:
                        sheet.write_string(place, column, cell, text)
            for place, note in enumerate(table.notes, start=4 + len(table.rows)):
                sheet.write_string(place, 0, f"说明：{note}")
            sheet.set_column(0, len(table.headings) - 1, 14)
            sheet.freeze_panes(3, 0)


def table_blocks(tables: Iterable[FormTable]) -> list[Block]:
    """Return the tables as blocks of a Word document, each followed by its notes.

    A table of a single row with more than ten columns is turned into two columns, heading and value.
    """
    blocks: list[Block] = []
    for table in tables:
        rows: list[tuple[Text, ...]] = [table.headings, *table.rows]
        if len(table.rows) == 1 and len(table.headings) > 10:
            rows = [("项目", "数"), *zip(table.headings, table.rows[0], strict=True)]
        blocks.append(Table((table.title,), tuple(tuple((cell or "",) for cell in row) for row in rows)))
        blocks += [Paragraph((f"说明：{note}",)) for note in table.notes]
    return blocks


def _as_number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
