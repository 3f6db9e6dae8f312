"""``xuezheng figures``: print the values of figures, or list the figures."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, add_question, print_json, question
from xuezheng.figures import catalogue, coverage


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng figures`` to ``parser``."""
    parser.add_argument("keys", nargs="*", metavar="指标", help="如 aid.registered_poor_pupils，不写则为全部")
    parser.add_argument(
        "--by", default="", metavar="维度", help="按哪些维度分，如 phase,place；先给合计，再逐级细分"
    )
    add_question(parser, period_required=False)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the values of figures for a period, by the dimensions of ``--by``.

    Without a period, list the figures. Returns 0. Raises ``registry.Unknown`` for an unknown figure,
    ``FigureError`` for an unknown dimension or slice.
    """
    if not options.period:
        return _list_catalogue(options)
    snapshot, period = question(options)
    by = [name.strip() for name in options.by.split(",") if name.strip()]
    answers = [
        answer
        for figure in map(catalogue.figure, options.keys or catalogue.figures())
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
    figures = [catalogue.figure(key) for key in dict.fromkeys(answer.figure for answer in answers)]
    if covered := coverage(snapshot, figures, period):
        OUT.print(str(covered), style="yellow")
    return 0


def _list_catalogue(options: argparse.Namespace) -> int:
    figures = [catalogue.figure(key) for key in options.keys or catalogue.figures()]
    if options.json:
        print_json(
            [
                {
                    "figure": figure.key,
                    "label": figure.label,
                    "unit": figure.unit,
                    "by": list(figure.by),
                    "definition": figure.definition,
                }
                for figure in figures
            ]
        )
        return 0
    table = Table(
        "指标", "名称", "单位", "可按什么分", title="指标目录（查数值请加 --period）", box=SIMPLE_HEAD
    )
    for figure in figures:
        table.add_row(figure.key, figure.label, figure.unit, "、".join(figure.by))
    OUT.print(table)
    return 0
