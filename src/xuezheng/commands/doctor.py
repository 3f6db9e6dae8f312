"""``xuezheng doctor``: whether all is in order."""

import argparse
import os
from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from xuezheng import registry
from xuezheng.commands.shared import OUT, add_json, print_json
from xuezheng.home import home, keys
from xuezheng.reports.releases.models import Version
from xuezheng.rules.policy import entries
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import ids


class _Trouble(Exception):
    """What is not in order, with the remedy."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Make every check and print what it found; 1 when anything is not in order."""
    checks = {
        "数据文件夹": _folder,
        "数据库": _database,
        "快照": _snapshots,
        "签发的报告": _releases,
        "政策文件": _policies,
        "声明": _declarations,
    }
    found = {name: _outcome(check) for name, check in checks.items()}
    if options.json:
        print_json([{"check": name, "ok": ok, "text": text} for name, (ok, text) in found.items()])
    else:
        for name, (ok, text) in found.items():
            OUT.print(f"{'✓' if ok else '✗'} {name}：{text}", style=None if ok else "red")
    return 0 if all(ok for ok, _ in found.values()) else 1


def _outcome(check: Callable[[], str]) -> tuple[bool, str]:
    try:
        return True, check()
    except Exception as trouble:  # a doctor reports whatever it meets
        return False, str(trouble) or type(trouble).__name__


def _folder() -> str:
    keys()
    if not os.access(home(), os.W_OK):
        raise _Trouble(f"{home()}不可写。请检查文件夹权限。")
    return f"{home()}可写，密钥完好。请定期备份整个文件夹；丢失keys.json将无法读出身份证号。"


def _database() -> str:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Trouble("还不是本版本的结构。请运行“xuezheng upgrade”。")
    return f"{connection.vendor}，结构为最新。"


def _snapshots() -> str:
    for snapshot_id in ids():
        Snapshot.open(snapshot_id)
    return f"{len(ids())}个，逐个核对无误。"


def _releases() -> str:
    versions = Version.objects.order_by("pk")
    for version in versions:
        version.content()
    return f"{len(versions)}版，逐个文件核对无误。"


def _policies() -> str:
    found = [entry for area in registry.areas() for entry in entries(area).values()]
    doubtful = [entry.title for entry in found if not entry.verified]
    return f"{len(found)}项。" + (
        f"依据待核实的{len(doubtful)}项：{'、'.join(doubtful)}。" if doubtful else ""
    )


def _declarations() -> str:
    return f"{len(registry.areas())}个业务、{len(registry.sheets())}张表、{len(registry.figures())}项指标。"
