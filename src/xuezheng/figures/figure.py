"""A figure: a selection of rows of a frozen table, and a calculation on these rows.

A *frozen table* is the table of a register in a snapshot.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from decimal import Decimal
from typing import Any, Literal

import ibis
import pyarrow as pa
from ibis.common.deferred import Deferred
from ibis.common.exceptions import IbisError

from xuezheng.core.periods import Period
from xuezheng.figures.answers import MISSING, Absence, Answer, Better, Dimension, Rows
from xuezheng.figures.citations import citations, columns_behind
from xuezheng.figures.computation.answering import groups, was_answered
from xuezheng.figures.computation.calculation import Calculation, Groups, Question, Value
from xuezheng.figures.slices import FigureError, Slice, check_dimensions
from xuezheng.figures.spans import NOW, Span
from xuezheng.records.models import Record
from xuezheng.registry import Declaration
from xuezheng.rules.columns import rule_columns
from xuezheng.rules.tables import base_columns
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot


class Figure(Declaration):
    """A number declared once, by the rows and a calculation on the frozen columns of the register ``table``.

    - ``label`` and ``definition`` (one sentence, by default made from ``label``) are Chinese
    - ``where`` selects the rows that count; ``value`` is calculated from them, both ibis deferred expressions
      (``_.amount.sum()``); an amount of money (unit 元) is in fen
    - ``over`` defines how a period selects rows; ``by`` names the dimensions, columns by which the figure may
      be divided
    - ``related`` names columns that explain the value: they are shown in its rows and their policy is cited
    - ``empty`` says whether the answer is "no data" or zero if the period has rows but none counts; zero only
      for a value that is a sum or a count
    - ``surveyed`` says that the rows are from a survey in which not every school takes part each time, so
      that periods are compared for the same schools
    - ``better`` says whether higher or lower values are better, if that is agreed; only then a change is
      called good or bad
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
        surveyed: bool = False,
        better: Better | None = None,
    ) -> None:
        self.label = label
        self.unit = unit
        self.calculation = Calculation(table, over, where, value)
        self.by = tuple(by)
        self.related = tuple(related)
        self.empty = empty
        self.surveyed = surveyed
        self.better = better
        self._definition = definition

    @property
    def table(self) -> type[Record]:
        """The register whose rows are selected, a model class."""
        return self.calculation.table

    @property
    def over(self) -> Span:
        """How a period selects rows, such as the events within it or the rows current on its last day."""
        return self.calculation.over

    @property
    def is_money(self) -> bool:
        """Whether the value is an amount of money, in fen."""
        return self.unit == "元"

    @property
    def definition(self) -> str:
        """The meaning of the figure, in one Chinese sentence."""
        return self._definition or f"{self.over.words}{self.table._meta.verbose_name}中，{self.label}。"

    def gap(self, snapshot: Snapshot, dimensions: Iterable[str] = ()) -> str:
        """Return a Chinese sentence on what a snapshot lacks to answer the figure, "" if nothing is missing.

        A snapshot older than a register or column lacks it. ``dimensions`` are those by which the figure is
        to be divided; raises :class:`FigureError` for one that the figure does not have.
        """
        check_dimensions(self, dimensions := tuple(dimensions))
        return _gap(snapshot, self, dimensions)

    def dimensions(self, snapshot: Snapshot) -> dict[str, Dimension]:
        """Return the figure's dimensions by name, with the names of their members as recorded in the snapshot.

        A dimension whose column the snapshot lacks has no members.
        """
        return dict(_dimensions(snapshot, self))

    def code_lists(self, snapshot: Snapshot) -> set[str]:
        """Return the keys of the code lists that the rules of the figure's columns read.

        The result is empty if the snapshot lacks the table.
        """
        if not snapshot.has(self.table.table_name()):
            return set()
        return {key for column in columns_behind(snapshot, self.calculation) for key in column.code_lists}

    def at(self, snapshot: Snapshot, period: Period, **slice_: str) -> Answer:
        """Return the answer for a period and a slice, given as keyword arguments such as ``stage="senior"``.

        A value is the text of a member; "" selects rows in which the column is empty. Raises
        :class:`FigureError` for a dimension or member that the figure does not have.
        """
        return _at(snapshot, self, period, tuple(sorted(slice_.items())))

    def per(self, snapshot: Snapshot, period: Period, dimension: str, **slice_: str) -> list[Answer]:
        """Return one answer for each member of ``dimension`` that occurs in a row that counts.

        The answers are in the declared order of the members. ``slice_`` restricts the rows, as in
        ``stage="primary"``. Raises :class:`FigureError` for a dimension or member that the figure does not
        have.
        """
        return [
            answer
            for answer in self.breakdown(snapshot, period, (dimension,), **slice_)
            if dimension in answer.slice
        ]

    def breakdown(self, snapshot: Snapshot, period: Period, by: Sequence[str], **slice_: str) -> list[Answer]:
        """Return the answers for the whole and, level by level, for its parts by the dimensions in ``by``.

        The parts are the members of the first dimension, their combinations with members of the second, and
        so on. The ``slice`` of an answer shows which part it is; each answer is followed by its parts, in the
        declared order of the members. ``slice_`` restricts the rows. Raises :class:`FigureError` for a
        dimension or member that the figure does not have.
        """
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
        """Return the rows that count for a period and slice, in order of record ids.

        The result is empty if the snapshot lacks a column that the figure reads. Raises :class:`FigureError`
        for a dimension or member that the figure does not have.
        """
        if self.gap(snapshot, slice_):
            return Rows(pa.table({"id": pa.array([], pa.int64())}), self.table, {})
        table = snapshot.table(self.table.table_name())
        columns = snapshot.columns(self.table.table_name())
        matching = self.calculation.rows(snapshot, period).filter(
            self.calculation.condition(table), self._slice(snapshot, slice_)
        )
        read_columns = self.reads(table) | set(self.by)
        names = ["id", *(name for name in columns if name in read_columns and name != "id")]
        return Rows(
            matching.select(*names).order_by("id").to_pyarrow(),
            self.table,
            {name: columns[name] for name in names},
        )

    def among(self, condition: Deferred) -> Figure:
        """Return a copy of the figure whose rows must also satisfy ``condition``, a deferred ibis expression, to count."""
        narrowed = copy(self)
        narrowed.calculation = self.calculation.narrowed(condition)
        return narrowed

    def _level(self, snapshot: Snapshot, period: Period, by: tuple[str, ...], slice_: Slice) -> list[Answer]:
        """Return the answer for each combination of members of ``by`` that occurs in a slice."""
        if self.gap(snapshot, (*by, *slice_)):
            return []
        inside = self.slice_values(snapshot, slice_)
        names = tuple(sorted({*slice_, *by}))
        parts = [
            dict(zip(names, members, strict=True))
            for members in self._groups(snapshot, period, names).counting
        ]
        return [
            self.at(snapshot, period, **{name: _write_member(member) for name, member in part.items()})
            for part in parts
            if all(part[name] == value for name, value in inside.items())
        ]

    def _answer_slice(self, snapshot: Snapshot, period: Period, slice_: Slice) -> Answer:
        """Return the answer for one slice, from the groups of rows that count, that do not, and that cannot be judged."""
        if self.gap(snapshot, slice_):
            return self._answer(snapshot, period, slice_, None, 0, 0)
        members = tuple(self.slice_values(snapshot, slice_).values())
        answering = self._groups(snapshot, period, tuple(slice_))
        undecided = answering.count_undecided(members)
        if group := answering.counting.get(members):
            return self._answer(snapshot, period, slice_, group.value, group.rows, undecided)
        any_rows = answering.counting or (answering.has_rows and self.empty == "zero")
        zero = any_rows and self.calculation.adds_up(snapshot)
        return self._answer(snapshot, period, slice_, 0 if zero else None, 0, undecided)

    def _query(self, snapshot: Snapshot, period: Period, slice_: Slice) -> ibis.Table:
        """The query of the value of a slice alone: one group for the rows that belong to it, others for the rest."""
        table = snapshot.table(self.table.table_name())
        inside = self.calculation.rows(snapshot, period)
        condition = self.calculation.condition(table)
        return inside.group_by(where_=condition, slice_=self._slice(snapshot, slice_)).aggregate(
            value_=self.calculation.measure(inside), rows_=ibis._.count()
        )

    def _answer(
        self, snapshot: Snapshot, period: Period, slice_: Slice, computed: Value, rows: int, undecided: int
    ) -> Answer:
        value = _exact(computed)
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
            lambda: () if reason else citations(snapshot, self.calculation, period, (*self.related, *slice_)),
            self.is_money,
            reason,
            lambda: "" if reason else str(ibis.to_sql(self._query(snapshot, period, slice_))),
        )

    def _groups(self, snapshot: Snapshot, period: Period, by: tuple[str, ...]) -> Groups:
        return groups(snapshot, Question(self.calculation, period, by))

    def slice_values(self, snapshot: Snapshot, slice_: Slice) -> dict[str, Any]:
        """Return the values of a slice converted from text to the types of their columns; None for "".

        Raises :class:`FigureError` for a member that the dimension does not have, or other text for an
        integer column.
        """
        if not slice_:
            return {}
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
        condition: ibis.Value = ibis.literal(True)
        for name, value in self.slice_values(snapshot, slice_).items():
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

    def reads(self, table: ibis.Table) -> set[str]:
        """Return the names of the columns of the frozen table that the figure reads, whatever the slice.

        These are the columns of its calculation and its ``related`` ones; those of dimensions are not added.
        """
        return self.calculation.reads(table) | set(self.related)


def _exact(value: Value) -> int | Decimal | None:
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    return value


def _write_member(value: str | int | bool | None) -> str:
    if value is None:
        return MISSING
    return str(value).lower() if isinstance(value, bool) else str(value)


@cached_in_snapshot(16384)
def _at(snapshot: Snapshot, figure: Figure, period: Period, slice_: tuple[tuple[str, str], ...]) -> Answer:
    # A snapshot never changes, so an answer once found holds.
    return figure._answer_slice(snapshot, period, dict(slice_))


@cached_in_snapshot(4096)
def _gap(snapshot: Snapshot, figure: Figure, dimensions: tuple[str, ...]) -> str:
    # Whoever looked before has found everything; to look again takes longer than to read the answer.
    if not figure.related and was_answered(snapshot, figure.calculation, tuple(sorted(dimensions))):
        return ""
    name = figure.table.table_name()
    if not snapshot.has(name):
        return f"快照{snapshot.id}生成时还没有“{figure.table._meta.verbose_name}”这张台账，无法得出“{figure.label}”。"
    table = snapshot.table(name)
    try:
        figure.over.select(table, Period.half_year_of(snapshot.day))
        figure.reads(table)
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


@cached_in_snapshot(1024)
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
