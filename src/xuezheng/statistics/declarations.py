"""Statistical tables as dated data: rows and columns that select what a figure counts, and the rules between cells."""

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
class Unknown:
    """A part of the people of a cell of whom it is not known whether they belong into it.

    ``where`` are values of the figure's dimensions that replace those of the line. If there is anybody, the
    cell has no number, and ``reason`` says so in Chinese; ``{count}`` in it stands for how many.
    """

    where: Mapping[str, str | tuple[str, ...]]
    reason: str


@dataclass(frozen=True)
class Line:
    """A row or column of a table: its code and Chinese title, and what it selects.

    - ``where``: values of the figure's dimensions; several values of one are added up
    - ``figure``: the key of a figure that replaces the table's, "" for none
    - ``over``: ``last_year`` for the previous school year instead of the day, else ""
    - ``missing``: the reason, in Chinese, why the registers do not have its numbers, else ""
    - ``ages``: the lowest and the highest age, both inclusive, either of which may be None
    - ``entrants``: whether it counts only pupils who entered their stage this year
    - ``instead``: figures and dimensions that a row uses in place of those of the table and its columns
    - ``unless``: parts of the same people of whom the registers do not have what it selects
    """

    code: str
    title: str
    where: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    figure: str = ""
    over: str = ""
    missing: str = ""
    ages: tuple[int | None, int | None] | None = None
    entrants: bool = False
    instead: Mapping[str, str] = field(default_factory=dict)
    unless: tuple[Unknown, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A relation (``=``, ``<=`` or ``>=``) between two sums of cells.

    ``left`` and ``right`` are the terms of the sums. With the ``scope`` ``columns``, terms are codes of
    columns and the rule applies in every row; with ``rows``, they are codes of rows and it applies in every
    column; otherwise a term is ``<row>.<column>``, with ``<table>:`` before it if it is of another table. A
    ``hard`` rule must hold; a violation of any other may be explained. With a ``stage``, the rule applies
    only to the table of a school that has no other stage; ``county`` says that it applies only to the table
    of all schools.
    """

    scope: str
    left: tuple[str, ...]
    sign: str
    right: tuple[str, ...]
    hard: bool
    stage: str = ""
    county: bool = False

    def __str__(self) -> str:
        return f"{' + '.join(self.left)} {self.sign} {' + '.join(self.right)}"


@dataclass(frozen=True)
class StatisticalTable:
    """A statistical table: its code and title, the figure that it divides, and its columns, rows and rules.

    ``figure`` is the figure's key, ``where`` are values of its dimensions for the whole table, ``unless`` the
    people because of whom no cell can be told. ``first_day``
    is the day from which this layout applies; ``source`` says where it was found and ``grade`` how certain it
    is.
    """

    code: str
    title: str
    first_day: date
    source: str
    grade: str
    figure: str
    where: Mapping[str, str | tuple[str, ...]]
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    rules: tuple[Rule, ...]
    unless: tuple[Unknown, ...] = ()

    def titles_of(self, row: str, column: str) -> tuple[str, str]:
        """Return the codes and titles of a row and a column, given by their codes, in Chinese."""
        [row_line] = (line for line in self.rows if line.code == row)
        [column_line] = (line for line in self.columns if line.code == column)
        return f"{row} {row_line.title}", f"{column} {column_line.title}"


@cache
def statistical_tables() -> dict[str, StatisticalTable]:
    """Return the tables of the shipped packs by code, in order of declaration."""
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
        _unknown(values),
    )


def _line(values: Mapping[str, Any]) -> Line:
    ages = values.get("ages")
    known = {name: value for name, value in values.items() if name not in ("ages", "where", "code", "unless")}
    return Line(
        code=str(values["code"]),
        where=_texts(values.get("where", {})),
        ages=tuple(ages) if ages else None,
        unless=_unknown(values),
        **known,
    )


def _unknown(values: Mapping[str, Any]) -> tuple[Unknown, ...]:
    return tuple(Unknown(_texts(each["where"]), each["reason"]) for each in values.get("unless", []))


def _texts(where: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return the values of dimensions as the texts of a slice."""
    return {
        name: tuple(map(_text, value)) if isinstance(value, list) else _text(value)
        for name, value in where.items()
    }


def _text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _rule(values: Mapping[str, Any]) -> Rule:
    [scope] = values.keys() - {"hard", "stage", "county"}
    match = _RULE.fullmatch(values[scope])
    if match is None:
        raise ValueError(f"no rule: {values[scope]}")
    left, right = (tuple(term.strip() for term in match[side].split("+")) for side in ("left", "right"))
    return Rule(
        scope,
        left,
        match["sign"],
        right,
        bool(values.get("hard", True)),
        values.get("stage", ""),
        bool(values.get("county", False)),
    )
