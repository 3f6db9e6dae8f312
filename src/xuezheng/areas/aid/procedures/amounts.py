"""The amounts of awards by the current rules, and their basis: rules, clauses of policy, day, and the columns read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import pyarrow as pa
from django.utils import timezone

from xuezheng.areas.aid.models import Award
from xuezheng.core import number_text
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.policy.current import entry, read_once
from xuezheng.records.bulk import parts
from xuezheng.records.models import District
from xuezheng.rules.columns import Ruling, with_rules
from xuezheng.rules.tables import BaseColumn, base_columns, rows_of, schema

RULE = "due"
NOTHING = "未填"


@dataclass(frozen=True)
class Due:
    """The amount of an award by the rules, and how it was calculated.

    ``amount`` is in fen, None where no rule gives one. ``basis`` is a JSON-serializable dict: ``rules`` are
    the Chinese labels of the rules applied, ``policies`` the policy clauses (dicts with ``title``,
    ``source``, ``verified`` and ``since``), ``read`` the columns read, as texts by Chinese label, and
    ``worked_out_on`` the day of the calculation.
    """

    amount: int | None
    basis: dict[str, Any]


@read_once()
def due(awards: Collection[int]) -> dict[int, Due]:
    """Return the amount due by the current rules for each of the awards with these primary keys, by primary key.

    Keys of no award are left out.
    """
    amounts: dict[int, Due] = {}
    for part in parts(sorted(awards)):
        amounts |= _due(part)
    return amounts


def _due(awards: Collection[int]) -> dict[int, Due]:
    base = {column.name: column for column in base_columns(Award)}
    rows = list(rows_of(Award).filter(pk__in=awards))
    # A blank text is a gap, as in a snapshot.
    cells = ([None if cell == "" else cell for cell in column] for column in zip(*rows, strict=True))
    arrays = [pa.array(column, kind) for column, kind in zip(cells, schema(Award).types, strict=True)]
    if not arrays:
        return {}
    engine = ibis.duckdb.connect(temp_directory=str(temporary_folder()))
    try:
        incoming = engine.create_table("award", pa.Table.from_arrays(arrays, schema=schema(Award)), temp=True)
        ruled, rulings = with_rules(incoming, Award, District.objects.get().code, timezone.localdate())
        award_rows = engine.to_pyarrow(ruled).to_pylist()
    finally:
        engine.disconnect()
    by_name = {rule.name: (rule.label, ruling) for rule, ruling in rulings}
    return {row["id"]: Due(row[RULE], _basis(row, base, by_name)) for row in award_rows}


def _basis(
    row: Mapping[str, Any], base: Mapping[str, BaseColumn], rules: Mapping[str, tuple[str, Ruling]]
) -> dict[str, Any]:
    """Return the basis of a row's amount: ``rules``, ``policies``, the columns ``read`` with their values, ``worked_out_on``."""
    labels: list[str] = []
    policies: list[dict[str, Any]] = []
    read: dict[str, str] = {}
    waiting = [RULE]
    while waiting:
        label, ruling = rules[waiting.pop()]
        labels.append(label)
        policies += [_clause(key, row["term_start"]) for key in ruling.policies]
        for name in ruling.reads:
            if name in base:
                read[base[name].label] = _written(row[name], base[name])
            elif row[name] is not None:
                waiting.append(name)
    return {"rules": labels, "policies": policies, "read": read, "worked_out_on": str(timezone.localdate())}


def _clause(key: str, day: date) -> dict[str, Any]:
    known = entry(key)
    version = known.version(day)
    return {
        "title": known.title,
        "source": version.source if version else "",
        "verified": version.verified if version else True,
        "since": str(version.first) if version else "",
    }


def _written(value: Any, column: BaseColumn) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return "是" if value else "否"
    if column.money:
        return number_text.write(value, "元", "yuan", money=True)
    return column.choices.get(str(value), str(value))
