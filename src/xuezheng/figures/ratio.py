"""A ratio of two figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from xuezheng.core.number_text import yuan
from xuezheng.core.periods import Period
from xuezheng.figures.answers import Absence, Answer, Better, Dimension, Rows
from xuezheng.figures.assessment import RequirementCount
from xuezheng.figures.figure import Figure
from xuezheng.registry import Declaration, find_declared
from xuezheng.snapshots import Snapshot


class Ratio(Declaration):
    """The ratio of two figures: ``top`` divided by ``bottom``, each the key of a figure or ratio.

    With the unit ``%`` the quotient is multiplied by 100. A slice applies to both; money is divided in yuan.
    The value is an exact ``Decimal``. If the denominator is zero, the answer is ``Absence.NOT_APPLICABLE``;
    if either has no value, the ratio has none for the same reason. ``better`` is that of :class:`Figure`.
    """

    def __init__(
        self,
        label: str,
        *,
        top: str,
        bottom: str,
        unit: str = "%",
        definition: str = "",
        better: Better | None = None,
    ) -> None:
        self.label = label
        self.top_key = top
        self.bottom_key = bottom
        self.unit = unit
        self.better = better
        self._definition = definition

    @property
    def top(self) -> Figure | Ratio:
        """The figure or ratio of the numerator."""
        return _part(self.top_key)

    @property
    def bottom(self) -> Figure | Ratio:
        """The figure or ratio of the denominator."""
        return _part(self.bottom_key)

    @property
    def by(self) -> tuple[str, ...]:
        """The names of the dimensions that both figures have, in the order of the numerator."""
        return tuple(name for name in self.top.by if name in self.bottom.by)

    @property
    def is_money(self) -> bool:
        """Always False: a ratio is not an amount of money."""
        return False

    @property
    def definition(self) -> str:
        """The meaning of the ratio, in one Chinese sentence."""
        return self._definition or f"“{self.top.label}”占“{self.bottom.label}”的比例。"

    def dimensions(self, snapshot: Snapshot) -> dict[str, Dimension]:
        """Return the dimensions that both figures have, by name, as :meth:`Figure.dimensions` describes them."""
        return {
            name: dimension for name, dimension in self.top.dimensions(snapshot).items() if name in self.by
        }

    def at(self, snapshot: Snapshot, period: Period, **slice_: str) -> Answer:
        """Return the answer for a period and a slice.

        Raises :class:`FigureError` for a dimension or member that either figure lacks.
        """
        return self.divide(
            self.top.at(snapshot, period, **slice_), self.bottom.at(snapshot, period, **slice_)
        )

    def per(self, snapshot: Snapshot, period: Period, dimension: str, **slice_: str) -> list[Answer]:
        """Return the answer for each member of a dimension that occurs in the denominator.

        The answers are in the declared order of the members.
        """
        return [
            answer
            for answer in self.breakdown(snapshot, period, (dimension,), **slice_)
            if dimension in answer.slice
        ]

    def breakdown(self, snapshot: Snapshot, period: Period, by: Sequence[str], **slice_: str) -> list[Answer]:
        """Return the answer for the whole and for each combination of members that occurs in the denominator.

        The order is that of :meth:`Figure.breakdown`.
        """
        return [
            self.divide(self.top.at(snapshot, period, **below.slice), below)
            for below in self.bottom.breakdown(snapshot, period, by, **slice_)
        ]

    def rows(self, snapshot: Snapshot, period: Period, **slice_: str) -> Rows:
        """Return the rows that count for the numerator; those of the denominator are not included."""
        return self.top.rows(snapshot, period, **slice_)

    def divide(self, top: Answer, bottom: Answer) -> Answer:
        """Return the answer of the ratio, computed from the answers of its numerator and its denominator for the same slice."""
        value, absence = None, top.absence or bottom.absence
        if top.value is not None and bottom.value is not None:
            absence = None if bottom.value else Absence.NOT_APPLICABLE
            if bottom.value:
                value = _exact(top) / _exact(bottom) * (100 if self.unit == "%" else 1)
        return replace(
            top,
            figure=self.key,
            label=self.label,
            unit=self.unit,
            value=value,
            absence=absence,
            undecided=top.undecided + bottom.undecided,
            definition=self.definition,
            cite=lambda: tuple(dict.fromkeys(top.citations + bottom.citations)),
            is_money=False,
            reason=top.reason or bottom.reason,
            query=lambda: f"{top.sql}\n\n-- ÷\n\n{bottom.sql}",
        )


#: A figure of any kind.
AnyFigure: TypeAlias = Figure | Ratio | RequirementCount


def parts_of(figure: AnyFigure) -> list[Figure]:
    """Return the figures of which a ratio is computed, those of the numerator first.

    For a figure, the result is [figure]; for a number of requirements [], as a whole snapshot is behind it.
    """
    if isinstance(figure, RequirementCount):
        return []
    return [*parts_of(figure.top), *parts_of(figure.bottom)] if isinstance(figure, Ratio) else [figure]


def is_reported(figure: AnyFigure, unused: frozenset[str]) -> bool:
    """Return whether a figure is based on no area and no register in ``unused``.

    ``unused`` are the names of areas and of registers' tables that are switched off, such as
    :attr:`Snapshot.unused`.
    """
    return figure.area not in unused and all(
        part.area not in unused and part.table.table_name() not in unused for part in parts_of(figure)
    )


def _exact(answer: Answer) -> Decimal:
    return yuan(int(answer.value or 0)) if answer.is_money else Decimal(answer.value or 0)


def _part(key: str) -> Figure | Ratio:
    part = find_declared("figures", key, "指标")
    if not isinstance(part, Figure | Ratio):
        raise TypeError(f"{key} is no figure")
    return part
