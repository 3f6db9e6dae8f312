"""The output of ``xuezheng import --plan``: the changes that importing files would make."""

import argparse
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.markup import escape

from xuezheng.cli.shared import OUT, print_json, progress_shown
from xuezheng.core.number_text import plain_number
from xuezheng.core.periods import Period
from xuezheng.impact import Piece, ReplacementPlan, RequirementChange, TargetChange, replacement_plan


def show_plans(options: argparse.Namespace) -> int:
    """Print the changes that importing each file alone would make in the period ``options.plan``.

    Nothing is stored. Returns 0. ``options`` has the parsed arguments of ``xuezheng import``.
    """
    period, plans = Period.parse(options.plan), []
    for path in options.files:
        with progress_shown() as progress:
            plan = replacement_plan(path, period, timezone.localdate(), progress, confirm=options.confirm)
        plans.append(plan)
        if not options.json:
            _show_plan(path, plan)
    if options.json:
        print_json([_plan_as_object(path, plan) for path, plan in zip(options.files, plans, strict=True)])
    return 0


def _show_plan(path: Path, plan: ReplacementPlan) -> None:
    OUT.print(escape(f"“{path.name}”如果导入，{plan.sentence()}"))
    for title, lines in (
        (
            "指标",
            [
                f"{change.before.label}：{change.before.text()} → {change.after.text()}"
                for change in plan.figures
            ],
        ),
        ("判定", [_requirement_line(change) for change in plan.requirements]),
        ("报告", [f"{_marked(change.before)} → {_marked(change.after)}" for change in plan.sentences]),
        ("计划目标", [_target_line(change) for change in plan.targets]),
    ):
        if lines:
            OUT.print(title, style="bold")
        for line in lines:
            OUT.print(f"  · {line}")
    OUT.print("台账没有任何改动。")


def _marked(pieces: tuple[Piece, ...]) -> str:
    """Return a sentence of the report for the terminal, its changed parts in bold."""
    sentence = "".join(
        f"[bold]{escape(piece.text)}[/bold]" if piece.changed else escape(piece.text) for piece in pieces
    )
    return sentence or "（没有这一句）"


def _requirement_line(change: RequirementChange) -> str:
    place = f"{change.assessment}的{change.title}" if not change.part else f"{change.part}：{change.title}"
    states = " → ".join(
        f"{status}（{note}）" if note else status for status, note in (change.before, change.after)
    )
    return escape(f"{place}：{states}")


def _target_line(change: TargetChange) -> str:
    states = " → ".join(
        f"{value} {state}".strip() or "（没有）" for value, state in (change.before, change.after)
    )
    return escape(f"{change.item}{f'：{change.target}' if change.target else ''}：{states}")


def _plan_as_object(path: Path, plan: ReplacementPlan) -> dict[str, Any]:
    return {
        "file": path.name,
        "period": plan.period.key,
        "sentence": plan.sentence(),
        "figures": [
            {
                "figure": change.before.figure,
                "before": plain_number(change.before.number()),
                "after": plain_number(change.after.number()),
            }
            for change in plan.figures
        ],
        "requirements": [vars(change) for change in plan.requirements],
        "sentences": [
            {side: "".join(piece.text for piece in getattr(change, side)) for side in ("before", "after")}
            for change in plan.sentences
        ],
        "targets": [vars(change) for change in plan.targets],
    }
