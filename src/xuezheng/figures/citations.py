"""The policy on which an answer is based: entries read by the rules of its columns, with their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from xuezheng.core.number_text import write
from xuezheng.core.periods import Period
from xuezheng.figures.answers import Citation
from xuezheng.figures.computation.calculation import Calculation
from xuezheng.policy.entries import ANY, in_force
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot
from xuezheng.snapshots.manifest import policy_entries
from xuezheng.snapshots.snapshot import SnapshotColumn


def columns_behind(
    snapshot: Snapshot, calculation: Calculation, further: Sequence[str] = ()
) -> tuple[SnapshotColumn, ...]:
    """Return the columns of a frozen table on which a calculation and the columns named in ``further`` are based.

    These are the columns that they read, and all columns from which those are derived by rules, step by step.
    They are sorted by name; names that the snapshot does not have are left out.
    """
    name = calculation.table.table_name()
    columns = snapshot.columns(name)
    waiting = [*calculation.reads(snapshot.table(name)), *further]
    visited: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in visited and name in columns:
            visited.add(name)
            waiting += columns[name].reads
    return tuple(columns[name] for name in sorted(visited))


def cite_policies(
    snapshot: Snapshot, keys: Iterable[str], period: Period, columns: Mapping[str, SnapshotColumn]
) -> tuple[Citation, ...]:
    """Return policy entries with their values in a period, in the order of ``keys``.

    Entries that the snapshot did not record are those now in force. ``columns`` name the codes that are keys of
    values. Entries without any value are left out.
    """
    known = {**policy_entries(key for key in keys if key not in snapshot.policies), **snapshot.policies}
    end = period.until(snapshot.day).end
    return tuple(
        _citation(key, known[key], columns, period.start, end) for key in keys if known[key]["values"]
    )


@cached_in_snapshot(8192)
def citations(
    snapshot: Snapshot, calculation: Calculation, period: Period, further: tuple[str, ...]
) -> tuple[Citation, ...]:
    """Return the policy entries read by the rules of all columns on which an answer is based, in order of their keys.

    ``further`` names columns besides those that the calculation reads. Entries without any value, such as a
    bureau's own rates where it has set none, are left out.
    """
    columns = snapshot.columns(calculation.table.table_name())
    behind = columns_behind(snapshot, calculation, further)
    keys = {key for column in behind for key in column.policies}
    days = calculation.over.rule_days(period, snapshot.day)
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
