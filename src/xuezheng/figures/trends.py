"""A figure over time: its answers for several periods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xuezheng.core.periods import Period
from xuezheng.figures.answers import Absence, Answer
from xuezheng.figures.ratio import AnyFigure, parts_of
from xuezheng.figures.slices import FigureError
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot
from xuezheng.snapshots.snapshot import SOON_AFTER

NOT_KEPT = "当期没有生成过快照，期末的数已不可知"


@dataclass(frozen=True)
class Point:
    """The answer of a figure for one period of a trend; if ``answer`` is None, ``error`` is the reason in Chinese.

    ``so_far`` says that the snapshot was made before the period was over, so that the value may still change.
    """

    period: Period
    answer: Answer | None
    error: str = ""
    so_far: bool = False

    @property
    def text(self) -> str:
        """The answer as Chinese text, or ``error``."""
        return self.answer.text() if self.answer else self.error

    @property
    def known(self) -> bool:
        """Whether there is an answer with a value."""
        return self.answer is not None and self.answer.value is not None


def trend(figure: AnyFigure, periods: Iterable[Period], slice_: Mapping[str, str]) -> list[Point]:
    """Return one point of a figure for each period, in the order given.

    Parameters and errors are those of :func:`point`.
    """
    return [point(figure, period, slice_) for period in periods]


def point(figure: AnyFigure, period: Period, slice_: Mapping[str, str]) -> Point:
    """Return the point of a figure for a period, answered from the snapshot that :meth:`Snapshot.for_period` chooses.

    ``slice_`` maps dimensions to values; for one that the figure does not have, the point has an ``error``.
    Raises ``SnapshotError`` if there is no snapshot.
    """
    return _point(Snapshot.for_period(period), figure, period, tuple(sorted(slice_.items())))


@cached_in_snapshot(4096)
def _point(
    snapshot: Snapshot, figure: AnyFigure, period: Period, slice_: tuple[tuple[str, str], ...]
) -> Point:
    if not is_known(snapshot, figure, period):
        return Point(period, None, NOT_KEPT)
    try:
        answer = figure.at(snapshot, period, **dict(slice_))
    except FigureError:
        return Point(period, None, "当期没有这一项")
    if answer.absence is Absence.NOT_FROZEN:
        return Point(period, None, answer.reason)
    return Point(period, answer, so_far=snapshot.day < period.end)


def is_known(snapshot: Snapshot, figure: AnyFigure, period: Period) -> bool:
    """Return whether a snapshot has complete data of a figure for a period.

    Rows current on a period's last day are complete only in a snapshot made at most 92 days after it, since
    registers keep the present state; any other figure is always known.
    """
    near = snapshot.day <= period.end + SOON_AFTER
    return near or not any(part.over.on_last_day for part in parts_of(figure))
