"""Reads a workbook: ``read.py WORKBOOK ANSWER``.

Writes the file ``ANSWER``: a JSON list of ``[sheet name, columns]`` with every cell as text, or
``{"refused": a Chinese reason}``.
"""

from __future__ import annotations

import json
import re
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

_EXCEL_DIGITS = 10**15
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ERROR_CELL = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]+)([0-9]+)"[^>]*>(?:<f.*?</f>|<f[^>]*/>)?<v>(#[^<]*)</v>'
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def _read(workbook: Path) -> Any:
    """Return every sheet's name and columns of text, or why not; the child's whole work."""
    with workbook.open("rb") as file:
        signature = file.read(8)
    if not signature.startswith((_ZIP, _OLE)):
        return {"refused": "不是Excel文件，只是改了扩展名。请用Excel或WPS打开原文件，另存为.xlsx。"}
    try:
        book = CalamineWorkbook.from_path(str(workbook))
        sheets = {name: _columns(book.get_sheet_by_name(name)) for name in book.sheet_names}
        if signature.startswith(_ZIP) and zipfile.is_zipfile(workbook):
            _show_errors(workbook, sheets)
        return list(sheets.items())
    except PasswordError:
        return {"refused": "设有打开密码。请在Excel或WPS中取消密码后再试。"}
    except (CalamineError, ValueError, OSError, LookupError, ElementTree.ParseError, zipfile.BadZipFile):
        return {"refused": "不是完整的Excel文件。请用Excel或WPS打开原文件，另存为.xlsx后再试。"}


def _columns(sheet: CalamineSheet) -> list[list[str]]:
    rows = sheet.to_python(skip_empty_area=False)
    return [[_text(value) for value in column] for column in zip(*rows, strict=True)]


def _show_errors(workbook: Path, sheets: dict[str, list[list[str]]]) -> None:
    """Put #N/A and the like into their cells: calamine gives them as blanks, and they are not."""
    with zipfile.ZipFile(workbook) as parts:
        if "xl/workbook.xml" not in parts.namelist():
            return
        targets = {
            link.get("Id"): link.get("Target", "").removeprefix("/xl/")
            for link in _xml(parts, "xl/_rels/workbook.xml.rels")
        }
        for sheet in _xml(parts, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
            part = parts.read(f"xl/{targets[sheet.get(_ID)]}")
            # Most sheets have none, and this is much faster to see.
            for letters, row, error in _ERROR_CELL.findall(part) if b't="e"' in part else ():
                columns = sheets[sheet.get("name", "")]
                columns[_column_number(letters)][int(row) - 1] = error.decode()


def _xml(parts: zipfile.ZipFile, name: str) -> ElementTree.Element:
    # What a hostile part does to this process, its limits and its parent bear.
    return ElementTree.fromstring(parts.read(name))  # noqa: S314


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


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


def _main() -> None:
    answer = _read(Path(sys.argv[1]))
    Path(sys.argv[2]).write_text(json.dumps(answer), encoding="ascii")


if __name__ == "__main__":
    _main()
