"""The cells of a statistical table, each computed from the answers of a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import product

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Figure, catalogue
from xuezheng.records.models import School, Term
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.declarations import Line, StatisticalTable

#: The row and the column of a cell, by their codes.
Place = tuple[str, str]


@dataclass(frozen=True)
class Cell:
    """One cell: its number, and the answers of which it is the sum.

    If there is no number, ``value`` is None and ``missing`` is the reason in Chinese.
    """

    value: int | None
    missing: str = ""
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True)
class FilledTable:
    """A table with the numbers computed for a day, for one school or, if ``school`` is None, for all.

    ``cells`` has every cell by (code of the row, code of the column).
    """

    table: StatisticalTable
    day: date
    school: School | None
    cells: Mapping[Place, Cell]

    @property
    def scope(self) -> str:
        """The name of the school, or 全部学校."""
        return str(self.school) if self.school else "全部学校"

    @cached_property
    def numbers(self) -> dict[Place, int]:
        """The numbers of the cells that have one, by place."""
        return {place: cell.value for place, cell in self.cells.items() if cell.value is not None}


def counting_day(year: int) -> date:
    """Return the day to which the statistics of a year refer, by the terms that are registered now."""
    code = f"{year}秋"
    return counting_day_among(year, dict(Term.objects.filter(code=code).values_list("code", "starts_on")))


def counting_day_among(year: int, starts: Mapping[str, date]) -> date:
    """Return the day to which the statistics of a year refer; ``starts`` has the first days of terms by their code.

    It is the first day of the autumn term if that is between 25 August and 10 September, else 1 September.
    """
    first = date(year, 9, 1)
    day = starts.get(f"{year}秋", first)
    return day if date(year, 8, 25) <= day <= date(year, 9, 10) else first


def first_known_day() -> date | None:
    """Return the first day of the earliest registered term, from which the registers are kept.

    Returns None without terms. Persons who had left before that day are in no register.
    """
    return Term.objects.order_by("starts_on").values_list("starts_on", flat=True).first()


def fill(table: StatisticalTable, snapshot: Snapshot, day: date, school: School | None = None) -> FilledTable:
    """Compute every cell of a table from a snapshot, as of a day; cells without a number have the reason.

    ``school`` restricts the table to one school; None means all schools.
    """
    cells = {
        (row.code, column.code): _cell(table, row, column, snapshot, day, school)
        for row in table.rows
        for column in table.columns
    }
    return FilledTable(table, day, school, cells)


def fill_places(
    table: StatisticalTable, places: Iterable[Place], snapshot: Snapshot, day: date, school: School | None
) -> dict[Place, int]:
    """Return the numbers of some cells of a table, by place; those without a number are absent.

    The other parameters are those of :func:`fill`.
    """
    rows, columns = ({line.code: line for line in lines} for lines in (table.rows, table.columns))
    cells = {
        (row, column): _cell(table, rows[row], columns[column], snapshot, day, school)
        for row, column in places
    }
    return {place: cell.value for place, cell in cells.items() if cell.value is not None}


def _cell(
    table: StatisticalTable, row: Line, column: Line, snapshot: Snapshot, day: date, school: School | None
) -> Cell:
    if missing := row.missing or column.missing:
        return Cell(None, missing)
    usual = column.figure or table.figure
    figure = _figure(row.instead.get(usual, usual))
    last_year = column.over == "last_year"
    period = Period.parse(f"{day.year - 1}-{day.year}" if last_year else str(day))
    where = {**({} if last_year else table.where), **column.where}
    if any(where.get(name, value) != value for name, value in row.where.items()):
        return Cell(0)  # girls among boys
    where |= row.where
    if column.entrants:
        where["stage_year"] = str(day.year)
    if school is not None:
        where["from_school" if last_year else "school"] = str(school.pk)
    where = {row.instead.get(name, name): value for name, value in where.items()}
    ages = row.ages or column.ages
    if unknown := [name for name in (*where, *(["cohort"] if ages else [])) if name not in figure.by]:
        return Cell(None, f"“{figure.label}”不能按{'、'.join(unknown)}分")
    if gap := figure.gap(snapshot, where):
        return Cell(None, gap)
    for part in (*table.unless, *row.unless, *column.unless):
        if count := _sum(_answers(figure, snapshot, period, day, {**where, **part.where}, ages)):
            return Cell(None, part.reason.format(count=count))
    answers = _answers(figure, snapshot, period, day, where, ages)
    value = _sum(answers)
    # A cell without anybody is zero where somebody is on the roll, or graduated, and somebody belongs to the group.
    for needed in (_figure(usual), _figure(row.instead.get(table.figure, usual))):
        if value == 0 and needed.at(snapshot, period).value is None:
            return Cell(None, f"{period.label}没有登记{needed.label}")
    return Cell(value, "", tuple(answers))


def _answers(
    figure: Figure,
    snapshot: Snapshot,
    period: Period,
    day: date,
    where: Mapping[str, str | tuple[str, ...]],
    ages: tuple[int | None, int | None] | None,
) -> list[Answer]:
    """Return the answers of a figure for each combination of the values in ``where``, of the given ages only."""
    several = ((value,) if isinstance(value, str) else value for value in where.values())
    slices = [dict(zip(where, values, strict=True)) for values in product(*several)]
    if ages is None:
        return [figure.at(snapshot, period, **each) for each in slices]
    return [
        answer
        for each in slices
        for answer in figure.per(snapshot, period, "cohort", **each)
        if answer.slice["cohort"] and _is_of_age(day.year - int(answer.slice["cohort"]), ages)
    ]


def _sum(answers: Iterable[Answer]) -> int:
    return sum(int(answer.value or 0) for answer in answers)


def _figure(key: str) -> Figure:
    figure = catalogue.figure(key)
    if not isinstance(figure, Figure):
        raise TypeError(f"{key} is no plain figure")
    return figure


def _is_of_age(age: int, ages: tuple[int | None, int | None]) -> bool:
    lowest, highest = ages
    return (lowest is None or lowest <= age) and (highest is None or age <= highest)
