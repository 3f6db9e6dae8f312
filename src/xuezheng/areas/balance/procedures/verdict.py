"""Judges the resources of the county: schools and stages by seven indicators, and their differences.

All functions are pure functions of :class:`Resources` and :class:`Standards` with exact numbers, so that
planned and hypothetical resources are judged like reported ones. Rule: 教督〔2017〕6号 — six of seven indicators
reach the standard and the rest 85% of it; each coefficient of variation of each stage is within its limit.
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
from xuezheng.figures import Status


class Level(Enum):
    """The level of an indicator of a school: the standard, 85% of it, or less is reached, or unreported."""

    REACHED = "达标"
    NEAR = "达到85%"
    BELOW = "低于85%"
    UNREPORTED = "没有报告"


@dataclass(frozen=True)
class Cell:
    """The value of an indicator, with the standard ``limit``, the least permitted ``floor``, and the level.

    ``value`` is None if it was not reported.
    """

    indicator: Indicator
    value: Fraction | None
    limit: Fraction
    floor: Fraction
    level: Level


@dataclass(frozen=True)
class SchoolVerdict:
    """The verdict on a school at a stage: seven indicators, of which ``needed`` must reach the standard."""

    row: Row
    cells: tuple[Cell, ...]
    needed: int

    @property
    def reached(self) -> int:
        """The number of indicators that reach their standard."""
        return self._count(Level.REACHED)

    @property
    def status(self) -> Status:
        """Whether the school passes; unreported only if the indicators not reported could still decide it."""
        unreported = self._count(Level.UNREPORTED)
        if self._count(Level.BELOW) or self.reached + unreported < self.needed:
            return Status.NOT_MET
        return Status.UNREPORTED if unreported else Status.MET

    def _count(self, level: Level) -> int:
        return sum(cell.level is level for cell in self.cells)


@dataclass(frozen=True)
class Variation:
    """The coefficient of variation of an indicator among the schools of a stage, weighted by pupils.

    With Pᵢ pupils and Xᵢ the value of school i: X̄ = ΣPᵢXᵢ/ΣPᵢ, S² = ΣPᵢ(Xᵢ − X̄)²/ΣPᵢ, CV = S/X̄. ``rows``
    are the schools that reported the indicator, ``missing`` those that did not.
    """

    indicator: Indicator
    stage: str
    limit: Fraction
    rows: tuple[Row, ...]
    missing: tuple[Row, ...]

    @cached_property
    def pupils(self) -> int:
        """The number of pupils of the schools that reported the indicator."""
        return sum(row.pupils for row in self.rows)

    @cached_property
    def mean(self) -> Fraction | None:
        """The mean over the county weighted by pupils; None if no school reported."""
        if not self.rows:
            return None
        return sum((self._value(row) * row.pupils for row in self.rows), Fraction(0)) / self.pupils

    @cached_property
    def squares(self) -> Mapping[Place, Fraction]:
        """What each school adds to the weighted sum of squares, ΣPᵢ(Xᵢ − X̄)², by (school, stage)."""
        mean = self.mean or Fraction(0)
        return {row.place: row.pupils * (self._value(row) - mean) ** 2 for row in self.rows}

    @property
    def square(self) -> Fraction | None:
        """The exact square of the coefficient; None if no school reported or the mean is zero."""
        if not self.mean:
            return None
        return sum(self.squares.values(), Fraction(0)) / self.pupils / self.mean**2

    @property
    def value(self) -> float | None:
        """The coefficient as a ratio; None if no school reported or the mean is zero."""
        return None if self.square is None else sqrt(self.square)

    @property
    def status(self) -> Status:
        """Whether the coefficient is at most its limit; unreported if any school did not report."""
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
    """The verdict on the resources of a county: its schools, and seven coefficients for each stage."""

    schools: tuple[SchoolVerdict, ...]
    variations: tuple[Variation, ...]

    @property
    def passes(self) -> bool:
        """Whether every school passes and every coefficient is within its limit, with everything reported.

        Coefficients of a stage without schools are ignored; False without any school.
        """
        parts: list[SchoolVerdict | Variation] = [
            *self.schools,
            *(each for each in self.variations if each.rows or each.missing),
        ]
        return bool(self.schools) and all(part.status is Status.MET for part in parts)

    def of(self, stage: str) -> list[SchoolVerdict]:
        """Return the verdicts on the schools of ``stage``, a code."""
        return [school for school in self.schools if school.row.stage == stage]


def judge(resources: Resources, standards: Standards) -> ResourceVerdict:
    """Judge resources, reported or hypothetical, by the standards of a year."""
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
