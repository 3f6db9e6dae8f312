"""``xuezheng whatif``: print how figures would change under a policy with other values, before it is adopted."""

import argparse
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.core.number_text import plain_number
from xuezheng.core.periods import Period
from xuezheng.impact.scenarios import Effect, Turnover, compare
from xuezheng.policy import PolicyError
from xuezheng.policy.declarations import load_yaml


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng whatif`` to ``parser``."""
    parser.add_argument(
        "file",
        type=Path,
        metavar="方案",
        help="YAML文件，写法同policy.yaml，如 aid.boarder: {2019-09-01: {primary: 600, junior: 725}}",
    )
    parser.add_argument("--period", required=True, metavar="时期", help="如 2019H2")
    parser.add_argument("--by", default="", metavar="维度", help="再按一个维度分，如 phase、in_school")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print how figures differ between the policy in force and that of the file; nothing is stored. Returns 0.

    Raises ``PolicyError`` for a file that does not exist or is no valid scenario.
    """
    period = Period.parse(options.period)
    if not options.file.is_file():
        raise PolicyError(f"找不到方案文件“{options.file}”。请检查路径和文件名。")
    changes = load_yaml(options.file.read_text("utf-8"), f"方案文件“{options.file}”")
    comparison = compare(changes, period, options.by, [options.by])
    changed, moved = comparison.effects, comparison.turnovers[options.by]
    if options.json:
        print_json(
            {
                "effects": [_as_object(effect) for effect in changed],
                "turnover": [turnover._asdict() for turnover in moved],
                "sentences": [
                    {
                        "heading": sentence.heading,
                        "before": sentence.before_text,
                        "after": sentence.after_text,
                    }
                    for sentence in comparison.sentences
                ],
            }
        )
        return 0
    OUT.print(_effects(period, changed) if changed else f"按这个方案，{period.label}没有指标会变。")
    if moved:
        OUT.print(_turnover(moved))
    for sentence in comparison.sentences:
        OUT.print(f"报告“{sentence.heading}”：{sentence.before_text or '（没有这一句）'}")
        OUT.print(f"  改为：{sentence.after_text or '（这一句不再写）'}")
    OUT.print("台账和政策都没有改动。要让方案成为政策，请在“政策标准”页面提出，写明依据，由另一人批准。")
    return 0


def _effects(period: Period, changed: list[Effect]) -> Table:
    table = Table(
        "指标", "部分", "现行", "方案", "差", title=f"{period.label}：方案与现行政策", box=SIMPLE_HEAD
    )
    for effect in changed:
        difference = "" if effect.difference is None else f"{effect.difference:+f}".rstrip("0").rstrip(".")
        unit = effect.before.unit if difference else ""
        table.add_row(
            effect.before.label,
            effect.before.slice_label,
            effect.before.text(),
            effect.after.text(),
            f"{difference}{unit}",
        )
    return table


def _turnover(moved: list[Turnover]) -> Table:
    table = Table("金额", "部分", "新增人次", "失去人次", title="谁会得到，谁会失去", box=SIMPLE_HEAD)
    for turnover in moved:
        table.add_row(turnover.figure, turnover.part, str(turnover.gained), str(turnover.lost))
    return table


def _as_object(effect: Effect) -> dict[str, object]:
    return {
        "figure": effect.before.figure,
        "slice": dict(effect.before.slice),
        "before": plain_number(effect.before.number()),
        "after": plain_number(effect.after.number()),
        "difference": plain_number(effect.difference),
    }
