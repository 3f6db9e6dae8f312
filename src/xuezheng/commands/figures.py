"""``xuezheng figures``: the values of figures."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng import registry
from xuezheng.commands.shared import OUT, add_json, add_question, print_json, question
from xuezheng.figures import coverage


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "keys", nargs="*", metavar="指标", help="如 aid.registered_poor_pupils，不写则列出全部"
    )
    parser.add_argument(
        "--by", default="", metavar="维度", help="按哪些维度分，如 phase,place；先给合计，再逐级细分"
    )
    add_question(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the answers."""
    snapshot, period = question(options)
    by = [name.strip() for name in options.by.split(",") if name.strip()]
    answers = [
        answer
        for figure in map(registry.figure, options.keys or registry.figures())
        for answer in figure.breakdown(snapshot, period, by, **options.where)
    ]
    if options.json:
        print_json([answer.as_object() for answer in answers])
        return 0
    table = Table(
        "指标", "名称", "范围", "数值", title=f"{period.label}（快照 {snapshot.id}）", box=SIMPLE_HEAD
    )
    for answer in answers:
        note = f"（另有{answer.undecided}行因缺项无法判断）" if answer.undecided else ""
        table.add_row(answer.figure, answer.label, answer.slice_label, answer.text() + note)
    OUT.print(table)
    figures = [registry.figure(key) for key in dict.fromkeys(answer.figure for answer in answers)]
    if covered := coverage(snapshot, figures, period):
        OUT.print(str(covered), style="yellow")
    return 0
