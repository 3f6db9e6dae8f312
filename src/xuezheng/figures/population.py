"""A population: rows of a register that several figures share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ibis import _
from ibis.common.deferred import Deferred

from xuezheng.figures.figure import Figure
from xuezheng.figures.spans import NOW, Span
from xuezheng.records.models import Record


@dataclass(frozen=True)
class Population:
    """Rows of a register as a period selects them, and the dimensions of figures on them.

    It is a factory of figures that share these rows. The fields mean the same as those of :class:`Figure`. In
    the methods, which return figures, ``label``, ``unit`` and ``definition`` (one sentence) are Chinese.
    ``options`` are further arguments of :class:`Figure`; a ``where`` among them restricts the rows in
    addition to that of the population, a ``by`` replaces its dimensions.
    """

    table: type[Record]
    over: Span = NOW
    by: Sequence[str] = ()
    where: Deferred | None = None
    surveyed: bool = False

    def figure(self, label: str, unit: str, value: Deferred, definition: str = "", **options: Any) -> Figure:
        """Return a figure with any calculation, a deferred ibis expression, as its ``value``."""
        if self.where is not None:
            where = options.get("where")
            options["where"] = self.where if where is None else self.where & where
        return Figure(
            label,
            unit=unit,
            table=self.table,
            value=value,
            over=self.over,
            definition=definition,
            surveyed=self.surveyed,
            **{"by": self.by} | options,
        )

    def count(self, label: str, unit: str, definition: str = "", **options: Any) -> Figure:
        """Return a figure that counts the rows: events, not people."""
        return self.figure(label, unit, _.count(), definition, **options)

    def people(self, label: str, unit: str, definition: str = "", **options: Any) -> Figure:
        """Return a figure that counts the distinct values of the column ``person``: people, however many rows each has."""
        return self.figure(label, unit, _.person.nunique(), definition, **options)

    def schools(self, label: str, definition: str = "", **options: Any) -> Figure:
        """Return a figure that counts the distinct values of the column ``school``, in 所."""
        return self.figure(label, "所", _.school.nunique(), definition, **options)

    def money(self, label: str, amount: Deferred, definition: str = "", **options: Any) -> Figure:
        """Return a figure in 元 that sums the column or expression ``amount``, which is in fen."""
        return self.figure(label, "元", amount.sum(), definition, **options)
