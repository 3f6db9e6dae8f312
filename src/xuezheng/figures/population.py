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

    It is a factory of figures. The fields mean the same as those of :class:`Figure`. The methods return
    figures on these rows; ``label``, ``unit`` and ``definition`` (one sentence) are Chinese. ``options`` are
    further arguments of :class:`Figure`: ``where`` restricts the rows further, ``by`` replaces the
    dimensions.
    """

    table: type[Record]
    over: Span = NOW
    by: Sequence[str] = ()
    where: Deferred | None = None
    surveyed: bool = False

    def figure(self, label: str, unit: str, value: Deferred, definition: str = "", **options: Any) -> Figure:
        """Return a figure with any calculation as its ``value``."""
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
        """Return a figure that counts the rows."""
        return self.figure(label, unit, _.count(), definition, **options)

    def people(self, label: str, unit: str, definition: str = "", **options: Any) -> Figure:
        """Return a figure that counts the distinct values of the column ``person``."""
        return self.figure(label, unit, _.person.nunique(), definition, **options)

    def schools(self, label: str, definition: str = "", **options: Any) -> Figure:
        """Return a figure that counts the distinct values of the column ``school``."""
        return self.figure(label, "所", _.school.nunique(), definition, **options)

    def money(self, label: str, amount: Deferred, definition: str = "", **options: Any) -> Figure:
        """Return a figure that sums the column or expression ``amount``, which is in fen."""
        return self.figure(label, "元", amount.sum(), definition, **options)
