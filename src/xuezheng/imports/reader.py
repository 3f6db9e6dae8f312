"""Reads a workbook, in a child process (``child/read.py``) that answers with every sheet's cells as text."""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path

from xuezheng.imports.problems import WorkbookRefused
from xuezheng.imports.process import ChildFailed, ChildTooSlow, run_limited

SECONDS_LIMIT = 120


@dataclass(frozen=True)
class RawSheet:
    """A sheet as text: ``columns[c][r]`` is the cell in column c of row r, both counted from 0; blank is ``""``."""

    name: str
    columns: list[list[str]]

    @property
    def height(self) -> int:
        """How many rows the sheet has."""
        return len(self.columns[0]) if self.columns else 0

    def row(self, index: int) -> list[str]:
        """Return the cells of one row."""
        return [column[index] for column in self.columns]


def read_workbook(path: Path, name: str | None = None) -> list[RawSheet]:
    """Read every sheet of a workbook as text; raises :class:`WorkbookRefused`, which calls the file by ``name``."""
    name = name or path.name
    if not path.is_file():
        raise WorkbookRefused(f"找不到文件“{path}”。请检查路径和文件名。")
    if path.stat().st_size == 0:
        raise WorkbookRefused(f"“{name}”是空文件（0字节）。请重新导出或下载后再试。")
    with tempfile.TemporaryDirectory(prefix="xuezheng-") as folder:
        told = Path(folder) / "answer.json"
        try:
            run_limited("read.py", path, told, seconds=SECONDS_LIMIT)
            answer = json.loads(told.read_bytes())
        except ChildTooSlow:
            raise WorkbookRefused(
                f"“{name}”读取超过{SECONDS_LIMIT}秒，已停止。请拆成几个较小的文件。"
            ) from None
        except (ChildFailed, FileNotFoundError):
            raise WorkbookRefused(
                f"“{name}”无法读取：内容损坏，或占用内存过大。请用Excel或WPS打开，把需要的表复制到新文件另存后再试。"
            ) from None
    if isinstance(answer, dict):
        raise WorkbookRefused(f"“{name}”{answer['refused']}")
    return [RawSheet(name, columns) for name, columns in answer]
