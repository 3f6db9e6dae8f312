"""What ``xuezheng import --plan`` prints: what files would change, if they were imported."""

import argparse
from pathlib import Path
from typing import Any

from django.utils import timezone
from rich.markup import escape

from xuezheng.cli.shared import OUT, print_json, progress_shown
from xuezheng.core.number_text import plain_number
from xuezheng.core.periods import Period
from xuezheng.impact import Piece, ReplacementPlan, TargetChange, replacement_plan


def show_plans(options: argparse.Namespace) -> int:
    """Print what each file by itself would change; nothing is kept."""
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
        ("指标", [f"{it.before.label}：{it.before.text()} → {it.after.text()}" for it in plan.figures]),
        ("报告", [f"{_marked(it.before)} → {_marked(it.after)}" for it in plan.sentences]),
        ("计划目标", [_target_line(it) for it in plan.targets]),
    ):
        if lines:
            OUT.print(title, style="bold")
        for line in lines:
            OUT.print(f"  · {line}")
    OUT.print("台账没有任何改动。")


def _marked(pieces: tuple[Piece, ...]) -> str:
    """A sentence with what changed in bold."""
    told = "".join(f"[bold]{escape(it.text)}[/bold]" if it.changed else escape(it.text) for it in pieces)
    return told or "（没有这一句）"


def _target_line(it: TargetChange) -> str:
    states = " → ".join(f"{told} {state}".strip() or "（没有）" for told, state in (it.before, it.after))
    return escape(f"{it.item}{f'：{it.target}' if it.target else ''}：{states}")


def _plan_as_object(path: Path, plan: ReplacementPlan) -> dict[str, Any]:
    return {
        "file": path.name,
        "period": plan.period.key,
        "sentence": plan.sentence(),
        "figures": [
            {
                "figure": it.before.figure,
                "before": plain_number(it.before.number()),
                "after": plain_number(it.after.number()),
            }
            for it in plan.figures
        ],
        "sentences": [
            {side: "".join(piece.text for piece in getattr(it, side)) for side in ("before", "after")}
            for it in plan.sentences
        ],
        "targets": [vars(it) for it in plan.targets],
    }
