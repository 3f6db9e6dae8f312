"""The verdict on the county's preschool education in a year: ten national numbers, and the self-evaluation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from xuezheng.areas.preschool.procedures.indicators import (
    INDICATORS,
    IndicatorVerdict,
    indicator_verdicts,
    limit_of,
    silent_kindergartens,
    years,
)
from xuezheng.areas.preschool.procedures.items import (
    Counts,
    ItemVerdict,
    Result,
    city_levels,
    count_results,
    item_verdicts,
)
from xuezheng.figures import Conclusion, NotAssessed, Requirement, Status, conclude
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot

NUMBERS = "numbers"
#: The part of an item of the self-evaluation where none is in force.
SELF_EVALUATION = "level"
#: A basically qualified item meets its requirement; how many there may be is a matter of the city's levels.
_STATUSES = {
    Result.QUALIFIED: Status.MET,
    Result.BASIC: Status.MET,
    Result.UNQUALIFIED: Status.NOT_MET,
    None: Status.UNREPORTED,
}


@dataclass(frozen=True)
class CountyVerdict:
    """The verdict on the county in a year.

    ``silent`` has in Chinese the kindergartens that did not submit all forms, ``levels`` the levels that a city
    would grant, lowest first.
    """

    year: int
    indicators: tuple[IndicatorVerdict, ...]
    items: tuple[ItemVerdict, ...]
    counts: Counts
    levels: tuple[str, ...]
    silent: tuple[str, ...]

    @property
    def conclusion(self) -> Conclusion:
        """Fails if anything fails; passes only if everything was reported and is met; otherwise undecided."""
        return conclude(each.status for each in self.requirements)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement as it was judged: the national numbers, and the items of the self-evaluation."""
        return (*self._numbers(), *self._items())

    @property
    def failures(self) -> list[str]:
        """What fails, and by how much, as Chinese texts; [] if nothing does."""
        texts = self._of_indicators(Status.NOT_MET)
        return texts + [
            f"自评项目“{item.title}”不合格" for item in self.items if item.result is Result.UNQUALIFIED
        ]

    @property
    def missing(self) -> list[str]:
        """What was not reported or cannot be computed, as Chinese texts; [] if nothing is missing."""
        texts = [*self.silent, *self._of_indicators(Status.UNREPORTED)]
        numbers = [str(item.number) for item in self.items if item.result is None]
        if numbers:
            texts.append(f"“普及普惠自评表”没有登记第{'、'.join(numbers)}项")
        if not self.items:
            texts.append("没有这一年施行的普及普惠评估项目")
        return texts

    def _numbers(self) -> Iterator[Requirement]:
        for each in self.indicators:
            measured = each.measured
            yield Requirement(
                NUMBERS,
                each.indicator.label,
                each.status,
                each.reason,
                measured.figure,
                measured.period,
                measured.slice,
            )

    def _items(self) -> Iterator[Requirement]:
        for item in self.items:
            yield Requirement(
                item.part,
                item.title,
                _STATUSES[item.result],
                item.reason,
                "preschool.self_evaluations",
                str(self.year),
                {"item": item.code},
            )
        if not self.items:
            yield Requirement(
                SELF_EVALUATION, "评估项目", Status.UNREPORTED, "没有这一年施行的普及普惠评估项目"
            )

    def _of_indicators(self, status: Status) -> list[str]:
        return [
            f"{each.indicator.label}：{each.reason.rstrip('。')}"
            for each in self.indicators
            if each.status is status
        ]


def assess(snapshot: Snapshot, year: int) -> Sequence[Requirement]:
    """Return the requirements as judged for a year; raises :class:`NotAssessed` for one without forms of kindergartens."""
    if year not in years(snapshot):
        raise NotAssessed(f"{year}年还没有幼儿园填报“幼儿园基本情况表”。")
    return county_verdict(snapshot, year).requirements


def county_verdict(snapshot: Snapshot, year: int) -> CountyVerdict:
    """Return whether the county meets the requirements of 学前教育普及普惠 in ``year``, and each of them."""
    day = date(year, 12, 31)
    limits = [limit_of(indicator, year) for indicator in INDICATORS]
    levels = [entry(f"preschool.level_{name}").version(day) for name in ("qualified", "basic")]
    items = [(code.code, code.on(day)) for code in code_list("preschool.item").codes.values()]
    return _judged(snapshot, year, repr([limits, levels, items]))


@cached_in_snapshot(16)
def _judged(snapshot: Snapshot, year: int, standards: str) -> CountyVerdict:
    """Judge once for the ``standards`` that are in force now, which are part of the key of the cache."""
    silent = silent_kindergartens(snapshot, year)
    indicators = tuple(indicator_verdicts(snapshot, year, silent))
    items = tuple(item_verdicts(snapshot, year, indicators))
    counts = count_results(items)
    return CountyVerdict(year, indicators, items, counts, tuple(city_levels(counts, year)), tuple(silent))
