"""The relations that a corpus says, by hand, must hold between the numbers of its paragraphs and tables.

A relation is written ``RESULT = OPERANDS``, read from left to right without precedence: ``350人 = 26人 + 324人``, ``28.1% = 120人 / 427人``,
``6.4% = from 500万元 to 532万元``, ``6.4% = +32万元 of 532万元``. A number is written as in the text, ``38个@2`` is the second such one,
``#200`` stands in no text. In tables ``rows`` relate rows by name, in the columns after a bar, and ``columns`` relate columns by place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

_VALUE = re.compile(r"-?[0-9,]+(?:\.[0-9]+)?")
_MAGNITUDES = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_OPERATORS: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
_CHANGE = re.compile(r"from (?P<before>\S+) to (?P<after>\S+)|(?P<sign>[+-])(?P<by>\S+) of (?P<now>\S+)")
Grid = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Span:
    """A number of a text: where its digits start and end, and its value with 万 and 亿 multiplied out."""

    start: int
    end: int
    value: Decimal
    quantum: Decimal


@dataclass(frozen=True)
class Labelled:
    """A relation of a paragraph: the numbers that take part, the result first, and what the result should be."""

    label: str
    spans: tuple[Span, ...]
    expected: Decimal

    @property
    def holds(self) -> bool:
        """Whether the result, rounded or cut off at its last digit, is the expected one."""
        result = self.spans[0]
        margin = result.quantum if result.quantum != 1 or "%" in self.label else Decimal("0.5")
        return abs(result.value - self.expected) <= margin


def read_relation(text: str, label: str) -> Labelled:
    """Find the numbers of a labelled relation in a text; raises :class:`LookupError` for one that the text does not hold."""
    result_name, _, operands = label.partition(" = ")
    result = _span(text, result_name)
    if change := _CHANGE.fullmatch(operands):
        names = [change["before"], change["after"]] if change["before"] else [change["by"], change["now"]]
        first, second = (_span(text, name) for name in names)
        before = first.value
        if change["by"]:
            before = second.value - first.value if change["sign"] == "+" else second.value + first.value
        by = first.value if change["by"] else abs(second.value - before)
        return Labelled(label, (result, first, second), by / before * 100)
    words = operands.split(" ")
    spans = {word: _span(text, word) for word in words if word not in _OPERATORS and not word.startswith("#")}
    values = {word: spans[word].value if word in spans else Decimal(word[1:]) for word in words[::2]}
    expected = evaluate(words, values)
    if result_name.endswith("%") and "/" in words:
        expected *= 100
    return Labelled(label, (result, *spans.values()), expected)


def evaluate(words: Sequence[str], values: Mapping[str, Decimal]) -> Decimal:
    """Compute operands and operators, in turn, from left to right."""
    outcome = values[words[0]]
    for operator, operand in pairwise(words[1:]):
        if operator in _OPERATORS:
            outcome = _OPERATORS[operator](outcome, values[operand])
    return outcome


def _span(text: str, name: str) -> Span:
    shown, _, order = name.partition("@")
    places = re.finditer(rf"(?<![0-9.,]){re.escape(shown)}(?<![0-9](?=[0-9]))", text)
    match = list(places)[int(order or 1) - 1]
    digits = _VALUE.match(shown)
    if digits is None:
        raise LookupError(name)
    magnitude = _MAGNITUDES.get(shown[digits.end() : digits.end() + 1], Decimal(1))
    value = Decimal(digits.group().replace(",", ""))
    quantum = Decimal(1).scaleb(int(value.as_tuple().exponent)) * magnitude
    return Span(match.start(), match.start() + digits.end(), value * magnitude, quantum)


@dataclass(frozen=True)
class RelatedCells:
    """Cells of a table that stand in a relation, by row and column, the result first, and what the result should be."""

    label: str
    cells: tuple[tuple[int, int], ...]
    expected: Decimal

    def holds(self, grid: Grid) -> bool:
        """Whether the result, rounded or cut off at its last digit, is the expected one."""
        result = cell_value(grid, *self.cells[0])
        if result is None:
            return False
        return abs(result - self.expected) <= Decimal(1).scaleb(int(result.as_tuple().exponent))


def read_cells(grid: Grid, labels: Mapping[str, str | Sequence[str]]) -> Iterator[RelatedCells]:
    """Find the cells of the labelled relations of a table; blank cells take no part in sums."""
    for label in _each(labels.get("rows", ())):
        formula, _, chosen = label.partition(" | ")
        columns = [int(column) - 1 for column in chosen.split()] if chosen else range(1, len(grid[0]))
        for column in columns:
            yield from _sum_of_rows(grid, formula, column)
    for label in _each(labels.get("columns", ())):
        formula, _, chosen = label.partition(" | ")
        for row in range(len(grid)):
            if not chosen or set(chosen.split(" ")) & set(grid[row]):
                yield from _in_row(grid, formula, row)


def _each(labels: str | Sequence[str]) -> Sequence[str]:
    return [labels] if isinstance(labels, str) else labels


def _sum_of_rows(grid: Grid, formula: str, column: int) -> Iterator[RelatedCells]:
    names = re.split(r" [=+] ", formula)
    cells = [(_row(grid, name), column) for name in names]
    values = [cell_value(grid, *cell) for cell in cells]
    total, *parts = values
    if total is not None and any(part is not None for part in parts):
        present = [cell for cell, value in zip(cells, values, strict=True) if value is not None]
        yield RelatedCells(formula, tuple(present), sum((part for part in parts if part), Decimal(0)))


def _row(grid: Grid, name: str) -> int:
    shown, _, order = name.partition("@")
    return [row for row, line in enumerate(grid) if shown in line][int(order or 1) - 1]


def _in_row(grid: Grid, formula: str, row: int) -> Iterator[RelatedCells]:
    result, _, operands = formula.partition(" = ")
    words = operands.split(" ")
    columns = [word for word in words[::2] if word.isdigit() and int(word) <= len(grid[0])]
    cells = [(row, int(column) - 1) for column in dict.fromkeys([result, *columns])]
    values = {column: cell_value(grid, row, int(column) - 1) for column in columns}
    numbers = {
        word: number for word in words[::2] if (number := values.get(word, _literal(word))) is not None
    }
    complete = cell_value(grid, *cells[0]) is not None and all(word in numbers for word in words[::2])
    if complete and any(value for value in numbers.values()):
        yield RelatedCells(formula, tuple(cells), evaluate(words, numbers))


def _literal(word: str) -> Decimal | None:
    return Decimal(word) if _VALUE.fullmatch(word) else None


def cell_value(grid: Grid, row: int, column: int) -> Decimal | None:
    """Return the number of a cell, percentages as they are written; None where it holds none."""
    text = grid[row][column].replace(",", "").rstrip("%") if column < len(grid[row]) else ""
    return Decimal(text) if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", text) else None
