"""The rules between the cells of a table, on numbers of the registers or on those that a school typed."""

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
    """A rule on certain cells: whether it holds; None where a cell has no number."""

    rule: Rule
    place: str
    left: int | None
    right: int | None

    @property
    def holds(self) -> bool | None:
        """Whether the relation holds."""
        return (
            None if self.left is None or self.right is None else _SIGNS[self.rule.sign](self.left, self.right)
        )

    def __str__(self) -> str:
        sides = " + ".join(self.rule.left), " + ".join(self.rule.right)
        return f"{self.place}：{sides[0]}（{self.left}）{_WORDS[self.rule.sign]}{sides[1]}（{self.right}）"


def check(table: StatisticalTable, numbers: Mapping[Place, int]) -> list[Check]:
    """Evaluate every rule of a table on the numbers of its cells."""
    return [evaluated for rule in table.rules for evaluated in _evaluated(table, rule, numbers)]


def _evaluated(table: StatisticalTable, rule: Rule, numbers: Mapping[Place, int]) -> Iterator[Check]:
    if rule.scope == "columns":
        for row in table.rows:
            yield Check(
                rule,
                f"{row.code} {row.title}",
                *(_sum(numbers, [(row.code, term) for term in side]) for side in (rule.left, rule.right)),
            )
    elif rule.scope == "rows":
        for column in table.columns:
            yield Check(
                rule,
                f"第{column.code}栏 {column.title}",
                *(_sum(numbers, [(term, column.code) for term in side]) for side in (rule.left, rule.right)),
            )
    else:
        sides = ([_place(term) for term in side] for side in (rule.left, rule.right))
        yield Check(rule, "行.栏", *(_sum(numbers, side) for side in sides))


def _place(term: str) -> Place:
    row, _, column = term.partition(".")
    return row, column


def _sum(numbers: Mapping[Place, int], places: list[Place]) -> int | None:
    if any(place not in numbers for place in places):
        return None
    return sum(numbers[place] for place in places)
