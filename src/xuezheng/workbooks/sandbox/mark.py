"""Writes an annotated copy of a workbook: ``mark.py WORKBOOK OUT``, with a JSON object on standard input.

Its ``marks`` are ``[sheet, row, column, text, explainable]`` with row and column counted from 1; ``title`` is
the name of the summary sheet, ``sentences`` are the texts at its top, and ``lines`` its rows ``[sheet, row,
column, place, value, message]``. Everything but the annotated cells stays as far as openpyxl can keep it; the
summary names what it cannot.
"""

from __future__ import annotations

import json
import sys
import warnings
import zipfile
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.refused import AUTHOR
else:  # beside this script, which runs by itself
    from refused import AUTHOR

_BEFORE = "\n原批注："
_WRONG = PatternFill("solid", fgColor="FFE699")
_EXPLAINABLE = PatternFill("solid", fgColor="BDD7EE")
_COMMENTS = 20_000
_PARTS = {
    "vbaProject": "宏",
    "xl/charts/": "图表（可能走样）",
    "xl/embeddings/": "嵌入的文件",
    "xl/activeX/": "控件",
    "xl/ctrlProps/": "控件",
    "xl/diagrams/": "智能图形",
    "xl/slicers/": "切片器",
    "xl/threadedComments/": "会话式批注的回复",
}
_WARNINGS = {
    "Data Validation extension": "引用其他表的下拉框",
    "Conditional Formatting extension": "扩展的条件格式",
    "Sparkline": "迷你图",
    "Header / Footer": "页眉页脚",
    "Print area": "打印区域",
}


def _mark(workbook: Path, layout: dict[str, Any], out: Path) -> None:
    with warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        # Opened as a file: by its name alone, what is called .et or .xls would be refused.
        with workbook.open("rb") as file:
            book = load_workbook(file, rich_text=True)
    lost = _lost(workbook, [str(warning.message) for warning in warned])
    if layout["title"] in book.sheetnames:
        del book[layout["title"]]
    formulas = _take_marks_off(book)
    for number, (sheet, row, column, text, explainable) in enumerate(layout["marks"]):
        page = book[sheet] if sheet in book.sheetnames else None
        if isinstance(page, Worksheet):
            cell = _visible_cell(page, row, column)
            _mark_cell(cell, text if number < _COMMENTS else None)
            if explainable:
                cell.fill = _EXPLAINABLE
    sentences = [*layout["sentences"]]
    if lost:
        sentences.append(f"原文件中的{'、'.join(lost)}未能保留，请以自己的原件为准。")
    if formulas:
        sentences.append("表中有公式：请用Excel或WPS打开并保存一次，再上传。")
    if len(layout["marks"]) > _COMMENTS:
        sentences.append(f"问题很多，只有前{_COMMENTS}处写了批注，其余只标了颜色。")
    _summarise(book, layout["title"], sentences, layout["lines"])
    book.save(out)


def _lost(workbook: Path, warned: list[str]) -> list[str]:
    """Name in Chinese the parts of the file that will be lost."""
    with zipfile.ZipFile(workbook) as parts:
        names = parts.namelist()
    lost_parts = [title for part, title in _PARTS.items() if any(part in name for name in names)]
    if any(name.startswith("xl/media/") for name in names) and find_spec("PIL") is None:
        lost_parts.append("图片")
    plain = any(name.startswith("xl/drawings/drawing") for name in names)
    if plain and not any(title in lost_parts for title in ("图片", "图表（可能走样）")):
        lost_parts.append("图形、文本框")
    lost_parts += [title for words, title in _WARNINGS.items() if any(words in text for text in warned)]
    return list(dict.fromkeys(lost_parts))


def _take_marks_off(book: Workbook) -> bool:
    """Remove the marks of an earlier round; return whether any cell has a formula."""
    formulas = False
    for page in book.worksheets:
        # Not page.iter_rows(), which would make the cells of every blank row that bears a format further down.
        for cell in list(page._cells.values()):
            formulas = formulas or cell.data_type == "f"
            if isinstance(cell, Cell) and cell.comment and cell.comment.author == AUTHOR:
                _, separator, before = cell.comment.text.partition(_BEFORE)
                cell.comment = Comment(before, "") if separator else None
                cell.fill = PatternFill()
    return formulas


def _visible_cell(page: Worksheet, row: int, column: int) -> Cell:
    """The cell at a place, counted from 1; for merged cells the visible one."""
    cell = page.cell(row, column)
    if isinstance(cell, MergedCell):
        area = next(area for area in page.merged_cells.ranges if cell.coordinate in area)
        cell = page.cell(area.min_row, area.min_col)
    if isinstance(cell, MergedCell):
        raise TypeError(f"{cell.coordinate} leads an area and does not show")
    return cell


def _mark_cell(cell: Cell, text: str | None) -> None:
    cell.fill = _WRONG
    if text is None:
        return
    if cell.comment and cell.comment.author == AUTHOR:
        text = f"{cell.comment.text}\n{text}"
    elif cell.comment:
        text = f"{text}{_BEFORE}{cell.comment.text}"
    cell.comment = Comment(text, AUTHOR, height=60 + 20 * (len(text) // 18), width=320)


def _summarise(book: Workbook, title: str, sentences: list[str], lines: list[list[Any]]) -> None:
    page = book.create_sheet(title, 0)
    for number, sentence in enumerate(sentences, start=1):
        _write(page.cell(number, 1), sentence, Font(bold=number == 1))
    head = len(sentences) + 2
    for number, heading in enumerate(("表", "位置", "填的内容", "问题与改法"), start=1):
        _write(page.cell(head, number), heading, Font(bold=True))
    for number, (sheet, row, column, place, value, message) in enumerate(lines, start=head + 1):
        for at, text in enumerate((sheet, place, value, message), start=1):
            _write(page.cell(number, at), text)
        if row and sheet in book.sheetnames:
            spot = f"'{sheet.replace(chr(39), chr(39) * 2)}'!{get_column_letter(column)}{row}"
            cell = page.cell(number, 2)
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=spot)
            cell.font = Font(color="0563C1", underline="single")
        page.cell(number, 4).alignment = Alignment(wrap_text=True, vertical="top")
    for letter, width in zip("ABCD", (18, 26, 26, 90), strict=True):
        page.column_dimensions[letter].width = width
    for worksheet in book.worksheets:
        worksheet.sheet_view.tabSelected = worksheet is page
    book.active = 0


def _write(cell: Cell, text: str, font: Font | None = None) -> None:
    cell.value = text
    # What looks like a formula is what somebody typed.
    cell.data_type = "s"
    if font is not None:
        cell.font = font


if __name__ == "__main__":
    _mark(Path(sys.argv[1]), json.load(sys.stdin.buffer), Path(sys.argv[2]))
