"""Writes a filled table in the layout of the ministry's form, and reads a school's table in that layout."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter
from django.utils import timezone
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xuezheng.statistics.cells import Cell, FilledTable, Place
from xuezheng.statistics.declarations import StatisticalTable
from xuezheng.statistics.findings import Finding, changes
from xuezheng.workbooks.problems import WorkbookRefused
from xuezheng.workbooks.reader import read_workbook

_NAME, _CODE = "甲", "乙"


def write_table(
    filled: FilledTable, path: Path, before: FilledTable | None = None, known: Sequence[Finding] = ()
) -> None:
    """Write a filled table as a workbook to ``path``.

    A cell without a number is blank, with the reason as a comment. Where there is a table of the year
    ``before``, a second sheet has the numbers of both years and their difference side by side; where there
    are findings (``known``), a last sheet lists them with their explanations.
    """
    with xlsxwriter.Workbook(path) as book:
        _write_form(book, filled)
        if before:
            _write_comparison(book, filled, before)
        if known:
            _write_findings(book, filled, known)


def _write_form(book: xlsxwriter.Workbook, filled: FilledTable) -> None:
    table, sheet = filled.table, book.add_worksheet(filled.table.code)
    centred, bordered = _formats(book)
    _write_title(book, sheet, filled, "")
    sheet.write_row(2, 0, ["指标名称", "代码", *(column.title for column in table.columns)], centred)
    sheet.write_row(3, 0, [_NAME, _CODE, *(column.code for column in table.columns)], centred)
    for line, row in enumerate(table.rows, start=4):
        sheet.write_row(line, 0, [row.title, row.code], bordered)
        for place, column in enumerate(table.columns, start=2):
            _write_cell(sheet, line, place, filled.cells[row.code, column.code], bordered)
    sheet.set_column(0, 0, 26)
    sheet.freeze_panes(4, 2)


def _write_comparison(book: xlsxwriter.Workbook, filled: FilledTable, before: FilledTable) -> None:
    """Write a sheet with three columns for each column of the table: this year, the year before, the difference."""
    table, sheet = filled.table, book.add_worksheet("与上年比较")
    centred, bordered = _formats(book)
    _write_title(book, sheet, filled, f"，上年为{before.day.year}年{before.day.month}月{before.day.day}日")
    sheet.write_row(2, 0, ["指标名称", "代码"], centred)
    sheet.write_row(3, 0, ["", ""], centred)
    for place, column in enumerate(table.columns):
        sheet.merge_range(2, 2 + 3 * place, 2, 4 + 3 * place, f"{column.code} {column.title}", centred)
        sheet.write_row(3, 2 + 3 * place, ["本年", "上年", "相差"], centred)
    changed = changes(filled, before)
    for line, row in enumerate(table.rows, start=4):
        sheet.write_row(line, 0, [row.title, row.code], bordered)
        for place, column in enumerate(table.columns):
            for offset, each in enumerate((filled, before)):
                _write_cell(sheet, line, 2 + 3 * place + offset, each.cells[row.code, column.code], bordered)
            change = changed.get((row.code, column.code))
            sheet.write(line, 4 + 3 * place, change.difference if change else None, bordered)
    sheet.set_column(0, 0, 26)
    sheet.freeze_panes(4, 2)


def _write_findings(book: xlsxwriter.Workbook, filled: FilledTable, known: Sequence[Finding]) -> None:
    sheet = book.add_worksheet("说明")
    centred, bordered = _formats(book)
    _write_title(book, sheet, filled, "")
    sheet.write_row(2, 0, ["事项", "状态", "说明", "说明人", "时间"], centred)
    for line, finding in enumerate(known, start=3):
        written = finding.explanation
        status = "须改正台账" if finding.is_hard else "已说明" if written else "待说明"
        words = (
            [written.text, str(written.made_by), f"{timezone.localtime(written.made_at):%Y-%m-%d %H:%M}"]
            if written
            else []
        )
        for place, text in enumerate([finding.text, status, *words]):
            sheet.write_string(line, place, text, bordered)
    for place, width in enumerate((60, 12, 60, 12, 18)):
        sheet.set_column(place, place, width)
    sheet.freeze_panes(3, 0)


def _formats(book: xlsxwriter.Workbook) -> tuple[Format, Format]:
    """Return the formats of headings and of cells."""
    return (
        book.add_format({"align": "center", "text_wrap": True, "border": 1}),
        book.add_format({"border": 1, "text_wrap": True}),
    )


def _write_title(book: xlsxwriter.Workbook, sheet: Worksheet, filled: FilledTable, further: str) -> None:
    sheet.write(0, 0, f"{filled.table.code} {filled.table.title}", book.add_format({"bold": True}))
    day = filled.day
    sheet.write(1, 0, f"{filled.scope}　{day.year}年{day.month}月{day.day}日{further}")


def _write_cell(sheet: Worksheet, line: int, place: int, cell: Cell, style: Format) -> None:
    if cell.value is None:
        sheet.write_blank(line, place, None, style)
        sheet.write_comment(line, place, cell.missing)
    else:
        sheet.write_number(line, place, cell.value, style)


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
