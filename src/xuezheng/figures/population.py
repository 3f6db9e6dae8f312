"""The population shared by many figures: the rows that they count."""

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
    """Rows of a register as a period selects them, and the columns that may divide figures on them; ``surveyed`` as of :class:`Figure`.

    Its methods declare figures on these rows, each with a label, the unit and the definition, one Chinese sentence. They take the options of
    :class:`Figure`: ``where`` narrows the rows further, ``by`` replaces the columns that may divide them.
    """

    table: type[Record]
    over: Span = NOW
    by: Sequence[str] = ()
    where: Deferred | None = None
    surveyed: bool = False

    def figure(self, label: str, unit: str, value: Deferred, definition: str = "", **options: Any) -> Figure:
        """Declare a figure with any calculation as its ``value``."""
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
        """Declare a figure that counts the rows."""
        return self.figure(label, unit, _.count(), definition, **options)

    def people(self, label: str, unit: str, definition: str = "", **options: Any) -> Figure:
        """Declare a figure that counts persons, each once."""
        return self.figure(label, unit, _.person.nunique(), definition, **options)

    def schools(self, label: str, definition: str = "", **options: Any) -> Figure:
        """Declare a figure that counts schools, each once."""
        return self.figure(label, "所", _.school.nunique(), definition, **options)

    def money(self, label: str, amount: Deferred, definition: str = "", **options: Any) -> Figure:
        """Declare a figure that sums the column or expression ``amount``, in fen."""
        return self.figure(label, "元", amount.sum(), definition, **options)
