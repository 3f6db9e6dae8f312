"""Rule columns: computed by a section's rules from a row and the policy, once, when the registers are frozen."""

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
    """A rule column computed for a table: its expression, and the keys of policy entries, names of columns and keys of code lists that it read."""

    expression: ibis.Value
    policies: tuple[str, ...]
    reads: tuple[str, ...]
    code_lists: tuple[str, ...] = ()


class RuleColumn(Declaration):
    """A column computed for every row of a register's frozen table; see :func:`column`."""

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
        """The meaning of the column in Chinese: the rule's docstring."""
        return " ".join((self.rule.__doc__ or "").split())

    def apply(self, table: ibis.Table, district: str, day: date) -> Ruling:
        """Return the column's expression for the rows of ``table``, with the own division code and the day of the freeze."""
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
    """Declare a rule column: the function's name is the column's name, its Chinese docstring is shown to readers.

    The decorated function gets the table and the area's policy and returns an ibis expression. ``choices`` maps the values to Chinese names; ``null``
    allows rows without a value; ``money`` marks values in fen.
    """
    return lambda rule: RuleColumn(model, rule, choices or {}, null, money)


def with_rules(
    table: ibis.Table, model: type[Record], district: str, day: date
) -> tuple[ibis.Table, list[tuple[RuleColumn, Ruling]]]:
    """Add a register's rule columns one after the other, so that a rule may read those before it.

    ``district`` is the own division code, ``day`` that of the freeze. Returns the table and each rule with its ruling.
    """
    rulings = []
    for rule in rule_columns(model.table_name()):
        ruling = rule.apply(table, district, day)
        rulings.append((rule, ruling))
        table = table.mutate(**{rule.name: ruling.expression})
    return table, rulings


@cache
def rule_columns(table: str) -> list[RuleColumn]:
    """Return the rule columns of a snapshot table, in order of declaration."""
    return [column for column in declared("rules", RuleColumn) if column.model.table_name() == table]
