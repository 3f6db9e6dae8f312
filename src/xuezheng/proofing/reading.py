"""Reading the text to be audited: paragraphs and tables of a Word file, a workbook, a text file or pasted text."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree
from lxml.etree import _Element as Element

from xuezheng.core.temporary_files import temporary_folder
from xuezheng.proofing import word_file
from xuezheng.proofing.text_tables import Grid, read_html, split_tables
from xuezheng.workbooks.reader import read_workbook

_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PARAGRAPH, _TABLE, _ROW, _CELL = (qn(f"w:{name}") for name in ("p", "tbl", "tr", "tc"))
#: What wraps paragraphs, tables, rows or cells without being one: content controls, tracked insertions.
_WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_BOX = qn("w:txbxContent")
#: What is not read where it stands: text that was deleted or moved away, text boxes, a copy for old programs.
_NOT_HERE = {_BOX, _FALLBACK, *(qn(f"w:{name}") for name in ("del", "moveFrom", "rt"))}
#: What parts one number from the next.
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_WIDEST = 63  # columns of a Word table
_NOTES = ("/footnotes", "/endnotes")


_WORD_FILES = (".docx", ".docm", ".dotx", ".dotm")
#: What LibreOffice reads.
_CONVERTED = (".doc", ".dot", ".wps", ".odt", ".rtf")
_SECONDS = 60  # that a conversion may take
_ENCRYPTED_ODT = b"manifest:encryption-data"


class UnreadableError(ValueError):
    """The file cannot be audited; the message is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Source:
    """The content of a file or text to be audited: its paragraphs, and its tables as (title, rows of cell texts).

    ``unread`` are Chinese names of what the file has and was not read, such as 图片.
    """

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[str, Grid], ...] = ()
    unread: tuple[str, ...] = ()


def read(path: Path) -> Source:
    """Return the paragraphs and tables of a .docx, .xlsx, .txt, .md or .html file.

    Formats such as .doc and .wps are converted where LibreOffice is installed. Raises
    :class:`UnreadableError` for another format or a file that cannot be read, ``word_file.NotAReportError``
    for a damaged Word file, and what ``read_workbook`` raises.
    """
    suffix = path.suffix.lower()
    if suffix in _WORD_FILES:
        return _word(path)
    if suffix in _CONVERTED:
        with converted(path) as document:
            return _word(document)
    if suffix == ".xlsx":
        return _workbook(path)
    if suffix in (".txt", ".md"):
        return pasted(_decoded(path.read_bytes()))
    if suffix in (".html", ".htm"):
        return Source(*read_html(_decoded(path.read_bytes())))
    raise UnreadableError(
        f"不能审核“{path.name}”。请给出 .docx、.xlsx、.txt、.md 或 .html 文件，其他格式请先另存为 .docx。"
    )


@contextmanager
def converted(path: Path) -> Iterator[Path]:
    """Context manager that converts a file such as .doc to .docx with LibreOffice, and yields the path of the result.

    The result is deleted at the end. Raises :class:`UnreadableError` where LibreOffice is not installed or
    cannot convert the file within a minute, or the file has a password.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if _is_locked(path):
        raise UnreadableError(f"“{path.name}”设有打开密码。请用Word或WPS打开后取消密码再试。")
    if program is None:
        raise UnreadableError(
            f"读“{path.name}”要用LibreOffice，这台电脑没有装。请用Word或WPS打开后另存为“.docx”再试。"
        )
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        command = [
            program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore",
            "--convert-to", "docx", "--outdir", folder, str(path.resolve()),
        ]  # fmt: skip
        made = Path(folder, f"{path.stem}.docx")
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)  # noqa: S603 - our own words, no shell
        except (OSError, subprocess.SubprocessError) as error:
            raise UnreadableError(_not_converted(path)) from error
        if not made.exists():
            raise UnreadableError(_not_converted(path))
        yield made


def _not_converted(path: Path) -> str:
    return f"LibreOffice没能读出“{path.name}”，可能是文件损坏、设有密码，或文件过大。请用Word或WPS打开后另存为“.docx”再试。"


def _is_locked(path: Path) -> bool:
    """Whether an OpenDocument file asks for a password."""
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        manifest = "META-INF/manifest.xml"
        return manifest in package.namelist() and _ENCRYPTED_ODT in package.read(manifest)


def pasted(text: str) -> Source:
    """Return a pasted text as a source.

    Each line that is not blank is a paragraph; consecutive lines of at least three cells, divided by bars or
    tabs, are a table.
    """
    return Source(*split_tables(text))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if content[:2] in _UTF16_MARKS else _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("无法识别这个文本文件的编码。请另存为UTF-8编码再试。")


def _word(path: Path) -> Source:
    opened = word_file.open_document(path)
    appendix = word_file.appendix(opened)
    paragraphs: list[str] = []
    tables: list[tuple[str, Grid]] = []
    body = [element for element in opened.element.body if element not in appendix]
    for block in (*_blocks(body), *_notes(opened)):
        if block.tag == _TABLE:
            tables.append((paragraphs[-1][:30] if paragraphs else "", grid_of(block)))
        elif text := _text(block).strip():
            paragraphs.append(text)
    return Source(tuple(paragraphs), tuple(tables), tuple(_unread(opened)))


#: Parts of a Word file whose numbers are not read, by the end of the relation's type.
_UNREAD = {
    "/header": "页眉",
    "/footer": "页脚",
    "/comments": "批注",
    "/chart": "图表",
    "/image": "图片",
    "/oleObject": "嵌入对象",
    "/package": "嵌入对象",
}


def _unread(opened: Any) -> Iterator[str]:
    """Yield in Chinese what of a Word file is not read: pictures and charts always, headers and comments where they hold digits."""
    kinds = dict.fromkeys(
        (_UNREAD[kind], relation)
        for relation in opened.part.rels.values()
        if not relation.is_external and (kind := f"/{relation.reltype.rpartition('/')[2]}") in _UNREAD
    )
    texts = {"页眉", "页脚", "批注"}
    yield from dict.fromkeys(
        name
        for name, relation in kinds
        if name not in texts or re.search(rb">[^<]*[0-9][^<]*<", relation.target_part.blob)
    )


def _notes(opened: Any) -> Iterator[Any]:
    """Yield the paragraphs and tables of the footnotes and endnotes."""
    for relation in opened.part.rels.values():
        if not relation.is_external and relation.reltype.endswith(_NOTES):
            try:
                notes = parse_xml(relation.target_part.blob)
            except etree.XMLSyntaxError as error:
                raise UnreadableError(
                    "这个Word文档的脚注读不出来。请用Word或WPS打开后另存为“.docx”再试。"
                ) from error
            for note in notes:
                yield from _blocks(note)


def _blocks(elements: Iterable[Any]) -> Iterator[Any]:
    """Yield the paragraphs and tables in order, each followed by those in its text boxes or its cells."""
    for element in elements:
        if element.tag in _WRAPPERS:
            yield from _blocks(element)
        elif element.tag == _PARAGRAPH:
            yield element
            for box in _boxes(element):
                yield from _blocks(box)
        elif element.tag == _TABLE:
            yield element
            for row in _unwrapped(element, _ROW):
                for cell in _unwrapped(row, _CELL):
                    yield from (block for block in _blocks(cell) if block.tag == _TABLE)


def _boxes(element: Any) -> Iterator[Any]:
    """Yield the text boxes of a paragraph, each once, without those within them."""
    for child in element:
        if child.tag == _BOX:
            yield child
        elif child.tag != _FALLBACK:
            yield from _boxes(child)


def _unwrapped(element: Element, tag: str) -> Iterator[Element]:
    """Yield the rows of a table or the cells of a row, also within content controls; deleted rows are left out."""
    for child in element:
        if child.tag in _WRAPPERS:
            yield from _unwrapped(child, tag)
        elif child.tag == tag and child.find(f"{qn('w:trPr')}/{qn('w:del')}") is None:
            yield child


def _text(element: Any) -> str:
    """Return the text of a paragraph with all tracked changes accepted."""
    if element.tag == qn("w:t"):
        return element.text or ""
    if element.tag in _NOT_HERE:
        return ""
    return _SIGNS.get(element.tag, "") or "".join(_text(child) for child in element)


def grid_of(table: Element) -> Grid:
    """Return the texts of a Word table's cells, row by row.

    A cell that spans columns is repeated in each of them; one that is merged with the row above is "".
    """
    return tuple(tuple("" if cell is None else _cell(cell) for cell in cells) for cells in cells_of(table))


def cells_of(table: Element) -> Iterator[list[Element | None]]:
    """Yield the cell elements of each row of a Word table.

    A cell that spans columns is repeated in each of them; columns that a row leaves out at its beginning are
    None.
    """
    for row in _unwrapped(table, _ROW):
        cells: list[Element | None] = [None] * _columns(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
        for cell in _unwrapped(row, _CELL):
            cells += [cell] * _columns(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
        yield cells


def _columns(element: Element | None, otherwise: int) -> int:
    """Return the number of columns in an element's ``w:val``, at most as many as Word allows; ``otherwise`` where it has none."""
    value = element.get(qn("w:val"), "") if element is not None else ""
    return min(int(value), _WIDEST) if value.isascii() and value.isdigit() else otherwise


def _cell(cell: Element) -> str:
    """Return the text of a cell, without the tables in it."""
    texts = (_text(block) for block in _blocks(cell) if block.tag == _PARAGRAPH)
    return "".join(texts).strip()


def _workbook(path: Path) -> Source:
    grids = [
        (sheet.name, tuple(tuple(sheet.row(number)) for number in range(sheet.height)))
        for sheet in read_workbook(path)
    ]
    return Source((), tuple((name, grid) for name, grid in grids if grid))
