"""Writes the national application form as an Excel or Word file.

A cell is empty if its number was not reported, with the reason in a note below the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import xlsxwriter

from xuezheng.areas.balance.procedures.county import CountyVerdict
from xuezheng.areas.balance.procedures.form_tables import FormTable, Text, form_tables
from xuezheng.reports.model import Block, Paragraph, Table
from xuezheng.reports.word import landscape
from xuezheng.reports.word.document import plain, save
from xuezheng.snapshots import Snapshot
from xuezheng.workbooks.template import TEXT_ONLY

TITLE = "全国义务教育优质均衡发展县申报表"


def write_form_workbook(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the national form to ``path``, an Excel file with a sheet for each table.

    Numbers are numeric cells.
    """
    write_tables(form_tables(county, snapshot), f"{county.year}年 {TITLE}", _basis(county, snapshot), path)


def write_form_document(county: CountyVerdict, snapshot: Snapshot, path: Path) -> None:
    """Write the national form to ``path``, a .docx file."""
    bureau = snapshot.district["bureau_name"]
    blocks = table_blocks(form_tables(county, snapshot))
    document = plain(TITLE, bureau, snapshot.day, [Paragraph((_basis(county, snapshot),)), *blocks])
    landscape.turn(document)
    save(document, path)


def _basis(county: CountyVerdict, snapshot: Snapshot) -> str:
    return (
        f"{county.year}年，数据截至{snapshot.day}（快照{snapshot.id}）。认定结论：{county.conclusion.value}；"
        f"没有达到{len(county.failures)}项，没有报告{len(county.missing)}项。"
    )


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
