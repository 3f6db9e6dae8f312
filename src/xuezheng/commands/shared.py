"""What several commands ask for and print in the same way."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import connection
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from xuezheng.figures.numbers import plain_number
from xuezheng.records.periods import Period
from xuezheng.snapshots import Snapshot

_WIDE = 160
# Sent to a file or another program, a table keeps its width instead of being cut to a terminal's 80 columns.
OUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def add_question(parser: argparse.ArgumentParser) -> None:
    """Add the options that say about which period, slice and snapshot a figure is asked."""
    parser.add_argument(
        "--period", required=True, metavar="时期", help="2019H1、2019、2019春、2018-2019、2019-05 等"
    )
    parser.add_argument(
        "--where", default={}, type=_slice, metavar="条件", help="只看一部分，如 phase=senior,place=district"
    )
    add_snapshot(parser)


def add_snapshot(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the snapshot."""
    parser.add_argument("--snapshot", metavar="编号", help="用哪个快照，默认该时期末前后冻结的最新一个")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option that prints for a program to read."""
    parser.add_argument("--json", action="store_true", help="输出JSON，供程序读取")


def _slice(text: str) -> dict[str, str]:
    parts = [part.partition("=") for part in text.split(",") if part]
    if not all(name and sign for name, sign, _ in parts):
        raise argparse.ArgumentTypeError(
            "条件应写作“名称=值”，多个用逗号隔开，如 phase=senior,place=district"
        )
    return {name.strip(): value.strip() for name, _, value in parts}


def question(options: argparse.Namespace) -> tuple[Snapshot, Period]:
    """Return the snapshot and the period that the options name."""
    period = Period.parse(options.period)
    return (Snapshot.open(options.snapshot) if options.snapshot else Snapshot.for_period(period)), period


def print_json(value: Any) -> None:
    """Print JSON with Chinese as it is and decimals exact."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    return plain_number(value) if isinstance(value, Decimal) else str(value)


@contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int], None]]:
    """Show how far long work has come, on the terminal's error channel.

    Yields a function that takes the words, the steps done and the steps in all.
    """
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("准备", total=None)
        yield lambda words, done, total: progress.update(task, description=words, completed=done, total=total)


def prepare_database() -> None:
    """Bring the database to the form that this version needs; nothing happens when it has it."""
    if connection.introspection.table_names():
        call_command("migrate", run_syncdb=True, verbosity=0)
        return
    # An empty database gets its tables at once: step by step, Django would render every register anew for each
    # of some two hundred steps. A test compares the two.
    with connection.schema_editor() as editor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy and not model._meta.auto_created:
                editor.create_model(model)
    call_command("migrate", fake=True, verbosity=0)
