"""The progress of a plan: the target values of its items compared with the values of figures in a snapshot.

It is computed whenever it is needed and never stored.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from xuezheng import registry
from xuezheng.core import number_text
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, FigureError, catalogue, parse_slice
from xuezheng.plans.models import PlanItem, Target
from xuezheng.plans.risks import risk
from xuezheng.snapshots import Snapshot

_REACHED: dict[str, Callable[[Any, Any], bool]] = {
    "at_least": operator.ge,
    "at_most": operator.le,
    "equals": operator.eq,
}


class State(Enum):
    """The status of a plan item or of a target; the values are Chinese and shown to users."""

    NOT_BEGUN = "未启动"
    UNDER_WAY = "推进中"
    DONE = "已完成"
    LATE = "已逾期"


@dataclass(frozen=True)
class TargetProgress:
    """A target of a plan item, and how far its figure has come.

    ``section`` is the Chinese name of the responsible section; ``operator`` is a value of
    :class:`Target.Operator <xuezheng.plans.models.Target.Operator>`. ``value`` is the target value in the
    figure's unit, yuan for money. ``answer`` is the value of the figure in the half-year of the plan; it is
    None where the figure or its slice does not exist, and ``error`` is then the reason in Chinese. ``risk``
    is the Chinese reason why the target is at risk, "" where it is not.
    """

    title: str
    section: str
    due_on: date
    operator: str
    value: Decimal
    answer: Answer | None
    state: State
    error: str = ""
    risk: str = ""

    @property
    def comparison(self) -> str:
        """The comparison in Chinese without the target value, such as 不超过.

        "Equals" is 达到, but 等于 where the target value is 0.
        """
        operator = Target.Operator(self.operator)
        return "达到" if operator is Target.Operator.EQUALS and self.value else str(operator.label)

    @property
    def description(self) -> str:
        """The comparison in Chinese with the target value and unit, such as 不超过1500人."""
        unit = self.answer.unit if self.answer else ""
        return f"{self.comparison}{number_text.write(self.value, unit, 'plain')}"

    @property
    def now(self) -> str:
        """The present value of the figure as Chinese text with its unit; without an answer, the reason for that."""
        return self.answer.text() if self.answer else self.error

    def as_object(self) -> dict[str, Any]:
        """Return the target as a dict for JSON.

        ``target`` is the target value and ``value`` the figure's value as numbers, yuan for money, ``value``
        being None without an answer; ``state`` is Chinese; ``due_on`` is a ``date``.
        """
        answer = self.answer
        return {
            "title": self.title,
            "section": self.section,
            "due_on": self.due_on,
            "figure": answer and answer.figure,
            "slice": dict(answer.slice) if answer else {},
            "operator": self.operator,
            "target": number_text.plain_number(self.value),
            "value": number_text.plain_number(answer.number()) if answer else None,
            "state": self.state.value,
        }


@dataclass(frozen=True)
class ItemProgress:
    """A plan item with its targets and its status, as a snapshot has it.

    ``id`` is the primary key, ``number`` the serial number in the plan; ``section`` is the Chinese name of
    the responsible section, ``area`` the name of its area. An item with targets is done when all of them are
    reached, one without targets when it is registered as finished (``finished_on``) by the day of the
    snapshot.
    """

    id: int
    number: int
    title: str
    section: str
    due_on: date
    measures: str
    targets: tuple[TargetProgress, ...]
    state: State
    area: str = ""
    started_on: date | None = None
    finished_on: date | None = None

    @property
    def at_risk(self) -> list[TargetProgress]:
        """The targets of the item that are at risk."""
        return [target for target in self.targets if target.risk]

    def as_object(self) -> dict[str, Any]:
        """Return the item with its targets as a dict for JSON; ``state`` is Chinese, ``due_on`` a ``date``."""
        return {
            "number": self.number,
            "title": self.title,
            "section": self.section,
            "due_on": self.due_on,
            "state": self.state.value,
            "targets": [target.as_object() for target in self.targets],
        }


def plan(snapshot: Snapshot, period: Period) -> list[ItemProgress]:
    """Return the plan items of a half-year with their progress, in order of their numbers.

    Items, targets and the values of figures are those of ``snapshot``; what is due is judged by its day.
    Returns an empty list where there is no plan for the period.
    """
    items = _rows(snapshot, PlanItem, period)
    targets = _rows(snapshot, Target, period)
    return [
        _item(snapshot, period, item, [target for target in targets if target["item"] == item["id"]])
        for item in sorted(items, key=lambda item: item["number"])
    ]


def _rows(snapshot: Snapshot, model: type[PlanItem] | type[Target], period: Period) -> list[dict[str, Any]]:
    table = snapshot.table(model.table_name())
    return snapshot.fetch(table.filter(table.planned_for == period.key).order_by("id"))


def _item(
    snapshot: Snapshot, period: Period, item: dict[str, Any], rows: Sequence[dict[str, Any]]
) -> ItemProgress:
    begun = item["started_on"] is not None and item["started_on"] <= snapshot.day
    targets = tuple(_target(snapshot, period, row, begun) for row in rows)
    if targets:
        done = all(target.state is State.DONE for target in targets)
    else:
        done = item["finished_on"] is not None and item["finished_on"] <= snapshot.day
    late = item["due_on"] < snapshot.day or any(target.state is State.LATE for target in targets)
    begun = begun or any(target.state is State.DONE for target in targets)
    return ItemProgress(
        item["id"],
        item["number"],
        item["title"],
        registry.areas()[item["section"]].section,
        item["due_on"],
        item["measures"],
        targets,
        _state(done, late, begun),
        item["section"],
        item["started_on"],
        item["finished_on"],
    )


def _target(snapshot: Snapshot, period: Period, row: dict[str, Any], begun: bool) -> TargetProgress:
    answer, error = None, ""
    try:
        slice = parse_slice(row["slice"] or "", ";")
        if row["school"] is not None:
            slice["school"] = str(row["school"])
        answer = catalogue.figure(row["figure"]).at(snapshot, period, **slice)
    except (registry.Unknown, FigureError) as problem:
        error = str(problem)
    number = answer.number() if answer else None
    reached = _REACHED[row["operator"]]
    met = number is not None and reached(number, row["value"])
    state = _state(met, row["due_on"] < snapshot.day, begun)
    open_ = state in (State.NOT_BEGUN, State.UNDER_WAY)
    return TargetProgress(
        row["title"],
        registry.areas()[row["section"]].section,
        row["due_on"],
        row["operator"],
        row["value"],
        answer,
        state,
        error,
        risk(answer, row["value"], reached, snapshot.day, row["due_on"], period) if open_ else "",
    )


def _state(done: bool, late: bool, begun: bool) -> State:
    if done:
        return State.DONE
    if late:
        return State.LATE
    return State.UNDER_WAY if begun else State.NOT_BEGUN
