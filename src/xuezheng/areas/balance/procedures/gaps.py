"""Computes what each school lacks to its standards, and how much it adds to the differences of schools."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

from xuezheng.areas.balance.procedures.resources import ALL_STAGES, Indicator, Row, least
from xuezheng.areas.balance.procedures.verdict import Cell, Level, ResourceVerdict, SchoolVerdict, Variation


@dataclass(frozen=True)
class Gap:
    """What a school lacks in an indicator at a stage, in units of the resource, such as teachers.

    ``to_limit`` is the amount lacking to the standard, ``to_floor`` that to the least permitted share of it
    (85%). For resources shared by the stages of a school, the amounts are those to add to the whole school,
    of which only a share counts for the stage.
    """

    row: Row
    cell: Cell
    to_limit: Fraction
    to_floor: Fraction

    @property
    def indicator(self) -> Indicator:
        """The indicator in which the school lacks something."""
        return self.cell.indicator


@dataclass(frozen=True)
class Push:
    """How much a school adds to a coefficient of variation.

    ``part`` is its share of Σ Pᵢ (Xᵢ − X̄)², between 0 and 1. ``without`` is the coefficient if the school
    had the mean of the others, None if it cannot be computed.
    """

    row: Row
    value: Fraction
    mean: Fraction
    part: Fraction
    without: float | None


def gaps(verdict: ResourceVerdict) -> list[Gap]:
    """Return a gap for each indicator of a school below its standard, school by school.

    Unreported ones are left out.
    """
    return [
        Gap(school.row, cell, lacking(school.row, cell, cell.limit), lacking(school.row, cell, cell.floor))
        for school in verdict.schools
        for cell in school.cells
        if cell.level in (Level.NEAR, Level.BELOW)
    ]


def lacking(row: Row, cell: Cell, limit: Fraction) -> Fraction:
    """Return the amount to add at a school to reach ``limit``, rounded up to whole units or hundredths.

    0 if none. For a shared resource it is the amount for the whole school. Raises ``ValueError`` if the
    school has no value.
    """
    indicator, has = cell.indicator, row.amounts[cell.indicator.key]
    if has is None:
        raise ValueError(f"{row.name} has no value")
    lack = max(least(indicator, limit, row.pupils) - has, Fraction(0))
    return round_up(lack / row.share if indicator.shared else lack, indicator)


def round_up(amount: Fraction, indicator: Indicator) -> Fraction:
    """Return an amount rounded up to whole units of the resource, or hundredths of a square metre or yuan."""
    unit = Fraction(1) if indicator.integer else Fraction(1, 100)
    return -(-amount // unit) * unit


def fill_every_gap(verdict: ResourceVerdict) -> dict[tuple[int, str, str], Fraction]:
    """Return the additions that bring every indicator to its standard, as a simple plan to compare with.

    The keys are (school, stage or ``ALL_STAGES``, key of the indicator). For a shared resource, the stage
    that lacks most decides.
    """
    additions: dict[tuple[int, str, str], Fraction] = {}
    for gap in gaps(verdict):
        stage = ALL_STAGES if gap.indicator.shared else gap.row.stage
        key = (gap.row.school, stage, gap.indicator.key)
        additions[key] = max(additions.get(key, Fraction(0)), gap.to_limit)
    return additions


def pushes(variation: Variation) -> list[Push]:
    """Return how much each school adds to a coefficient, largest first; [] if the schools do not differ."""
    mean, total = variation.mean, sum(variation.squares.values(), Fraction(0))
    if mean is None or not total:
        return []
    result = []
    for row in variation.rows:
        value = row.value(variation.indicator)
        if value is not None:
            part = variation.squares[row.place] / total
            result.append(Push(row, value, mean, part, _at_the_mean(variation, row)))
    return sorted(result, key=lambda push: -push.part)


def _at_the_mean(variation: Variation, row: Row) -> float | None:
    """Return the coefficient if a school had the mean of the others: in closed form, S² and X̄ without its pupils, weighted with them."""
    mean, value = variation.mean, row.value(variation.indicator)
    if mean is None or value is None:
        return None
    others = variation.pupils - row.pupils
    if not others:
        return 0.0
    total = mean * variation.pupils - value * row.pupils
    mean_of_others = total / others
    if not mean_of_others:
        return None
    squares = sum(variation.squares.values(), Fraction(0)) - variation.squares[row.place]
    # About the others' own mean instead of the county's: the shift theorem.
    squares -= others * (mean_of_others - mean) ** 2
    return sqrt(squares / variation.pupils) / float(mean_of_others)


def failing_schools(verdict: ResourceVerdict) -> list[SchoolVerdict]:
    """Return the schools that fail, and those whose result is unknown because something was not reported."""
    return [school for school in verdict.schools if school.status.name != "MET"]
