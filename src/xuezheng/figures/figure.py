"""A figure: a selection of rows of a frozen table, and a calculation on them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, Literal, NamedTuple

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
from ibis.common.deferred import Deferred
from ibis.common.exceptions import IbisError

from xuezheng.core.number_text import write
from xuezheng.core.periods import Period
from xuezheng.figures.answers import MISSING, Absence, Answer, Citation, Dimension, Rows
from xuezheng.figures.slices import FigureError, Slice, check_dimensions
from xuezheng.figures.spans import NOW, Span
from xuezheng.policy.entries import ANY, in_force
from xuezheng.records.models import Record
from xuezheng.registry import Declaration
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import SnapshotColumn

_EVERY = ibis.literal(True)
# What no row adds up to is zero; a largest or a mean of no row is nothing.
_ADDING_UP = (ops.Sum, ops.Count, ops.CountStar, ops.CountDistinct)


class Figure(Declaration):
    """A number declared once.

    ``where`` selects the rows and ``value`` is calculated from them, both on the frozen columns of ``table``; ``over`` defines how a period selects
    rows; ``by`` names the columns that may divide the figure; ``related`` names columns that explain the value: they are shown with it in the rows,
    and their policy is cited with it. Amounts of money (unit 元) are sums of fen. ``empty`` defines the answer where no row of the period satisfies
    ``where``: no data or zero.
    """

    def __init__(
        self,
        label: str,
        *,
        unit: str,
        table: type[Record],
        value: Deferred,
        where: Deferred | None = None,
        over: Span = NOW,
        by: Sequence[str] = (),
        related: Sequence[str] = (),
        definition: str = "",
        empty: Literal["no data", "zero"] = "no data",
    ) -> None:
        self.label = label
        self.unit = unit
        self.table = table
        self.value = value
        self.where = where
        self.over = over
        self.by = tuple(by)
        self.related = tuple(related)
        self.empty = empty
        self._definition = definition

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount of money, kept in fen."""
        return self.unit == "元"

    @property
    def definition(self) -> str:
        """The meaning of the figure, in one Chinese sentence."""
        return self._definition or f"{self.over.words}{self.table._meta.verbose_name}中，{self.label}。"

    def gap(self, snapshot: Snapshot, dimensions: Iterable[str] = ()) -> str:
        """Describe in Chinese the columns that an older snapshot lacks for the figure or for ``dimensions``; "" where it lacks none."""
        check_dimensions(self, dimensions := tuple(dimensions))
        return _gap(snapshot, self, dimensions)

    def dimensions(self, snapshot: Snapshot) -> dict[str, Dimension]:
        """Return the dimensions by name, with the names of their members as the snapshot records them.

        A dimension that is newer than the snapshot has no members.
        """
        return dict(_dimensions(snapshot, self))

    def code_lists(self, snapshot: Snapshot) -> set[str]:
        """Return the keys of the code lists that the rules behind the figure read; empty where the snapshot has no such table."""
        if not snapshot.has(self.table.table_name()):
            return set()
        return {key for column in _columns_behind(snapshot, self) for key in column.code_lists}

    def at(self, snapshot: Snapshot, period: Period, **slice_: str) -> Answer:
        """Return the answer for a period and a slice, such as ``stage="senior"``; raises :class:`FigureError`."""
        return _at(snapshot, self, period, tuple(sorted(slice_.items())))

    def per(self, snapshot: Snapshot, period: Period, dimension: str, **slice_: str) -> list[Answer]:
        """Return the answer for each member of a dimension that occurs, in the order in which its members are declared."""
        return [
            answer
            for answer in self.breakdown(snapshot, period, (dimension,), **slice_)
            if dimension in answer.slice
        ]

    def breakdown(self, snapshot: Snapshot, period: Period, by: Sequence[str], **slice_: str) -> list[Answer]:
        """Return the answer for the whole, then for each member of the first dimension, each of the second within it, and so on."""
        answers = [self.at(snapshot, period, **slice_)]
        for depth in range(1, len(by) + 1):
            answers += self._level(snapshot, period, tuple(by[:depth]), slice_)
        order = {
            name: {value: place for place, value in enumerate(dimension.members)}
            for name, dimension in self.dimensions(snapshot).items()
        }
        places = [order.get(name, {}) for name in by]

        def place(answer: Answer) -> list[tuple[int, str]]:
            return [
                (known.get(answer.slice[name], len(known)), answer.slice[name])
                for name, known in zip(by, places, strict=True)
                if name in answer.slice
            ]

        return sorted(answers, key=place)

    def rows(self, snapshot: Snapshot, period: Period, **slice_: str) -> Rows:
        """Return the rows behind the answer; empty where the snapshot lacks a column that the figure reads."""
        if self.gap(snapshot, slice_):
            return Rows(pa.table({"id": pa.array([], pa.int64())}), self.table, {})
        table = snapshot.table(self.table.table_name())
        columns = snapshot.columns(self.table.table_name())
        matching = self._period_rows(snapshot, period).filter(
            self._where(table), self._slice(snapshot, slice_)
        )
        read_columns = self._reads(table) | set(self.by)
        names = ["id", *(name for name in columns if name in read_columns and name != "id")]
        return Rows(
            matching.select(*names).order_by("id").to_pyarrow(),
            self.table,
            {name: columns[name] for name in names},
        )

    def _level(self, snapshot: Snapshot, period: Period, by: tuple[str, ...], slice_: Slice) -> list[Answer]:
        """Return the answer for each combination of members of ``by`` that occurs in a slice."""
        if self.gap(snapshot, (*by, *slice_)):
            return []
        inside = self._slice_values(snapshot, slice_)
        names = tuple(dict.fromkeys((*slice_, *by)))
        members = [
            {name: MISSING if group.part[name] is None else _plain(group.part[name]) for name in names}
            for group in _groups(snapshot, self, period, names)
            if group.counts and group.lies_in(inside)
        ]
        return [self.at(snapshot, period, **part) for part in members]

    def _answer_slice(self, snapshot: Snapshot, period: Period, slice_: Slice) -> Answer:
        """Return the answer for one slice, from the groups of rows that count, that do not, and that cannot be judged."""
        if self.gap(snapshot, slice_):
            return self._answer(snapshot, period, slice_, None, 0, 0)
        slice_values = self._slice_values(snapshot, slice_)
        groups = _groups(snapshot, self, period, tuple(slice_))
        undecided = sum(
            group.rows
            for group in groups
            if None in (group.counts, group.lies_in(slice_values))
            and False not in (group.counts, group.lies_in(slice_values))
        )
        for group in groups:
            if group.counts and group.lies_in(slice_values):
                return self._answer(snapshot, period, slice_, group.value, group.rows, undecided)
        table = snapshot.table(self.table.table_name())
        any_rows = any(group.counts for group in groups) or (groups and self.empty == "zero")
        zero = any_rows and isinstance(self._bound(self.value, table).op(), _ADDING_UP)
        return self._answer(snapshot, period, slice_, 0 if zero else None, 0, undecided)

    def _query(self, snapshot: Snapshot, period: Period, slice_: Slice) -> ibis.Table:
        """The query of the value of a slice alone: one group for the rows that belong to it, others for the rest."""
        table = snapshot.table(self.table.table_name())
        inside = self._period_rows(snapshot, period)
        return inside.group_by(where_=self._where(table), slice_=self._slice(snapshot, slice_)).aggregate(
            value_=self._bound(self.value, inside), rows_=ibis._.count()
        )

    def _answer(
        self, snapshot: Snapshot, period: Period, slice_: Slice, value: Any, rows: int, undecided: int
    ) -> Answer:
        if isinstance(value, float):
            value = Decimal(repr(value)) if math.isfinite(value) else None
        elif value is not None and not isinstance(value, Decimal):
            value = int(value)
        reason = self.gap(snapshot, slice_)
        empty = Absence.NOT_FROZEN if reason else Absence.NOT_APPLICABLE if rows else Absence.NO_DATA
        absence = None if value is not None else empty
        return Answer(
            self.key,
            self.label,
            self.unit,
            period,
            dict(slice_),
            self._slice_label(snapshot, slice_),
            value,
            absence,
            rows,
            undecided,
            self.definition,
            snapshot.id,
            () if reason else _citations(snapshot, self, period, tuple(slice_)),
            self.is_money,
            reason,
            lambda: "" if reason else str(ibis.to_sql(self._query(snapshot, period, slice_))),
        )

    def _period_rows(self, snapshot: Snapshot, period: Period) -> ibis.Table:
        table = snapshot.table(self.table.table_name())
        if not self.over.covers(period, snapshot.day):
            return table.limit(0)
        # What stood on a day after the freeze is not known: a stock is given as of the freeze.
        return table.filter(self.over.select(table, period.until(snapshot.day)))

    def _where(self, table: ibis.Table) -> ibis.Value:
        return _EVERY if self.where is None else self._bound(self.where, table)

    def _bound(self, part: Deferred, table: ibis.Table) -> ibis.Value:
        return table.bind(part)[0]

    def _slice_values(self, snapshot: Snapshot, slice_: Slice) -> dict[str, Any]:
        """The values of a slice's columns, converted from text; None for a value that is not filled in."""
        kinds = snapshot.table(self.table.table_name()).schema()
        values: dict[str, Any] = {}
        for name, value in slice_.items():
            known = self.dimensions(snapshot)[name].members
            if known and value not in known and value != MISSING:
                raise FigureError(f"“{self.label}”的{name}没有“{value}”。可用：{'、'.join(known)}。")
            values[name] = None if value == MISSING else self._convert(name, value, kinds[name])
        return values

    def _slice(self, snapshot: Snapshot, slice_: Slice) -> ibis.Value:
        table = snapshot.table(self.table.table_name())
        condition: ibis.Value = _EVERY
        for name, value in self._slice_values(snapshot, slice_).items():
            condition &= table[name].isnull() if value is None else table[name] == value
        return condition

    def _convert(self, name: str, value: str, kind: Any) -> Any:
        """Return the value of a column from a slice's text; raises :class:`FigureError` for an integer column with other text."""
        if kind.is_boolean():
            return value == "true"
        if not kind.is_integer():
            return value
        if not re.fullmatch("-?[0-9]{1,18}", value):
            raise FigureError(f"“{self.label}”的{name}应为整数，现为“{value}”。")
        return int(value)

    def _slice_label(self, snapshot: Snapshot, slice_: Slice) -> str:
        if not slice_:
            return ""
        dimensions = self.dimensions(snapshot)
        return " · ".join(dimensions[name].member(slice_[name]) for name in self.by if name in slice_)

    def _reads(self, table: ibis.Table) -> set[str]:
        """The names of the columns that the figure reads for any slice."""
        bound = [self._bound(part, table) for part in (self.where, self.value) if part is not None]
        # Fields of tables further down belong to rules that the snapshot is older than.
        read = {node.name for part in bound for node in part.op().find(ops.Field) if node.rel == table.op()}
        return read | set(self.related)


class _Group(NamedTuple):
    """Rows of a period that are alike in whether they count (None where undecided) and in some columns: their value and number."""

    counts: bool | None
    part: dict[str, Any]
    value: Any
    rows: int

    def lies_in(self, slice_values: Mapping[str, Any]) -> bool | None:
        """Return whether the rows belong to a slice; None where an empty column leaves that undecided."""
        known = [
            self.part[name] == value
            for name, value in slice_values.items()
            if value is None or self.part[name] is not None
        ]
        return False if False in known else True if len(known) == len(slice_values) else None


@lru_cache(maxsize=4096)
def _groups(snapshot: Snapshot, figure: Figure, period: Period, by: tuple[str, ...]) -> list[_Group]:
    """Return the groups of rows by columns, with one query for all slices by the same columns: reports need many of them."""
    if snapshot.base and snapshot.has_same_table(snapshot.base, figure.table.table_name()):
        return _groups(snapshot.base, figure, period, by)
    table = snapshot.table(figure.table.table_name())
    inside = figure._period_rows(snapshot, period)
    grouped = inside.group_by(*by, where_=figure._where(table)).aggregate(
        value_=figure._bound(figure.value, inside), rows_=ibis._.count()
    )
    return [
        _Group(row["where_"], {name: row[name] for name in by}, row["value_"], row["rows_"])
        for row in snapshot.fetch(grouped)
    ]


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


@lru_cache(maxsize=10_000)
def _at(snapshot: Snapshot, figure: Figure, period: Period, slice_: tuple[tuple[str, str], ...]) -> Answer:
    # A snapshot never changes, so an answer once found holds.
    return figure._answer_slice(snapshot, period, dict(slice_))


@cache
def _gap(snapshot: Snapshot, figure: Figure, dimensions: tuple[str, ...]) -> str:
    name = figure.table.table_name()
    if not snapshot.has(name):
        return f"快照{snapshot.id}生成时还没有“{figure.table._meta.verbose_name}”这张台账，无法得出“{figure.label}”。"
    table = snapshot.table(name)
    try:
        figure.over.select(table, Period.half_year_of(snapshot.day))
        figure._reads(table)
    except (AttributeError, LookupError, IbisError):
        return f"快照{snapshot.id}生成时“{figure.table._meta.verbose_name}”还没有“{figure.label}”所需的列，无法得出。"
    if younger := [column for column in dimensions if column not in table.columns]:
        labels = "、".join(_label(figure.table, column) for column in younger)
        return f"快照{snapshot.id}生成时“{figure.table._meta.verbose_name}”还没有“{labels}”，“{figure.label}”不能这样细分。"
    return ""


def _label(model: type[Record], column: str) -> str:
    """The label of a register's column as this release declares it, without its explanation."""
    labels = {base.name: base.label for base in base_columns(model)}
    labels |= {rule.name: rule.label for rule in rule_columns(model.table_name())}
    return labels.get(column, column).split("：")[0].rstrip("。")


@cache
def _dimensions(snapshot: Snapshot, figure: Figure) -> dict[str, Dimension]:
    name = figure.table.table_name()
    columns = snapshot.columns(name) if snapshot.has(name) else {}
    dimensions = {}
    for name in figure.by:
        if name not in columns:
            dimensions[name] = Dimension(name, _label(figure.table, name), {})
            continue
        column = columns[name]
        members: Mapping[str, str] = column.choices
        if column.register:
            members = {str(number): title for number, title in snapshot.names(column.register).items()}
        dimensions[name] = Dimension(name, column.title, members)
    return dimensions


def _columns_behind(
    snapshot: Snapshot, figure: Figure, divided_by: tuple[str, ...] = ()
) -> tuple[SnapshotColumn, ...]:
    """The columns that an answer reads, and those that their rules read."""
    columns = snapshot.columns(figure.table.table_name())
    waiting = [*figure._reads(snapshot.table(figure.table.table_name())), *divided_by]
    visited: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in visited and name in columns:
            visited.add(name)
            waiting += columns[name].reads
    return tuple(columns[name] for name in sorted(visited))


@cache
def _citations(
    snapshot: Snapshot, figure: Figure, period: Period, divided_by: tuple[str, ...]
) -> tuple[Citation, ...]:
    """The policy behind every column that the answer reads, and behind the columns that their rules read."""
    columns = snapshot.columns(figure.table.table_name())
    keys = {key for column in _columns_behind(snapshot, figure, divided_by) for key in column.policies}
    days = figure.over.rule_days(period, snapshot.day)
    # A matter without any value, such as a bureau's own rates where it has none, is behind no number.
    valued = [key for key in sorted(keys) if snapshot.policies[key]["values"]]
    return tuple(_citation(key, snapshot.policies[key], columns, *days) for key in valued)


def _citation(
    key: str, entry: Mapping[str, Any], columns: Mapping[str, SnapshotColumn], start: date, end: date
) -> Citation:
    """The entry with its versions in force on some day from ``start`` to ``end``."""
    versions = [(date.fromisoformat(first), value) for first, value in entry["values"]]
    names = [columns[name].choices if name in columns else {} for name in entry["by"]]
    clauses = [
        (first, _clause(value, entry["unit"], names)) for first, value in in_force(versions, start, end)
    ]
    return Citation(key, entry["title"], entry["source"], entry["unit"], entry["verified"], tuple(clauses))


def _clause(value: Any, unit: str, names: Sequence[Mapping[str, str]]) -> str:
    """Write the values of a clause in Chinese: ``学前500元，小学（住校500元，其他250元）``."""
    if not isinstance(value, Mapping):
        return write(value, "元", "yuan", money=True) if unit.startswith("元") else f"{value}{unit}"
    # A database may keep the keys of a value in an order of its own.
    order = [*names[0], *sorted(value.keys() - names[0].keys() - {ANY}), ANY]
    parts = []
    for key in filter(value.__contains__, order):
        below = value[key]
        text = _clause(below, unit, names[1:])
        name = "其他" if key == ANY else names[0].get(key, key)
        parts.append(f"{name}（{text}）" if isinstance(below, Mapping) else f"{name}{text}")
    return "，".join(parts)
