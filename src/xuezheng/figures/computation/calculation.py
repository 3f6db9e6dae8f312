"""What a figure calculates: which rows count, what is computed from them, and the form of the answers."""

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
    """The rows of a period that have the same values in some columns.

    ``members`` are these values in the order of the columns, None where a column is empty; ``value`` is the
    value computed from the rows, None if there is none; ``rows`` is their number.
    """

    members: Members
    value: Value
    rows: int

    def may_lie_in(self, members: Members) -> bool:
        """Return whether the rows may belong to the slice with the values ``members``, in the order of the same columns.

        An empty column may have any value, so it does not exclude the rows.
        """
        return all(own in (None, member) for own, member in zip(self.members, members, strict=True))


@dataclass(frozen=True)
class Groups:
    """The answer to a :class:`Question`: the rows of a period, grouped by the values of some columns.

    ``counting`` are the groups of rows that count, by their members; ``undecided`` the groups of rows of
    which it cannot be judged whether they count; ``has_rows`` says whether the period has any rows.
    """

    counting: Mapping[Members, Group]
    undecided: Sequence[Group]
    has_rows: bool

    @cached_property
    def _incomplete(self) -> list[Group]:
        return [group for group in self.counting.values() if None in group.members]

    def count_undecided(self, members: Members) -> int:
        """Return the number of rows of which it cannot be judged whether they count in the slice with the values ``members``.

        These are rows of which the figure's own condition is unknown, and rows that count but whose columns
        of the slice are empty.
        """
        doubtful = [group for group in self._incomplete if group.members != members]
        return sum(group.rows for group in (*self.undecided, *doubtful) if group.may_lie_in(members))


@dataclass(frozen=True, eq=False)
class Calculation:
    """What a figure calculates of a register, without its name and unit.

    ``table`` is the register, ``over`` the span that says how a period selects its rows. ``where`` is the
    condition for a row to count, None if all do, and ``value`` the expression computed from the rows that
    count, both deferred ibis expressions. Calculations with the same declaration are equal.
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
        """A SHA-256 of the declaration in hexadecimal, the same in every process."""
        parts = (self.table.table_name(), self.over.name, repr(self.where), repr(self.value))
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def narrowed(self, condition: Deferred) -> Calculation:
        """Return a copy whose rows must also satisfy ``condition`` to count."""
        return replace(self, where=condition if self.where is None else self.where & condition)

    def counting_rows(self) -> Calculation:
        """Return a calculation whose value is the number of all rows that a period selects, whether they count or not."""
        return replace(self, where=None, value=_.count())

    def rows(self, snapshot: Snapshot, period: Period) -> ibis.Table:
        """Return the rows of the frozen table that a period selects, whether they count or not.

        The result has no rows if the snapshot does not cover the period. For a period that ends after the
        snapshot's day, the rows are selected as of that day.
        """
        table = snapshot.table(self.table.table_name())
        if not self.over.covers(period, snapshot.day):
            return table.limit(0)
        # What stood on a day after the freeze is not known: a stock is given as of the freeze.
        return table.filter(self.over.select(table, period.until(snapshot.day)))

    def condition(self, table: ibis.Table) -> ibis.Value:
        """Return the condition for a row of ``table`` to count, a boolean expression.

        It is NULL for a row that cannot be judged.
        """
        return _EVERY if self.where is None else table.bind(self.where)[0]

    def measure(self, rows: ibis.Table) -> ibis.Value:
        """Return the figure's value as an aggregate expression over all rows of ``rows``, including rows that do not count."""
        return rows.bind(self.value)[0]

    def measure_counting(self, rows: ibis.Table) -> ibis.Value:
        """Return the figure's value as an aggregate expression over those rows of ``rows`` that count."""
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
        """Return whether the value is a sum or a count, so that it is zero if no row counts."""
        return isinstance(self.measure(snapshot.table(self.table.table_name())).op(), _ADDING_UP)

    def reads(self, table: ibis.Table) -> set[str]:
        """Return the names of the columns of ``table`` from which condition and value are computed."""
        bound = [table.bind(part)[0] for part in (self.where, self.value) if part is not None]
        # Fields of tables further down belong to rules that the snapshot is older than.
        return {node.name for part in bound for node in part.op().find(ops.Field) if node.rel == table.op()}


class Question(NamedTuple):
    """What is asked of a snapshot: a calculation's rows in a period, grouped by the values of the columns named in ``by``."""

    calculation: Calculation
    period: Period
    by: tuple[str, ...]
