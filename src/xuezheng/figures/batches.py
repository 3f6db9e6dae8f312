"""Answers many figures together, before somebody asks for each: a page, a report, or everybody after a freeze."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.computation.answering import answer_together
from xuezheng.figures.computation.calculation import Question
from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import Ratio, parts_of
from xuezheng.snapshots import Snapshot

#: So many questions are answered between two reports of progress.
_AT_ONCE = 100


def prepare(
    snapshot: Snapshot, period: Period, parts: Iterable[tuple[Figure | Ratio, Iterable[str]]]
) -> None:
    """Compute with few queries what figures answer in a period, each given with the dimensions by which its parts are asked for.

    A figure that lacks a dimension, or whose columns the snapshot lacks, is left out.
    """
    questions = [
        question
        for figure, dimensions in parts
        for question in _questions(snapshot, figure, period, dimensions)
    ]
    answer_together(snapshot, questions)


def prepare_usual(snapshot: Snapshot, progress: Callable[[str, int, int], None] = lambda *args: None) -> None:
    """Compute what pages show of a snapshot: every figure, and its parts by each dimension, in the half-year and the year of its day."""
    questions = usual_questions(snapshot)
    # Those that one query answers stand together.
    questions.sort(key=lambda question: (question.calculation.table.table_name(), question.by))
    for start in range(0, len(questions), _AT_ONCE):
        progress("计算指标", start, len(questions))
        answer_together(snapshot, questions[start : start + _AT_ONCE])


def usual_questions(snapshot: Snapshot) -> list[Question]:
    """Return the questions of :func:`prepare_usual`."""
    return [
        question
        for period in (Period.half_year_of(snapshot.day), Period.parse(str(snapshot.day.year)))
        for figure in catalogue.figures().values()
        for dimensions in ((), *((name,) for name in figure.by))
        for question in _questions(snapshot, figure, period, dimensions)
    ]


def _questions(
    snapshot: Snapshot, figure: Figure | Ratio, period: Period, dimensions: Iterable[str]
) -> Iterator[Question]:
    names = tuple(sorted(dimensions))
    for part in parts_of(figure):
        if set(names) <= set(part.by) and not part.gap(snapshot, names):
            yield Question(part.calculation, period, names)
