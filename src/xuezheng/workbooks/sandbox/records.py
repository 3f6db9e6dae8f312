"""Iterates over the records of each worksheet of an .xls, and over the rows and cells of an .ods."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree import ElementTree

import olefile

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_BOF, _WORKSHEET = 0x0809, 0x0010


def worksheet_records(workbook: Path, names: Sequence[str]) -> Iterator[tuple[str, int, bytes]]:
    """Yield (sheet name, record type, body) for the binary records of an .xls file; nothing for other files.

    ``names`` are its worksheets in their order. Records before the first worksheet are left out.
    """
    if not olefile.isOleFile(str(workbook)):
        return
    with olefile.OleFileIO(str(workbook)) as file:
        stream = next((name for name in ("Workbook", "Book") if file.exists(name)), None)
        if stream is None:
            return
        content = file.openstream(stream).read()
    number, at = -1, 0
    while at + 4 <= len(content):
        kind, length = struct.unpack_from("<HH", content, at)
        body = content[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _BOF and len(body) >= 4 and struct.unpack_from("<H", body, 2)[0] == _WORKSHEET:
            number += 1
        if 0 <= number < len(names):
            yield names[number], kind, body


def document_content(workbook: Path, signs: Sequence[bytes]) -> bytes:
    """Return ``content.xml`` of an .ods file if it contains one of the byte strings ``signs``.

    Returns b"" otherwise, and for other files.
    """
    if not zipfile.is_zipfile(workbook):
        return b""
    with zipfile.ZipFile(workbook) as package:
        if "content.xml" not in package.namelist():
            return b""
        content = package.read("content.xml")
    return content if any(sign in content for sign in signs) else b""


def document_tables(content: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    """Yield (name, element) for the tables in the ``content.xml`` of an .ods file; nothing for b""."""
    if content:
        # Its DTDs were refused; what else a hostile part does to this process, its limits and its parent bear.
        for table in ElementTree.fromstring(content).iter(f"{TABLE}table"):  # noqa: S314
            yield table.get(f"{TABLE}name", ""), table


def document_rows(table: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Yield (row, times, element) for the rows of a table.

    The element stands for ``times`` equal rows, of which the first has the index ``row``.
    """
    row = 0
    for line in table.iter(f"{TABLE}table-row"):
        times = int(line.get(f"{TABLE}number-rows-repeated", 1))
        yield row, times, line
        row += times


def document_cells(line: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Yield (column, times, element) for the cells of a row.

    The element stands for ``times`` equal cells, of which the first has the index ``column``.
    """
    column = 0
    for cell in line:
        times = int(cell.get(f"{TABLE}number-columns-repeated", 1))
        yield column, times, cell
        column += times
