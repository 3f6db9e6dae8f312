"""The template functions for the plan: the next half-year's items, and the progress of this half-year's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xuezheng.core.number_text import chinese
from xuezheng.plans.progress import State, TargetProgress, plan

if TYPE_CHECKING:
    from xuezheng.reports.templates.inserts import Inserts

_YES_OR_NO = (0, 1)


def planned(inserts: Inserts, value: str) -> list[tuple[str, str, str, str, str]]:
    """Return the plan items of the next half-year, in order, each as a tuple of five texts.

    The texts are the number in Chinese numerals, the title, the measures, the section, and the targets in
    words. ``value`` is the key of the figure that states a target's value by item and title, so that each
    value is a marked number. Numbers in the texts are tokens of ``inserts``.
    """
    period = inserts.period.next_half_year()
    return [
        (
            chinese(item.number),
            inserts.prose(item.title),
            inserts.recorded(inserts.prose(item.measures), item.title),
            inserts.recorded(item.section, item.title),
            "；".join(
                f"{inserts.prose(target.title)}{_describe_target(inserts, value, item.id, target)}"
                for target in item.targets
            ),
        )
        for item in plan(inserts.snapshot, period)
    ]


def progress(inserts: Inserts) -> list[tuple[str, str]]:
    """Return (state, phrase) for each state that occurs in this half-year's plan, both in Chinese, done ones first.

    The phrase names the items and targets in that state. Numbers in it are tokens of ``inserts``.
    """
    phrases: dict[State, list[str]] = {}
    for item in plan(inserts.snapshot, inserts.period):
        if not item.targets:
            phrases.setdefault(item.state, []).append(inserts.prose(item.title))
        for target in item.targets:
            phrases.setdefault(target.state, []).append(
                f"{inserts.prose(target.title)}{_reached(inserts, target)}"
            )
    return [
        (state.value, inserts.recorded("；".join(phrases[state]), "工作计划"))
        for state in (State.DONE, State.UNDER_WAY, State.LATE, State.NOT_BEGUN)
        if state in phrases
    ]


def _describe_target(inserts: Inserts, value: str, item: int, target: TargetProgress) -> str:
    """Return the value that a target requires, in words; "" where the title suffices."""
    if target.value in _YES_OR_NO or target.answer is None:
        return ""
    return (
        f"{target.comparison}{inserts.number(value, item=str(item), title=target.title)}{target.answer.unit}"
    )


def _reached(inserts: Inserts, target: TargetProgress) -> str:
    """Return the current value of a target's figure, in words; "" where the title suffices."""
    answer = target.answer
    if answer is None or answer.value is None or target.value in _YES_OR_NO:
        return ""
    return f"（现为{inserts.number(answer.figure, **answer.slice)}）"
