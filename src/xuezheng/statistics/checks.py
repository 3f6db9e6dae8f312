"""Checks of the rules between the cells of a table, on computed numbers or on those that a school typed."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xuezheng.records.models import School
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import FilledTable, Place, fill_places
from xuezheng.statistics.declarations import Rule, StatisticalTable, statistical_tables

_SIGNS: dict[str, Callable[[int, int], bool]] = {"=": operator.eq, "<=": operator.le, ">=": operator.ge}
_WORDS = {"=": "应等于", "<=": "不应大于", ">=": "不应小于"}
#: The numbers of cells of tables, by the code of the table and the place.
Elsewhere = Mapping[str, Mapping[Place, int]]


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


def check(
    table: StatisticalTable,
    numbers: Mapping[Place, int],
    elsewhere: Elsewhere = MappingProxyType({}),
    school: School | None = None,
) -> list[Check]:
    """Evaluate every rule of a table, in each row or column to which it applies.

    ``numbers`` has the numbers of cells by (code of the row, code of the column), ``elsewhere`` those of
    other tables, by code; a cell without a number is absent. ``school`` is the school of which the table is,
    None for all.
    """
    checks = []
    for rule in table.rules:
        if rule.county and school is not None:
            continue
        if rule.stage and (school is None or school.stages != (rule.stage,)):
            continue
        for name, row, column in _applications(table, rule):
            sides = ([_place(term, row, column) for term in side] for side in (rule.left, rule.right))
            known = {"": numbers, **elsewhere}
            checks.append(Check(rule, name, *(_sum(known, side) for side in sides)))
    return checks


def check_filled(filled: FilledTable, snapshot: Snapshot) -> list[Check]:
    """Evaluate every rule of a table filled from a snapshot, those that name other tables included."""
    elsewhere = {
        code: fill_places(statistical_tables()[code], places, snapshot, filled.day, filled.school)
        for code, places in places_elsewhere(filled.table).items()
    }
    return check(filled.table, filled.numbers, elsewhere, filled.school)


def places_elsewhere(table: StatisticalTable) -> dict[str, set[Place]]:
    """Return the cells of other tables that the rules of a table name, by the code of their table."""
    places: dict[str, set[Place]] = {}
    for rule in table.rules:
        for code, place in (_place(term, "", "") for term in (*rule.left, *rule.right)):
            if code:
                places.setdefault(code, set()).add(place)
    return places


def _applications(table: StatisticalTable, rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Yield where a rule applies: a name, and the row and the column that are the same for all its terms, "" where the terms give them."""
    if rule.scope == "columns":
        yield from ((f"{row.code} {row.title}", row.code, "") for row in table.rows)
    elif rule.scope == "rows":
        yield from ((f"第{column.code}栏 {column.title}", "", column.code) for column in table.columns)
    else:
        yield "行.栏", "", ""


def _place(term: str, row: str, column: str) -> tuple[str, Place]:
    """Return the table, "" for the same one, and the cell of a term in a row or column; without either, those which the term itself names."""
    table, _, term = term.rpartition(":")
    if not row and not column:
        row, _, term = term.partition(".")
    return table, ((row, term) if row else (term, column))


def _sum(numbers: Elsewhere, places: list[tuple[str, Place]]) -> int | None:
    values = [numbers.get(table, {}).get(place) for table, place in places]
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
