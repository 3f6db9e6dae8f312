"""A figure over time: its answers for successive periods, and the change between two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from xuezheng.core import number_text
from xuezheng.core.periods import Period
from xuezheng.figures.answers import Absence, Answer
from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import Ratio, parts_of
from xuezheng.figures.slices import FigureError
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot
from xuezheng.snapshots.snapshot import SOON_AFTER

NOT_KEPT = "当期没有冻结过快照，期末的数已不可知"


@dataclass(frozen=True)
class Point:
    """A period of a trend with its answer, or without one the reason in Chinese (``error``).

    ``so_far`` means that the period was not over when the registers were frozen.
    """

    period: Period
    answer: Answer | None
    error: str = ""
    so_far: bool = False

    @property
    def text(self) -> str:
        """The answer as Chinese text, or the reason why there is none."""
        return self.answer.text() if self.answer else self.error

    @property
    def known(self) -> bool:
        """Whether the period has a value."""
        return self.answer is not None and self.answer.value is not None


@dataclass(frozen=True)
class Change:
    """The answers of a figure for an earlier and a later period; None where there is no answer."""

    old: Answer | None
    new: Answer | None

    @property
    def difference(self) -> int | Decimal | None:
        """The new value less the old one, rounded as shown; None where either is missing. In fen for money."""
        if self.old is None or self.new is None or self.old.value is None or self.new.value is None:
            return None
        if self.new.is_money:
            return int(self.new.value) - int(self.old.value)
        return Decimal(self.new.number() or 0) - Decimal(self.old.number() or 0)

    @property
    def text(self) -> str:
        """The difference in Chinese, 增加12人; "" where there is none."""
        difference = self.difference
        if difference is None or self.new is None:
            return ""
        if not difference:
            return "持平"
        word, size = ("增加", difference) if difference > 0 else ("减少", -difference)
        if self.new.unit == "%":
            word = "上升" if difference > 0 else "下降"
            return f"{word}{number_text.write(size, '个百分点', 'plain')}"
        return f"{word}{number_text.write(size, self.new.unit, money=self.new.is_money)}"

    @property
    def rate(self) -> str:
        """The difference in percent of the old value, +3.2%.

        "" for a figure in percent, without a difference, and where the old value is not above zero.
        """
        difference = self.difference
        if not difference or self.new is None or self.old is None or self.new.unit == "%":
            return ""
        base = int(self.old.value or 0) if self.old.is_money else Decimal(self.old.number() or 0)
        if base <= 0:
            return ""
        share = Decimal(difference) / Decimal(base) * 100
        return f"{'+' if share > 0 else ''}{number_text.write(share, '%')}"


def trend(figure: Figure | Ratio, periods: Iterable[Period], slice_: Mapping[str, str]) -> list[Point]:
    """Return the points of a figure, one for each period in the order given."""
    return [point(figure, period, slice_) for period in periods]


def point(figure: Figure | Ratio, period: Period, slice_: Mapping[str, str]) -> Point:
    """Return the point of a figure for a period, from the snapshot that covers most of it; raises ``SnapshotError`` without any."""
    return _point(Snapshot.for_period(period), figure, period, tuple(sorted(slice_.items())))


def change(figure: Figure | Ratio, old: Period, new: Period, slice_: Mapping[str, str]) -> Change:
    """Return the change of a figure from the period ``old`` to the period ``new``."""
    return Change(point(figure, old, slice_).answer, point(figure, new, slice_).answer)


def changes(
    figure: Figure | Ratio, old: Period, new: Period, slice_: Mapping[str, str], dimension: str
) -> dict[str, Change]:
    """Return the changes by member of a dimension, for members that occur in either period."""
    before, after = (_per(figure, period, dimension, slice_) for period in (old, new))
    return {name: Change(before.get(name), after.get(name)) for name in dict.fromkeys([*after, *before])}


def _per(
    figure: Figure | Ratio, period: Period, dimension: str, slice_: Mapping[str, str]
) -> dict[str, Answer]:
    snapshot = Snapshot.for_period(period)
    if not _is_known(snapshot, figure, period):
        return {}
    try:
        answers: Iterable[Answer] = figure.per(snapshot, period, dimension, **slice_)
    except FigureError:
        return {}
    return {answer.slice[dimension]: answer for answer in answers}


@cached_in_snapshot(4096)
def _point(
    snapshot: Snapshot, figure: Figure | Ratio, period: Period, slice_: tuple[tuple[str, str], ...]
) -> Point:
    if not _is_known(snapshot, figure, period):
        return Point(period, None, NOT_KEPT)
    try:
        answer = figure.at(snapshot, period, **dict(slice_))
    except FigureError:
        return Point(period, None, "当期没有这一项")
    if answer.absence is Absence.NOT_FROZEN:
        return Point(period, None, answer.reason)
    return Point(period, answer, so_far=snapshot.day < period.end)


def _is_known(snapshot: Snapshot, figure: Figure | Ratio, period: Period) -> bool:
    """Return whether a snapshot can answer for a period: rows current on a day are complete only in a snapshot frozen near that day.

    Persons who had left before the registers were first kept are in no snapshot.
    """
    near = snapshot.day <= period.end + SOON_AFTER
    return near or not any(part.over.on_last_day for part in parts_of(figure))
