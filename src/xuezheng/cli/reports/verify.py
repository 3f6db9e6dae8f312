"""``xuezheng verify``: find manual changes in a report, and numbers that the registers no longer confirm."""

import argparse
from datetime import date
from pathlib import Path

from xuezheng.cli.shared import OUT, add_json, print_json
from xuezheng.reports.living.verify import verify
from xuezheng.reports.word import marks
from xuezheng.snapshots import live


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng verify`` to ``parser``."""
    parser.add_argument("file", type=Path, metavar="文件", help="本系统生成、可能已在Word或WPS中修改过的报告")
    parser.add_argument(
        "--snapshot-only", action="store_true", help="只与报告自己的快照核对，不与现在的台账核对"
    )
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Verify a report against its snapshot, and unless ``--snapshot-only`` against the registers.

    Print the findings. Returns 1 where there is any, else 0.
    """
    if options.snapshot_only:
        findings = verify(options.file)
    else:
        with live(date.fromisoformat(marks.read(options.file).snapshot_day)) as now:
            findings = verify(options.file, now)
    if options.json:
        print_json([finding.as_object() for finding in findings])
    elif findings:
        OUT.print(f"{options.file}：发现{len(findings)}处问题。", style="red")
        for finding in findings:
            OUT.print(f"- {finding}")
    else:
        OUT.print(f"{options.file}：每个数都与出处一致，没有手工改动。")
    return 1 if findings else 0
