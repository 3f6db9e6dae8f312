"""Judges the items of the self-evaluation form, and the level at which a city ranks the county by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xuezheng.areas.preschool.models import SelfEvaluation
from xuezheng.areas.preschool.procedures.indicators import IndicatorVerdict
from xuezheng.figures import Status
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.reports.evaluation import rows_of
from xuezheng.snapshots import Snapshot

Result: Any = SelfEvaluation.Result  # without types of its own, Django's choices look like tuples
PARTS = {"level": "普及普惠水平", "government": "政府保障情况", "quality": "幼儿园保教质量保障情况"}


@dataclass(frozen=True)
class ItemVerdict:
    """The verdict on one item.

    ``result`` is that which counts, None if none was registered; ``reason`` says in Chinese why it is not the
    registered one. ``part``, ``first_level`` and ``standard`` are texts of the code list, "" without one.
    ``registered`` is the row in the snapshot, None without one.
    """

    code: str
    label: str
    part: str
    number: int
    first_level: str
    standard: str
    result: Any
    reason: str
    registered: Mapping[str, Any] | None

    @property
    def title(self) -> str:
        """The number and the label in Chinese; the label alone where it is but the number."""
        return (
            self.label if self.label.startswith(f"第{self.number}项") else f"第{self.number}项 {self.label}"
        )


@dataclass(frozen=True)
class Counts:
    """How many items have each result, and how many none."""

    qualified: int
    basic: int
    unqualified: int
    unregistered: int


def item_verdicts(snapshot: Snapshot, year: int, indicators: Sequence[IndicatorVerdict]) -> list[ItemVerdict]:
    """Return the verdicts on the items in force on 31 December of ``year``, in the order of the code list.

    An item that corresponds to a national number which is not met is unqualified, whatever was registered.
    """
    rows = {row["item"]: row for row in rows_of(snapshot, SelfEvaluation) if row["year"] == year}
    failing = {each.indicator.key: each for each in indicators if each.status is Status.NOT_MET}
    verdicts = []
    for code in code_list("preschool.item").codes.values():
        version = code.on(date(year, 12, 31))
        if version is None:
            continue
        about, row = version.properties, rows.get(code.code)
        result, reason = (Result(row["result"]), "") if row else (None, "“普及普惠自评表”中没有登记这一项。")
        indicator = failing.get(str(about.get("indicator", "")))
        if indicator and result is not Result.UNQUALIFIED:
            registered = f"登记为“{result.label}”，与指标不符，请核对。" if result else ""
            result, reason = Result.UNQUALIFIED, f"{indicator.reason}{registered}"
        verdicts.append(
            ItemVerdict(
                code.code,
                version.label,
                str(about.get("part", "")),
                int(about.get("number", 0)),
                str(about.get("first_level", "")),
                str(about.get("standard", "")),
                result,
                reason,
                row,
            )
        )
    return verdicts


def count_results(items: Sequence[ItemVerdict]) -> Counts:
    """Count the items by result."""
    results = [item.result for item in items]
    return Counts(
        *(results.count(each) for each in (Result.QUALIFIED, Result.BASIC, Result.UNQUALIFIED, None))
    )


def city_levels(counts: Counts, year: int) -> list[str]:
    """Return the levels that a city would grant by the policy in force on 31 December of ``year``, lowest first.

    A level asks for a least number of qualified and a largest number of basically qualified items; none is
    granted while an item is unqualified or unregistered.
    """
    if counts.unqualified or counts.unregistered:
        return []
    return [
        level
        for level, least, most in level_rules(year)
        if counts.qualified >= least and counts.basic <= most
    ]


def level_rules(year: int) -> list[tuple[str, int, int]]:
    """Return (level, least qualified, most basically qualified) for each level of the policy, the easiest first."""
    day = date(year, 12, 31)
    least = entry("preschool.level_qualified").value(day) or {}
    most = entry("preschool.level_basic").value(day) or {}
    return sorted(
        ((level, int(least[level]), int(most[level])) for level in least if level in most),
        key=lambda rule: (rule[1], -rule[2]),
    )
