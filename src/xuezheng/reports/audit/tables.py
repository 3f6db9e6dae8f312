"""The rules held against a table: rows and columns of totals, products, shares and averages.

Which columns belong together is taken from the numbers: where most rows fit a rule, the others are wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import permutations

from xuezheng.reports.audit.grids import TOTAL, Table, places
from xuezheng.reports.audit.reading import Grid
from xuezheng.reports.audit.rounding import digits, rounded
from xuezheng.reports.audit.slips import Certainty, Rule, Slip

#: Columns whose numbers are not to be added.
_NO_SUM = re.compile("率|比|均|占|标准|单价|%|％|‰|分数|年龄|指数|系数|得分|人次累计|累计")
_RATE = re.compile("标准|单价|均|每|元[/／]")
_AMOUNT = re.compile("金额|资金|经费|补助|合计|小计|总")
_SHARE, _AVERAGE = re.compile("率|占|比例|比重|%|％"), re.compile("均|比")
_STANDARD = re.compile(r"(?P<standard>[0-9]+(?:\.[0-9]+)?)元")
_FAR, _NEAR = Decimal("0.6"), Decimal("0.15")
_WIDEST = 24  # columns; a wider table is a register, not a report's
Test = Callable[[int], Decimal | None]


def check_table(title: str, grid: Grid) -> Iterator[Slip]:
    """Hold every rule against one table; a row is told once."""
    table = Table(title, grid)
    if not table.head or len(table.rows) < 2 or len(table.numeric) > _WIDEST:
        return
    yield from _columns(table)
    rules = (_row_totals, _products, _standards, _quotients, _shares_of_total)
    told = set()
    for rule in rules:
        for row, column, slip in rule(table):
            if (row, column) not in told:
                told.add((row, column))
                yield slip


Found = Iterator[tuple[int, int, Slip]]


def _columns(table: Table) -> Iterator[Slip]:
    """A row of totals is the sum of the rows before it, or after it; subtotals stand for their rows."""
    for total in table.totals:
        readings = [rows for rows in _readings(table, total) if len(rows) > 1]
        if not readings:
            continue
        columns = [
            column
            for column in table.numeric
            if (total, column) in table.cells and not _NO_SUM.search(table.headings[column])
        ]
        offs = {
            rows: {column: _off(table, total, column, rows) for column in columns}
            for rows in map(tuple, readings)
        }
        rows = max(offs, key=lambda rows: sum(off == 0 for off in offs[rows].values()))
        proven = any(off == 0 and table.cells[total, column] for column, off in offs[rows].items())
        for column, off in offs[rows].items():
            parts = table.column(column, list(rows))
            if off and len(parts) > 1 and _may_be_wrong(table.cells[total, column], off, parts, proven=proven):
                yield Slip(
                    Rule.TABLE, Certainty.CERTAIN if proven else Certainty.LIKELY,
                    f"{table.title}：“{table.column_name(column)}”列，“{table.row_name(total)}”行",
                    (table.told(total, column), *(table.told(row, column) for row, _ in parts)),
                    f"各项之和是{digits(table.cells[total, column] + off)}，合计写的是{table.told(total, column)}。",
                )  # fmt: skip


def _readings(table: Table, total: int) -> list[list[int]]:
    """Which rows a total may be the sum of."""
    before = [row for row in table.rows if row < total]
    last = max((row for row in table.totals if row < total), default=-1)
    following = min((row for row in table.totals if row > total), default=len(table.grid))
    return [
        [row for row in before if row > last],
        [row for row in table.data if row < total],
        [row for row in table.subtotals if row < total],
        # A subtotal of some rows, and rows that belong to none.
        [row for row in table.rows if row < total and (row in table.subtotals or row > last)],
        [row for row in table.data if total < row < following],
        [row for row in table.data if row > total],
        [row for row in table.subtotals if row > total],
    ]


def _off(table: Table, total: int, column: int, rows: Sequence[int]) -> Decimal:
    """By how much the parts of a column miss its total, beyond what rounding explains."""
    values = [value for _, value in table.column(column, list(rows))]
    off = sum(values, Decimal(0)) - table.cells[total, column]
    fine = places([*values, table.cells[total, column]])
    return Decimal(0) if fine and abs(off) <= Decimal(len(values)) / 2 / 10**fine else off


def _may_be_wrong(
    total: Decimal, off: Decimal, parts: Sequence[tuple[int, Decimal]], *, proven: bool
) -> bool:
    """Whether a total is meant to be the sum: an average, a maximum or a running total lies within its parts."""
    if total <= max(value for _, value in parts) and len(parts) > 1:
        return False
    return abs(off) <= abs(total) * (_FAR if proven else _NEAR)


def _row_totals(table: Table) -> Found:
    """A column is the sum of others: those of one heading, or those beside it."""
    columns = [column for column in table.numeric if not _NO_SUM.search(table.headings[column])]
    for total in columns:
        named = TOTAL.search(table.headings[total]) is not None
        sets = [tuple(parts) for parts in _parts_of(table, columns, total) if len(parts) > 1]
        fits = {parts: _fit(table, total, parts) for parts in dict.fromkeys(sets)}
        if not fits:
            continue
        parts = max(fits, key=lambda parts: len(fits[parts][0]))
        good, bad = fits[parts]
        if len(good) < (2 if named else 3) or len(good) < len(bad) * (1 if named else 3):
            continue
        for row in bad:
            told = [(table.told(row, column)) for column in parts if (row, column) in table.cells]
            value = sum((table.cells.get((row, column), Decimal(0)) for column in parts), Decimal(0))
            yield row, total, Slip(
                Rule.TABLE, Certainty.CERTAIN if named else Certainty.LIKELY,
                f"{table.title}：“{table.row_name(row)}”行，“{table.column_name(total)}”列",
                (table.told(row, total), *told),
                f"“{'、'.join(table.column_name(column) for column in parts)}”相加是{digits(value)}，"
                f"“{table.column_name(total)}”写的是{table.told(row, total)}。",
            )  # fmt: skip


def _parts_of(table: Table, columns: list[int], total: int) -> Iterator[list[int]]:
    """Which columns one may be the sum of: all others, those beside it, those of its last heading."""
    others = [column for column in columns if column != total]
    leaf = table.headings[total].rpartition("·")[2]
    yield others
    yield [column for column in others if table.headings[column].rpartition("·")[2] == leaf]
    yield [
        column for column in others if not TOTAL.search(table.headings[column])
    ]
    place = columns.index(total)
    for length in range(2, len(columns)):
        yield columns[place + 1 : place + 1 + length]
        yield columns[max(place - length, 0) : place]


def _fit(table: Table, total: int, parts: Sequence[int]) -> tuple[list[int], list[int]]:
    """The rows in which a column is the sum of others, and those in which it is not; rows of noughts prove nothing."""
    good, bad = [], []
    for row in table.rows:
        values = [table.cells[row, column] for column in parts if (row, column) in table.cells]
        if (row, total) not in table.cells or not any(values):
            continue
        whole = table.cells[row, total]
        fine = places([*values, whole])
        slack = Decimal(len(values)) / 2 / 10**fine if fine else Decimal(0)
        if abs(sum(values, Decimal(0)) - whole) <= slack:
            if sum(value != 0 for value in values) > 1:
                good.append(row)
        else:
            bad.append(row)
    return good, bad


def _products(table: Table) -> Found:
    """Heads times the standard are the amount, in yuan or in 万元."""
    rates = [column for column in table.numeric if _RATE.search(table.headings[column])]
    amounts = [column for column in table.numeric if _AMOUNT.search(table.headings[column])]
    for rate in rates:
        for heads, amount in permutations([column for column in table.numeric if column != rate], 2):
            if amount not in amounts:
                continue
            for scale in (1, 10000):
                yield from _told(
                    table, amount, (heads, rate), lambda one, two, scale=scale: one * two / scale, "×"
                )


def _standards(table: Table) -> Found:
    """Columns of heads with their standards in the heading: their products together are the amount."""
    standards = {
        column: Decimal(found["standard"])
        for column in table.numeric
        if (found := _STANDARD.search(table.headings[column]))
    }
    if len(standards) < 2:
        return
    for amount in table.numeric:
        if amount in standards or not _AMOUNT.search(table.headings[amount]):
            continue
        for scale in (1, 10000):
            yield from _told(
                table,
                amount,
                tuple(standards),
                lambda *heads, scale=scale: sum(
                    (head * standard for head, standard in zip(heads, standards.values(), strict=True)),
                    Decimal(0),
                )
                / scale,
                "、",
            )


def _quotients(table: Table) -> Found:
    """A rate is one column in percent of another, an average one divided by another."""
    for column in table.numeric:
        heading = table.headings[column]
        share = _SHARE.search(heading) is not None
        if not share and not _AVERAGE.search(heading):
            continue
        others = [other for other in table.numeric if other != column and not _NO_SUM.search(table.headings[other])]
        for part, whole in permutations(others, 2):
            yield from _told(
                table,
                column,
                (part, whole),
                lambda one, two, factor=100 if share else 1: one / two * factor if two else None,
                "÷",
            )


def _shares_of_total(table: Table) -> Found:
    """A share is a row of a column in percent of the total of that column."""
    if len(table.totals) != 1:
        return
    [total] = table.totals
    for column in table.numeric:
        if not _SHARE.search(table.headings[column]):
            continue
        for part in table.numeric:
            whole = table.cells.get((total, part))
            if part != column and whole:
                yield from _told(
                    table, column, (part,), lambda one, whole=whole: one / whole * 100, "占合计的百分之"
                )


def _told(
    table: Table, column: int, operands: tuple[int, ...], formula: Callable[..., Decimal | None], sign: str
) -> Found:
    """Tell the rows in which a column does not follow from others although in most rows it does."""
    good, bad = [], []
    for row in table.data if sign != "÷" else table.rows:
        values = [table.cells.get((row, operand)) for operand in operands]
        told = table.cells.get((row, column))
        if told is None or None in values:
            continue
        value = formula(*values)
        if value is None:
            continue
        step = Decimal(1).scaleb(-places([told]))
        whole = sign in "×、" and not places([told])
        if abs(value - told) < (step if not whole else Decimal(1)) if sign not in "×、" else abs(value - told) <= step / 2:
            good.append((row, value))
        else:
            bad.append((row, value))
    if len({value for _, value in good}) < 2 or len(good) < 2 * len(bad):
        return
    for row, value in bad:
        names = [table.column_name(operand) for operand in operands]
        shown = digits(rounded(value, Decimal("0.1"))) if sign not in "×、" else digits(value)
        yield row, column, Slip(
            Rule.TABLE, Certainty.CERTAIN,
            f"{table.title}：“{table.row_name(row)}”行，“{table.column_name(column)}”列",
            (*(table.told(row, operand) for operand in operands), table.told(row, column)),
            f"按{'、'.join(names)}算应为{shown}，“{table.column_name(column)}”写的是{table.told(row, column)}。",
        )  # fmt: skip
