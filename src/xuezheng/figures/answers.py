"""What a figure answers: a value with its unit, slice, rows, query and sources; or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cached_property
from typing import Any

import pyarrow as pa

from xuezheng.core import number_text
from xuezheng.core.periods import Period
from xuezheng.records.models import Record
from xuezheng.snapshots.snapshot import SnapshotColumn

MISSING = ""
# Places that are shown: of a number with a unit two, of a bare coefficient three (form of 教督〔2017〕6号).
_PLACES = {True: Decimal("0.01"), False: Decimal("0.001")}


class Absence(Enum):
    """Why a figure has no value: not to be confused with zero."""

    NO_DATA = "无数据"
    NOT_APPLICABLE = "不适用"
    #: The snapshot is older than a register or column that the figure reads, and nothing that was frozen gives it.
    NOT_FROZEN = "快照未收录"


@dataclass(frozen=True)
class Dimension:
    """A column by which a figure may be divided; ``members`` names its values."""

    name: str
    label: str
    members: Mapping[str, str]

    def member(self, value: str) -> str:
        """Return the Chinese name of a value."""
        return "未填" if value == MISSING else self.members.get(value, value)


@dataclass(frozen=True)
class Citation:
    """A policy entry behind a number: its source and the values that were in force in the period."""

    key: str
    title: str
    source: str
    unit: str
    verified: bool
    clauses: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Rows:
    """The rows behind an answer: record ids and the frozen columns that were read, described by ``columns``."""

    table: pa.Table
    model: type[Record]
    columns: Mapping[str, SnapshotColumn]

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self.table.num_rows

    def as_object(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row as the object that a program reads: money in yuan."""
        return {
            name: number_text.yuan(value) if self.columns[name].money and value is not None else value
            for name, value in row.items()
        }

    def shown(self, name: str, value: Any) -> str:
        """Return a cell as a reader sees it: a choice by its name, money in yuan, a gap as nothing."""
        column = self.columns[name]
        if value is None:
            return ""
        if isinstance(value, bool):
            return "是" if value else "否"
        if column.money:
            return number_text.write(value, "元", "yuan", money=True)
        return column.choices.get(str(value), str(value))


@dataclass(frozen=True)
class Answer:
    """A figure's value for a period and slice, with all that is needed to believe it.

    ``value`` is a whole number, fen for money, an exact Decimal for a ratio; None when ``absence`` says why.
    ``undecided`` counts rows that cannot be judged because a column that decides is empty.
    """

    figure: str
    label: str
    unit: str
    period: Period
    slice: Mapping[str, str]
    slice_label: str
    value: int | Decimal | None
    absence: Absence | None
    row_count: int
    undecided: int
    definition: str
    snapshot_id: str
    citations: tuple[Citation, ...] = ()
    is_money: bool = False
    #: Why there is no value, in a Chinese sentence, where the absence itself does not say all.
    reason: str = ""
    query: Callable[[], str] = field(default=str, repr=False, compare=False)

    @cached_property
    def sql(self) -> str:
        """The query that gave the value."""
        return self.query()

    def number(self) -> int | Decimal | None:
        """Return the value as a program reads it: yuan for money, a percent with the one decimal that is shown."""
        if self.value is None:
            return None
        if self.is_money:
            return number_text.yuan(int(self.value))
        if isinstance(self.value, Decimal):
            return (
                number_text.percent(self.value)
                if self.unit == "%"
                else self.value.quantize(_PLACES[bool(self.unit)], ROUND_HALF_UP)
            )
        return self.value

    def as_object(self) -> dict[str, Any]:
        """Return the answer as the object that a program reads: money in yuan, a percent as shown."""
        return {
            "figure": self.figure,
            "label": self.label,
            "unit": self.unit,
            "slice": dict(self.slice),
            "value": number_text.plain_number(self.number()),
            "text": self.text(),
        }

    def text(self, style: str | None = None) -> str:
        """Return the value as Chinese text, ``350人``, ``21.525万元``; of an absent one the reason."""
        if self.value is None:
            return self.absence.value if self.absence else ""
        value: Any = self.value if self.is_money else self.number()
        return number_text.write(value, self.unit, style, money=self.is_money)
