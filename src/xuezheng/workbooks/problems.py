"""What is wrong with a workbook, cell by cell, in words that its sender understands."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name


class WorkbookRefused(Exception):
    """The file as a whole cannot be taken in; the text is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: where, what and how to mend it.

    ``row`` counts from 1 as Excel does; 0 is the sheet as a whole. ``column`` counts from 0, None is the row as a
    whole. ``reading`` says how the cell would be read if a person confirms it: such a problem is no error, but
    nothing is read that way silently.
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
        """Where it is: ``“学生名册”第5行D列“性别”``."""
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
