"""What a hostile file is, and the sound workbook that most of them are made from."""

import io
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import xlsxwriter

#: In place of a refusal: the file is read as if what is odd in it were not there.
READ = "照常读取"
SHEET, STRINGS, STYLES = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"
WORKBOOK, LINKS, TYPES = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"
ROWS = (
    ("学期", "开学日期", "放假日期"),
    ("2018秋", "2018-09-01", "2019-01-25"),
    ("2019春", "2019-02-18", "2019-07-05"),
    ("2019秋", "2019-09-01", "2020-01-15"),
)


@dataclass(frozen=True)
class Kind:
    """One kind of file: its maker, what it is called as it is handed in, and what its sender is told."""

    title: str
    told: str
    make: Callable[[], bytes]
    suffix: str = ".xlsx"


KINDS: dict[str, Kind] = {}


def kind(
    title: str, told: str, suffix: str = ".xlsx"
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Add a maker to the kinds, under its own name."""

    def add(make: Callable[[], bytes]) -> Callable[[], bytes]:
        assert make.__name__ not in KINDS
        KINDS[make.__name__] = Kind(title, told, make, suffix)
        return make

    return add


@cache
def sound_parts() -> dict[str, bytes]:
    """The parts of a workbook with nothing wrong, three terms in its sheet."""
    whole = io.BytesIO()
    book = xlsxwriter.Workbook(whole)
    page = book.add_worksheet("学期")
    for number, row in enumerate(ROWS):
        page.write_row(number, 0, row)
    book.close()
    with zipfile.ZipFile(whole) as package:
        return {name: package.read(name) for name in package.namelist()}


def workbook(changes: dict[str, bytes | None] | None = None) -> bytes:
    """The sound workbook with some of its parts changed, added or (None) left out."""
    parts = {**sound_parts(), **(changes or {})}
    return zipped({name: content for name, content in parts.items() if content is not None})


def zipped(parts: dict[str, bytes]) -> bytes:
    """Pack parts."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return whole.getvalue()


def with_rows(xml: str) -> bytes:
    """The sound workbook whose sheet has other rows."""
    return with_sheet(f"<sheetData>{xml}</sheetData>")


def with_sheet(xml: str) -> bytes:
    """The sound workbook whose sheet has another content."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return workbook(
        {SHEET: f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{main}">{xml}</worksheet>'.encode()}
    )


def in_part(name: str, old: str, new: str, count: int = 1) -> bytes:
    """The sound workbook with a replacement in one part."""
    text = sound_parts()[name].decode()
    assert old in text
    return workbook({name: text.replace(old, new, count).encode()})


def deflated(size: int, byte: bytes = b" ") -> bytes:
    """A deflate stream of so many bytes, all the same, made without making those."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    megabyte = packer.compress(byte * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    return megabyte * (size // 2**20) + packer.flush()
