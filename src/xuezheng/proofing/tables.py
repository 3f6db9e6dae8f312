"""The rules checked on a table: rows and columns of totals, products, shares and averages.

The relations between columns are found from the numbers: where most rows fit a rule, the others are reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain, permutations
from operator import mul

from xuezheng.proofing.discrepancies import Certainty, Discrepancy, Rule
from xuezheng.proofing.grids import TOTAL, Table, places
from xuezheng.proofing.rounding import digits, rounded

#: Columns whose numbers are not to be added.
_NO_SUM = re.compile("率|比|均|占|标准|单价|%|％|‰|分数|年龄|指数|系数|得分|人次累计|累计")
_RATE = re.compile("标准|单价|均|每|元[/／]")
_AMOUNT = re.compile("金额|资金|经费|补助|合计|小计|总")
_SHARE, _AVERAGE = re.compile("率|占|比例|比重|%|％"), re.compile("均|比")
_STANDARD = re.compile(r"(?P<standard>[0-9]+(?:\.[0-9]+)?)元")
_FAR, _NEAR = Decimal("0.6"), Decimal("0.15")
_WIDEST = 20  # columns; a wider table is a register, not a report's
_LONGEST = 300  # rows, likewise
_MOST = 100_000  # rows times totals: what has more is no table of a report
_SCALES = (1, 10_000)  # amounts in yuan, in 万元
Cell = tuple[int, int]


@dataclass(frozen=True)
class Comparison:
    """Cells of a table, by row and column, that were compared; the first is the one computed from the others."""

    cells: tuple[Cell, ...]
    discrepancy: Discrepancy | None = None


def check_table(table: Table) -> Iterator[Comparison]:
    """Check every rule on one table; a cell is reported at most once for its column and once for its row."""
    if not table.head or len(table.rows) < 2 or len(table.numeric) > _WIDEST:
        return
    if len(table.rows) * len(table.totals) <= _MOST:
        yield from _columns(table)
    if len(table.rows) > _LONGEST:
        return
    reported = set()
    for comparison in chain(_row_totals(table), _computed_columns(table)):
        if comparison.discrepancy is None:
            yield comparison
        elif comparison.cells[0] not in reported:
            reported.add(comparison.cells[0])
            yield comparison


def _columns(table: Table) -> Iterator[Comparison]:
    """Check rows of totals: each is the sum of the rows before it, or after it; subtotals replace their rows."""
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
            cells = ((total, column), *((row, column) for row, _ in parts))
            if not off and len(parts) > 1:
                yield Comparison(cells)
            elif (
                off
                and len(parts) > 1
                and _may_be_wrong(table.cells[total, column], off, parts, proven=proven)
            ):
                yield Comparison(cells, Discrepancy(
                    Rule.TABLE, Certainty.CERTAIN if proven else Certainty.LIKELY,
                    _place(table, total, column),
                    (table.text(total, column), *(table.text(row, column) for row, _ in parts)),
                    f"各项之和是{digits(table.cells[total, column] + off)}，合计写的是{table.text(total, column)}。",
                ))  # fmt: skip


def _readings(table: Table, total: int) -> list[list[int]]:
    """Return the possible sets of rows whose sum a row of totals may be."""
    rows = [row for row in table.rows if row not in table.parts and not _NO_SUM.search(table.row_name(row))]
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
        [row for row in data if total < row < following],
        [row for row in data if row > total],
        [row for row in table.subtotals if row > total],
    ]


def _off(table: Table, total: int, column: int, rows: Sequence[int]) -> Decimal:
    """Return the difference between the sum of some rows of a column and its total; 0 if rounding explains it."""
    values = [value for _, value in table.column(column, list(rows))]
    off = sum(values, Decimal(0)) - table.cells[total, column]
    fine = places([*values, table.cells[total, column]])
    return Decimal(0) if fine and abs(off) <= Decimal(len(values)) / 2 / 10**fine else off


def _may_be_wrong(
    total: Decimal, off: Decimal, parts: Sequence[tuple[int, Decimal]], *, proven: bool
) -> bool:
    """Whether a total may be a wrong sum; an average or a maximum, which is no larger than the largest part, is none.

    A ``proven`` total, whose other columns agree, may be off by more.
    """
    if total <= max(value for _, value in parts) and len(parts) > 1:
        return False
    return abs(off) <= abs(total) * (_FAR if proven else _NEAR)


def _row_totals(table: Table) -> Iterator[Comparison]:
    """Check columns that are the sum of others, with the same heading or beside it."""
    columns = [column for column in table.numeric if not _NO_SUM.search(table.headings[column])]
    for total in columns:
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
            present = [column for column in parts if (row, column) in table.cells]
            comparison = Comparison(((row, total), *((row, column) for column in present)))
            if row in good:
                yield comparison
                continue
            value = sum((table.cells[row, column] for column in present), Decimal(0))
            yield replace(comparison, discrepancy=Discrepancy(
                Rule.TABLE, Certainty.CERTAIN if named else Certainty.LIKELY,
                _place(table, row, total),
                (table.text(row, total), *(table.text(row, column) for column in present)),
                f"“{'、'.join(table.column_name(column) for column in parts)}”相加是{digits(value)}，"
                f"“{table.column_name(total)}”写的是{table.text(row, total)}。",
            ))  # fmt: skip


def _parts_of(table: Table, columns: list[int], total: int) -> Iterator[list[int]]:
    """Yield the possible sets of columns whose sum a column may be: all others, those with the same last heading, those beside it."""
    others = [column for column in columns if column != total]
    leaf = table.headings[total].rpartition("·")[2]
    yield others
    yield [column for column in others if table.headings[column].rpartition("·")[2] == leaf]
    yield [column for column in others if not TOTAL.search(table.headings[column])]
    place = columns.index(total)
    for length in range(2, len(columns)):
        yield columns[place + 1 : place + 1 + length]
        yield columns[max(place - length, 0) : place]


def _partition_rows(table: Table, total: int, parts: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the rows in which a column is the sum of others, and those in which it is not; rows of zeros count as neither."""
    good, bad = [], []
    for row in table.rows:
        if _NO_SUM.search(table.row_name(row)):
            continue
        values = [table.cells[row, column] for column in parts if (row, column) in table.cells]
        if (row, total) not in table.cells or not any(values):
            continue
        total_value = table.cells[row, total]
        fine = places([*values, total_value])
        slack = Decimal(len(values)) / 2 / 10**fine if fine else Decimal(0)
        if abs(sum(values, Decimal(0)) - total_value) <= slack:
            if sum(value != 0 for value in values) > 1:
                good.append(row)
        else:
            bad.append(row)
    return good, bad


@dataclass(frozen=True)
class _Relation:
    """A column computed from others; a ``quotient`` is rounded, a product is not. ``sign`` is the operator shown, "" for none."""

    column: int
    operands: tuple[int, ...]
    formula: Callable[..., Decimal | None]
    sign: str
    quotient: bool = True

    def describe(self, table: Table, row: int) -> str:
        """Return the operands of the column in a row as Chinese text."""
        if self.sign:
            return self.sign.join(table.text(row, operand) for operand in self.operands)
        return f"按“{'、'.join(table.column_name(operand) for operand in self.operands)}”算"

    def holds(self, written: Decimal, value: Decimal) -> bool:
        """Whether a cell agrees with a computed value; a quotient may be rounded or cut off."""
        step = Decimal(1).scaleb(-places([written]))
        return abs(value - written) < step if self.quotient else abs(value - written) <= step / 2


def _products(table: Table) -> Iterator[_Relation]:
    """Yield the products to be tried on the columns whose headings allow it: head count times standard is the amount, in yuan or 万元."""
    for head_count, rate, amount in permutations(table.numeric, 3):
        if _RATE.search(table.headings[rate]) and _AMOUNT.search(table.headings[amount]):
            for scale in _SCALES:
                yield _Relation(
                    amount,
                    (head_count, rate),
                    lambda count, standard, s=scale: count * standard / s,
                    "×",
                    quotient=False,
                )


def _standards(table: Table) -> Iterator[_Relation]:
    """Yield sums of products: columns of head counts, with the standards in their headings, make up the amount."""
    standards = {
        column: Decimal(match["standard"])
        for column in table.numeric
        if (match := _STANDARD.search(table.headings[column]))
    }

    def total(scale: int) -> Callable[..., Decimal]:
        return lambda *head_counts: sum(map(mul, head_counts, standards.values()), Decimal(0)) / scale

    for amount in table.numeric:
        if len(standards) > 1 and amount not in standards and _AMOUNT.search(table.headings[amount]):
            for scale in _SCALES:
                yield _Relation(amount, tuple(standards), total(scale), "", quotient=False)


def _quotients(table: Table) -> Iterator[_Relation]:
    """Yield quotients: a rate is one column in percent of another, an average one divided by another."""
    counts = [column for column in table.numeric if not _NO_SUM.search(table.headings[column])]
    for column in table.numeric:
        factor = 100 if _SHARE.search(table.headings[column]) else 1
        if factor == 100 or _AVERAGE.search(table.headings[column]):
            for operands in permutations([operand for operand in counts if operand != column], 2):
                yield _Relation(
                    column,
                    operands,
                    lambda part, divisor, f=factor: part / divisor * f if divisor else None,
                    "÷",
                )


def _shares_of_total(table: Table) -> Iterator[_Relation]:
    """Yield shares: a column that is another column in percent of that column's total."""
    for total in table.totals if len(table.totals) == 1 else ():
        for column, part in permutations(table.numeric, 2):
            column_total = table.cells.get((total, part))
            if column_total and _SHARE.search(table.headings[column]):
                yield _Relation(column, (part,), lambda part_value, w=column_total: part_value / w * 100, "")


def _computed_columns(table: Table) -> Iterator[Comparison]:
    """Yield the cells of each column compared by its relation; of several relations, by the one broken least often."""
    columns: dict[int, list[list[Comparison]]] = {}
    for rule in (_products, _standards, _quotients, _shares_of_total):
        for relation in rule(table):
            comparisons = _compare(table, relation)
            if comparisons:
                columns.setdefault(relation.column, []).append(comparisons)
    for readings in columns.values():
        yield from min(readings, key=lambda reading: sum(each.discrepancy is not None for each in reading))


def _compare(table: Table, relation: _Relation) -> list[Comparison]:
    """Return how the rows of a table fit a relation; [] where too few rows fit it."""
    good: list[tuple[int, Decimal]] = []
    bad: list[tuple[int, Decimal]] = []
    for row in table.rows if relation.quotient else table.data:
        values = [table.cells.get((row, operand)) for operand in relation.operands]
        written = table.cells.get((row, relation.column))
        value = None if written is None or None in values else relation.formula(*values)
        if written is not None and value is not None:
            (good if relation.holds(written, value) else bad).append((row, value))
    # One value in all rows, such as 100%, is no evidence.
    if len({value for _, value in good}) < 2 or len(good) < 2 * len(bad):
        return []
    columns = (relation.column, *relation.operands)
    comparisons = [Comparison(tuple((row, column) for column in columns)) for row, _ in good]
    for row, value in bad:
        shown = digits(rounded(value, Decimal("0.1")) if relation.quotient else value)
        written_text = table.text(row, relation.column)
        comparisons.append(Comparison(tuple((row, column) for column in columns), Discrepancy(
            Rule.TABLE, Certainty.CERTAIN, _place(table, row, relation.column),
            (*(table.text(row, operand) for operand in relation.operands), written_text),
            f"{relation.describe(table, row)}应为{shown}，表中写的是{written_text}。",
        )))  # fmt: skip
    return comparisons


def _place(table: Table, row: int, column: int) -> str:
    return f"{table.title}：“{table.row_name(row)}”行，“{table.column_name(column)}”列"
