"""The effect of importing a workbook on the figures, the report and the plan of a period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from xuezheng.core.periods import Period
from xuezheng.impact.hypothetical_registers import Progress, before_and_after
from xuezheng.impact.requirements import RequirementChange, changed_requirements
from xuezheng.impact.scenarios import Effect, changed_figures
from xuezheng.impact.sentences import SentenceChange, changed_sentences
from xuezheng.plans import progress as plans
from xuezheng.plans.progress import ItemProgress
from xuezheng.snapshots import Snapshot


@dataclass(frozen=True)
class TargetChange:
    """A changed item of the plan, or one of its targets.

    ``item`` is the item's number and title, ``target`` the target's title, "" for the item itself. ``before``
    and ``after`` are (value with the target's description, state) as Chinese texts; an item has no value
    (""), and both texts are "" where the item or target does not exist.
    """

    item: str
    target: str
    before: tuple[str, str]
    after: tuple[str, str]


@dataclass(frozen=True)
class ReplacementPlan:
    """The effect of an import on a period.

    It consists of the figures whose totals change, the requirements of assessments that are judged otherwise
    with their conclusions, the changed sentences of the main report, and the changed items and targets of the plan.
    """

    period: Period
    figures: tuple[Effect, ...]
    requirements: tuple[RequirementChange, ...]
    sentences: tuple[SentenceChange, ...]
    targets: tuple[TargetChange, ...]

    def sentence(self) -> str:
        """Return the numbers of changes as one Chinese sentence."""
        if not (self.figures or self.requirements or self.sentences or self.targets):
            return f"{self.period.label}的指标、报告和计划目标都不会变。"
        judged = f"判定{len(self.requirements)}项，" if self.requirements else ""
        return (
            f"{self.period.label}会改变：指标{len(self.figures)}项，{judged}报告{len(self.sentences)}句，"
            f"计划目标{len(self.targets)}项。"
        )


def replacement_plan(
    path: Path,
    period: Period,
    day: date,
    progress: Progress = lambda *args: None,
    **intake: Any,
) -> ReplacementPlan:
    """Return the effect that importing the workbook ``path`` into the current registers would have on a period.

    Nothing is stored. ``day`` is the day as of which figures are computed. ``progress``, ``intake`` and the
    exceptions are those of :func:`xuezheng.impact.hypothetical_registers.before_and_after`.
    """
    with before_and_after(path, day, progress, **intake) as (before, after):
        return compared(before, after, period)


def compared(before: Snapshot, after: Snapshot, period: Period) -> ReplacementPlan:
    """Return the differences between two snapshots for a period, as the effect of an import.

    Requirements, sentences and targets are compared only if the tables of the snapshots differ.
    """
    figures = tuple(changed_figures(before, after, period))
    if all(before.has_same_table(after, table) for table in before.tables):
        return ReplacementPlan(period, figures, (), (), ())
    requirements = tuple(changed_requirements(before, after, period))
    sentences = tuple(changed_sentences(before, after, period))
    targets = tuple(_targets(before, after, period))
    return ReplacementPlan(period, figures, requirements, sentences, targets)


def _targets(before: Snapshot, after: Snapshot, period: Period) -> Iterator[TargetChange]:
    old, new = (dict(_target_states(plans.plan(snapshot, period))) for snapshot in (before, after))
    for item, target in dict.fromkeys((*old, *new)):
        was, will = old.get((item, target), ("", "")), new.get((item, target), ("", ""))
        if was != will:
            yield TargetChange(item, target, was, will)


def _target_states(items: list[ItemProgress]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    for item in items:
        name = f"{item.number}. {item.title}"
        yield (name, ""), ("", item.state.value)
        for target in item.targets:
            yield (name, target.title), (f"{target.now}（{target.description}）", target.state.value)
