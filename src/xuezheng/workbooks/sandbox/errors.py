"""Finds the cells of a workbook whose formula failed (#N/A, #REF!, …), which the reader returns as blanks."""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.records import (
        TEXT,
        document_cells,
        document_content,
        document_rows,
        document_tables,
        worksheet_records,
    )
else:  # beside this script, which runs by itself
    from records import (
        TEXT,
        document_cells,
        document_content,
        document_rows,
        document_tables,
        worksheet_records,
    )

#: (name of the sheet, row, column, error as text), row and column counted from 0.
Error = tuple[str, int, int, str]
_CELL = re.compile(rb"<c\s[^<>]*>")
_IS_ERROR = re.compile(rb"""\st=["']e["']""")
_PLACE = re.compile(rb"""\sr=["']([A-Z]{1,3})([0-9]{1,7})["']""")
_ERROR = re.compile(rb"<v>(#[^<]{1,20})</v>")
_LONGEST_FORMULA = 50_000
_ERROR_TEXT = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!)|Err:[0-9]{3}")
_MOST_REPEATED = 16_384
# Records of an .xls: a cell with an error, a formula with its result.
_BOOLERR, _FORMULA = 0x0205, 0x0006
_CODES = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}


def errors_of(workbook: Path, parts: Mapping[str, str], names: Sequence[str]) -> Iterator[Error]:
    """Yield (sheet name, row, column, error text) for each cell whose formula failed, rows and columns from 0.

    ``parts`` has the name of each sheet's part in an .xlsx, by the sheet's name, and is empty for other
    files; ``names`` are the sheets in their order.
    """
    if parts:
        yield from _of_package(workbook, parts, names)
    else:
        yield from _of_document(workbook)
        yield from _of_stream(workbook, names)


def _of_package(workbook: Path, parts: Mapping[str, str], names: Sequence[str]) -> Iterator[Error]:
    for name in names:
        if name in parts:
            with zipfile.ZipFile(workbook) as package:
                content = package.read(parts[name])
            for row, column, error in _of_part(content):
                yield name, row, column, error


def _of_part(part: bytes) -> Iterator[tuple[int, int, str]]:
    # Most sheets have none, and this is much faster to see.
    if b't="e"' not in part and b"t='e'" not in part:
        return
    for cell in _CELL.finditer(part):
        if _IS_ERROR.search(cell[0]) and (place := _PLACE.search(cell[0])):
            end = part.find(b"</c>", cell.end(), cell.end() + _LONGEST_FORMULA)
            if error := _ERROR.search(part, cell.end(), max(end, cell.end())):
                yield int(place[2]) - 1, column_number(place[1]), error[1].decode()


def column_number(letters: bytes) -> int:
    """Return the index of a column, from 0, from its letters: 0 for ``b"A"``, 26 for ``b"AA"``."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number - 1


def _of_document(workbook: Path) -> Iterator[Error]:
    """The errors of an OpenDocument file, in which a cell or row may stand for many."""
    for name, table in document_tables(document_content(workbook, (b'"error"', b">#", b">Err:"))):
        for row, _, line in document_rows(table):
            for column, times, cell in document_cells(line):
                text = "".join("".join(part.itertext()) for part in cell.iter(f"{TEXT}p"))
                if _ERROR_TEXT.fullmatch(text):
                    for place in range(column, column + min(times, _MOST_REPEATED)):
                        yield name, row, place, text if text.startswith("#") else "#N/A"


def _of_stream(workbook: Path, names: Sequence[str]) -> Iterator[Error]:
    """The errors of an .xls: cells with an error, and formulas with an error as their result."""
    for name, kind, body in worksheet_records(workbook, names):
        code = _error_code(kind, body)
        if code in _CODES:
            row, column = struct.unpack_from("<HH", body)
            yield name, row, column, _CODES[code]


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOLERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    # The result of a formula is no number where its last two bytes are FFFF; its first then tells the kind.
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None
