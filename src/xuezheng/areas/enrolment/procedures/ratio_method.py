"""Forecasts pupils by the ratio method, and measures the errors that the method would have made in the past.

Entrants are births (or the last grade of the stage below) times a mean rate of entry; each later grade is the
grade below a year earlier times a mean rate of progression. All numbers are exact fractions, rounded only for
display.
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
    """The number of births in a period of whole months, from ``starts_on`` to ``ends_on``, both included."""

    starts_on: date
    ends_on: date
    births: int

    @property
    def months(self) -> range:
        """The months of the count, each as year times 12 plus month minus 1."""
        return range(_month_number(self.starts_on), _month_number(self.ends_on) + 1)


@dataclass(frozen=True)
class Feed:
    """The numbers of children from which a first grade is computed, by autumn (a year).

    They are the children of the age of entry, or the last grade of the stage below a year earlier. ``gaps``
    says in Chinese why the number of another autumn is unknown.
    """

    values: Mapping[int, Fraction]
    gaps: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chain:
    """The grades of a stage, in one school or all together, with the source of the first grade.

    ``grades`` is their number; ``rolls`` has the registered pupils by (grade, autumn). ``feed`` takes the
    year of an autumn, and returns the numbers for the first grade as far as they were known in that autumn.
    ``entry`` is the Chinese name of the rate by which these numbers are multiplied.
    """

    grades: int
    rolls: Mapping[tuple[int, int], int]
    feed: Callable[[int], Feed]
    entry: str = "入学率"


@dataclass(frozen=True)
class Rate:
    """The rate of entry or of progression to a grade, averaged over several autumns.

    ``title`` is its Chinese name. ``years`` has, by autumn, (pupils who came, pupils or children who could
    have come); autumns in which either is unknown are left out.
    """

    title: str
    years: Mapping[int, tuple[Fraction, Fraction]]

    @property
    def value(self) -> Fraction | None:
        """The mean of the rates of the single autumns, each with the same weight, such as 49/50 for 98 percent.

        Autumns in which nobody could have come are left out. If that is so in all, the rate is 0 if nobody
        came either, else None; it is None without any autumn.
        """
        rates = [came / base for came, base in self.years.values() if base]
        if rates:
            return sum(rates, Fraction()) / len(rates)
        return Fraction() if self.years and not any(came for came, _ in self.years.values()) else None


@dataclass(frozen=True)
class Projection:
    """The pupils of a chain by (grade, autumn), known up to the autumn ``origin`` and forecast after it.

    ``numbers`` lacks what is unknown; ``gaps`` says in Chinese, by autumn, why not all grades can be
    forecast. ``rates`` has the rate by which each grade was computed, in the order of the grades, and
    ``feed`` the numbers for the first grade.
    """

    origin: int
    rates: tuple[Rate, ...]
    feed: Feed
    numbers: Mapping[tuple[int, int], Fraction]
    gaps: Mapping[int, str]

    def entrants(self, year: int) -> Fraction | None:
        """Return the pupils of the first grade in the autumn of ``year``; None if unknown."""
        return self.numbers.get((1, year))

    def roll(self, year: int) -> Fraction | None:
        """Return the pupils of all grades in the autumn of ``year``; None if any grade is unknown."""
        grades = [self.numbers.get((grade, year)) for grade in range(1, len(self.rates) + 1)]
        known = [number for number in grades if number is not None]
        return sum(known, Fraction()) if len(known) == len(grades) else None


#: The numbers whose past errors are measured: by name, the function that reads one of a projection for an autumn.
MEASURES: Mapping[str, Callable[[Projection, int], Fraction | None]] = {
    "entrants": Projection.entrants,
    "roll": Projection.roll,
}


@dataclass(frozen=True)
class PastError:
    """The error of one forecast: made as of the autumn ``origin`` for the later autumn ``year``, with what came.

    ``forecast`` and ``actual`` are numbers of pupils.
    """

    origin: int
    year: int
    forecast: Fraction
    actual: Fraction

    @property
    def share(self) -> Fraction:
        """The error as a share of the forecast: 1/20 if five percent more pupils came, negative if fewer did."""
        return self.actual / self.forecast - 1


@dataclass(frozen=True)
class BackTest:
    """The errors that forecasts made as of earlier autumns have, compared with the numbers known by now."""

    errors: tuple[PastError, ...]

    @cached_property
    def by_distance(self) -> dict[int, list[PastError]]:
        """The errors by how many years ahead the forecast was made, ascending."""
        distances: dict[int, list[PastError]] = {}
        for error in self.errors:
            distances.setdefault(error.year - error.origin, []).append(error)
        return dict(sorted(distances.items()))

    def count(self, distance: int) -> int:
        """Return the number of errors of forecasts made ``distance`` years ahead."""
        return len(self.by_distance.get(distance, ()))

    def mean_share(self, distance: int) -> Fraction | None:
        """Return the mean error of forecasts made ``distance`` years ahead, as a share of the forecast.

        Errors count without their sign: 1/20 is five percent too many or too few. None without any such
        forecast.
        """
        shares = [abs(error.share) for error in self.by_distance.get(distance, ())]
        return sum(shares, Fraction()) / len(shares) if shares else None

    def largest_share(self, distance: int) -> Fraction | None:
        """Return the largest error of forecasts made ``distance`` years ahead, as a share of the forecast.

        Errors count without their sign. None without any such forecast.
        """
        return max((abs(error.share) for error in self.by_distance.get(distance, ())), default=None)

    def interval(self, estimate: Fraction, distance: int, fewest: int) -> tuple[Fraction, Fraction] | None:
        """Return (lower bound, upper bound) of a number forecast as ``estimate`` for ``distance`` years ahead.

        The bounds differ from it by the largest relative error of past forecasts as far ahead; the lower is
        at least 0. None if there are fewer than ``fewest`` such errors.
        """
        largest = self.largest_share(distance)
        if largest is None or self.count(distance) < fewest:
            return None
        return max(Fraction(), estimate * (1 - largest)), estimate * (1 + largest)


def round_half_up(number: Fraction) -> int:
    """Return a non-negative number rounded to the nearest integer, halves up."""
    return int(number + Fraction(1, 2))


def cohort(counts: Iterable[BirthCount], year: int, age: int, month: int) -> Fraction | str:
    """Return how many children reach ``age`` in the twelve months before the first of ``month`` in ``year``.

    Each count is spread evenly over its months, so that one of a calendar year is divided 8 to 4 at 1
    September. If a month is in no count or in more than one, the result is a Chinese text that says so.
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
    """Forecast the ten autumns after ``origin`` from what was known in that autumn.

    Rates are means over the ``ratio_years`` autumns up to and including ``origin``.
    """
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
    """Forecast ``measure`` as of each earlier autumn, and compare with the numbers known by the autumn of ``last``.

    ``last`` is a calendar year. ``measure`` is "entrants" (pupils of the first grade) or "roll" (pupils of all
    grades). From each autumn with known numbers before ``last``, each later one up to ``last``, at most ten
    years ahead, is forecast as :func:`project` does, with rates averaged over ``ratio_years`` autumns. An
    autumn is left out as a start if one of these rates lacks some of those autumns; so is a forecast that is
    zero or not possible, or whose number is not known.
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
    """Return the warning level for ``use``, the ratio of pupils to places.

    It is "red" above ``limits["red"]``, "orange" or "yellow" at or above their limits, "surplus" below its
    limit, and otherwise "ample".
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
