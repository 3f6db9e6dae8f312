"""Problems of a workbook, cell by cell, in Chinese that the user who filled it in understands."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name

#: Which readings a user has confirmed: True for all, False for none, else the kinds of problems (:attr:`Problem.kind`).
Confirmed = bool | Collection[str]
#: What differs from cell to cell in the message of one kind.
_SPECIFIC = re.compile(r"“[^”]*”|[0-9]+")
_EXAMPLES = 3


class WorkbookRefused(Exception):
    """The file as a whole cannot be read or imported.

    The exception's text is a Chinese sentence with the remedy.
    """


@dataclass(frozen=True)
class Problem:
    """One problem of a workbook: its place, what is wrong, and the remedy.

    ``row`` counts from 1 as in Excel; 0 means the sheet as a whole. ``column`` counts from 0; None means the
    row as a whole. ``title`` is the column's heading, ``value`` the text of the cell with ID numbers masked,
    ``message`` a Chinese sentence. With ``reading`` the problem is no error: a user may confirm that the cell
    is read as this Chinese text; it is never read so without confirmation.
    """

    sheet: str
    row: int
    column: int | None
    title: str
    value: str
    message: str
    reading: str | None = None

    @property
    def kind(self) -> str:
        """A hash that problems of a column share if their messages differ only in numbers and quoted texts.

        Problems of one kind are shown, and their readings confirmed, together. Those of a sheet as a whole
        are of one kind only if their messages are equal.
        """
        return _kind(self.sheet, self.title, self.message, self.reading is None, self.row == 0)

    def is_confirmed(self, confirmed: Confirmed) -> bool:
        """Return whether a user has confirmed the reading; always False for an error.

        ``confirmed`` is True for all readings, False for none, or a collection of kinds.
        """
        if self.reading is None:
            return False
        return confirmed if isinstance(confirmed, bool) else self.kind in confirmed

    def sentence(self) -> str:
        """Return the message, followed by the reading that may be confirmed, if there is one."""
        return self.message if self.reading is None else f"{self.message}可按{self.reading}读取，须经确认。"

    @property
    def place(self) -> str:
        """The place in Chinese, as far as it is known: ``“学生名册”第5行D列“性别”``."""
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
        return f"{self.place}{value if self.value else '：'}{self.sentence()}"


@dataclass
class ProblemKind:
    """Problems of one kind: the sheet and heading, and the message of the first.

    ``count`` is their number, ``examples`` has up to three of them. ``key`` is :attr:`Problem.kind`;
    ``is_error`` says that they cannot be confirmed.
    """

    key: str
    sheet: str
    title: str
    message: str
    is_error: bool
    count: int = 0
    examples: list[Problem] = field(default_factory=list)

    def sentence(self) -> str:
        """Return one Chinese sentence with the heading, the number, the message and the examples."""
        heading = f"“{self.sheet}”" + (f"“{self.title}”" if self.title else "")
        examples = "；".join(
            f"第{problem.row}行"
            + (f"填“{problem.value}”" if problem.value else "")
            + (f"，可按{problem.reading}读取" if problem.reading is not None else "")
            for problem in self.examples
        )
        return f"{heading}{self.count}处：{self.message}如{examples}。{'' if self.is_error else '须经确认。'}"


def problem_kinds(problems: Iterable[Problem]) -> list[ProblemKind]:
    """Return the problems grouped by kind, in the order in which the kinds first occur."""
    kinds: dict[str, ProblemKind] = {}
    for problem in problems:
        kind = kinds.setdefault(
            problem.kind,
            ProblemKind(problem.kind, problem.sheet, problem.title, problem.message, problem.reading is None),
        )
        kind.count += 1
        if len(kind.examples) < _EXAMPLES and all(
            example.value != problem.value for example in kind.examples
        ):
            kind.examples.append(problem)
    return list(kinds.values())


@lru_cache(4096)
def _kind(sheet: str, title: str, message: str, is_error: bool, is_of_sheet: bool) -> str:
    """What is said of a sheet as a whole, such as who is missing from a class, is a kind of its own."""
    common = message if is_of_sheet else _SPECIFIC.sub("…", message)
    return hashlib.sha256(repr((sheet, title, common, is_error)).encode()).hexdigest()[:16]
