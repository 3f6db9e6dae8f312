"""The answer of a figure: a value with its unit, slice, query and sources, or the reason why there is no value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import Enum
from functools import cached_property
from typing import Any, Literal

import pyarrow as pa

from xuezheng.core import number_text
from xuezheng.core.periods import Period
from xuezheng.records.models import Record
from xuezheng.snapshots.snapshot import SnapshotColumn

MISSING = ""
# Places that are shown: of a number with a unit two, of a bare coefficient three (form of 教督〔2017〕6号).
_PLACES = {True: Decimal("0.01"), False: Decimal("0.001")}

#: Which values of a figure are the better ones.
Better = Literal["higher", "lower"]


class Absence(Enum):
    """The reasons why a figure has no value, which is not the same as zero.

    The values are the Chinese texts shown.
    """

    NO_DATA = "无数据"
    NOT_APPLICABLE = "不适用"
    #: The snapshot is older than a register or column that the figure reads, and nothing that was frozen gives it.
    NOT_FROZEN = "快照未收录"


@dataclass(frozen=True)
class Dimension:
    """A column by which a figure may be divided, such as the stage of education.

    ``label`` is Chinese, ``members`` maps its values, as text, to Chinese names; it is empty for a column
    without a list of values.
    """

    name: str
    label: str
    members: Mapping[str, str]

    def member(self, value: str) -> str:
        """Return the Chinese name of a value: 未填 for "", the value itself if it is unknown."""
        return "未填" if value == MISSING else self.members.get(value, value)


@dataclass(frozen=True)
class Citation:
    """A policy entry on which a value is based: a rate, threshold or list that is in force by date, with its source.

    ``key`` and ``title`` identify the entry, ``source`` names its documents, ``unit`` is that of its values;
    ``verified`` says whether all its versions were checked. ``clauses`` are the values in force in the period
    as (first day, Chinese text), in order of days.
    """

    key: str
    title: str
    source: str
    unit: str
    verified: bool
    clauses: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Rows:
    """The rows on which an answer is based: an Arrow table of record ids and the frozen columns that the figure reads.

    ``columns`` describes each column of ``table``, by name; ``model`` is the register. Money in ``table`` is
    in fen. Rows of no register, such as judged requirements, have the model None, and in ``matter`` what a user
    must have permission to see.
    """

    table: pa.Table
    model: type[Record] | None
    columns: Mapping[str, SnapshotColumn]
    matter: str = ""

    @property
    def count(self) -> int:
        """The number of rows that count for the answer."""
        return self.table.num_rows

    def as_object(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return a row for JSON: a dict by column name in which money is a ``Decimal`` in yuan.

        ``row`` is one element of ``table.to_pylist()``.
        """
        return {
            name: number_text.yuan(value) if self.columns[name].money and value is not None else value
            for name, value in row.items()
        }

    def shown(self, name: str, value: Any) -> str:
        """Return a cell as Chinese text: a choice by its name, money in yuan, a flag as 是 or 否; "" for None.

        ``name`` is the column, ``value`` its value in ``table``.
        """
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
    """A figure's value for a period and slice, with its definition and sources.

    ``figure`` is the figure's key, ``label`` its Chinese name, ``definition`` its meaning in one sentence.
    ``value`` is an ``int`` (in fen if ``is_money``) or an exact ``Decimal`` (85.34 means 85.34 for the unit
    ``%``); None if there is none, for the reason in ``absence``. ``slice`` maps dimensions to values as text,
    ``slice_label`` is its Chinese name, "" without a slice. ``row_count`` is the number of rows that count,
    ``undecided`` the number of rows that cannot be judged because a column that decides is empty. ``cite``
    and ``query`` compute :attr:`citations` and :attr:`sql` when these are read.
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
    cite: Callable[[], tuple[Citation, ...]] = field(default=tuple, repr=False, compare=False)
    is_money: bool = False
    #: Why there is no value, in a Chinese sentence, where the absence itself does not say all.
    reason: str = ""
    query: Callable[[], str] = field(default=str, repr=False, compare=False)

    @cached_property
    def citations(self) -> tuple[Citation, ...]:
        """The policy entries on which the value is based; computed at the first access."""
        return self.cite()

    @cached_property
    def sql(self) -> str:
        """The SQL query that computes the value; "" if the snapshot lacks a column that it needs."""
        return self.query()

    def number(self) -> int | Decimal | None:
        """Return the value as it is shown: money in yuan, a percentage with one decimal.

        Returns None without a value. Other values with decimals are rounded to two places if they have a
        unit, else to three; integers are unchanged.
        """
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
        """Return the answer as a dict for JSON: ``figure``, ``label``, ``unit``, ``slice``, ``value`` and ``text``.

        ``value`` is rounded as by :meth:`number`, money in yuan, and None without a value.
        """
        return {
            "figure": self.figure,
            "label": self.label,
            "unit": self.unit,
            "slice": dict(self.slice),
            "value": number_text.plain_number(self.number()),
            "text": self.text(),
        }

    def text(self, style: str | None = None) -> str:
        """Return the value as Chinese text, such as ``350人`` or ``21.525万元``.

        Without a value, it is the text of ``absence``. ``style`` is one of
        :data:`xuezheng.core.number_text.STYLES`, by default the one for the unit.
        """
        if self.value is None:
            return self.absence.value if self.absence else ""
        value: Any = self.value if self.is_money else self.number()
        return number_text.write(value, self.unit, style, money=self.is_money)
