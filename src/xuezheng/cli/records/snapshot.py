"""``xuezheng snapshot``: list the snapshots, or withdraw one."""

import argparse

from rich.box import SIMPLE_HEAD
from rich.table import Table

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.operations.withdraw_snapshot import withdraw_snapshot
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import all_ids, withdrawal


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng snapshot`` to ``parser``."""
    steps = parser.add_subparsers(dest="step", metavar="<做什么>", required=True, title="做什么")
    add_json(steps.add_parser("list", help="列出快照", description="列出快照，由早到晚。"))
    withdraw = steps.add_parser(
        "withdraw", help="撤回快照", description="撤回不该使用的快照：不再显示，文件保留，原因记入校验链。"
    )
    withdraw.add_argument("name", metavar="编号", help="快照的编号")
    withdraw.add_argument("--why", required=True, metavar="原因", help="撤回的原因，如“日期有误”")


def run(options: argparse.Namespace) -> int:
    """List the snapshots, or withdraw one for a reason. Returns 0.

    Raises ``OperationRefused`` where the snapshot cannot be withdrawn.
    """
    if options.step == "withdraw":
        withdraw_snapshot(options.name, options.why)
        OUT.print(f"已撤回快照{options.name}。原因已记入校验链。")
        return 0
    snapshots = [_describe(name) for name in all_ids()]
    if options.json:
        print_json(snapshots)
        return 0
    table = Table("编号", "日期", "生成时间", "表", "行", "状态", box=SIMPLE_HEAD)
    for each in snapshots:
        table.add_row(*(str(value) for value in each.values()))
    OUT.print(table)
    return 0


def _describe(name: str) -> dict[str, str | int]:
    reason = withdrawal(name)
    described: dict[str, str | int] = {
        "id": name,
        "day": name[:10],
        "frozen_at": "",
        "tables": "",
        "rows": "",
    }
    if reason:
        return described | {"state": f"已撤回：{reason}"}
    try:
        snapshot = Snapshot.open(name)
    except SnapshotError as damage:
        return described | {"state": str(damage)}
    rows = sum(table["rows"] for table in snapshot.manifest["tables"].values())
    at = f"{snapshot.frozen_at:%Y-%m-%d %H:%M}" if snapshot.frozen_at else ""
    return described | {"frozen_at": at, "tables": len(snapshot.tables), "rows": rows, "state": "可用"}
