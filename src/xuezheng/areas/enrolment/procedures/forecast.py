"""The forecast of pupils and places for a stage of one school or the county, optionally with a scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

from xuezheng.areas.enrolment.procedures.chains import Chains
from xuezheng.areas.enrolment.procedures.forecast_inputs import STAGES, Capacity, Inputs
from xuezheng.areas.enrolment.procedures.ratio_method import (
    YEARS_AHEAD,
    BackTest,
    Chain,
    Projection,
    back_test,
    warning_level,
)
from xuezheng.records.models import Stage

#: The levels of warning from the most urgent on, with their Chinese names.
LEVELS: Mapping[str, str] = {
    "red": "红色",
    "orange": "橙色",
    "yellow": "黄色",
    "surplus": "富余",
    "ample": "正常",
}


@dataclass(frozen=True)
class Scenario:
    """Hypothetical changes, used in a forecast and never stored.

    ``added`` places (negative to remove) are added to the school, or county, and stage of the forecast from
    the autumn of ``from_year``, or from the next one if that is later. ``class_size`` replaces the registered
    pupils per class; None keeps them. ``moved`` maps communities to the key of the school to whose zone they
    would belong.
    """

    added: int = 0
    from_year: int = 0
    class_size: int | None = None
    moved: Mapping[str, int] = field(default_factory=dict)

    @property
    def changes(self) -> bool:
        """Whether the scenario differs from the registers in anything."""
        return bool(self.added or self.class_size or self.moved)


@dataclass(frozen=True)
class Line:
    """The numbers of one autumn in a forecast.

    ``known`` is whether the pupils are registered rather than forecast. ``entrants`` are the pupils of the
    first grade, ``roll`` those of all grades; both and ``places`` are None if unknown, with the reason in
    Chinese in ``gap`` and ``places_gap``. Each school has the places that were registered last by then;
    ``places_from`` is the earliest of these years. ``level`` is a key of ``LEVELS``, "" if unknown.
    """

    year: int
    known: bool
    entrants: Fraction | None
    roll: Fraction | None
    places: int | None
    places_from: int | None
    level: str
    gap: str
    places_gap: str

    @property
    def use(self) -> Fraction | None:
        """The pupils divided by the places, 1 if full; None if either is unknown or there are no places."""
        return self.roll / self.places if self.roll is not None and self.places else None


class Forecast:
    """The forecast of a stage for one school (primary key) or, with None, for all schools together.

    ``chains`` may be shared by forecasts of the same inputs and scenario, to avoid repeated computation.
    """

    def __init__(
        self,
        inputs: Inputs,
        stage: str,
        school: int | None = None,
        scenario: Scenario | None = None,
        chains: Chains | None = None,
    ) -> None:
        self.inputs = inputs
        self.stage = stage
        self.school = school
        self.scenario = scenario or Scenario()
        self._chains = chains or Chains(inputs, self.scenario.moved)

    @property
    def title(self) -> str:
        """The Chinese name of the school, or "全部学校", followed by that of the stage."""
        name = "全部学校" if self.school is None else self.inputs.schools.get(self.school, "")
        return f"{name} {Stage(self.stage).label}"

    @property
    def recent(self) -> range:
        """The autumns over which rates are averaged, as a range of years up to the last known one."""
        return range(self.inputs.base - self.inputs.settings.ratio_years + 1, self.inputs.base + 1)

    @cached_property
    def chain(self) -> Chain:
        """The grades of the stage with their known numbers and the source of the first grade."""
        return self._chains.chain(self.stage, self.school)

    @cached_property
    def projection(self) -> Projection:
        """The known and forecast numbers of pupils by grade and autumn, with the rates used."""
        return self._chains.project(self.stage, self.school, self.inputs.base)

    @cached_property
    def back_tests(self) -> dict[str, BackTest]:
        """The errors that the same method would have made in the past, for "entrants" and for "roll"."""
        settings = self.inputs.settings
        return {
            measure: back_test(self.chain, self.inputs.base, settings.ratio_years, measure)
            for measure in ("entrants", "roll")
        }

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of all known autumns and of the ten coming ones, in ascending order."""
        first = min((year for _, year in self.chain.rolls), default=self.inputs.base)
        return [self._line(year) for year in range(first, self.inputs.base + YEARS_AHEAD + 1)]

    @property
    def coming(self) -> list[Line]:
        """The lines of the ten autumns after the last known one, in ascending order."""
        return [line for line in self.lines if not line.known]

    @property
    def now(self) -> Line:
        """The line of the last autumn whose pupils are known."""
        return next(line for line in self.lines if line.year == self.inputs.base)

    @property
    def worst(self) -> Line | None:
        """The coming line with the most urgent warning level, the earliest of several.

        None if no level is known.
        """
        order = list(LEVELS)
        judged = [line for line in self.coming if line.level]
        return min(judged, key=lambda line: order.index(line.level), default=None)

    def _line(self, year: int) -> Line:
        known = year <= self.inputs.base
        entrants, roll = self.projection.entrants(year), self.projection.roll(year)
        places, places_from, places_gap = self._places(year)
        level = ""
        if roll is not None and places:
            level = warning_level(roll / places, self.inputs.settings.limits)
        gap = "" if roll is not None else self.projection.gaps.get(year, "没有登记各年级的学生数")
        return Line(year, known, entrants, roll, places, places_from, level, gap, places_gap)

    def interval(self, measure: str, line: Line) -> tuple[Fraction, Fraction] | None:
        """Return the lower and upper bound of a coming number of pupils; None if there is none.

        ``measure`` is "entrants" or "roll". There is none for a known or unknown number, or with too few past
        errors.
        """
        estimate = line.entrants if measure == "entrants" else line.roll
        if estimate is None or line.known:
            return None
        distance, fewest = line.year - self.inputs.base, self.inputs.settings.fewest_errors
        return self.back_tests[measure].interval(estimate, distance, fewest)

    def _places(self, year: int) -> tuple[int | None, int | None, str]:
        """Return the places of an autumn, the autumn of their registration, and in Chinese why they are unknown."""
        scenario, coming = self.scenario, year > self.inputs.base
        added = scenario.added if coming and year >= scenario.from_year else 0
        total, oldest, without = 0, None, []
        for school in self._schools_with_places():
            years = self.inputs.places.get((school, self.stage), {})
            registered = max((each for each in years if each <= year), default=None)
            if registered is None:
                rolls = self.inputs.rolls.get((school, self.stage), {})
                if _has_pupils(rolls, min(year, self.inputs.base)):
                    without.append(self.inputs.schools.get(school, ""))
                continue
            capacity = years[registered]
            if coming and scenario.class_size:
                capacity = Capacity(capacity.classes, scenario.class_size)
            total += capacity.classes * capacity.class_size
            oldest = registered if oldest is None else min(oldest, registered)
        if without:
            more = f"等{len(without)}所学校" if len(without) > 1 else ""
            return None, None, f"{without[0]}{more}没有登记学位"
        if oldest is None and not added:
            return None, None, "没有登记学位"
        return total + added, oldest, ""

    def _schools_with_places(self) -> list[int]:
        if self.school is not None:
            return [self.school]
        schools = {
            school for school, stage in (*self.inputs.rolls, *self.inputs.places) if stage == self.stage
        }
        return sorted(schools)


def forecasts(inputs: Inputs) -> Iterator[Forecast]:
    """Yield the forecast of each stage for the county, then those of single schools, by stage and name.

    Left out are stages and schools without a pupil in the last known autumn, and single schools in the senior
    stage.
    """
    chains = Chains(inputs, {})
    taught = {place for place, numbers in inputs.rolls.items() if _has_pupils(numbers, inputs.base)}
    for stage in STAGES:
        if any(stage == taught_stage for _, taught_stage in taught):
            yield Forecast(inputs, stage, chains=chains)
    names = inputs.schools
    for school, stage in sorted(taught, key=lambda place: (STAGES.index(place[1]), names.get(place[0], ""))):
        if stage != Stage.SENIOR:
            yield Forecast(inputs, stage, school, chains=chains)


def _has_pupils(numbers: Mapping[tuple[int, int], int], year: int) -> bool:
    return any(number for (_, autumn), number in numbers.items() if autumn == year)
