"""The entries of a snapshot's manifest (``manifest.json``) for rule columns and for the policy that rules read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from xuezheng.core.place_names import county_word
from xuezheng.policy.current import entry as current_entry
from xuezheng.policy.entries import to_json
from xuezheng.rules.columns import RuleColumn, Ruling


def rule_entry(rule: RuleColumn, ruling: Ruling, district: str) -> dict[str, Any]:
    """Return the manifest's entry of a rule column, a JSON-serialisable dict, to which the caller adds ``type``.

    ``ruling`` has what the rule read. ``district`` is the name of the district: ``{county}`` in the Chinese
    label and names of choices is replaced by the last character of it (区, 县, 市 or 旗).
    """
    word = county_word(district)
    return {
        "name": rule.name,
        "label": rule.label.replace("{county}", word),
        "choices": {value: title.replace("{county}", word) for value, title in rule.choices.items()},
        "money": rule.money,
        "register": "",
        "policies": list(ruling.policies),
        "reads": list(ruling.reads),
        **({"code_lists": list(ruling.code_lists)} if ruling.code_lists else {}),
    }


def policy_entries(keys: Iterable[str]) -> dict[str, Any]:
    """Return the manifest's entries, by key, of the policy entries with these keys as now in force.

    Each is a JSON-serialisable dict with title, unit, the columns by which the values differ, and for each
    version its first day, value (money in fen) and source.
    """
    recorded = {}
    for key in sorted(keys):
        entry = current_entry(key)
        recorded[key] = {
            "title": entry.title,
            "unit": entry.unit,
            "source": entry.source,
            "verified": entry.verified,
            "by": list(entry.by),
            "values": [[first.isoformat(), to_json(value)] for first, value in entry.values],
            "sources": [[version.source, version.grade, version.pack] for version in entry.versions],
        }
    return recorded
