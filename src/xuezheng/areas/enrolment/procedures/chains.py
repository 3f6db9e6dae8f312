"""Builds the inputs of pupil forecasts for each stage, of one school or all, from births or the stage below.

Primary schools draw on the births in their zones, junior schools on the last grade of their feeder schools
and of their own primary stage, and the senior stage, forecast for the county as a whole only, on the last
grade of all junior schools.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import cached_property

from xuezheng.areas.enrolment.procedures.forecast_inputs import STAGES, Inputs
from xuezheng.areas.enrolment.procedures.ratio_method import (
    YEARS_AHEAD,
    Chain,
    Feed,
    Projection,
    cohort,
    project,
)

_PRIMARY, _JUNIOR, _SENIOR = STAGES


class Chains:
    """The known and forecast pupils of all stages and schools for one set of inputs, each computed at most once.

    A :class:`Chain` has the grades of a stage with the source of its first grade, a :class:`Projection` their
    pupils in known and coming autumns. ``moved`` supposes other zones: it maps names of communities to the
    primary key of the school to whose zone they belong from the autumn after the last known one, in place of
    the registered zone.
    """

    def __init__(self, inputs: Inputs, moved: Mapping[str, int]) -> None:
        self.inputs = inputs
        self.moved = moved
        self._chains: dict[tuple[str, int | None], Chain] = {}
        self._projections: dict[tuple[str, int | None, int], Projection] = {}
        self._cohorts_known: dict[tuple[str, int], Fraction | str] = {}

    def project(self, stage: str, school: int | None, origin: int) -> Projection:
        """Return the pupils of ``stage`` by grade and autumn, forecast from what was known in the autumn of ``origin``.

        ``origin`` is a year, so that the forecast can be tested in the past. ``school`` is a primary key, or
        None for all schools together.
        """
        key = (stage, school, origin)
        if key not in self._projections:
            chain = self.chain(stage, school)
            self._projections[key] = project(chain, origin, self.inputs.settings.ratio_years)
        return self._projections[key]

    def chain(self, stage: str, school: int | None) -> Chain:
        """Return the grades of ``stage`` with their registered pupils and the source of the first grade.

        ``school`` is a primary key, or None for all schools together.
        """
        key = (stage, school)
        if key not in self._chains:
            self._chains[key] = Chain(
                self._grades.get(stage, 1),
                self._rolls(stage, school),
                lambda origin: self._feed(stage, school, origin),
                "入学率" if stage == _PRIMARY else "升学率",
            )
        return self._chains[key]

    @cached_property
    def _grades(self) -> dict[str, int]:
        """The number of each stage's grades: six and three, or five and four."""
        grades: dict[str, int] = {}
        for (_, stage), numbers in self.inputs.rolls.items():
            grades[stage] = max([grades.get(stage, 1), *(grade for grade, _ in numbers)])
        return grades

    def _rolls(self, stage: str, school: int | None) -> dict[tuple[int, int], int]:
        if school is not None:
            return dict(self.inputs.rolls.get((school, stage), {}))
        totals: dict[tuple[int, int], int] = {}
        for (_, of_stage), numbers in self.inputs.rolls.items():
            if of_stage == stage:
                for place, number in numbers.items():
                    totals[place] = totals.get(place, 0) + number
        return totals

    def _feed(self, stage: str, school: int | None, origin: int) -> Feed:
        if stage == _PRIMARY:
            return self._cohorts(school, origin)
        below = _PRIMARY if stage == _JUNIOR else _JUNIOR
        if school is None:
            return self._last_grades(below, [None], origin)
        if stage == _SENIOR:
            return Feed({}, dict.fromkeys(self._years(origin), "高中在全县招生，只作全部学校的预测"))
        feeders = set(self.inputs.feeders.get(school, ()))
        if (school, _PRIMARY) in self.inputs.rolls:
            feeders.add(school)
        if not feeders:
            return Feed({}, dict.fromkeys(self._years(origin), "没有登记对口的小学"))
        return self._last_grades(below, sorted(feeders), origin)

    @cached_property
    def _first(self) -> int:
        years = [year for numbers in self.inputs.rolls.values() for _, year in numbers]
        return min(years, default=self.inputs.base)

    def _years(self, origin: int) -> range:
        return range(self._first, origin + YEARS_AHEAD + 1)

    def _cohorts(self, school: int | None, origin: int) -> Feed:
        """Return the children of the age of entry by autumn, as far as their births were known in the autumn ``origin``."""
        settings = self.inputs.settings
        values, gaps = {}, {}
        for year in self._years(origin):
            if year > origin + settings.entry_age:
                gaps[year] = "入学的孩子还没有全部出生"
                continue
            communities = self._communities(school, year)
            if not communities:
                gaps[year] = "没有登记出生人口" if school is None else "没有登记学区划片"
                continue
            total = Fraction()
            for community in communities:
                number = self._cohort(community, year)
                if isinstance(number, str):
                    gaps[year] = f"{community}{number}"
                    break
                total += number
            else:
                values[year] = total
        return Feed(values, gaps)

    def _cohort(self, community: str, year: int) -> Fraction | str:
        key = (community, year)
        if key not in self._cohorts_known:
            counts, settings = self.inputs.births.get(community, ()), self.inputs.settings
            self._cohorts_known[key] = cohort(counts, year, settings.entry_age, settings.entry_month)
        return self._cohorts_known[key]

    def _communities(self, school: int | None, year: int) -> list[str]:
        """Return the communities whose children enter a school in an autumn; of all schools, those with births."""
        if school is None:
            return sorted(self.inputs.births)
        zones = {
            community: owner for (stage, community), owner in self.inputs.zones.items() if stage == _PRIMARY
        }
        if year > self.inputs.base:
            zones |= self.moved
        return sorted(community for community, zone in zones.items() if zone == school)

    def _last_grades(self, stage: str, schools: Iterable[int | None], origin: int) -> Feed:
        """Return the pupils of the last grade of some schools a year before, by autumn."""
        values: dict[int, Fraction] = {}
        gaps: dict[int, str] = {}
        projections = [self.project(stage, school, origin) for school in schools]
        last = self._grades.get(stage, 1)
        for year in self._years(origin):
            numbers = [projection.numbers.get((last, year - 1)) for projection in projections]
            known = [number for number in numbers if number is not None]
            if len(known) == len(numbers):
                values[year] = sum(known, Fraction())
            else:
                reasons = [
                    projection.gaps[year - 1] for projection in projections if year - 1 in projection.gaps
                ]
                gaps[year] = reasons[0] if reasons else "没有上一年毕业年级的学生数"
        return Feed(values, gaps)
