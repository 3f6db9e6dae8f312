"""``xuezheng rows``: print the rows behind a figure."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, add_question, print_json, question
from xuezheng.figures import catalogue

_SHOWN = 50


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng rows`` to ``parser``."""
    parser.add_argument("key", metavar="指标", help="如 aid.registered_poor_amount")
    add_question(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the rows behind a figure: the first 50 as a table, or all of them as JSON. Returns 0."""
    snapshot, period = question(options)
    rows = catalogue.figure(options.key).rows(snapshot, period, **options.where)
    if options.json:
        print_json([rows.as_object(record) for record in rows.table.to_pylist()])
        return 0
    table = Table(
        *(column.title for column in rows.columns.values()), title=f"共{rows.count}行", box=SIMPLE_HEAD
    )
    for record in rows.table.slice(0, _SHOWN).to_pylist():
        table.add_row(*(rows.shown(name, value) for name, value in record.items()))
    OUT.print(table)
    if rows.count > _SHOWN:
        OUT.print(f"只显示前{_SHOWN}行；加--json输出全部{rows.count}行。")
    return 0
