"""The reading of query and form parameters, whose texts may be anything."""

from collections.abc import Sequence
from datetime import date


def parse_number(text: str | None) -> int:
    """Return the number that a parameter has, such as a primary key.

    0 for anything but one to nine ASCII digits.
    """
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def parse_year(text: str | None, known: Sequence[int], day: date) -> int:
    """Return the year that a parameter has; without one the first of the ``known``, or that of ``day`` if there are none."""
    return parse_number(text) or next(iter(known), day.year)
