"""The verdict on resources in coming years, with the forecast numbers of pupils and unchanged resources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from xuezheng.areas.balance.procedures.county import CountyVerdict
from xuezheng.areas.balance.procedures.resources import Place
from xuezheng.areas.balance.procedures.verdict import ResourceVerdict, judge
from xuezheng.figures.projections import projection
from xuezheng.snapshots import Snapshot

_PUPILS = "enrolment.pupils"
_MOST_YEARS = 5


@dataclass(frozen=True)
class Year:
    """A coming year with its verdict on resources.

    ``pupils`` has the forecast numbers by (school, stage). Schools without a forecast keep their present
    pupils; ``unknown`` has their names with the reason in Chinese.
    """

    year: int
    pupils: Mapping[Place, int]
    judged: ResourceVerdict
    unknown: Mapping[str, str]


def coming_years(snapshot: Snapshot, county: CountyVerdict) -> list[Year]:
    """Return the verdicts for the years after ``county.year`` for which pupils are forecast, at most five."""
    numbers = [each for each in projection(_PUPILS).numbers(snapshot) if each.year > county.year]
    places = {each.row.place: each.row.name for each in county.judged.schools}
    result = []
    for year in sorted({each.year for each in numbers})[:_MOST_YEARS]:
        known = {(each.school, each.stage): each for each in numbers if each.year == year}
        pupils = {
            place: int(each.value + Fraction(1, 2))  # halves are rounded up
            for place, each in known.items()
            if each.value is not None
        }
        unknown = {
            name: known[place].reason if place in known else "没有预测"
            for place, name in places.items()
            if place not in pupils
        }
        judged = judge(county.resources.with_pupils(pupils), county.standards)
        result.append(Year(year, pupils, judged, unknown))
    return result
