"""Equations between the cells of a table, and the search for the cell that explains why some of them do not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import cached_property
from typing import Protocol

from xuezheng.proofing.discrepancies import Certainty
from xuezheng.proofing.grids import places
from xuezheng.proofing.rounding import rounded
from xuezheng.proofing.typing_errors import is_displaced, is_mistyped

Cell = tuple[int, int]
_MANY = 60  # cells: of an equation with more, only those that another broken equation shares are suspected
_TELLING = 3  # digits


class Formula(Protocol):
    """The arithmetic of an equation: how its result is computed from its operands, and each operand from the others."""

    def compute(self, operands: Sequence[Decimal]) -> Decimal | None:
        """Return the result for the operands; None where it is not defined, as for a division by zero."""

    def solve(self, place: int, result: Decimal, operands: Sequence[Decimal]) -> Decimal | None:
        """Return what the operand at the index ``place`` must be to give ``result`` with the others.

        None where nothing follows.
        """

    def is_near(self, written: Decimal, value: Decimal, operands: Sequence[Decimal]) -> bool:
        """Whether the result as ``written`` equals the computed ``value`` within rounding."""


@dataclass(frozen=True)
class Linear:
    """A sum of operands, each multiplied by its coefficient; all numbers may be rounded at their last digit.

    ``is_product`` is True where the coefficients are exact standards, so that only the result may be rounded.
    """

    coefficients: tuple[Decimal, ...]
    is_product: bool = False

    def compute(self, operands: Sequence[Decimal]) -> Decimal | None:
        """Return the sum of the products."""
        return sum(map(Decimal.__mul__, self.coefficients, operands), Decimal(0))

    def solve(self, place: int, result: Decimal, operands: Sequence[Decimal]) -> Decimal | None:
        """Return what the operand at the index ``place`` must be to give ``result``.

        None where its coefficient is zero.
        """
        coefficient = self.coefficients[place]
        listed = self.compute(operands) or Decimal(0)
        return (result - listed) / coefficient + operands[place] if coefficient else None

    def is_near(self, written: Decimal, value: Decimal, operands: Sequence[Decimal]) -> bool:
        """Return whether ``written`` differs from ``value`` by no more than rounding all numbers can add up to.

        ``value`` is the result computed from ``operands``.
        """
        fine = places([written] if self.is_product else [*operands, written])
        terms = 1 if self.is_product else len(operands)
        slack = Decimal(terms) / 2 / 10**fine if fine or self.is_product else Decimal(0)
        return abs(written - value) <= slack


@dataclass(frozen=True)
class Monomial:
    """A product of operands and their reciprocals, such as heads × standard or part ÷ total × 100.

    ``exponents`` has 1 for a factor and -1 for a divisor, ``scale`` is a constant factor, and ``shift`` is
    subtracted from the product (100 for a rate of growth). With ``is_quotient`` the result may be rounded or
    cut off, else only rounded.
    """

    exponents: tuple[int, ...]
    scale: Decimal = Decimal(1)
    shift: Decimal = Decimal(0)
    is_quotient: bool = False

    def compute(self, operands: Sequence[Decimal]) -> Decimal | None:
        """Return the product less ``shift``; None where a divisor is zero."""
        product = self._product(operands)
        return None if product is None else product - self.shift

    def _product(self, operands: Sequence[Decimal], *, without: int = -1) -> Decimal | None:
        value = self.scale
        for place, (operand, exponent) in enumerate(zip(operands, self.exponents, strict=True)):
            if place != without:
                if not operand and exponent < 0:
                    return None
                value = value * operand if exponent > 0 else value / operand
        return value

    def solve(self, place: int, result: Decimal, operands: Sequence[Decimal]) -> Decimal | None:
        """Return what the operand at the index ``place`` must be to give ``result``.

        None where it cannot be determined.
        """
        others, product = self._product(operands, without=place), result + self.shift
        if not others or not product:
            return None
        return product / others if self.exponents[place] > 0 else others / product

    def is_near(self, written: Decimal, value: Decimal, operands: Sequence[Decimal]) -> bool:
        """Whether ``written`` is ``value`` rounded at its last digit, or, for a quotient, cut off there."""
        step = Decimal(1).scaleb(-places([written]))
        return abs(value - written) < step if self.is_quotient else abs(value - written) <= step / 2


@dataclass(frozen=True, eq=False)
class Equation:
    """Cells of a table of which the first must follow from the others by a formula.

    ``cells`` are (row, column), ``values`` their numbers; ``fixed`` are further operands that are not in
    cells. ``describe`` returns a Chinese sentence for the expected result. ``certainty`` is that of a
    discrepancy; None where a broken equation is reported only if a single wrong cell explains it.
    """

    cells: tuple[Cell, ...]
    values: tuple[Decimal, ...]
    formula: Formula
    certainty: Certainty | None
    describe: Callable[[Decimal], str]
    fixed: tuple[Decimal, ...] = ()

    @cached_property
    def expected(self) -> Decimal | None:
        """The result as computed from the other cells; None where it is not defined."""
        return self.formula.compute((*self.values[1:], *self.fixed))

    @cached_property
    def is_kept(self) -> bool:
        """Whether the first cell has the computed result, within rounding."""
        return self._agree(self.values)

    def holds_with(self, cell: Cell, value: Decimal) -> bool:
        """Return whether the equation would hold if its cell ``cell`` had the number ``value``."""
        return self._agree(
            tuple(value if each == cell else own for each, own in zip(self.cells, self.values, strict=True))
        )

    def _agree(self, values: Sequence[Decimal]) -> bool:
        operands = (*values[1:], *self.fixed)
        try:
            expected = self.formula.compute(operands)
            return expected is not None and self.formula.is_near(values[0], expected, operands)
        except (InvalidOperation, DivisionByZero, Overflow):
            return False

    def solve(self, cell: Cell) -> Decimal | None:
        """Return the number that ``cell`` must have if all others are right.

        None where it cannot be determined. Raises ``ValueError`` for a cell that the equation does not have.
        """
        place = self.cells.index(cell)
        try:
            if place == 0:
                return self.expected
            return self.formula.solve(place - 1, self.values[0], (*self.values[1:], *self.fixed))
        except (InvalidOperation, DivisionByZero, Overflow):
            return None


@dataclass(frozen=True)
class Explanation:
    """A cell that is probably wrong, the number that it should have, and the broken equations that would then hold.

    ``is_only`` is True where no other cell explains as much; ``typing_likeness`` is the result of
    :func:`typing_likeness`.
    """

    cell: Cell
    value: Decimal
    equations: tuple[Equation, ...] = field(repr=False)
    is_only: bool
    typing_likeness: int


@dataclass(frozen=True)
class _Shown:
    """A number as it is written: its value, and that of its last digit."""

    value: Decimal
    quantum: Decimal


def explain(
    equations: Sequence[Equation], strangeness: Callable[[Cell, Decimal], float]
) -> Iterator[Explanation]:
    """Yield the cells that explain the broken ones of ``equations``, those that explain most first.

    Each broken equation is explained once. Among cells that explain equally much, the one is taken whose
    right value would be less unusual: ``strangeness(cell, value)`` returns how far a value is from those near
    the cell, 0.0 for an expected one.
    """
    by_cell: dict[Cell, list[Equation]] = {}
    for equation in equations:
        for cell in equation.cells:
            by_cell.setdefault(cell, []).append(equation)
    broken = [equation for equation in equations if not equation.is_kept]
    candidates = [
        (_weigh(equation, cell, value, by_cell[cell], strangeness), equation, cell, value)
        for equation in broken
        for cell in _suspects(equation, by_cell)
        if (value := _written_like(equation, cell, by_cell)) is not None
    ]
    candidates.sort(key=lambda candidate: candidate[0], reverse=True)
    explained: set[Equation] = set()
    for weight, equation, cell, value in candidates:
        if equation in explained:
            continue
        rivals = {rival for like, each, rival, _ in candidates if each is equation and like[:4] == weight[:4]}
        mended = [each for each in by_cell[cell] if not each.is_kept and each.holds_with(cell, value)]
        fresh = [each for each in mended if each not in explained] or [equation]
        explained.update(fresh)
        yield Explanation(cell, value, tuple(fresh), len(rivals) == 1, weight[2])


def _suspects(equation: Equation, by_cell: Mapping[Cell, Sequence[Equation]]) -> Sequence[Cell]:
    if len(equation.cells) <= _MANY:
        return equation.cells
    shared = [
        cell
        for cell in equation.cells[1:]
        if any(not each.is_kept for each in by_cell[cell] if each is not equation)
    ]
    return [equation.cells[0], *shared[:_MANY]]


def _written_like(
    equation: Equation, cell: Cell, by_cell: Mapping[Cell, Sequence[Equation]]
) -> Decimal | None:
    """Return what a cell must hold; what follows from a quotient has as many decimal places as are written in its column."""
    value = equation.solve(cell)
    if value is None or isinstance(equation.formula, Linear):
        return value
    own = equation.values[equation.cells.index(cell)]
    columns = {
        each: number
        for related in (equation, *by_cell[cell])
        for each, number in zip(related.cells[:_MANY], related.values[:_MANY], strict=True)
        if each[1] == cell[1]
    }
    finest = max(places([own, *columns.values()]), 0)
    return rounded(value, Decimal(1).scaleb(-finest))


def _weigh(
    equation: Equation,
    cell: Cell,
    value: Decimal,
    equations: Sequence[Equation],
    strangeness: Callable[[Cell, Decimal], float],
) -> tuple[int, int, int, float, int]:
    """Return how well a value of a cell explains what is broken.

    Equations mended less those that would break come first, then whether the cell looks mistyped, then how strange it is.
    """
    mended = sum(not each.is_kept and each.holds_with(cell, value) for each in equations)
    spoilt = sum(each.is_kept and not each.holds_with(cell, value) for each in equations)
    own = equation.values[equation.cells.index(cell)]
    less_strange = round(strangeness(cell, own) - strangeness(cell, value), 1)
    typed = typing_likeness(own, value)
    return (mended - spoilt, mended, typed, max(less_strange, 0.0), int(cell == equation.cells[0]))


def typing_likeness(own: Decimal, value: Decimal) -> int:
    """Return how much a number ``own`` looks like a typing error for ``value``.

    It is 2 where a zero or decimal point is misplaced, 1 where one wrong digit or two swapped ones explain
    it, 0 otherwise.
    """
    shown = _Shown(own, Decimal(1).scaleb(-places([own, value])))
    if own and value and is_displaced(shown, value):
        return 2
    return int(own > 0 and is_mistyped(shown, value, least=_TELLING))
