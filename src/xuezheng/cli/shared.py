"""Options that several commands share, and their output of JSON and progress."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from xuezheng.core.number_text import plain_number
from xuezheng.core.periods import Period
from xuezheng.figures import FigureError, parse_slice
from xuezheng.operations import OperationRefused
from xuezheng.operations.start import prepare_database
from xuezheng.snapshots import Snapshot

__all__ = ["OUT", "prepare_database"]
_WIDE = 160
# Sent to a file or another program, a table keeps its width instead of being cut to a terminal's 80 columns.
OUT = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)


def add_question(parser: argparse.ArgumentParser, *, period_required: bool = True) -> None:
    """Add the options of a query of figures: ``--period``, ``--where`` (a slice such as ``phase=senior``) and ``--snapshot``."""
    parser.add_argument(
        "--period",
        required=period_required,
        metavar="时期",
        help="2019H1、2019、2019春、2018-2019、2019-05 等",
    )
    parser.add_argument(
        "--where", default={}, type=_slice, metavar="条件", help="只看一部分，如 phase=senior,place=district"
    )
    add_snapshot(parser)


def add_snapshot(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--snapshot``, the id of a snapshot."""
    parser.add_argument("--snapshot", metavar="编号", help="用哪个快照，默认该时期末前后生成的最新一个")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add the option ``--json``, which prints JSON instead of text."""
    parser.add_argument("--json", action="store_true", help="输出JSON，供程序读取")


def _slice(text: str) -> dict[str, str]:
    try:
        return parse_slice(text)
    except FigureError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def question(options: argparse.Namespace) -> tuple[Snapshot, Period]:
    """Return the snapshot and the period of the parsed options ``--snapshot`` and ``--period``.

    Without ``--snapshot`` it is the snapshot that :meth:`Snapshot.for_period` chooses. Raises ``PeriodError``
    for an unreadable period, ``SnapshotError`` where there is no such snapshot.
    """
    period = Period.parse(options.period)
    return (Snapshot.open(options.snapshot) if options.snapshot else Snapshot.for_period(period)), period


def print_json(value: Any) -> None:
    """Print a value as indented JSON: Chinese unescaped, ``Decimal`` as a number, other types that JSON lacks as ``str()``."""
    print(json.dumps(value, ensure_ascii=False, indent=1, default=_plain))


def _plain(value: Any) -> Any:
    return plain_number(value) if isinstance(value, Decimal) else str(value)


@contextmanager
def progress_shown() -> Iterator[Callable[[str, int, int], None]]:
    """Context manager that shows the progress of long work on the standard error.

    It yields a function that takes a Chinese text, the number of steps done, and the number of steps in all.
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


def typed_passphrase(*, twice: bool) -> str:
    """Prompt for the passphrase of a backup at the terminal, and return it; "" where there is no terminal.

    With ``twice``, for a new passphrase, it is typed twice; raises ``OperationRefused`` where the entries
    differ.
    """
    if not sys.stdin.isatty():
        return ""
    typed = getpass.getpass("备份口令：")
    if twice and getpass.getpass("再输入一次：") != typed:
        raise OperationRefused("两次输入的口令不同，没有备份。")
    return typed
