"""Computes and stores the answers of many figures together, with few queries, before they are used one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.assessment import NotAssessed
from xuezheng.figures.computation.answering import compute_and_store, recall
from xuezheng.figures.computation.calculation import Question
from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import AnyFigure, parts_of
from xuezheng.snapshots import Snapshot

#: So many questions are answered between two reports of progress.
_AT_ONCE = 100


def prepare(snapshot: Snapshot, period: Period, parts: Iterable[tuple[AnyFigure, Iterable[str]]]) -> None:
    """Compute and store the answers of figures for a period; reading them afterwards needs no query.

    ``parts`` are pairs of a figure and the names of dimensions; stored are the answers for all combinations
    of members of these dimensions that occur. Answers already stored are not computed again. A pair is left
    out if the figure lacks a dimension or the snapshot lacks a column.
    """
    _prepare(snapshot, [each for figure, names in parts for each in _questions(figure, period, names)])


def prepare_usual(snapshot: Snapshot, progress: Callable[[str, int, int], None] = lambda *args: None) -> None:
    """Compute and store the answers that pages usually show of a snapshot.

    These are every figure, undivided and divided by each of its dimensions, for the half-year and for the
    calendar year of the snapshot's day, and what assessments ask of figures for that year and the year before. ``progress`` is called with a Chinese description, the number of
    questions done, and their total.
    """
    usual = _usual(snapshot)
    # Those that one query answers stand together.
    usual.sort(key=lambda each: (each[0].table.table_name(), each[1].by))
    for start in range(0, len(usual), _AT_ONCE):
        progress("计算指标", start, len(usual))
        _prepare(snapshot, usual[start : start + _AT_ONCE])
    for assessment in catalogue.assessments():
        progress(f"判定{assessment.label}", len(usual), len(usual))
        # What it asks of figures is stored as any answer; to judge by stored answers is quick. In the first
        # months of a year, the year before is the one that is judged.
        for year in (snapshot.day.year, snapshot.day.year - 1):
            with suppress(NotAssessed):
                assessment.requirements(snapshot, Period.parse(str(year)))


def usual_questions(snapshot: Snapshot) -> list[Question]:
    """Return the questions whose answers :func:`prepare_usual` stores, including those that the snapshot cannot answer."""
    return [question for _, question in _usual(snapshot)]


def _usual(snapshot: Snapshot) -> list[tuple[Figure, Question]]:
    return [
        each
        for period in (Period.half_year_of(snapshot.day), Period.parse(str(snapshot.day.year)))
        for figure in catalogue.figures().values()
        for dimensions in ((), *((name,) for name in figure.by))
        for each in _questions(figure, period, dimensions)
    ]


def _questions(
    figure: AnyFigure, period: Period, dimensions: Iterable[str]
) -> Iterator[tuple[Figure, Question]]:
    names = tuple(sorted(dimensions))
    for part in parts_of(figure):
        if set(names) <= set(part.by):
            yield part, Question(part.calculation, period, names)


def _prepare(snapshot: Snapshot, requests: Sequence[tuple[Figure, Question]]) -> None:
    """Answer what is not stored, as far as the snapshot has the columns."""
    unanswered = set(recall(snapshot, (question for _, question in requests)))
    answerable = {
        question: None
        for part, question in requests
        if question in unanswered and not part.gap(snapshot, question.by)
    }
    compute_and_store(snapshot, answerable)
