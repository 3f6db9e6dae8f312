"""Statistical tables as dated data: columns and rows that select what a figure counts, and the rules between cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

import yaml

from xuezheng.policy.packs import FOLDER

_RULE = re.compile(r"(?P<left>[^=<>]+?)\s*(?P<sign>=|<=|>=)\s*(?P<right>[^=<>]+)")


@dataclass(frozen=True)
class Line:
    """A column or a row: its code and title, and what it selects.

    ``where`` are values of a figure's dimensions; ``figure`` and ``over`` (``last_year``) replace those of the table; ``missing`` says in Chinese why
    the registers cannot tell its cells. ``ages`` are the lowest and highest age of a row, either of which may be open. ``instead`` names the figures and
    dimensions that a row uses in place of those of the table and its columns.
    """

    code: str
    title: str
    where: Mapping[str, str] = field(default_factory=dict)
    figure: str = ""
    over: str = ""
    missing: str = ""
    ages: tuple[int | None, int | None] | None = None
    entrants: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rule:
    """A relation between sums of cells: ``left`` and ``right`` are terms, in every row, every column, or of single cells (``scope``).

    A term is the code of a column or row, or row.column. A ``hard`` rule must hold; another may be explained.
    """

    scope: str
    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]
    hard: bool

    def __str__(self) -> str:
        return f"{' + '.join(self.left)} {self.sign} {' + '.join(self.right)}"


@dataclass(frozen=True)
class StatisticalTable:
    """A table: its code and title, the figure that it divides, what the whole table selects, its columns, rows and rules.

    ``first_day`` is the day from which the layout applies, ``source`` and ``grade`` say where it is from and how sure it is.
    """

    code: str
    title: str
    first_day: date
    source: str
    grade: str
    figure: str
    where: Mapping[str, str]
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    rules: tuple[Rule, ...]


@cache
def statistical_tables() -> dict[str, StatisticalTable]:
    """Return the tables of the shipped packs by their codes, in order."""
    declared: dict[str, StatisticalTable] = {}
    for path in sorted(FOLDER.glob("*/tables/*.yaml")):
        for code, values in yaml.safe_load(path.read_text("utf-8")).items():
            declared[code] = _table(code, values)
    return declared


def _table(code: str, values: Mapping[str, Any]) -> StatisticalTable:
    return StatisticalTable(
        code,
        values["title"],
        values["from"],
        values["source"],
        values["grade"],
        values["figure"],
        _texts(values["where"]),
        tuple(map(_line, values["columns"])),
        tuple(map(_line, values["rows"])),
        tuple(map(_rule, values["rules"])),
    )


def _line(values: Mapping[str, Any]) -> Line:
    ages = values.get("ages")
    known = {name: value for name, value in values.items() if name not in ("ages", "where", "code")}
    where = _texts(values.get("where", {}))
    return Line(code=str(values["code"]), where=where, ages=tuple(ages) if ages else None, **known)


def _texts(where: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of dimensions as the text of a slice."""
    return {
        name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in where.items()
    }


def _rule(values: Mapping[str, Any]) -> Rule:
    [scope] = values.keys() - {"hard"}
    match = _RULE.fullmatch(values[scope])
    if match is None:
        raise ValueError(f"no rule: {values[scope]}")
    left, right = (tuple(term.strip() for term in match[side].split("+")) for side in ("left", "right"))
    return Rule(scope, left, match["sign"], right, bool(values.get("hard", True)))
