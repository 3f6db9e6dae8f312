"""``xuezheng plan``: print the progress of the items and targets of a half-year's plan."""

import argparse
from collections.abc import Iterator

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, add_snapshot, print_json, question
from xuezheng.plans.progress import ItemProgress, plan


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng plan`` to ``parser``."""
    parser.add_argument("--period", required=True, metavar="时期", help="计划时期，如 2019H2")
    add_snapshot(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print every item of a half-year's plan with its targets, the values of their figures, and the states. Returns 0."""
    snapshot, period = question(options)
    items = plan(snapshot, period)
    if options.json:
        print_json([item.as_object() for item in items])
        return 0
    if not items:
        OUT.print(f"快照{snapshot.id}里没有{period.label}的计划。请先导入“计划任务”和“计划目标”表。")
        return 0
    table = Table(
        "序号", "任务和目标", "责任科室", "时限", "目标值", "现值", "状态",
        title=f"{period.label}计划（快照 {snapshot.id}）", box=SIMPLE_HEAD,
    )  # fmt: skip
    for item in items:
        for line in _lines(item):
            table.add_row(*line)
    OUT.print(table)
    return 0


def _lines(item: ItemProgress) -> Iterator[tuple[str, ...]]:
    yield str(item.number), item.title, item.section, str(item.due_on), "", "", item.state.value
    for target in item.targets:
        yield (
            "",
            f"  {target.title}",
            target.section,
            str(target.due_on),
            target.description,
            target.now,
            target.state.value,
        )
