"""``xuezheng upgrade``: bring the database to the schema of this release."""

import argparse

from xuezheng import __version__
from xuezheng.cli.shared import OUT, add_json, print_json, progress_shown
from xuezheng.operations import OperationRefused
from xuezheng.operations.upgrading import Plan, plan_upgrade, upgrade


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng upgrade`` to ``parser``."""
    parser.add_argument("--plan", action="store_true", help="只说明将作哪些改动，不改动")
    parser.add_argument("--apply", action="store_true", help="先备份，再升级；要么全部完成，要么不改动")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Print the plan of an upgrade (``--plan``), or carry it out (``--apply``). Returns 0.

    Raises ``OperationRefused`` where neither or both are given, or the upgrade is refused.
    """
    if options.plan == options.apply:
        raise OperationRefused("请写--plan（只看）或--apply（升级），二者选一。")
    plan = plan_upgrade()
    if options.plan:
        _print(plan, options.json)
        return 0
    with progress_shown() as progress:
        made = upgrade(progress)
    if options.json:
        print_json({"from": plan.database.release, "to": __version__, "backup": made and made.path})
    elif made:
        OUT.print(
            f"已从版本{plan.database.release}升级到{__version__}。升级前的备份：{made.path}（不含密钥）。"
        )
    else:
        OUT.print(f"数据库已是版本{__version__}的结构，没有要做的。")
    return 0


def _print(plan: Plan, json: bool) -> None:
    database = plan.database
    steps = [f"{label}.{name}" for label, name in database.pending]
    notes = {release.version: list(release.notes) for release in plan.releases}
    if json:
        print_json(
            {
                "form": database.form.value,
                "from": database.release,
                "to": __version__,
                "steps": steps,
                "notes": notes,
            }
        )
        return
    if not plan.is_needed:
        OUT.print(f"数据库已是版本{__version__}的结构，不用升级。")
        return
    if not database.release:
        OUT.print("数据库是空的：将建立全部的表和密钥。")
        return
    OUT.print(
        f"从版本{database.release}升级到{__version__}：先备份并试恢复，再作{len(steps)}步改动，要么全部完成，要么不改动。"
    )
    for step in steps:
        OUT.print(f"  {step}")
    for version, lines in notes.items():
        OUT.print(f"版本{version}：")
        for line in lines:
            OUT.print(f"  · {line}")
    OUT.print("确认后请停止系统，运行“xuezheng upgrade --apply”。")
