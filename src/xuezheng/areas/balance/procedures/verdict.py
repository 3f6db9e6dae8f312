"""The verdict on the resources of the county: each school and stage by seven indicators, and the differences between schools.

Pure functions of :class:`Resources` and :class:`Standards`, with exact numbers: what is planned or supposed is judged as what was reported.
Rule: 教督〔2017〕6号 — six of seven indicators reach the standard and the rest 85 % of it; each coefficient of each stage is within its limit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import cached_property
from math import sqrt

from xuezheng.areas.balance.procedures.resources import (
    INDICATORS,
    Indicator,
    Place,
    Resources,
    Row,
    Standards,
    reaches,
)
from xuezheng.areas.balance.rules import COMPULSORY


class Status(Enum):
    """Whether a requirement is met; what was not reported is neither met nor failed."""

    MET = "达到"
    NOT_MET = "没有达到"
    UNREPORTED = "没有报告"


class Level(Enum):
    """How far an indicator of a school is from its standard."""

    REACHED = "达标"
    NEAR = "达到85%"
    BELOW = "低于85%"
    UNREPORTED = "没有报告"


@dataclass(frozen=True)
class Cell:
    """An indicator of a school at a stage: its value, the standard, the least that any indicator must have, and the level."""

    indicator: Indicator
    value: Fraction | None
    limit: Fraction
    floor: Fraction
    level: Level


@dataclass(frozen=True)
class SchoolVerdict:
    """A school at a stage with its seven cells; ``status`` is that of passing as a whole."""

    row: Row
    cells: tuple[Cell, ...]
    needed: int

    @property
    def reached(self) -> int:
        """How many indicators reach their standard."""
        return self._count(Level.REACHED)

    @property
    def status(self) -> Status:
        """Failed where even what is not reported could not help."""
        unreported = self._count(Level.UNREPORTED)
        if self._count(Level.BELOW) or self.reached + unreported < self.needed:
            return Status.NOT_MET
        return Status.UNREPORTED if unreported else Status.MET

    def _count(self, level: Level) -> int:
        return sum(cell.level is level for cell in self.cells)


@dataclass(frozen=True)
class Variation:
    """The coefficient of variation of an indicator among the schools of a stage, weighted by pupils.

    With Pᵢ pupils and Xᵢ the value of school i: X̄ = ΣPᵢXᵢ/ΣPᵢ, S² = ΣPᵢ(Xᵢ − X̄)²/ΣPᵢ, CV = S/X̄. ``missing`` are the schools that did not report it.
    """

    indicator: Indicator
    stage: str
    limit: Fraction
    rows: tuple[Row, ...]
    missing: tuple[Row, ...]

    @cached_property
    def pupils(self) -> int:
        """The pupils of the schools that reported."""
        return sum(row.pupils for row in self.rows)

    @cached_property
    def mean(self) -> Fraction | None:
        """The mean of the county: its total divided by its pupils."""
        if not self.rows:
            return None
        return sum((self._value(row) * row.pupils for row in self.rows), Fraction(0)) / self.pupils

    @cached_property
    def squares(self) -> Mapping[Place, Fraction]:
        """What each school adds to the weighted sum of squares, by school and stage."""
        mean = self.mean or Fraction(0)
        return {row.place: row.pupils * (self._value(row) - mean) ** 2 for row in self.rows}

    @property
    def square(self) -> Fraction | None:
        """The coefficient squared, exact; None without schools or with a mean of zero."""
        if not self.mean:
            return None
        return sum(self.squares.values(), Fraction(0)) / self.pupils / self.mean**2

    @property
    def value(self) -> float | None:
        """The coefficient."""
        return None if self.square is None else sqrt(self.square)

    @property
    def status(self) -> Status:
        """Whether the coefficient is within its limit; unreported where any school's value is unknown."""
        if self.square is None or self.missing:
            return Status.UNREPORTED
        return Status.MET if self.square <= self.limit**2 else Status.NOT_MET

    def _value(self, row: Row) -> Fraction:
        value = row.value(self.indicator)
        if value is None:
            raise ValueError(f"{row.name} has no value")
        return value


@dataclass(frozen=True)
class ResourceVerdict:
    """The schools and the fourteen coefficients of a county."""

    schools: tuple[SchoolVerdict, ...]
    variations: tuple[Variation, ...]

    @property
    def passes(self) -> bool:
        """Whether every school passes and every coefficient of a stage with schools is within its limit, all of them known."""
        parts: list[SchoolVerdict | Variation] = [
            *self.schools,
            *(each for each in self.variations if each.rows or each.missing),
        ]
        return bool(self.schools) and all(part.status is Status.MET for part in parts)

    def of(self, stage: str) -> list[SchoolVerdict]:
        """Return the schools of a stage."""
        return [school for school in self.schools if school.row.stage == stage]


def judge(resources: Resources, standards: Standards) -> ResourceVerdict:
    """Judge what schools have, or would have, by the standards of a year."""
    rows = list(resources.rows(standards))
    return ResourceVerdict(
        tuple(_judge_school(row, standards) for row in rows),
        tuple(
            _variation(indicator, stage, [row for row in rows if row.stage == stage], standards)
            for stage in COMPULSORY
            for indicator in INDICATORS
        ),
    )


def _judge_school(row: Row, standards: Standards) -> SchoolVerdict:
    cells = []
    for indicator in INDICATORS:
        value, limit = row.value(indicator), standards.limit(indicator, row.stage)
        floor = limit * standards.floor
        cells.append(Cell(indicator, value, limit, floor, _level(value, limit, floor)))
    return SchoolVerdict(row, tuple(cells), standards.needed)


def _level(value: Fraction | None, limit: Fraction, floor: Fraction) -> Level:
    if value is None:
        return Level.UNREPORTED
    if reaches(value, limit):
        return Level.REACHED
    return Level.NEAR if reaches(value, floor) else Level.BELOW


def _variation(indicator: Indicator, stage: str, rows: Sequence[Row], standards: Standards) -> Variation:
    known = tuple(row for row in rows if row.value(indicator) is not None)
    missing = tuple(row for row in rows if row.value(indicator) is None)
    return Variation(indicator, stage, standards.variation[stage], known, missing)
