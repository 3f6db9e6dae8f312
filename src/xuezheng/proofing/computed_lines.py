"""Rows or columns of a table that are computed from others: products, shares, averages, differences, rates of growth.

The name of a line decides what it may be; the lines it is computed from are found by trying which numbers
fit.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import permutations

from xuezheng.proofing.discrepancies import Certainty
from xuezheng.proofing.equations import Cell, Equation, Formula, Linear, Monomial
from xuezheng.proofing.grids import Table
from xuezheng.proofing.rounding import digits, rounded

#: Matches the names of rows and columns whose numbers are not to be added, such as rates and averages.
NO_SUM = re.compile("率|比|均|占|标准|单价|%|％|‰|分数|年龄|指数|系数|得分|人次累计|累计|天数|增长")
_RATE = re.compile("标准|单价|均|每|元[/／]")
_TIMES = re.compile("天数|月数|次数|期数|课时|餐数|个月")
_AMOUNT = re.compile("金额|资金|经费|补助|合计|小计|总")
_SHARE, _AVERAGE = re.compile("率|占|比例|比重|%|％|完成预算|完成计划"), re.compile("均|比|班额")
_GROWTH = re.compile("增长|增幅|增减率|增减[（(]?[%％]|增速|同比|升降|±")
_DIFFERENCE = re.compile("增减|增加|减少|差|空编|空缺|缺|结余|结转|剩余|余额|未|净增|超编|不合格|±")
_STANDARD = re.compile(r"(?P<standard>[0-9]+(?:\.[0-9]+)?)元")
_SCALES = (1, 10_000)  # amounts in yuan, in 万元
_AVERAGED = (1, 10_000, 100)  # for one, of amounts in 万元, for a hundred
_MOST = 16  # lines: of more, no quotients are sought
_LEAST_ROWS = 3  # rows taken for lines: fewer columns prove nothing


@dataclass(frozen=True)
class _Axis:
    """The lines of a table in one direction: their names, and where the number of a line in each cross line is."""

    table: Table
    lines: Sequence[int]
    across: Sequence[int]
    are_columns: bool

    def name(self, line: int) -> str:
        return self.table.headings[line] if self.are_columns else self.table.row_name(line)

    def cell(self, line: int, cross: int) -> Cell:
        return (cross, line) if self.are_columns else (line, cross)

    def shown(self, line: int) -> str:
        return self.table.column_name(line) if self.are_columns else self.table.row_name(line)


@dataclass(frozen=True)
class _Rule:
    """A line computed from others; ``sign`` is the operator shown, "" for none."""

    line: int
    operands: tuple[int, ...]
    formula: Formula
    sign: str = ""
    is_exact: bool = False
    fixed: tuple[Decimal, ...] = ()


def computed_lines(table: Table) -> Iterator[Equation]:
    """Yield the equations of each row or column of a table that is computed from others, one for each of its cells.

    An equation says from which other cells a cell follows, and whether it does. Where several rules fit a row
    or column, it is the one that fails in the fewest cells.
    """
    columns = _Axis(table, table.numeric, table.rows, are_columns=True)
    yield from _of_axis(
        columns, (_products, _standards, _quotients, _growths, _differences, _shares_of_total)
    )
    if len(table.numeric) >= _LEAST_ROWS and len(table.rows) <= _MOST:
        rows = _Axis(table, table.rows, table.numeric, are_columns=False)
        yield from _of_axis(rows, (_quotients, _growths, _differences))


def _of_axis(axis: _Axis, rules: Sequence[Callable[[_Axis], Iterator[_Rule]]]) -> Iterator[Equation]:
    lines: dict[int, list[list[Equation]]] = {}
    for rule in (rule for rules_of_kind in rules for rule in rules_of_kind(axis)):
        equations = _fitting(axis, rule)
        if equations:
            lines.setdefault(rule.line, []).append(equations)
    for readings in lines.values():
        yield from min(
            readings, key=lambda reading: (sum(not each.is_kept for each in reading), -len(reading))
        )


def _products(axis: _Axis) -> Iterator[_Rule]:
    """Yield products: head count times standard, times days if there are any, is the amount, in yuan or 万元."""
    rates = [line for line in axis.lines if _RATE.search(axis.name(line))]
    amounts = [line for line in axis.lines if _AMOUNT.search(axis.name(line))]
    times = [line for line in axis.lines if _TIMES.search(axis.name(line))]
    for rate in rates:
        for amount in amounts:
            for count in axis.lines:
                if len({rate, amount, count}) < 3:
                    continue
                for extra in [(), *((each,) for each in times if each not in (rate, amount, count))]:
                    operands = (count, *extra, rate)
                    for scale in _SCALES:
                        formula = Monomial((1,) * len(operands), Decimal(1) / scale)
                        yield _Rule(amount, operands, formula, "×", is_exact=True)


def _standards(axis: _Axis) -> Iterator[_Rule]:
    """Yield sums of products: lines of head counts, with the standards in their names, make up the amount."""
    standards = {
        line: Decimal(match["standard"])
        for line in axis.lines
        if (match := _STANDARD.search(axis.name(line)))
    }
    for amount in axis.lines:
        if len(standards) > 1 and amount not in standards and _AMOUNT.search(axis.name(amount)):
            for scale in _SCALES:
                coefficients = tuple(standard / scale for standard in standards.values())
                yield _Rule(amount, tuple(standards), Linear(coefficients, is_product=True), is_exact=True)


def _summable(axis: _Axis) -> list[int]:
    lines = [line for line in axis.lines if not NO_SUM.search(axis.name(line))]
    return lines if len(lines) <= _MOST else []


def _quotients(axis: _Axis) -> Iterator[_Rule]:
    """Yield quotients: a rate is one line in percent of another, an average one divided by another."""
    counts = _summable(axis)
    for line in axis.lines:
        is_share = _SHARE.search(axis.name(line)) is not None
        if not is_share and not _AVERAGE.search(axis.name(line)):
            continue
        for operands in permutations([operand for operand in counts if operand != line], 2):
            for scale in (100,) if is_share else _AVERAGED:
                yield _Rule(line, operands, Monomial((1, -1), Decimal(scale), is_quotient=True), "÷")


def _growths(axis: _Axis) -> Iterator[_Rule]:
    """Yield rates of growth: this year in percent of the last, less 100."""
    for line in axis.lines:
        if _GROWTH.search(axis.name(line)):
            for operands in permutations([operand for operand in _summable(axis) if operand != line], 2):
                formula = Monomial((1, -1), Decimal(100), Decimal(100), is_quotient=True)
                yield _Rule(line, operands, formula)


def _differences(axis: _Axis) -> Iterator[_Rule]:
    """Yield differences: what was planned less what is, this year less the last."""
    for line in axis.lines:
        if _DIFFERENCE.search(axis.name(line)) and not _GROWTH.search(axis.name(line).replace("增减", "")):
            for operands in permutations([operand for operand in _summable(axis) if operand != line], 2):
                yield _Rule(line, operands, Linear((Decimal(1), Decimal(-1))), "－")


def _shares_of_total(axis: _Axis) -> Iterator[_Rule]:
    """Yield shares: a line that is another line in percent of that line's total."""
    totals = axis.table.totals if axis.are_columns and len(axis.table.totals) == 1 else ()
    for total in totals:
        for line, part in permutations(axis.lines, 2):
            of_line = axis.table.cells.get(axis.cell(part, total))
            if of_line and _SHARE.search(axis.name(line)):
                formula = Monomial((1, -1), Decimal(100), is_quotient=True)
                yield _Rule(line, (part,), formula, fixed=(of_line,))


def _fitting(axis: _Axis, rule: _Rule) -> list[Equation]:
    """Return the equations of a rule in all cross lines that have its numbers; [] where too few of them hold."""
    table = axis.table
    across = axis.across if not (rule.is_exact and axis.are_columns) else table.data
    good: set[Decimal] = set()
    counts = [0, 0]
    compared: list[tuple[tuple[Cell, ...], tuple[Decimal, ...]]] = []
    lines = (rule.line, *rule.operands)
    for cross in across:
        cells = tuple(axis.cell(line, cross) for line in lines)
        try:
            values = tuple([table.cells[cell] for cell in cells])
        except KeyError:
            continue
        operands = (*values[1:], *rule.fixed)
        value = rule.formula.compute(operands)
        if value is None:
            continue
        is_kept = rule.formula.is_near(values[0], value, operands)
        counts[is_kept] += 1
        if counts[0] > len(across) // 3:
            return []
        if is_kept:
            good.add(value)
        compared.append((cells, values))
    # One value in all lines, such as 100%, is no evidence.
    if len(good) < 2 or counts[1] < 2 * counts[0]:
        return []
    return [
        Equation(cells, values, rule.formula, Certainty.CERTAIN, _says(axis, rule, cells), rule.fixed)
        for cells, values in compared
    ]


def _says(axis: _Axis, rule: _Rule, cells: Sequence[Cell]) -> Callable[[Decimal], str]:
    def say(expected: Decimal) -> str:
        if rule.sign:
            computed = rule.sign.join(axis.table.text(*cell) for cell in cells[1:])
        else:
            computed = f"按“{'、'.join(axis.shown(operand) for operand in rule.operands)}”算"
        is_quotient = isinstance(rule.formula, Monomial) and rule.formula.is_quotient
        shown = digits(rounded(expected, Decimal("0.1")) if is_quotient else expected)
        return f"{computed}应为{shown}，表中写的是{axis.table.text(*cells[0])}。"

    return say
