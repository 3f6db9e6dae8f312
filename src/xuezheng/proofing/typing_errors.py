"""Recognizing typing errors: a digit that is wrong, missing, doubled or swapped, or a misplaced decimal point or 万."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

#: How far a point or a magnitude is displaced: one to four places.
_DISPLACED = (10, 100, 1000, 10_000)


class Shown(Protocol):
    """A number as it is written: its value, and the value of its last digit."""

    @property
    def value(self) -> Decimal:
        """The value of the number."""

    @property
    def quantum(self) -> Decimal:
        """The value of one unit of the last digit that is written, such as 0.1 for 3.9."""


def is_displaced(number: Shown, right: Decimal) -> bool:
    """Whether a number is ``right`` multiplied or divided by 10, 100, 1000 or 10,000, as by a misplaced point, zero or 万."""
    return any(number.value * factor == right or number.value == right * factor for factor in _DISPLACED)


def is_mistyped(number: Shown, right: Decimal, *, least: int) -> bool:
    """Whether a number looks like a typing error for ``right``.

    Two adjacent digits are swapped, or a single digit is wrong, missing or doubled; in the latter cases the
    number has at least ``least`` digits, so that this is no chance.
    """
    if right <= 0 or right % number.quantum:
        return False
    shown, expected = (f"{value / number.quantum:.0f}" for value in (number.value, right))
    if abs(len(shown) - len(expected)) == 1:
        shorter, longer = sorted((shown, expected), key=len)
        return len(longer) > least and any(
            longer[:place] + longer[place + 1 :] == shorter for place in range(len(longer))
        )
    if len(shown) != len(expected):
        return False
    differ = [place for place in range(len(shown)) if shown[place] != expected[place]]
    if len(differ) == 1:
        return len(shown.rstrip("0")) >= least
    swapped = len(differ) == 2 and differ[1] - differ[0] == 1 and sorted(shown) == sorted(expected)
    return swapped and len(shown) >= min(least - 1, 3)
