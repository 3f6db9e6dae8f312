"""The risk of a target: it is due soon and not reached, or its progress is behind the time that has passed.

The limits are policy values, declared in ``policy.yaml`` in this folder.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Figure, catalogue
from xuezheng.figures.ratio import parts_of
from xuezheng.figures.trends import point
from xuezheng.policy.current import entries


def risk(
    answer: Answer | None,
    value: Decimal,
    met: Callable[[Any, Any], bool],
    day: date,
    due_on: date,
    period: Period,
) -> str:
    """Return the Chinese reason why a target that is not reached on ``day`` is at risk; "" where it is not.

    A target is at risk if it is due within the days of the policy ``plans.due_soon``, or if its progress in
    percent is behind the percentage of time that has passed by more than the points of ``plans.behind``.
    Several reasons are joined by ；.

    ``answer`` is the present value of the target's figure (None for none), ``value`` the target value, and
    ``met(number, value)`` whether a number reaches it. ``due_on`` is the day by which it should. ``period``
    is the half-year of the plan: progress is measured from the figure's value before it, time from its first
    day.
    """
    reasons = []
    left = (due_on - day).days
    soon = entries("plans")["due_soon"].value(day)
    if soon is not None and left <= soon:
        reasons.append(f"离时限还有{left}天，尚未达到")
    if (share := _way_gone(answer, value, met, period)) is not None:
        passed = _percent((day - period.start).days, (due_on - period.start).days)
        behind = entries("plans")["behind"].value(day)
        if behind is not None and share + behind < passed:
            reasons.append(f"时间已过{passed}%，进度为{share}%")
    return "；".join(reasons)


def _way_gone(
    answer: Answer | None, value: Decimal, met: Callable[[Any, Any], bool], period: Period
) -> int | None:
    """The progress from the figure's value before the plan to the target, in percent; None where it is unknown."""
    if answer is None or (now := answer.number()) is None:
        return None
    start = _start(answer.figure, answer.slice, period)
    if start is None:
        return None
    if met(start, value):
        return 0  # it stood there before, and has gone away from it
    return _percent(Decimal(now) - start, value - start)


def _start(key: str, slice: Mapping[str, str], period: Period) -> Decimal | None:
    """The value of a figure before the plan: for a stock, its value in the period before; for a flow, zero; None where unknown."""
    figure = catalogue.figure(key)
    if all(part.over.dated and part.over.flows for part in parts_of(figure)):
        return Decimal(0) if isinstance(figure, Figure) else None
    before = point(figure, period.previous(), slice).answer
    number = before.number() if before else None
    return None if number is None else Decimal(number)


def _percent(part: Any, total: Any) -> int:
    """Return a share as an integer from 0 to 100, in percent; 100 where the total is zero."""
    return max(0, min(100, int(part * 100 / total))) if total else 100
