"""Reading of workbooks in a child process (see ``sandbox/``), which returns the cells of every sheet as text."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xuezheng.core.child_process import ChildFailed, ChildTooSlow, run_limited
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.workbooks import sandbox
from xuezheng.workbooks.problems import WorkbookRefused

SECONDS_LIMIT = 120
# The processor's time that a file may take grows with its size: a small one is read at once, or it is no workbook.
_SECONDS_AT_LEAST, _SECONDS_A_MEGABYTE = 4, 10
#: What is read as text with separators, when it is not a workbook of another kind under that name.
_SEPARATED = (".csv", ".txt", ".tsv")
_START = 512
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


@dataclass(frozen=True)
class Origin:
    """Where a row of a sheet is in the file; for a sheet converted from another layout, in the original table.

    ``sheet`` is the sheet's name, ``row`` the index of the row, ``places`` has the indexes of its cells'
    columns by column path (``person.name``), all from 0. ``reasons`` has, by path, the Chinese reason why a
    cell that was looked up in the registers is blank.
    """

    sheet: str
    row: int
    places: Mapping[str, int] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RawSheet:
    """A sheet as text: ``columns[c][r]`` is the cell in column c of row r, both counted from 0.

    A blank cell is ``""``. ``merged`` are the runs of cells merged down a column, as (column, first row, last
    row), both rows inclusive; each of their cells has the run's text. ``spans`` are the areas merged across
    columns, as (first row, first column, last row, last column); only their first cell has the text.
    ``marks`` lists what is hidden, struck through or commented (see :mod:`xuezheng.workbooks.sandbox.marks`).
    ``origins`` are the origins of the rows below the heading if the sheet was converted from another layout,
    else [].
    """

    name: str
    columns: list[list[str]]
    merged: list[tuple[int, int, int]] = field(default_factory=list)
    spans: list[tuple[int, int, int, int]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    marks: Mapping[str, Any] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The number of rows, the heading included."""
        return len(self.columns[0]) if self.columns else 0

    def row(self, index: int) -> list[str]:
        """Return the cells of the row at ``index``, counted from 0."""
        return [column[index] for column in self.columns]

    def origin(self, index: int) -> Origin:
        """Return where the row at ``index`` is in the file; ``index`` counts from 0 with the heading as row 0.

        In a converted sheet, the heading (index 0) has no origin and must not be given.
        """
        return self.origins[index - 1] if self.origins else Origin(self.name, index)

    def place(self, index: int, path: str, place: int | None) -> int | None:
        """Return the index of the column, from 0, that a cell of a data row has in the original file.

        ``path`` is the column's path in the template (``person.name``), ``index`` the data row, counted from
        0 without the heading. In a converted sheet the result is None if the cell is not in the file; in any
        other sheet it is ``place``, the column in this sheet.
        """
        return self.origins[index].places.get(path) if self.origins else place


def read_workbook(path: Path, name: str | None = None) -> list[RawSheet]:
    """Read every sheet of a workbook (Excel, WPS, LibreOffice, an HTML table, or text with separators) as text.

    ``name`` is the file's name for messages, by default that of ``path``; without its extension it is the
    name of a sheet that has none, as in a text file. Raises :class:`WorkbookRefused` if the file is missing,
    empty, damaged, of another type, or too large or slow to read.
    """
    name = name or path.name
    if not path.is_file():
        raise WorkbookRefused(f"找不到文件“{path}”。请检查路径和文件名。")
    size = path.stat().st_size
    if size == 0:
        raise WorkbookRefused(f"“{name}”是空文件（0字节）。请重新导出或下载后再试。")
    limit = _SECONDS_AT_LEAST + _SECONDS_A_MEGABYTE * size // 2**20
    # Without a name: of what was read nothing is left when this process is killed.
    with tempfile.TemporaryFile(dir=temporary_folder()) as output:
        try:
            run_limited(
                _script(path, name), path, seconds=SECONDS_LIMIT, processor_seconds=limit, output=output
            )
            output.seek(0)
            answer = json.load(output)
        except ChildTooSlow:
            raise WorkbookRefused(
                f"“{name}”读取时间过长，已停止：内容可能损坏。请把需要的表复制到新文件，或拆成几个较小的文件再试。"
            ) from None
        except (ChildFailed, ValueError):
            raise WorkbookRefused(
                f"“{name}”无法读取：内容损坏，或占用内存过大。请用Excel或WPS打开，把需要的表复制到新文件另存后再试。"
            ) from None
    if isinstance(answer, dict):
        raise WorkbookRefused(f"“{name}”{answer['refused']}")
    return [
        RawSheet(
            title or Path(name).stem,
            columns,
            [tuple(run) for run in merged],
            [tuple(area) for area in spans],
            marks=marks[0] if marks else {},
        )
        for title, columns, merged, spans, *marks in answer
    ]


def _script(path: Path, name: str) -> Path:
    with path.open("rb") as file:
        start = file.read(_START)
    if start.startswith(_WORKBOOKS):
        return sandbox.READ
    if _is_page(start):
        return sandbox.MARKUP
    return sandbox.SEPARATED if Path(name).suffix.lower() in _SEPARATED else sandbox.READ


def _is_page(start: bytes) -> bool:
    """Whether a file begins as a web page with a table, which many systems export under the name of a workbook."""
    beginning = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    return beginning.startswith((b"<html", b"<table", b"<!doctype html", b"<head", b"<meta"))
