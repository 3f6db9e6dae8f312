"""``xuezheng undo``: undo an import."""

import argparse

from rich.markup import escape

from xuezheng.cli.shared import OUT, prepare_database
from xuezheng.intake import UndoRefused, undo


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("batch", type=int, metavar="批次", help="批次号，导入时显示，也见网页“填报”")


def run(options: argparse.Namespace) -> int:
    """Undo the import and print the result, or list the rows that prevent it and return 1."""
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
