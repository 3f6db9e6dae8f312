"""What a figure calculates: which rows of a frozen table count, and what of them; and the form of the answers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple, TypeAlias

import ibis
import ibis.expr.operations as ops
from ibis import _
from ibis.common.deferred import Deferred

from xuezheng.core.periods import Period
from xuezheng.figures.spans import Span
from xuezheng.records.models import Record
from xuezheng.snapshots import Snapshot

_EVERY = ibis.literal(True)
# What no row adds up to is zero; a largest or a mean of no row is nothing.
_ADDING_UP = (ops.Sum, ops.Count, ops.CountStar, ops.CountDistinct)


#: The values of some columns, and what is calculated of rows; None for an empty column, and where nothing can be calculated.
Members: TypeAlias = tuple[str | int | bool | None, ...]
Value: TypeAlias = int | float | Decimal | None


class Group(NamedTuple):
    """Rows of a period with the same members of some columns (None where a column is empty): their value and number."""

    members: Members
    value: Value
    rows: int

    def may_lie_in(self, members: Members) -> bool:
        """Whether the rows may belong to a slice: an empty column does not tell."""
        return all(own in (None, member) for own, member in zip(self.members, members, strict=True))


@dataclass(frozen=True)
class Groups:
    """The rows of a period by the members of some columns: those that count, those that cannot be judged, and whether there are any."""

    counting: Mapping[Members, Group]
    undecided: Sequence[Group]
    has_rows: bool

    @cached_property
    def _incomplete(self) -> list[Group]:
        return [group for group in self.counting.values() if None in group.members]

    def count_undecided(self, members: Members) -> int:
        """Return the number of rows of which it cannot be judged whether they count in a slice."""
        doubtful = [group for group in self._incomplete if group.members != members]
        return sum(group.rows for group in (*self.undecided, *doubtful) if group.may_lie_in(members))


@dataclass(frozen=True, eq=False)
class Calculation:
    """Rows of a frozen table as a period selects them, the condition by which they count, and the value of those that do.

    Two of them are equal where they are declared alike.
    """

    table: type[Record]
    over: Span
    where: Deferred | None
    value: Deferred

    def __eq__(self, counterpart: object) -> bool:
        return isinstance(counterpart, Calculation) and self.digest == counterpart.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    @cached_property
    def digest(self) -> str:
        """A hash that is the same in every process, and differs where the declaration does."""
        parts = (self.table.table_name(), self.over.name, repr(self.where), repr(self.value))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def narrowed(self, condition: Deferred) -> Calculation:
        """Return the same calculation of the rows that satisfy a further condition."""
        return replace(self, where=condition if self.where is None else self.where & condition)

    def counting_rows(self) -> Calculation:
        """Return the number of all rows that a period selects, whether they count or not."""
        return replace(self, where=None, value=_.count())

    def rows(self, snapshot: Snapshot, period: Period) -> ibis.Table:
        """Return the rows of a period, whether they count or not."""
        table = snapshot.table(self.table.table_name())
        if not self.over.covers(period, snapshot.day):
            return table.limit(0)
        # What stood on a day after the freeze is not known: a stock is given as of the freeze.
        return table.filter(self.over.select(table, period.until(snapshot.day)))

    def condition(self, table: ibis.Table) -> ibis.Value:
        """Return the condition on a row of the frozen table to count."""
        return _EVERY if self.where is None else table.bind(self.where)[0]

    def measure(self, rows: ibis.Table) -> ibis.Value:
        """Return the value of all given rows."""
        return rows.bind(self.value)[0]

    def measure_counting(self, rows: ibis.Table) -> ibis.Value:
        """Return the value of those of the given rows that count."""
        if self.where is None:
            return self.measure(rows)
        condition = self.condition(rows).op()

        def restrict(node: ops.Node, changed: Mapping[str, object] | None) -> ops.Node:
            node = node if changed is None else node.__recreate__(changed)
            if not isinstance(node, ops.Reduction):
                return node
            return node.copy(where=condition if node.where is None else ops.And(node.where, condition))

        restricted = self.measure(rows).op().replace(restrict, filter=ops.Value)
        if not isinstance(restricted, ops.Value):
            raise TypeError(f"{self.value!r} is no value")
        return restricted.to_expr()

    def adds_up(self, snapshot: Snapshot) -> bool:
        """Return whether the value is a sum or a number of rows, so that it is zero where no row counts."""
        return isinstance(self.measure(snapshot.table(self.table.table_name())).op(), _ADDING_UP)

    def reads(self, table: ibis.Table) -> set[str]:
        """Return the names of the columns of the frozen table that decide the value."""
        bound = [table.bind(part)[0] for part in (self.where, self.value) if part is not None]
        # Fields of tables further down belong to rules that the snapshot is older than.
        return {node.name for part in bound for node in part.op().find(ops.Field) if node.rel == table.op()}


class Question(NamedTuple):
    """The groups of a calculation's rows in a period, by columns."""

    calculation: Calculation
    period: Period
    by: tuple[str, ...]
