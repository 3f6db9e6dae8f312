"""The checks of a table: rows and columns of totals, and lines computed from others, in both directions.

Which equations hold is concluded from names, positions and numbers: where most cells of a line fit a rule,
the others are reported, at the cell that explains most of what is broken.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from statistics import median

from xuezheng.proofing.computed_lines import NO_SUM, computed_lines
from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.equations import Cell, Equation, Explanation, Linear, explain
from xuezheng.proofing.grids import TOTAL, Table, places
from xuezheng.proofing.rounding import digits

_FAR, _NEAR = Decimal("0.6"), Decimal("0.15")
_WIDEST = 20  # columns; a wider table is a register, not a report's
_LONGEST = 300  # rows, likewise
_MOST = 100_000  # rows times totals: what has more is no table of a report


@dataclass(frozen=True)
class Comparison:
    """Cells of a table, as (row, column) from 0, that were compared; the first is the one computed from the others.

    ``discrepancy`` says how they disagree; None where they agree.
    """

    cells: tuple[Cell, ...]
    discrepancy: Discrepancy | None = None


def check_table(table: Table) -> Iterator[Comparison]:
    """Check the totals of a table and the lines computed from others, and yield each comparison of cells.

    Tables side by side in it are checked each on its own. Equations broken by the same cell are reported
    once, at that cell. A table without headings or with more than 20 numeric columns is not checked.
    """
    for block in table.blocks():
        yield from _check_block(block)


def _check_block(table: Table) -> Iterator[Comparison]:
    if not table.head or not table.rows or len(table.numeric) > _WIDEST:
        return
    equations: list[Equation] = []
    if len(table.rows) * len(table.totals) <= _MOST:
        equations += _columns(table)
    if len(table.rows) <= _LONGEST:
        equations += [*_families(table), *_row_totals(table), *computed_lines(table)]
    for equation in equations:
        if equation.is_kept:
            yield Comparison(_shifted(table, equation.cells))
    for explanation in explain(equations, partial(_measure_strangeness, table)):
        yield from _report(table, explanation)


def _shifted(table: Table, cells: Sequence[Cell]) -> tuple[Cell, ...]:
    return tuple((row, column + table.offset) for row, column in cells)


def _report(table: Table, explanation: Explanation) -> Iterator[Comparison]:
    """Yield what an explanation says of its equations: one discrepancy, at the cell, by the equation whose structure is surest."""
    sure = [equation for equation in explanation.equations if equation.certainty]
    is_explained = explanation.is_only and (len(explanation.equations) > 1 or explanation.typing_likeness)
    if not sure and not is_explained:
        return
    equation = min(
        sure or explanation.equations,
        key=lambda each: (each.certainty is not Certainty.CERTAIN, each.cells[0] != explanation.cell),
    )
    message = equation.describe(equation.expected or Decimal(0))
    place = explanation.cell if explanation.is_only else equation.cells[0]
    if place != equation.cells[0]:
        message += f"若其余各数无误，这一格应为{digits(explanation.value)}。"
    row, column = place
    yield Comparison(_shifted(table, equation.cells), Discrepancy(
        Rule.TABLE, equation.certainty or Certainty.LIKELY,
        f"{table.title}：“{table.row_name(row)}”行，“{table.column_name(column)}”列",
        tuple(dict.fromkeys(table.text(*cell) for cell in (place, *equation.cells))),
        message,
    ))  # fmt: skip
    for mended in explanation.equations:
        if mended is not equation:
            yield Comparison(_shifted(table, mended.cells))


def _measure_strangeness(table: Table, cell: Cell, value: Decimal) -> float:
    """Return how far a value of a cell is from what its row has in other columns, as other rows have it: the natural log of the factor."""
    row, column = cell
    if value <= 0 or len(table.rows) > _LONGEST:
        return 0.0
    distances = []
    for nearby in table.numeric:
        neighbour = table.cells.get((row, nearby))
        if nearby == column or not neighbour or neighbour <= 0:
            continue
        ratios = [
            math.log(table.cells[each, column] / table.cells[each, nearby])
            for each in table.rows
            if each != row
            and table.cells.get((each, column), 0) > 0
            and table.cells.get((each, nearby), 0) > 0
        ]
        if len(ratios) > 2:
            distances.append(abs(math.log(value / neighbour) - median(ratios)))
    return min(distances, default=0.0)


def _columns(table: Table) -> Iterator[Equation]:
    """Yield the equations of rows of totals: each is the sum of the rows before it, or after it; subtotals replace their rows."""
    for total in table.totals:
        readings = [tuple(rows) for rows in _readings(table, total) if len(rows) > 1]
        columns = [
            column
            for column in table.numeric
            if (total, column) in table.cells and not NO_SUM.search(table.headings[column])
        ]
        sums = {rows: [_sum_of_rows(table, total, column, rows) for column in columns] for rows in readings}
        if not sums:
            continue
        rows = max(sums, key=lambda rows: sum(each.is_kept for each in sums[rows]))
        proven = any(each.is_kept and each.values[0] for each in sums[rows])
        is_plain = len(table.totals) == 1 and not table.parts
        for equation in sums[rows]:
            if len(equation.cells) > 2:
                yield _weighed(equation, proven=proven, is_plain=is_plain)


def _weighed(equation: Equation, *, proven: bool, is_plain: bool) -> Equation:
    """Return an equation with how sure a breach is; a total within the range of its parts may be an average or a maximum.

    A ``proven`` total, whose other columns agree, may be off by more, and so may that of a table with one row of totals (``is_plain``).
    """
    total, *parts = equation.values
    off = abs((equation.expected or Decimal(0)) - total)
    is_between = min(parts) <= total <= max(parts)
    near = abs(total) * (_FAR if proven else _NEAR)
    if not is_between and off <= near:
        certainty: Certainty | None = Certainty.CERTAIN if proven else Certainty.LIKELY
    else:
        certainty = Certainty.LIKELY if not is_between and (proven or is_plain) else None
    return Equation(equation.cells, equation.values, equation.formula, certainty, equation.describe)


def _sum_of_rows(table: Table, total: int, column: int, rows: Sequence[int]) -> Equation:
    parts = table.column(column, list(rows))
    return Equation(
        ((total, column), *((row, column) for row, _ in parts)),
        (table.cells[total, column], *(value for _, value in parts)),
        Linear((Decimal(1),) * len(parts)),
        None,
        _says_sum(table.text(total, column)),
    )


def _says_sum(written: str) -> Callable[[Decimal], str]:
    return lambda expected: f"各项之和是{digits(expected)}，合计写的是{written}。"


def _readings(table: Table, total: int) -> list[list[int]]:
    """Return the possible sets of rows whose sum a row of totals may be."""
    rows = [row for row in table.rows if row not in table.parts and not NO_SUM.search(table.row_name(row))]
    totals = set(table.totals)
    data = [row for row in rows if row not in totals]
    last = max((row for row in table.totals if row < total), default=-1)
    following = min((row for row in table.totals if row > total), default=len(table.grid))
    return [
        [row for row in rows if last < row < total],
        [row for row in data if row < total],
        [row for row in table.subtotals if row < total],
        # A subtotal of some rows, and rows that belong to none.
        [row for row in rows if row < total and (row in table.subtotals or row > last)],
        # A total of this year, and what was left of the last: 本年收入合计, 年初结转, 总计.
        [row for row in rows if last <= row < total],
        [row for row in data if total < row < following],
        [row for row in data if row > total],
        [row for row in table.subtotals if row > total],
    ]


def _families(table: Table) -> Iterator[Equation]:
    """Yield the equations of rows that list the parts of the row above them: 其中, numbered within it, or of a longer code."""
    for parent, rows in table.families.items():
        sums = [
            _sum_of_rows(table, parent, column, rows)
            for column in table.numeric
            if (parent, column) in table.cells and any((row, column) in table.cells for row in rows)
        ]
        proven = any(each.is_kept and each.values[0] for each in sums)
        for equation in sums:
            yield _weighed(equation, proven=proven, is_plain=False)


def _row_totals(table: Table) -> Iterator[Equation]:
    """Yield the equations of columns that are the sum of others, with the same heading or beside it."""
    columns = [column for column in table.numeric if not NO_SUM.search(table.headings[column])]
    grouped = _grouped(table, columns)
    yield from grouped
    settled = {each.cells[0][1] for each in grouped}
    for total in columns:
        if total in settled:
            continue
        named = TOTAL.search(table.headings[total]) is not None
        sets = [tuple(parts) for parts in _parts_of(table, columns, total) if len(parts) > 1]
        fits = {parts: _partition_rows(table, total, parts) for parts in dict.fromkeys(sets)}
        if not fits:
            continue
        parts = max(fits, key=lambda parts: len(fits[parts][0]))
        good, bad = fits[parts]
        if len(good) < (2 if named else 3) or len(good) < len(bad) * (1 if named else 3):
            continue
        for row in (*good, *bad):
            yield _sum_of_columns(table, row, total, parts, Certainty.CERTAIN if named else Certainty.LIKELY)


def _grouped(table: Table, columns: Sequence[int]) -> list[Equation]:
    """Return the equations of columns that their headings say to be the total of the groups beside them: 合计·决算数 of 接待费·决算数 and others.

    They are taken where one of them, in any row, holds.
    """
    equations: list[Equation] = []
    for total in columns:
        path = table.headings[total].split("·")
        level = next((place for place, name in enumerate(path) if TOTAL.search(name)), None)
        if level is None:
            continue
        groups: dict[str, list[int]] = {}
        for column in columns:
            names = table.headings[column].split("·")
            if column == total or names[:level] != path[:level] or len(names) <= level:
                continue
            counts_alike = len(path) == level + 1 or names[-1] == path[-1]
            if counts_alike and not TOTAL.search(names[level]):
                groups.setdefault(names[level], []).append(column)
        parts = [column for group in groups.values() for column in _leading(table, group, level)]
        if len(parts) > 1 and any("·" in table.headings[column] for column in (total, *parts)):
            equations += [
                _sum_of_columns(table, row, total, parts, Certainty.LIKELY)
                for row in table.rows
                if not NO_SUM.search(table.row_name(row)) and (row, total) in table.cells
            ]
    agreeing = sum(1 for each in equations if each.is_kept and each.values[0])
    return equations if 2 * agreeing >= len(equations) or agreeing > 1 else []


def _leading(table: Table, group: Sequence[int], level: int) -> Sequence[int]:
    """Return the column of a group's own total; all its columns where it has none."""
    totals = [
        column
        for column in group
        if any(TOTAL.search(name) for name in table.headings[column].split("·")[level + 1 :])
    ]
    return totals[:1] or group


def _sum_of_columns(
    table: Table, row: int, total: int, parts: Sequence[int], certainty: Certainty
) -> Equation:
    present = [column for column in parts if (row, column) in table.cells]
    names = "、".join(table.column_name(column) for column in parts)
    return Equation(
        ((row, total), *((row, column) for column in present)),
        (table.cells[row, total], *(table.cells[row, column] for column in present)),
        Linear((Decimal(1),) * len(present)),
        certainty,
        _says_added(names, table.column_name(total), table.text(row, total)),
    )


def _parts_of(table: Table, columns: list[int], total: int) -> Iterator[list[int]]:
    """Yield the possible sets of columns whose sum a column may be: all others, those with the same last heading, those beside it."""
    others = [column for column in columns if column != total]
    leaf = _kind(table.headings[total])
    yield others
    yield [column for column in others if _kind(table.headings[column]) == leaf]
    yield [column for column in others if not TOTAL.search(table.headings[column])]
    place = columns.index(total)
    for length in range(2, len(columns)):
        yield columns[place + 1 : place + 1 + length]
        yield columns[max(place - length, 0) : place]


def _kind(heading: str) -> str:
    """Return what the columns of a heading count: the last heading of several, else its last two signs, 金额 of 春季金额（元）."""
    upper, _, leaf = heading.rpartition("·")
    return leaf if upper else leaf.partition("（")[0][-2:]


def _partition_rows(table: Table, total: int, parts: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the rows in which a column is the sum of others, and those in which it is not; rows of zeros count as neither."""
    good, bad = [], []
    for row in table.rows:
        if NO_SUM.search(table.row_name(row)):
            continue
        values = [table.cells[row, column] for column in parts if (row, column) in table.cells]
        if (row, total) not in table.cells or not any(values):
            continue
        total_value = table.cells[row, total]
        fine = places([*values, total_value])
        slack = Decimal(len(values)) / 2 / 10**fine if fine else Decimal(0)
        if abs(sum(values, Decimal(0)) - total_value) > slack:
            bad.append(row)
        elif sum(value != 0 for value in values) > 1:
            good.append(row)
    return good, bad


def _says_added(names: str, total: str, written: str) -> Callable[[Decimal], str]:
    return lambda expected: f"“{names}”相加是{digits(expected)}，“{total}”写的是{written}。"
