"""The ratio method by which pupils of coming years are forecast, and the errors that it made in the past.

Entrants are births times a mean rate of entry, each later grade is the grade below a year before times a mean rate of progression. Everything is exact;
a number is rounded only where it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

#: The number of years that are forecast.
YEARS_AHEAD = 10
_MONTHS = 12


@dataclass(frozen=True)
class BirthCount:
    """The births from the first day of a month to the last day of a month, both included."""

    starts_on: date
    ends_on: date
    births: int

    @property
    def months(self) -> range:
        """The months of the count, each as the number of months since the year 0."""
        return range(_month_number(self.starts_on), _month_number(self.ends_on) + 1)


@dataclass(frozen=True)
class Feed:
    """What the first grade draws on: a number by autumn, and in Chinese why that of another autumn is unknown."""

    values: Mapping[int, Fraction]
    gaps: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """The grades of a stage, in one school or in all: the pupils by (grade, autumn), and the feed as it was known in an autumn.

    ``entry`` is the Chinese name of the rate of those who enter the first grade.
    """

    grades: int
    rolls: Mapping[tuple[int, int], int]
    feed: Callable[[int], Feed]
    entry: str = "入学率"


@dataclass(frozen=True)
class Rate:
    """A rate as the mean of those of single autumns: by autumn the number that came, and the number that could have come."""

    title: str
    years: Mapping[int, tuple[Fraction, Fraction]]

    @property
    def value(self) -> Fraction | None:
        """The mean; None where no autumn has a rate. Where nobody could come and nobody came, it is zero."""
        rates = [came / base for came, base in self.years.values() if base]
        if rates:
            return sum(rates, Fraction()) / len(rates)
        return Fraction() if self.years and not any(came for came, _ in self.years.values()) else None


@dataclass(frozen=True)
class Projection:
    """The pupils of a chain by (grade, autumn), known and forecast as of the autumn ``origin``, and the rates behind them.

    ``gaps`` says in Chinese, by autumn, why not all grades are known.
    """

    origin: int
    rates: tuple[Rate, ...]
    feed: Feed
    numbers: Mapping[tuple[int, int], Fraction]
    gaps: Mapping[int, str]

    def entrants(self, year: int) -> Fraction | None:
        """Return the pupils of the first grade; None where they are unknown."""
        return self.numbers.get((1, year))

    def roll(self, year: int) -> Fraction | None:
        """Return the pupils of all grades; None where those of any grade are unknown."""
        grades = [self.numbers.get((grade, year)) for grade in range(1, len(self.rates) + 1)]
        known = [number for number in grades if number is not None]
        return sum(known, Fraction()) if len(known) == len(grades) else None


#: What is forecast and compared with what came: by name, the number of a projection in an autumn.
MEASURES: Mapping[str, Callable[[Projection, int], Fraction | None]] = {
    "entrants": Projection.entrants,
    "roll": Projection.roll,
}


@dataclass(frozen=True)
class PastError:
    """A forecast made as of the autumn ``origin`` for a later ``year``, and the number that came."""

    origin: int
    year: int
    forecast: Fraction
    actual: Fraction

    @property
    def share(self) -> Fraction:
        """By what share of the forecast the number was larger; negative where it was smaller."""
        return self.actual / self.forecast - 1


@dataclass(frozen=True)
class BackTest:
    """The errors of forecasts made in the past for autumns that are known by now."""

    errors: tuple[PastError, ...]

    @cached_property
    def by_distance(self) -> dict[int, list[PastError]]:
        """The errors by the number of years from the origin to the forecast autumn."""
        distances: dict[int, list[PastError]] = {}
        for error in self.errors:
            distances.setdefault(error.year - error.origin, []).append(error)
        return dict(sorted(distances.items()))

    def count(self, distance: int) -> int:
        """Return how many forecasts so many years ahead there were."""
        return len(self.by_distance.get(distance, ()))

    def mean_share(self, distance: int) -> Fraction | None:
        """Return the mean of the errors' shares without their signs; None without any."""
        shares = [abs(error.share) for error in self.by_distance.get(distance, ())]
        return sum(shares, Fraction()) / len(shares) if shares else None

    def largest_share(self, distance: int) -> Fraction | None:
        """Return the largest of the errors' shares without their signs; None without any."""
        return max((abs(error.share) for error in self.by_distance.get(distance, ())), default=None)

    def interval(self, estimate: Fraction, distance: int, fewest: int) -> tuple[Fraction, Fraction] | None:
        """Return the forecast less and plus the largest share by which forecasts so many years ahead were wrong.

        None where there were fewer than ``fewest`` of them.
        """
        largest = self.largest_share(distance)
        if largest is None or self.count(distance) < fewest:
            return None
        return max(Fraction(), estimate * (1 - largest)), estimate * (1 + largest)


def round_half_up(number: Fraction) -> int:
    """Return a number that is not negative as a whole one."""
    return int(number + Fraction(1, 2))


def cohort(counts: Iterable[BirthCount], year: int, age: int, month: int) -> Fraction | str:
    """Return the children who reach an age in the twelve months before the first day of a month of a year.

    A count is spread evenly over its months, so that of a calendar year a third or two thirds fall on either side of 1 September. Where a month is in
    no count, or in two, the answer is a Chinese sentence.
    """
    first = (year - age - 1) * _MONTHS + month - 1
    shares: dict[int, list[Fraction]] = {number: [] for number in range(first, first + _MONTHS)}
    for count in counts:
        for number in count.months:
            if number in shares:
                shares[number].append(Fraction(count.births, len(count.months)))
    for number, months in shares.items():
        if len(months) != 1:
            state = "登记了两次" if months else "没有登记"
            return f"{number // _MONTHS}年{number % _MONTHS + 1}月的出生人口{state}"
    return sum((months[0] for months in shares.values()), Fraction())


def project(chain: Chain, origin: int, ratio_years: int) -> Projection:
    """Forecast a chain from what was known in the autumn ``origin``, by the mean rates of the ``ratio_years`` autumns up to it."""
    feed = chain.feed(origin)
    numbers = {place: Fraction(number) for place, number in chain.rolls.items() if place[1] <= origin}
    recent = range(origin - ratio_years + 1, origin + 1)
    grades = {
        grade: {year: number for (of_grade, year), number in numbers.items() if of_grade == grade}
        for grade in range(1, chain.grades + 1)
    }
    rates = [_rate(chain.entry, grades[1], feed.values, recent)]
    for below, grade in pairwise(grades):
        a_year_on = {year + 1: number for year, number in grades[below].items()}
        rates.append(_rate(f"{below}升{grade}年级", grades[grade], a_year_on, recent))
    gaps: dict[int, str] = {}
    for year in range(origin + 1, origin + YEARS_AHEAD + 1):
        for grade, rate in enumerate(rates, 1):
            base = feed.values.get(year) if grade == 1 else numbers.get((grade - 1, year - 1))
            if base is None:
                reason = feed.gaps.get(year, "没有登记可推算的人数") if grade == 1 else gaps.get(year - 1, "")
                gaps.setdefault(year, reason or f"没有上一年{grade - 1}年级的学生数")
            elif rate.value is None:
                gaps.setdefault(year, f"{recent[0]}—{origin}年没有可计算的{rate.title}")
            else:
                numbers[grade, year] = base * rate.value
    return Projection(origin, tuple(rates), feed, numbers, gaps)


def back_test(chain: Chain, last: int, ratio_years: int, measure: str) -> BackTest:
    """Return what the method would have forecast of a measure in each autumn before ``last``, beside the known numbers up to ``last``.

    Only autumns count in which every rate was the mean of the full number of years.
    """
    actual_of = MEASURES[measure]
    actual = project(chain, last, ratio_years)
    first = min((year for _, year in chain.rolls), default=last)
    errors = []
    for origin in range(first, last):
        projection = project(chain, origin, ratio_years)
        rates = projection.rates[:1] if measure == "entrants" else projection.rates
        if any(len(rate.years) < ratio_years for rate in rates):
            continue
        for year in range(origin + 1, min(last, origin + YEARS_AHEAD) + 1):
            forecast, number = actual_of(projection, year), actual_of(actual, year)
            if forecast and number is not None:
                errors.append(PastError(origin, year, forecast, number))
    return BackTest(tuple(errors))


def warning_level(use: Fraction, limits: Mapping[str, Fraction]) -> str:
    """Return ``red``, ``orange``, ``yellow``, ``ample`` or ``surplus`` for the pupils divided by the places.

    ``limits`` are those of policy: above red; from orange, from yellow on; below surplus.
    """
    if use > limits["red"]:
        return "red"
    if use >= limits["orange"]:
        return "orange"
    if use >= limits["yellow"]:
        return "yellow"
    return "surplus" if use < limits["surplus"] else "ample"


def _rate(title: str, came: Mapping[int, Fraction], base: Mapping[int, Fraction], years: range) -> Rate:
    return Rate(title, {year: (came[year], base[year]) for year in years if year in came and year in base})


def _month_number(day: date) -> int:
    return day.year * _MONTHS + day.month - 1
