"""Checks of the rules between the cells of a table, on computed numbers or on those that a school typed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from xuezheng.statistics.cells import Place
from xuezheng.statistics.declarations import Rule, StatisticalTable

_SIGNS: dict[str, Callable[[int, int], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}
_WORDS = {"=": "应等于", "<=": "不应大于", ">=": "不应小于"}


@dataclass(frozen=True)
class Check:
    """The result of a rule in one row, one column, or for single cells; ``place`` names these in Chinese.

    ``left`` and ``right`` are the two sums, None if a cell has no number.
    """

    rule: Rule
    place: str
    left: int | None
    right: int | None

    @property
    def holds(self) -> bool | None:
        """Whether the relation between the sums holds; None if either is None."""
        return (
            None if self.left is None or self.right is None else _SIGNS[self.rule.sign](self.left, self.right)
        )

    def __str__(self) -> str:
        sides = " + ".join(self.rule.left), " + ".join(self.rule.right)
        return f"{self.place}：{sides[0]}（{self.left}）{_WORDS[self.rule.sign]}{sides[1]}（{self.right}）"


def check(table: StatisticalTable, numbers: Mapping[Place, int]) -> list[Check]:
    """Evaluate every rule of a table, in each row or column to which it applies.

    ``numbers`` has the numbers of cells by (code of the row, code of the column); a cell without a number is
    absent.
    """
    checks = []
    for rule in table.rules:
        for name, row, column in _applications(table, rule):
            sides = ([_place(term, row, column) for term in side] for side in (rule.left, rule.right))
            checks.append(Check(rule, name, *(_sum(numbers, side) for side in sides)))
    return checks


def _applications(table: StatisticalTable, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield where a rule applies: a name, and the row and the column that are the same for all its terms, "" where the terms give them."""
    if rule.scope == "columns":
        yield from ((f"{row.code} {row.title}", row.code, "") for row in table.rows)
    elif rule.scope == "rows":
        yield from ((f"第{column.code}栏 {column.title}", "", column.code) for column in table.columns)
    else:
        yield "行.栏", "", ""


def _place(term: str, row: str, column: str) -> Place:
    """Return the cell of a term in a row or column; without either, that which the term itself names."""
    if not row and not column:
        row, _, term = term.partition(".")
    return (row, term) if row else (term, column)


def _sum(numbers: Mapping[Place, int], places: list[Place]) -> int | None:
    if any(place not in numbers for place in places):
        return None
    return sum(numbers[place] for place in places)
