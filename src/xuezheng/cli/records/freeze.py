"""``xuezheng freeze``: freeze the registers into a snapshot."""

import argparse
from datetime import date

from xuezheng.cli.shared import OUT, add_json, prepare_database, print_json, progress_shown
from xuezheng.snapshots import freeze


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng freeze`` to ``parser``."""
    parser.add_argument(
        "--day", type=date.fromisoformat, metavar="日期", help="快照日，默认今天，如 2019-07-05"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Create a snapshot of the registers as of ``--day`` (by default today), and print its id and the number of rows of each table.

    Returns 0.
    """
    prepare_database()
    with progress_shown() as progress:
        snapshot = freeze(options.day, progress)
    tables = {name: table["rows"] for name, table in snapshot.manifest["tables"].items()}
    if options.json:
        print_json({"snapshot": snapshot.id, "folder": snapshot.folder, "rows": tables})
        return 0
    OUT.print(f"快照 {snapshot.id}：{len(tables)}张表、{sum(tables.values())}行，存于{snapshot.folder}")
    return 0
