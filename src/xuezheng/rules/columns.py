"""Columns that areas add to frozen tables when the registers are frozen.

A rule column is computed from a row and the policy; a linked column is read from another register.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

import ibis
import ibis.expr.operations as ops

from xuezheng.policy.current import policy
from xuezheng.policy.entries import Policy
from xuezheng.records.models import Record
from xuezheng.registry import Declaration, declared

Rule = Callable[[ibis.Table, Policy], ibis.Value]


@dataclass(frozen=True)
class Ruling:
    """A rule column computed for a table: its ``expression``, and what the rule read.

    ``policies`` are keys of policy entries, ``reads`` names of columns of the table, ``code_lists`` keys of
    code lists.
    """

    expression: ibis.Value
    policies: tuple[str, ...]
    reads: tuple[str, ...]
    code_lists: tuple[str, ...] = ()


class RuleColumn(Declaration):
    """The declaration of a column computed for every row of a register's frozen table, its table in a snapshot.

    It is made by :func:`column`, which describes the parameters.
    """

    def __init__(
        self, model: type[Record], rule: Rule, choices: Mapping[str, str], null: bool, money: bool
    ) -> None:
        self.model = model
        self.rule = rule
        self.choices = choices
        self.null = null
        self.money = money

    @property
    def label(self) -> str:
        """The meaning of the column in Chinese: the rule's docstring, its lines joined."""
        return " ".join((self.rule.__doc__ or "").split())

    def apply(self, table: ibis.Table, district: str, day: date) -> Ruling:
        """Apply the rule to ``table`` and return the column's expression with what it read.

        ``district`` is the district's division code, ``day`` the day of the snapshot.
        """
        noted = policy(self.area).noting(district, day)
        expression = self.rule(table, noted)
        # Fields of tables further down belong to rules that were worked out before.
        reads = {node.name for node in expression.op().find(ops.Field) if node.rel == table.op()}
        return Ruling(
            expression, tuple(sorted(noted.read)), tuple(sorted(reads)), tuple(sorted(noted.lists_read))
        )


def column(
    model: type[Record],
    *,
    choices: Mapping[str, str] | None = None,
    null: bool = False,
    money: bool = False,
) -> Callable[[Rule], RuleColumn]:
    """Return a decorator that declares a rule column of the register ``model``.

    The decorated function takes the table (:class:`ibis.Table`) and the area's :class:`Policy` and returns an
    ibis expression. Its name is the column's name, its Chinese docstring the label shown to readers.
    ``choices`` maps the values to Chinese names; ``null`` allows rows without a value; ``money`` says that
    values are in fen.
    """
    return lambda rule: RuleColumn(model, rule, choices or {}, null, money)


class LinkedColumn(Declaration):
    """A column that an area adds to the frozen table of a register that is not its own.

    ``source`` is a Django look-up path from the register ``model`` that leads to at most one row.
    """

    def __init__(self, model: type[Record], source: str) -> None:
        self.model = model
        self.source = source


@cache
def linked_columns(table: str) -> dict[str, str]:
    """Return the look-up paths of the linked columns of the snapshot table with this name, by column."""
    return {
        column.name: column.source
        for column in declared("rules", LinkedColumn)
        if column.model.table_name() == table
    }


def with_rules(
    table: ibis.Table, model: type[Record], district: str, day: date
) -> tuple[ibis.Table, list[tuple[RuleColumn, Ruling]]]:
    """Add a register's rule columns to ``table`` in order of declaration, so that a rule may read those before it.

    ``district`` is the district's division code, ``day`` the day of the snapshot. Returns the table and, for
    each added column, its declaration with the computed expression and what its rule read.
    """
    rulings = []
    for rule in rule_columns(model.table_name()):
        ruling = rule.apply(table, district, day)
        rulings.append((rule, ruling))
        table = table.mutate(**{rule.name: ruling.expression})
    return table, rulings


@cache
def rule_columns(table: str) -> list[RuleColumn]:
    """Return the rule columns of the snapshot table with this name (``aid_award``), in order of declaration."""
    return [column for column in declared("rules", RuleColumn) if column.model.table_name() == table]
