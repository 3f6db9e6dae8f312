"""Reads what is to be audited: paragraphs and tables of a Word file, a workbook, a text file or pasted text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn

from xuezheng.imports.reader import read_workbook
from xuezheng.reports import document, marks
from xuezheng.reports.findings import text_of

Grid = tuple[tuple[str, ...], ...]
_ENCODINGS = ("utf-8-sig", "gb18030")


class UnreadableError(ValueError):
    """A file that cannot be audited; the text is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Source:
    """The paragraphs of a text, and its tables by title."""

    paragraphs: tuple[str, ...]
    tables: tuple[tuple[str, Grid], ...] = ()


def read(path: Path) -> Source:
    """Read a .docx, .xlsx or .txt file; raises :class:`UnreadableError` or ``marks.NotAReportError``."""
    suffix = path.suffix.lower()
    if suffix == ".docx":
        return _word(path)
    if suffix == ".xlsx":
        return _workbook(path)
    if suffix in (".txt", ".md"):
        return pasted(_decoded(path.read_bytes()))
    raise UnreadableError(f"不能审核“{path.name}”。请给出 .docx、.xlsx 或 .txt 文件，.doc 请先另存为 .docx。")


def pasted(text: str) -> Source:
    """Read a text: each line is a paragraph."""
    return Source(tuple(line.strip() for line in text.splitlines() if line.strip()))


def _decoded(content: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("看不懂这个文本文件的编码。请另存为UTF-8编码再试。")


def _word(path: Path) -> Source:
    opened = marks.opened(path)
    appendix = document.sources(opened)
    paragraphs, tables = [], []
    last = ""
    for element in opened.element.body:
        if element in appendix:
            continue
        if element.tag == qn("w:p"):
            if text := text_of(element).strip():
                paragraphs.append(text)
                last = text
        elif element.tag == qn("w:tbl"):
            tables.append((last[:30], _grid(element)))
    return Source(tuple(paragraphs), tuple(tables))


def _grid(table: Any) -> Grid:
    """The cells of a table; one that spans columns is repeated, one that goes on from the row above is blank."""
    rows = []
    for row in table.iterchildren(qn("w:tr")):
        cells: list[str] = []
        for cell in row.iterchildren(qn("w:tc")):
            properties = cell.tcPr
            span = 1 if properties is None or properties.gridSpan is None else properties.gridSpan.val
            text = "".join(text_of(paragraph) for paragraph in cell.iterchildren(qn("w:p"))).strip()
            cells += [text] * span
        rows.append(tuple(cells))
    return tuple(rows)


def _workbook(path: Path) -> Source:
    grids = [
        (sheet.name, tuple(tuple(sheet.row(number)) for number in range(sheet.height)))
        for sheet in read_workbook(path)
    ]
    return Source((), tuple((name, grid) for name, grid in grids if grid))
