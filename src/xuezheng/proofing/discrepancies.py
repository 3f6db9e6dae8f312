"""The discrepancies found by an audit: numbers that do not agree, with the expected values and how certain that is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Rule(Enum):
    """The rules of arithmetic that an audit checks; the values are the ``rule`` of a discrepancy in JSON."""

    SUM = "sum"  # parts and their whole
    SHARE = "share"  # a part, its whole and the percentage
    STANDARD = "standard"  # head count, amount per head, amount
    CHANGE = "change"  # from, to, and the difference or the rate
    REPEAT = "repeat"  # one thing stated twice
    TABLE = "table"  # totals and products of a table


class Certainty(Enum):
    """How certain it is that a discrepancy is an error; the values are shown to users."""

    CERTAIN = "确定有误"
    LIKELY = "很可能有误"
    CHECK = "请核对"


@dataclass(frozen=True)
class Discrepancy:
    """Numbers of a text or table that do not agree.

    ``where`` quotes the sentence or names the cell of a table, ``numbers`` are the numbers as written, and
    ``message`` is a Chinese sentence that says what was expected or what contradicts.
    """

    rule: Rule
    certainty: Certainty
    where: str
    numbers: tuple[str, ...]
    message: str

    def at(self, where: str) -> Discrepancy:
        """Return a copy of the discrepancy with another text as ``where``."""
        return replace(self, where=where)

    def as_object(self) -> dict[str, object]:
        """Return a JSON-serializable dict of the fields; ``rule`` and ``certainty`` are their values."""
        return {
            "rule": self.rule.value,
            "certainty": self.certainty.value,
            "where": self.where,
            "numbers": list(self.numbers),
            "message": self.message,
        }
