"""The blocks of a report: headings, paragraphs, tables and charts, which consist of plain texts and marked numbers.

A marked number, or *mark*, is a number with the figure whose value it is; a Word file has a bookmark around
it. A *run* is a plain text or a mark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xuezheng.figures import Answer


@dataclass(frozen=True)
class Members:
    """The members of a dimension that occur in a figure, such as its schools; a table can have a row for each of them.

    ``figure`` is the key of the figure, ``dimension`` the name of the dimension.
    """

    figure: str
    dimension: str

    def __str__(self) -> str:
        return f"{self.figure}:{self.dimension}"

    @classmethod
    def parse(cls, text: str | None) -> Members | None:
        """Parse ``<figure>:<dimension>``, the text that ``str()`` returns; None for "" or None."""
        return cls(*text.split(":", 1)) if text else None


@dataclass(frozen=True)
class Mark:
    """A number in a report, linked to the figure whose value it is.

    ``bookmark`` is the name of the bookmark around it in a Word file, ``answer`` the value of the figure with
    its slice and sources. ``style`` is a style of ``xuezheng.core.number_text``, None for the usual one.
    ``rows`` is set for a number in a table row that stands for one member of a dimension.
    """

    bookmark: str
    style: str | None
    answer: Answer
    rows: Members | None = None

    @property
    def figure(self) -> str:
        """The key of the figure whose value the number is, such as ``aid.paid``."""
        return self.answer.figure

    @property
    def slice(self) -> Mapping[str, str]:
        """The slice of the figure, as members by dimension."""
        return self.answer.slice

    @property
    def text(self) -> str:
        """The number as the report writes it; "—" where the answer has no number."""
        return NO_NUMBER if self.answer.absence else self.answer.text(self.style)


#: The text in the cell of a table whose figure has no value.
NO_NUMBER = "—"


def fitting(style: str | None, answer: Answer) -> str | None:
    """Return ``style`` if the answer can be written in it, else None, which stands for the usual style."""
    try:
        answer.text(style)
    except ValueError:
        return None
    return style


AnswerKey = tuple[str, frozenset[tuple[str, str]]]
Run = str | Mark
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of plain texts and marks; level 0 is the title of the report, 1 to 4 are the levels below it."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose: plain texts (``str``) and numbers linked to figures (:class:`Mark`) in reading order."""

    runs: Runs


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first row is the header.

    Each cell, and the caption, is a tuple of plain texts and marks (numbers linked to figures).
    """

    caption: Runs
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart of a figure by the members of a dimension, such as the number of pupils by stage.

    ``figure`` is the key of the figure, ``slice`` (members by dimension) limits it; ``caption`` is Chinese.
    ``labels`` are the Chinese names of the members, ``answers`` the figure's values for them, in the same
    order.
    """

    caption: str
    figure: str
    dimension: str
    slice: Mapping[str, str]
    labels: tuple[str, ...]
    answers: tuple[Answer, ...]


Block = Heading | Paragraph | Table | Chart


def answer_key(answer: Answer) -> AnswerKey:
    """Return a hashable key that identifies an answer within a report: the key of its figure, and its slice."""
    return answer.figure, frozenset(answer.slice.items())


def runs_of(block: Block) -> Runs:
    """Return all runs (texts and marks) of a block in reading order; none for a chart."""
    if isinstance(block, Chart):
        return ()
    if isinstance(block, Table):
        return block.caption + tuple(run for row in block.rows for cell in row for run in cell)
    return block.runs


def text_of(runs: Runs) -> str:
    """Return runs as plain text, marks as the numbers that they show."""
    return "".join(run.text if isinstance(run, Mark) else run for run in runs)
