"""Problems of a workbook, cell by cell, in Chinese that its sender understands."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name


class WorkbookRefused(Exception):
    """The file as a whole cannot be read or imported; the text is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Problem:
    """One problem: its place, what is wrong and the remedy.

    ``row`` counts from 1 as Excel does; 0 is the sheet as a whole. ``column`` counts from 0; None is the row as a whole. ``title`` is the column's
    heading, ``value`` the text of the cell with ID numbers masked, ``message`` a Chinese sentence. With ``reading`` the problem is no error: a person
    may confirm that the cell is read as this text, but it is never read so silently.
    """

    sheet: str
    row: int
    column: int | None
    title: str
    value: str
    message: str
    reading: str | None = None

    @property
    def place(self) -> str:
        """The place in Chinese: ``“学生名册”第5行D列“性别”``."""
        text = f"“{self.sheet}”"
        if self.row:
            text += f"第{self.row}行"
        if self.column is not None:
            text += f"{xl_col_to_name(self.column)}列"
        if self.title:
            text += f"“{self.title}”"
        return text

    def __str__(self) -> str:
        value = f"填的是“{self.value}”，"
        text = f"{self.place}{value if self.value else '：'}{self.message}"
        if self.reading is not None:
            text += f"可按{self.reading}读取，须经确认。"
        return text
