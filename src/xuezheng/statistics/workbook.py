"""Writes a filled table in the layout of the ministry's form, and reads a school's table in that layout."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import xlsxwriter

from xuezheng.statistics.cells import FilledTable, Place
from xuezheng.statistics.declarations import StatisticalTable
from xuezheng.workbooks.problems import WorkbookRefused
from xuezheng.workbooks.reader import read_workbook

_NAME, _CODE = "甲", "乙"


def write_table(filled: FilledTable, path: Path) -> None:
    """Write a filled table as a workbook to ``path``.

    A cell without a number is blank, with the reason as a comment.
    """
    table = filled.table
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(table.code)
        bold, centred = (
            book.add_format({"bold": True}),
            book.add_format({"align": "center", "text_wrap": True, "border": 1}),
        )
        bordered = book.add_format({"border": 1})
        sheet.write(0, 0, f"{table.code} {table.title}", bold)
        sheet.write(1, 0, f"{filled.scope}　{filled.day.year}年{filled.day.month}月{filled.day.day}日")
        sheet.write_row(2, 0, ["指标名称", "代码", *(column.title for column in table.columns)], centred)
        sheet.write_row(3, 0, [_NAME, _CODE, *(column.code for column in table.columns)], centred)
        for line, row in enumerate(table.rows, start=4):
            sheet.write_row(line, 0, [row.title, row.code], bordered)
            for place, column in enumerate(table.columns, start=2):
                cell = filled.cells[row.code, column.code]
                if cell.value is None:
                    sheet.write_blank(line, place, None, bordered)
                    sheet.write_comment(line, place, cell.missing)
                else:
                    sheet.write_number(line, place, cell.value, bordered)
        sheet.set_column(0, 0, 26)
        sheet.freeze_panes(4, 2)


def read_table(table: StatisticalTable, path: Path, name: str) -> dict[Place, int]:
    """Return the numbers of a table in the workbook of a school, by (code of the row, code of the column).

    The table is found by its row with 甲, 乙 and the codes of the columns. Blank cells are absent. ``name`` is
    the file's name for messages. Raises :class:`WorkbookRefused` if the file cannot be read, the table is not
    in it, or a cell is no integer of at most nine digits.
    """
    for sheet in read_workbook(path, name):
        for number in range(sheet.height):
            cells = [text.strip() for text in sheet.row(number)]
            if _NAME in cells and _CODE in cells and _belongs(table, cells):
                rows = (
                    (below + 1, [text.strip() for text in sheet.row(below)])
                    for below in range(number + 1, sheet.height)
                )
                return _numbers(table, cells, dict(rows), sheet.name)
    raise WorkbookRefused(f"“{name}”里没有{table.code}：应有一行是“甲、乙、1、2……”。请按本页下载的表样填写。")


def _belongs(table: StatisticalTable, head: list[str]) -> bool:
    codes = [text for text in head[head.index(_CODE) + 1 :] if text]
    return codes == [column.code for column in table.columns]


def _numbers(
    table: StatisticalTable, head: list[str], lines: Mapping[int, list[str]], sheet: str
) -> dict[Place, int]:
    known = {row.code.lstrip("0"): row.code for row in table.rows}
    places = {text: place for place, text in enumerate(head) if place > head.index(_CODE) and text}
    numbers: dict[Place, int] = {}
    for line, cells in lines.items():
        row = known.get(cells[head.index(_CODE)].lstrip("0"))
        if row is None:
            continue
        for column, place in places.items():
            text = cells[place].replace(",", "").replace("，", "")
            if not text:
                continue
            if not re.fullmatch(r"[0-9]{1,9}(?:\.0+)?", text):
                raise WorkbookRefused(
                    f"“{sheet}”第{line}行第{column}栏“{cells[place][:20]}”不是整数。请改正后再上传。"
                )
            numbers[row, column] = int(float(text))
    return numbers
