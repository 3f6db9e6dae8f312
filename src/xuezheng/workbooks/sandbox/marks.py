"""Finds what a person sees in a workbook but no cell contains: hidden, filtered, struck through or commented parts.

The marks of a sheet are ``{"hidden": true, "rows": […], "columns": […], "comments": [[row, column], …],
"struck": […]}``, counted from 0: whether the sheet is hidden, the hidden rows and columns, the cells with
comments, and the rows struck through (found in .xlsx only). Kinds without any are left out.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from python_calamine import SheetMetadata, SheetTypeEnum, SheetVisibleEnum

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.errors import column_number
    from xuezheng.workbooks.sandbox.records import (
        OFFICE,
        TABLE,
        document_cells,
        document_content,
        document_rows,
        document_tables,
        worksheet_records,
    )
    from xuezheng.workbooks.sandbox.refused import AUTHOR
else:  # beside this script, which runs by itself
    from errors import column_number
    from refused import AUTHOR

    from records import (
        OFFICE,
        TABLE,
        document_cells,
        document_content,
        document_rows,
        document_tables,
        worksheet_records,
    )

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_HIDDEN_ROW = re.compile(rb"""<row\s(?=[^<>]*\shidden=["'](?:1|true)["'])[^<>]*?\br=["']([0-9]{1,7})["']""")
_HIDDEN_COLUMN = re.compile(rb"""<col\s(?=[^<>]*\shidden=["'](?:1|true)["'])[^<>]*>""")
_ATTRIBUTE = {name: re.compile(rb"""\b%s=["']([0-9]{1,7})["']""" % name) for name in (b"min", b"max")}
_STYLED_CELL = re.compile(
    rb"""<c\s(?=[^<>]*\bs=["']([0-9]{1,5})["'])[^<>]*?\br=["']([A-Z]{1,3})([0-9]{1,7})["'][^<>]*>(?!</c>)"""
)
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Records of an .xls: a row with its height, the widths of columns, a comment.
_ROW, _COLUMNS, _NOTE = 0x0208, 0x007D, 0x001C
_ROW_HIDDEN = 0x20
#: More are not told one by one.
_MOST = 10_000
_LONGEST_PART = 20 * 2**20


def marks_of(
    workbook: Path, parts: Mapping[str, str], sheets: Sequence[SheetMetadata]
) -> dict[str, dict[str, Any]]:
    """Return what is hidden, struck through or commented on each sheet, by the sheet's name, as this module describes it.

    Sheets without any are left out. ``parts`` has the name of each sheet's part in an .xlsx, by the sheet's
    name; it is empty for other files. In an .xlsx, comments that this system wrote are not counted.
    """
    marks: dict[str, dict[str, Any]] = {}
    names = [sheet.name for sheet in sheets if sheet.typ == SheetTypeEnum.WorkSheet]
    for sheet in sheets:
        if sheet.visible != SheetVisibleEnum.Visible:
            marks[sheet.name] = {"hidden": True}
    if parts:
        with zipfile.ZipFile(workbook) as package:
            struck = _struck_styles(package)
            for name, part in parts.items():
                if of_part := _of_part(package, part, struck):
                    marks.setdefault(name, {}).update(of_part)
        return marks
    for name, kind, place in (*_of_document(workbook), *_of_stream(workbook, names)):
        places = marks.setdefault(name, {}).setdefault(kind, [])
        if len(places) < _MOST and place not in places[-1:]:
            places.append(place)
    return marks


def _of_document(workbook: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield (sheet, kind, place) of the marks of an .ods."""
    signs = (b'visibility="collapse"', b'visibility="filter"', b"<office:annotation")
    for name, table in document_tables(document_content(workbook, signs)):
        columns = (element for element in table.iter(f"{TABLE}table-column"))
        place = 0
        for element in columns:
            times = min(int(element.get(f"{TABLE}number-columns-repeated", 1)), _MOST)
            if element.get(f"{TABLE}visibility", "visible") != "visible":
                yield from ((name, "columns", place + step) for step in range(times))
            place += times
        for row, times, line in document_rows(table):
            if line.get(f"{TABLE}visibility", "visible") != "visible":
                yield from ((name, "rows", row + step) for step in range(min(times, _MOST)))
            for column, _, cell in document_cells(line):
                if cell.find(f"{OFFICE}annotation") is not None:
                    yield name, "comments", [row, column]


def _of_stream(workbook: Path, names: Sequence[str]) -> Iterator[tuple[str, str, Any]]:
    """Yield (sheet, kind, place) of the marks of an .xls."""
    for name, kind, body in worksheet_records(workbook, names):
        if kind == _ROW and len(body) >= 14 and body[12] & _ROW_HIDDEN:
            yield name, "rows", struct.unpack_from("<H", body)[0]
        elif kind == _COLUMNS and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            yield from ((name, "columns", place) for place in range(first, min(last, 255) + 1))
        elif kind == _NOTE and len(body) >= 4:
            yield name, "comments", list(struct.unpack_from("<HH", body))


def _of_part(package: zipfile.ZipFile, part: str, struck: frozenset[bytes]) -> dict[str, Any]:
    content = package.read(part)
    marks: dict[str, Any] = {
        "rows": [int(match[1]) - 1 for match in _HIDDEN_ROW.finditer(content)][:_MOST],
        "columns": sorted(_hidden_columns(content)),
        "comments": _comments(package, part),
        "struck": _struck_rows(content, struck),
    }
    return {kind: places for kind, places in marks.items() if places}


def _hidden_columns(content: bytes) -> set[int]:
    hidden: set[int] = set()
    for match in _HIDDEN_COLUMN.finditer(content):
        first, last = (_ATTRIBUTE[name].search(match[0]) for name in (b"min", b"max"))
        if first and last:
            hidden.update(range(int(first[1]) - 1, min(int(last[1]), _MOST)))
    return hidden


def _struck_styles(package: zipfile.ZipFile) -> frozenset[bytes]:
    """The numbers of the cell styles whose font is struck through, as they are written."""
    name = "xl/styles.xml"
    if name not in package.namelist() or package.getinfo(name).file_size > _LONGEST_PART:
        return frozenset()
    content = package.read(name)
    if b"<strike" not in content:
        return frozenset()
    root = ElementTree.fromstring(content)  # noqa: S314 - without a DTD; the limits of this process bear the rest
    fonts = [
        (mark := font.find(f"{_MAIN}strike")) is not None and mark.get("val") not in ("0", "false")
        for font in root.iterfind(f"{_MAIN}fonts/{_MAIN}font")
    ]
    formats = root.iterfind(f"{_MAIN}cellXfs/{_MAIN}xf")
    used = (int(each.get("fontId", 0)) for each in formats)
    return frozenset(
        str(number).encode() for number, font in enumerate(used) if font < len(fonts) and fonts[font]
    )


def _struck_rows(content: bytes, struck: frozenset[bytes]) -> list[int]:
    if not struck:
        return []
    rows = {int(cell[3]) - 1 for cell in _STYLED_CELL.finditer(content) if cell[1] in struck}
    return sorted(rows)[:_MOST]


def _comments(package: zipfile.ZipFile, part: str) -> list[list[int]]:
    """The cells of a sheet with a comment, as [row, column]."""
    links = PurePosixPath(part).parent / "_rels" / f"{PurePosixPath(part).name}.rels"
    if str(links) not in package.namelist():
        return []
    cells = []
    for link in ElementTree.fromstring(package.read(str(links))):  # noqa: S314 - as above
        if str(link.get("Type", "")).endswith("/comments"):
            target = _absolute(part, link.get("Target", ""))
            if target in package.namelist() and package.getinfo(target).file_size <= _LONGEST_PART:
                root = ElementTree.fromstring(package.read(target))  # noqa: S314 - as above
                authors = [author.text for author in root.iter(f"{_MAIN}author")]
                for comment in root.iter(f"{_MAIN}comment"):
                    number = int(comment.get("authorId", 0))
                    if number < len(authors) and authors[number] == AUTHOR:
                        continue
                    if place := _REFERENCE.fullmatch(comment.get("ref", "")):
                        cells.append([int(place[2]) - 1, column_number(place[1].encode())])
    return sorted(cells)[:_MOST]


def _absolute(part: str, target: str) -> str:
    """The name of the part to which another part's relative target leads."""
    if target.startswith("/"):
        return target[1:]
    steps = [*PurePosixPath(part).parent.parts]
    for step in PurePosixPath(target).parts:
        if step == "..":
            steps = steps[:-1]
        else:
            steps.append(step)
    return "/".join(steps)
