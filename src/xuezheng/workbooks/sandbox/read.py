"""Reads a workbook of Excel, WPS or LibreOffice: ``read.py WORKBOOK``.

Writes a JSON list of ``[sheet name, columns, merged, spans, marks]`` to standard output, or ``{"refused":
reason}`` with a Chinese reason. ``columns`` are lists of cells as text. ``merged`` has ``[column, first row,
last row]`` for each run of cells merged down a column, each of which has the run's text; ``spans`` has
``[row, first column, last row, last column]`` for each area merged across columns, whose text is in its first
cell only; all count from 0. ``marks`` are described in :mod:`marks`.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.errors import errors_of
    from xuezheng.workbooks.sandbox.marks import marks_of
    from xuezheng.workbooks.sandbox.package import refusal
    from xuezheng.workbooks.sandbox.refused import AGAIN, CELLS, Refused
else:  # beside this script, which runs by itself
    from errors import errors_of
    from marks import marks_of
    from package import refusal
    from refused import AGAIN, CELLS, Refused

SIGNS = 40_000_000
SHEETS = 500
_EXCEL_DIGITS = 10**15
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CONTENTS = 4 * 2**20
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS = (
    (b"%PDF", "PDF文件"),
    (b"\x89PNG", "图片"),
    (b"\xff\xd8\xff", "图片"),
    (b"MZ", "程序"),
    (b"\x1f\x8b", "压缩包"),
    (b"Rar!", "压缩包"),
    (b"7z\xbc\xaf", "压缩包"),
)
_WORD = "WordDocument".encode("utf-16-le")
# An encrypted .xlsx is a compound file of this stream; in an .xls the record FILEPASS follows the first one, or the one
# that forbids to write.
_PASSWORD = "EncryptedPackage".encode("utf-16-le")
_FILEPASS = re.compile(rb"\x09\x08\x10\x00.{16}(?:\x86\x00\x00\x00)?\x2f\x00", re.DOTALL)
_LOCKED = "设有打开密码。请在Excel或WPS中取消密码后再试。"
#: The columns of a sheet, its runs merged down a column, and its areas merged across columns.
_Contents: TypeAlias = tuple[list[list[str]], list[list[int]], list[list[int]]]
_NOT_WHOLE = f"不是完整的Excel文件。{AGAIN}后再试。"


def _read(workbook: Path) -> Any:
    """Return every sheet, or the reason for refusing the file, as the module describes."""
    try:
        _inspect(workbook)
        # Opened as a file: by its name alone, what is called .et, or .xls and is not, would be refused.
        with workbook.open("rb") as file:
            book = CalamineWorkbook.from_filelike(file)
            parts = _parts(workbook)
            sheets = _sheets(book)
        for name, row, column, error in errors_of(workbook, parts, list(sheets)):
            columns = sheets[name][0]
            if column < len(columns) and row < len(columns[column]):
                columns[column][row] = error
        marks = marks_of(workbook, parts, book.sheets_metadata)
        return [[name, *contents, marks.get(name, {})] for name, contents in sheets.items()]
    except Refused as why:
        return {"refused": str(why)}
    except PasswordError:
        return {"refused": _LOCKED}
    except (CalamineError, ValueError, OSError, LookupError, ElementTree.ParseError, zipfile.BadZipFile):
        return {"refused": _NOT_WHOLE}


def _inspect(workbook: Path) -> None:
    content = workbook.read_bytes()
    if content.startswith(_ZIP):
        if why := refusal(workbook):
            raise Refused(why)
    elif content.startswith(_OLE):
        if _WORD in content:
            raise Refused("是Word文档，只是改了扩展名。请把表格复制到下载的模板里再上传。")
        if _PASSWORD in content or _FILEPASS.search(content):
            raise Refused(_LOCKED)
    else:
        raise Refused(_what_it_is(content[:512]))


def _what_it_is(start: bytes) -> str:
    for sign, kind in _OTHERS:
        if start.startswith(sign):
            return f"是{kind}，不是Excel文件，只是改了扩展名。请把内容填入下载的模板再上传。"
    if start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return f"是网页或XML格式的表格，不是Excel文件，只是改了扩展名。{AGAIN}。"
    return f"不是Excel文件，只是改了扩展名。{AGAIN}。"


def _sheets(book: CalamineWorkbook) -> dict[str, _Contents]:
    names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    if len(names) > SHEETS:
        raise Refused(f"里面有{len(names)}张表，超过{SHEETS}张。请把需要的表复制到新文件再试。")
    if len(set(names)) < len(names):
        raise Refused(f"里面有两张同名的表。{AGAIN}后再试。")
    cells = signs = 0
    sheets = {}
    for name in names:
        sheet = book.get_sheet_by_name(name)
        last_row, last_column = sheet.end or (0, 0)
        cells += (last_row + 1) * (last_column + 1)
        if cells > CELLS:
            raise Refused(
                f"“{name}”一直用到第{last_row + 1}行、第{last_column + 1}列，超过{CELLS // 10_000}万个单元格。"
                "请删除数据下面和右边的空行空列（选中后右键“删除”），或拆成几个较小的文件。"
            )
        columns = _columns(sheet)
        merged = list(_fill_merged(sheet, columns))
        signs += sum(len(text) for column in columns for text in column)
        if signs > SIGNS:
            raise Refused(f"“{name}”里的文字超过{SIGNS // 10_000}万字。请拆成几个较小的文件。")
        sheets[name] = columns, merged, _spans(sheet, columns)
    return sheets


def _columns(sheet: CalamineSheet) -> list[list[str]]:
    rows = sheet.to_python(skip_empty_area=False)
    return [[_text(value) for value in column] for column in zip(*rows, strict=True)]


def _fill_merged(sheet: CalamineSheet, columns: list[list[str]]) -> Iterator[list[int]]:
    """Put the text of cells merged down a column into each of them; yield each run as [column, first row, last row]."""
    height = len(columns[0]) if columns else 0
    runs = sorted(
        (left, top, min(bottom, height - 1))
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if left == right < len(columns) and top < bottom and top < height
    )
    if any(first[0] == second[0] and first[2] >= second[1] for first, second in pairwise(runs)):
        raise Refused(f"里面有重叠的合并单元格。{AGAIN}后再试。")
    for column, first, last in runs:
        if text := columns[column][first]:
            columns[column][first : last + 1] = [text] * (last + 1 - first)
            yield [column, first, last]


def _spans(sheet: CalamineSheet, columns: list[list[str]]) -> list[list[int]]:
    """Return the areas merged across columns that have a text."""
    height = len(columns[0]) if columns else 0
    return sorted(
        [top, left, bottom, right]
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        if left < right and left < len(columns) and top < height and columns[left][top]
    )


def _parts(workbook: Path) -> dict[str, str]:
    """Return the name of each sheet's part in an .xlsx, by the sheet's name; empty for other kinds of workbooks."""
    if not zipfile.is_zipfile(workbook):
        return {}
    with zipfile.ZipFile(workbook) as package:
        if "xl/workbook.xml" not in package.namelist():
            return {}
        targets = {
            link.get("Id"): link.get("Target", "").removeprefix("/xl/")
            for link in _xml(package, "xl/_rels/workbook.xml.rels")
        }
        sheets = list(_xml(package, "xl/workbook.xml").iter(f"{_MAIN}sheet"))
    parts = {sheet.get("name", ""): f"xl/{targets[sheet.get(_ID)]}" for sheet in sheets}
    # Each of them would be read again.
    if len(set(parts.values())) < len(parts):
        raise Refused(f"里面有几张表共用一个部件，内容不可信。{AGAIN}后再试。")
    return parts


def _xml(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if parts.getinfo(name).file_size > _CONTENTS:
        raise ValueError
    # It has no DTD; what else a hostile part does to this process, its limits and its parent bear.
    return ElementTree.fromstring(parts.read(name))  # noqa: S314


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        if not value.is_integer():
            return f"{value:.15g}"
        # Excel keeps 15 digits of a number: a longer one has lost its tail, and must not look whole.
        return f"{int(value)}" if abs(value) < _EXCEL_DIGITS else f"{value:.14E}"
    if isinstance(value, datetime) and (value.hour, value.minute, value.second) == (0, 0, 0):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read(Path(sys.argv[1]))))
