"""The change of a figure between two periods, computed only from answers that can be compared.

A survey, such as a screening or a test, seldom reaches every school: a rate from 25 schools and one from two
schools differ by the schools as well as by the pupils. Such figures are compared for the schools (and stages,
and subjects) that took part in both periods.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import reduce
from operator import or_

from ibis import _
from ibis.common.deferred import Deferred

from xuezheng.core import number_text
from xuezheng.core.periods import Period
from xuezheng.figures.answers import Answer, Better
from xuezheng.figures.computation.answering import groups
from xuezheng.figures.computation.calculation import Members, Question
from xuezheng.figures.figure import Figure
from xuezheng.figures.ratio import AnyFigure, Ratio, parts_of
from xuezheng.figures.slices import FigureError
from xuezheng.figures.trends import Point, is_known, point
from xuezheng.snapshots import Snapshot

#: Columns by which the rows of two surveys are alike, the school first.
_ALIKE = ("school", "stage", "subject")
NOT_ALIKE = "两个时期没有同一所学校都参加，不能比较"


@dataclass(frozen=True)
class Change:
    """The answers of a figure for an earlier period (``old``) and a later one (``new``).

    Either is None if there is no answer. If different schools took part in a survey, ``alike`` has the two
    answers for the schools (by stage and subject, if the figure has these dimensions) that took part in both
    periods, and ``schools`` is the number of these schools; if there are none, ``reason`` says in Chinese
    that the answers cannot be compared. ``better`` says whether higher or lower values are better; None if
    that is not agreed.
    """

    old: Answer | None
    new: Answer | None
    alike: tuple[Answer, Answer] | None = None
    schools: int = 0
    reason: str = ""
    better: Better | None = None

    @property
    def compared(self) -> tuple[Answer, Answer] | None:
        """The (old, new) answers of which the difference is taken.

        It is None if they cannot be compared or either has no value.
        """
        old, new = self.alike or (self.old, self.new)
        if self.reason or old is None or new is None or old.value is None or new.value is None:
            return None
        return old, new

    @property
    def difference(self) -> int | Decimal | None:
        """The new value minus the old one, both rounded as they are shown; None if there is nothing to compare.

        It is an ``int`` in fen for money, else a ``Decimal``: percentage points for a figure in percent.
        """
        if self.compared is None:
            return None
        old, new = self.compared
        if new.is_money:
            return int(new.value or 0) - int(old.value or 0)
        return Decimal(new.number() or 0) - Decimal(old.number() or 0)

    @property
    def is_better(self) -> bool | None:
        """Whether the new value is better than the old one.

        It is None if there is no difference or ``better`` is None.
        """
        difference = self.difference
        if not difference or self.better is None:
            return None
        return (difference > 0) == (self.better == "higher")

    @property
    def text(self) -> str:
        """The difference as Chinese text: 增加12人, （可比的2所学校）上升1.3个百分点, or 持平.

        It is "" if there is nothing to compare.
        """
        difference = self.difference
        if difference is None or self.new is None:
            return ""
        among = f"（可比的{self.schools}所学校）" if self.alike else ""
        if not difference:
            return f"{among}持平"
        word, size = ("增加", difference) if difference > 0 else ("减少", -difference)
        if self.new.unit == "%":
            word = "上升" if difference > 0 else "下降"
            return f"{among}{word}{number_text.write(size, '个百分点', 'plain')}"
        return f"{among}{word}{number_text.write(size, self.new.unit, money=self.new.is_money)}"

    @property
    def rate(self) -> str:
        """The difference as a percentage of the old value, as text with a sign: ``+3.2%``.

        It is "" for a figure in percent, without a difference, or if the old value is not above zero.
        """
        difference = self.difference
        if not difference or self.compared is None or self.compared[0].unit == "%":
            return ""
        old, _ = self.compared
        base = int(old.value or 0) if old.is_money else Decimal(old.number() or 0)
        if base <= 0:
            return ""
        share = Decimal(difference) / Decimal(base) * 100
        return f"{'+' if share > 0 else ''}{number_text.write(share, '%')}"


def change(figure: AnyFigure, old: Period, new: Period, slice_: Mapping[str, str]) -> Change:
    """Return the change of a figure from the period ``old`` to the period ``new``.

    Each period is answered from the snapshot that :meth:`Snapshot.for_period` chooses. ``slice_`` maps
    dimensions to values. Raises ``SnapshotError`` if there is no snapshot.
    """
    return compare(figure, point(figure, old, slice_), point(figure, new, slice_), slice_)


def compare(figure: AnyFigure, old: Point, new: Point, slice_: Mapping[str, str]) -> Change:
    """Return the change of a figure between an earlier and a later point, answers that :func:`point` returned.

    Both must be of the slice ``slice_`` (member by dimension). For a survey in which different schools took
    part, the answers for the schools of both periods are computed in addition.
    """
    plain = Change(old.answer, new.answer, better=figure.better)
    if plain.compared is None or not any(part.surveyed for part in parts_of(figure)):
        return plain
    columns = tuple(name for name in _ALIKE if name in figure.by)
    before, after = (_surveyed(figure, period, slice_, columns) for period in (old.period, new.period))
    if before == after:
        return plain
    common = {unit for unit in before & after if None not in unit}
    if not common:
        return replace(plain, reason=NOT_ALIKE)
    earlier, later = (
        _answer_among(figure, period, slice_, columns, common) for period in (old.period, new.period)
    )
    return replace(plain, alike=(earlier, later), schools=len({unit[0] for unit in common}))


def changes(
    figure: AnyFigure, old: Period, new: Period, slice_: Mapping[str, str], dimension: str
) -> dict[str, Change]:
    """Return the changes of a figure by the members of ``dimension``, for each member that occurs in either period.

    The keys are values of the dimension as text, first those of the later period. For a member that occurs in
    one period only, the other answer is None.
    """
    before, after = (_members(figure, period, dimension, slice_) for period in (old, new))
    return {
        member: change(figure, old, new, {**slice_, dimension: member})
        if member in before and member in after
        else Change(before.get(member), after.get(member))
        for member in dict.fromkeys([*after, *before])
    }


def _members(
    figure: AnyFigure, period: Period, dimension: str, slice_: Mapping[str, str]
) -> dict[str, Answer]:
    snapshot = Snapshot.for_period(period)
    if not is_known(snapshot, figure, period):
        return {}
    try:
        answers: Iterable[Answer] = figure.per(snapshot, period, dimension, **slice_)
    except FigureError:
        return {}
    return {answer.slice[dimension]: answer for answer in answers}


def _surveyed(
    figure: AnyFigure, period: Period, slice_: Mapping[str, str], columns: tuple[str, ...]
) -> set[Members]:
    """The schools, stages and subjects that took part, as values of ``columns``: those with any row, whether it counts or not."""
    snapshot = Snapshot.for_period(period)
    part = parts_of(figure)[-1]
    values = part.slice_values(snapshot, slice_)
    names = tuple(sorted({*columns, *slice_}))
    every_row = groups(snapshot, Question(part.calculation.counting_rows(), period, names))
    rows = [dict(zip(names, members, strict=True)) for members in every_row.counting]
    return {
        tuple(row[name] for name in columns)
        for row in rows
        if all(row[name] == value for name, value in values.items())
    }


def _answer_among(
    figure: AnyFigure,
    period: Period,
    slice_: Mapping[str, str],
    columns: tuple[str, ...],
    units: Collection[Members],
) -> Answer:
    """The answer for the rows of some schools, stages and subjects only."""
    if isinstance(figure, Ratio):
        top, bottom = (
            _answer_among(part, period, slice_, columns, units) for part in (figure.top, figure.bottom)
        )
        return figure.divide(top, bottom)
    if not isinstance(figure, Figure):
        raise TypeError(f"{figure.key} has no rows of schools")
    return figure.among(_condition(columns, units)).at(Snapshot.for_period(period), period, **slice_)


def _condition(columns: tuple[str, ...], units: Collection[Members]) -> Deferred:
    """The condition that a row is of one of the units; schools of the same stage and subject are looked up in one list."""
    schools: defaultdict[Members, list[int]] = defaultdict(list)
    for school, *rest in sorted(units, key=repr):
        schools[tuple(rest)].append(int(school or 0))
    conditions = []
    for members, numbers in schools.items():
        condition = _[columns[0]].isin(numbers)
        for name, value in zip(columns[1:], members, strict=True):
            condition &= _[name] == value
        conditions.append(condition)
    return reduce(or_, conditions)
