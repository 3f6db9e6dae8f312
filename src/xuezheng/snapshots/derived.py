"""Rule columns that are newer than a snapshot, computed from its frozen columns when it is read.

A release may add a rule column. An older snapshot can still answer figures on it if it has the columns that
the rule reads. The files of the snapshot do not change.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

import ibis
from ibis.common.exceptions import IbisError

from xuezheng.policy.codes import recorded_lists
from xuezheng.policy.current import recorded
from xuezheng.rules.columns import RuleColumn, Ruling, rule_columns
from xuezheng.snapshots.manifest import policy_entries, rule_entry


class Derived(NamedTuple):
    """The rule columns of a table that are newer than the snapshot and can be computed from its columns.

    ``rules`` are their declarations, ``columns`` their entries in the form of a manifest, both in the order
    of computation. ``policies`` are the manifest entries, by key, of the policy that they read and the
    snapshot did not record: as in force now.
    """

    rules: tuple[RuleColumn, ...]
    columns: tuple[dict[str, Any], ...]
    policies: dict[str, Any]


def derive(manifest: Mapping[str, Any], name: str) -> Derived:
    """Return the rule columns that the table ``name`` of a snapshot lacks and that can be computed from its columns.

    A rule that reads a missing column is left out.
    """
    kinds = {column["name"]: column["type"] for column in manifest["tables"][name]["columns"]}
    younger = [rule for rule in rule_columns(name) if rule.name not in kinds]
    if not younger:
        return Derived((), (), {})
    table = ibis.table(kinds, name)
    rules, columns, read = [], [], set()
    for rule in younger:
        ruling = _apply(rule, table, manifest)
        if ruling is None:
            continue
        table = table.mutate(**{rule.name: ruling.expression})
        rules.append(rule)
        columns.append(
            {**rule_entry(rule, ruling, manifest["district"]["name"]), "type": str(table.schema()[rule.name])}
        )
        read |= set(ruling.policies)
    return Derived(tuple(rules), tuple(columns), policy_entries(read - manifest["policies"].keys()))


def with_derived(table: ibis.Table, manifest: Mapping[str, Any], derived: Derived) -> ibis.Table:
    """Return ``table``, a table of a snapshot, with the newer rule columns in ``derived`` added.

    ``manifest`` is that of the snapshot, ``derived`` the result of :func:`derive` for the table.
    """
    for rule in derived.rules:
        if ruling := _apply(rule, table, manifest):
            table = table.mutate(**{rule.name: ruling.expression})
    return table


def _apply(rule: RuleColumn, table: ibis.Table, manifest: Mapping[str, Any]) -> Ruling | None:
    """Compute a rule with the policy that the snapshot recorded; None where the table lacks a column that it reads."""
    with recorded(manifest["policies"]), recorded_lists(manifest.get("code_lists", {})):
        try:
            return rule.apply(table, manifest["district"]["code"], date.fromisoformat(manifest["day"]))
        except (AttributeError, LookupError, IbisError):
            return None
