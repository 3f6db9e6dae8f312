"""Comparing a stated number with the one computed from other numbers, and writing the computed one in the same form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from itertools import product

from xuezheng.proofing.number_tokens import NumberToken

Formula = Callable[..., Decimal]
_WHOLE_PERCENT = Decimal("0.6")
_TENTH = Decimal("0.1")


def follows(result: NumberToken, formula: Formula, *numbers: NumberToken) -> bool:
    """Return whether the number ``result`` agrees with the one computed from ``numbers`` by ``formula``, within rounding.

    ``formula`` takes the values of the numbers. Each of them may be rounded at its last digit, and the result
    rounded or cut off. True where the formula is not defined for them, as for a division by zero.
    """
    try:
        corners = [
            formula(*values)
            for values in product(
                *({number.value - number.slack, number.value + number.slack} for number in numbers)
            )
        ]
    except (DivisionByZero, InvalidOperation):
        return True
    margin = result.quantum if result.rounded or result.kind == "%" else Decimal(0)
    if result.kind == "%" and result.quantum == 1:
        margin = _WHOLE_PERCENT  # nobody cuts 2.7% off to 2%
    # Cut off, a number is less than its true value by up to its last digit; rounded, it is more by half of that.
    return min(corners) - margin <= result.value <= max(corners) + max(margin / 2, result.slack)


def percent_of(part: Decimal, total: Decimal) -> Decimal:
    """Return a part in percent of its total, not rounded; ``total`` must not be zero."""
    return part / total * 100


def slack_of_sum(total: NumberToken, parts: Sequence[NumberToken]) -> Decimal:
    """Return how far the sum of parts may be from their total because of rounding, as a positive difference.

    0 where all numbers are exact integers. ``parts`` must not be empty.
    """
    finest, coarsest = min(part.quantum for part in parts), max(part.quantum for part in parts)
    if total.quantum > finest:
        return total.quantum / 2
    if total.quantum < finest:
        return coarsest * len(parts) / 2
    # Parts written to different places are exact, only without zeros at the end: 14.625 + 3.9.
    return total.quantum * len(parts) / 2 if total.rounded and finest == coarsest else Decimal(0)


def plain(value: Decimal, like: NumberToken) -> str:
    """Return a value as text with the unit and the 万 or 亿 of the number ``like``: 215000 like 3.5万元 is 21.5万元."""
    for magnitude, power in (("亿", 10**8), ("万", 10**4)):
        if magnitude in like.text:
            return f"{digits(value / power)}{magnitude}{like.unit}"
    return f"{digits(value)}{like.unit}"


def digits(value: Decimal) -> str:
    """Return a value as text without an exponent and without zeros at the end of its decimals."""
    return f"{value.normalize():f}"


def rounded(value: Decimal, quantum: Decimal) -> Decimal:
    """Round a value half up to a multiple of ``quantum``."""
    return (value / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


def as_percent(value: Decimal, like: NumberToken) -> str:
    """Return a percentage as text with "%", with as many decimals as the number ``like`` has, at least one."""
    return f"{rounded(value, min(like.quantum, _TENTH))}%"
