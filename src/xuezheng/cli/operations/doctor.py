"""``xuezheng doctor``: check the installation and its data."""

import argparse
from pathlib import Path

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.operations.doctor.anchor import (
    compare_anchor,
    read_anchor,
    remember_anchor,
    remembered_anchor,
    write_anchor,
)
from xuezheng.operations.doctor.check import Check, Examined, Notes, doctor_checks


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng doctor`` to ``parser``."""
    parser.add_argument("--repair", action="store_true", help="改正不会丢失内容的问题：文件权限、残留文件")
    parser.add_argument(
        "--anchor", type=Path, metavar="文件", help="用另存的锚点核对校验链，查出末尾被删除的记录"
    )
    parser.add_argument(
        "--write-anchor", type=Path, metavar="文件", help="写出校验链的锚点，请存到服务器以外的地方"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Run every check and print the findings.

    With ``--repair``, repair those that can be repaired without loss. Returns 0 where nothing is found (any
    more), else 1.
    """
    anchors = Check("锚点", lambda notes: _compare_anchors(options.anchor, notes))
    outcomes = [_repaired(each, options.repair) for each in (*doctor_checks(), anchors)]
    sound = all(outcome.is_sound for outcome in outcomes)
    if options.json:
        print_json([outcome.as_object() for outcome in outcomes])
    else:
        for outcome in outcomes:
            _print(outcome)
    if sound:
        remember_anchor()
        if options.write_anchor:
            anchor = write_anchor(options.write_anchor)
            OUT.print(f"锚点（第{anchor.number}环）已写到{options.write_anchor}。请存到服务器以外的地方。")
    return 0 if sound else 1


def _repaired(each: Check, repair: bool) -> Examined:
    """Run a check; with ``repair``, carry out the repairs of its findings and check again."""
    outcome = each.run()
    repairs = [finding.repair for finding in outcome.findings if finding.repair]
    if not repair or not repairs:
        return outcome
    for mend in dict.fromkeys(repairs):
        mend()
    return each.run()


def _compare_anchors(path: Path | None, notes: Notes) -> str:
    anchor = read_anchor(path) if path else remembered_anchor()
    if anchor is None:
        return "没有锚点可比。校验链末尾被删除的记录，要有锚点才能查出（--write-anchor）。"
    if contradiction := compare_anchor(anchor):
        notes.find(contradiction)
    name = "所给的锚点" if path else "上次检查时的锚点"
    return f"校验链承接{name}（第{anchor.number}环）。"


def _print(outcome: Examined) -> None:
    if outcome.is_sound:
        OUT.print(f"✓ {outcome.title}：{outcome.summary}")
    for finding in outcome.findings:
        OUT.print(f"✗ {outcome.title}：{finding.message}", style="red")
