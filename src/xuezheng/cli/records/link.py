"""``xuezheng link``: reconcile lists of other offices with the students enrolled in the district."""

import argparse
from datetime import date
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, prepare_database, print_json, progress_shown
from xuezheng.linkage.job import ListOutcome, link
from xuezheng.linkage.lists import take_up
from xuezheng.linkage.models import Link, ListRow, Reason
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Term


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng link`` to ``parser``."""
    parser.add_argument(
        "--day", type=date.fromisoformat, metavar="日期", help="只比对这一天的名单，默认各类最新的名单"
    )
    parser.add_argument("--term", metavar="学期", help="比对后据此补充该学期的应助名单，如 2019春")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Reconcile the lists and print the outcome of each; with ``--term``, have areas add their records for that term.

    Returns 0; 1 where there is no such term.
    """
    prepare_database()
    term = Term.objects.filter(code=options.term).first()
    if options.term and term is None:
        OUT.print(f"没有学期“{options.term}”。请核对，或先导入“学期”表。", style="red")
        return 1
    rows = ListRow.objects.filter(listed_on=options.day) if options.day else ListRow.objects.latest()
    with progress_shown() as progress:
        outcomes = link(rows, progress)
    added = take_up(rows, term) if term else {}
    if options.json:
        print_json({"lists": [_as_object(outcome) for outcome in outcomes], "taken_up": added})
        return 0
    if not outcomes:
        OUT.print("没有可比对的名单。请先导入“外部名单”表。")
        return 0
    show(outcomes)
    for title, count in added.items():
        OUT.print(f"{title}：应助名单新增{count}人")
    return 0


def show(outcomes: list[ListOutcome]) -> None:
    """Print the outcome of each list as a table: its rows by state and by reason, and how many changed."""
    states, reasons = dict(Link.State.choices), dict(Reason.choices)
    table = Table("名单", "行数", *states.values(), "有变化", "依据", title="名单比对", box=SIMPLE_HEAD)
    for outcome in outcomes:
        reason_text = "；".join(
            f"{reasons[reason]}{count}" for reason, count in outcome.reasons.most_common()
        )
        counts = [str(outcome.states[state]) for state in states]
        table.add_row(_title(outcome), str(outcome.rows), *counts, str(outcome.changed), reason_text)
    OUT.print(table)


def _title(outcome: ListOutcome) -> str:
    return f"{dict(code_list('policy.hardship').choices)[outcome.category]} {outcome.listed_on}"


def _as_object(outcome: ListOutcome) -> dict[str, Any]:
    return {
        "category": outcome.category,
        "listed_on": outcome.listed_on,
        "rows": outcome.rows,
        "changed": outcome.changed,
        "states": dict(outcome.states),
        "reasons": dict(outcome.reasons),
    }
