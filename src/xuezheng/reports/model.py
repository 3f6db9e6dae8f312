"""The blocks of a report: headings, paragraphs, tables and charts, of plain text and marked numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xuezheng.figures import Answer


@dataclass(frozen=True)
class Members:
    """The members of a dimension that occur in a figure; a table may have a row for each."""

    figure: str
    dimension: str

    def __str__(self) -> str:
        return f"{self.figure}:{self.dimension}"

    @classmethod
    def parse(cls, text: str | None) -> Members | None:
        """Parse ``figure:dimension``, as ``str()`` writes it; None for an empty text or None."""
        return cls(*text.split(":", 1)) if text else None


@dataclass(frozen=True)
class Mark:
    """A number in a report: the bookmark around it, and the answer (figure and slice) and style that it shows.

    ``rows`` is set in a table with a row for each member of a dimension, for a number in such a row.
    """

    bookmark: str
    style: str | None
    answer: Answer
    rows: Members | None = None

    @property
    def figure(self) -> str:
        """The key of the figure."""
        return self.answer.figure

    @property
    def slice(self) -> Mapping[str, str]:
        """The slice of the figure."""
        return self.answer.slice

    @property
    def text(self) -> str:
        """The number as the report writes it; a dash where there is none."""
        return NO_NUMBER if self.answer.absence else self.answer.text(self.style)


#: Stands in the cell of a table for a number that there is not.
NO_NUMBER = "—"


def fitting(style: str | None, answer: Answer) -> str | None:
    """Return ``style`` if it can express the answer's value, else None (the default style)."""
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
    """A heading; level 0 is the title of the report."""

    level: int
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of prose: plain texts and marks in reading order."""

    runs: Runs


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first row is the header."""

    caption: Runs
    rows: tuple[tuple[Runs, ...], ...]


@dataclass(frozen=True)
class Chart:
    """A chart of a figure by the members of a dimension; ``labels`` name the members of ``answers``, in the same order."""

    caption: str
    figure: str
    dimension: str
    slice: Mapping[str, str]
    labels: tuple[str, ...]
    answers: tuple[Answer, ...]


Block = Heading | Paragraph | Table | Chart


def answer_key(answer: Answer) -> AnswerKey:
    """Return the key that identifies an answer within one report: its figure and slice."""
    return answer.figure, frozenset(answer.slice.items())


def runs_of(block: Block) -> Runs:
    """Return all runs of a block, in reading order; a chart holds none, its numbers are drawn."""
    if isinstance(block, Chart):
        return ()
    if isinstance(block, Table):
        return block.caption + tuple(run for row in block.rows for cell in row for run in cell)
    return block.runs


def text_of(runs: Runs) -> str:
    """Return runs as plain text."""
    return "".join(run.text if isinstance(run, Mark) else run for run in runs)
