"""``xuezheng undo``: undo an import."""

import argparse

from rich.markup import escape

from xuezheng.cli.shared import OUT, prepare_database
from xuezheng.intake import UndoRefused, undo


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng undo`` to ``parser``."""
    parser.add_argument("batch", type=int, metavar="批次", help="批次号，导入时显示，也见网页“填报”")


def run(options: argparse.Namespace) -> int:
    """Undo the import with the batch number given, and print the result. Returns 0.

    Where rows prevent it, list them, change nothing, and return 1.
    """
    prepare_database()
    try:
        undone = undo(options.batch)
    except UndoRefused as refusal:
        OUT.print(escape(str(refusal)), style="red")
        for obstacle in refusal.obstacles:
            OUT.print(f"  · {escape(str(obstacle))}")
        return 1
    OUT.print(escape(undone.sentence()))
    return 0
