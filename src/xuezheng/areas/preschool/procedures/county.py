"""The verdict on the county's preschool education in a year: ten national numbers, and the self-evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from xuezheng.areas.preschool.procedures.indicators import (
    INDICATORS,
    IndicatorVerdict,
    indicator_verdicts,
    limit_of,
    silent_kindergartens,
)
from xuezheng.areas.preschool.procedures.items import (
    Counts,
    ItemVerdict,
    Result,
    city_levels,
    count_results,
    item_verdicts,
)
from xuezheng.figures import Conclusion, Status
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot


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
        if self.failures:
            return Conclusion.FAILS
        return Conclusion.UNDECIDED if self.missing else Conclusion.PASSES

    @property
    def failures(self) -> list[str]:
        """What fails, and by how much, as Chinese texts; [] if nothing does."""
        texts = self._of_indicators(Status.NOT_MET)
        return texts + [
            f"自评第{item.number}项“{item.label}”不合格"
            for item in self.items
            if item.result is Result.UNQUALIFIED
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

    def _of_indicators(self, status: Status) -> list[str]:
        return [
            f"{each.indicator.label}：{each.reason.rstrip('。')}"
            for each in self.indicators
            if each.status is status
        ]


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
