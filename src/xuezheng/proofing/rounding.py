"""Compares what a text tells with what follows from its other numbers, and writes the latter as it would be told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_HALF_UP, Decimal, DivisionByZero, InvalidOperation
from itertools import product

from xuezheng.proofing.number_tokens import Mention

Formula = Callable[..., Decimal]
_WHOLE_PERCENT = Decimal("0.6")
_TENTH = Decimal("0.1")


def follows(told: Mention, formula: Formula, *numbers: Mention) -> bool:
    """Whether a number follows from others, if each of them was rounded or cut off at its last digit."""
    try:
        corners = [
            formula(*values)
            for values in product(
                *({number.value - number.slack, number.value + number.slack} for number in numbers)
            )
        ]
    except (DivisionByZero, InvalidOperation):
        return True
    margin = told.quantum if told.rounded or told.kind == "%" else Decimal(0)
    if told.kind == "%" and told.quantum == 1:
        margin = _WHOLE_PERCENT  # nobody cuts 2.7% off to 2%
    return min(corners) - margin <= told.value <= max(corners) + margin


def slack_of_sum(whole: Mention, parts: Sequence[Mention]) -> Decimal:
    """How far parts may be from their whole because they were rounded; whole numbers are not."""
    finest, coarsest = min(part.quantum for part in parts), max(part.quantum for part in parts)
    if whole.quantum > finest:
        return whole.quantum / 2
    if whole.quantum < finest:
        return coarsest * len(parts) / 2
    # Parts told to different places are told exactly, only without noughts at the end: 14.625 + 3.9.
    return whole.quantum * len(parts) / 2 if whole.rounded and finest == coarsest else Decimal(0)


def plain(value: Decimal, like: Mention) -> str:
    """Write a value in the unit and magnitude in which another number is told."""
    for magnitude, power in (("亿", 10**8), ("万", 10**4)):
        if magnitude in like.text:
            return f"{digits(value / power)}{magnitude}{like.unit}"
    return f"{digits(value)}{like.unit}"


def digits(value: Decimal) -> str:
    """Write a value without an exponent and without noughts at the end."""
    return f"{value.normalize():f}"


def rounded(value: Decimal, quantum: Decimal) -> Decimal:
    """Round as a number with that last digit is told."""
    return (value / quantum).quantize(Decimal(1), ROUND_HALF_UP) * quantum


def as_percent(value: Decimal, like: Mention) -> str:
    """Write a percentage to as many places as another is told, at least to one."""
    return f"{rounded(value, min(like.quantum, _TENTH))}%"


def mistyped(number: Mention, right: Decimal, *, least: int) -> bool:
    """Whether a number differs from the right one by two digits that changed places, or by one of ``least``."""
    if right <= 0:
        return False
    one, other = (f"{value / number.quantum:.0f}" for value in (number.value, right))
    if len(one) != len(other) or right % number.quantum:
        return False
    differ = [place for place in range(len(one)) if one[place] != other[place]]
    if len(differ) == 1:
        return len(one) >= least
    swapped = len(differ) == 2 and differ[1] - differ[0] == 1 and sorted(one) == sorted(other)
    return swapped and len(one) >= min(least - 1, 3)
