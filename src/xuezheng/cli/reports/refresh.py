"""``xuezheng refresh``: replace the numbers of an edited report by those of another period."""

import argparse
from pathlib import Path

from xuezheng.cli.shared import OUT, add_json, add_snapshot, print_json, question
from xuezheng.reports.living.refresh import refresh


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng refresh`` to ``parser``."""
    parser.add_argument("file", type=Path, metavar="文件", help="本系统生成、可能已在Word或WPS中修改过的报告")
    parser.add_argument("--period", required=True, metavar="时期", help="如 2019H2")
    add_snapshot(parser)
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="默认在原文件名后加时期")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Write a copy of a report with the numbers of another period, and print the passages that no longer fit them. Returns 0."""
    snapshot, period = question(options)
    path = options.output or options.file.with_stem(f"{options.file.stem}_{period.key}")
    refreshed = refresh(options.file, snapshot, period)
    refreshed.save(path)
    if options.json:
        print_json(
            {
                "file": path,
                "snapshot": snapshot.id,
                "marks": refreshed.marks,
                "changed": refreshed.changed,
                "findings": [finding.as_object() for finding in refreshed.findings],
            }
        )
        return 0
    OUT.print(
        f"已写到{path}：{refreshed.marks}个数改用{period.label}的（快照{snapshot.id}），其中{refreshed.changed}个有变化。"
    )
    if refreshed.findings:
        OUT.print(f"有{len(refreshed.findings)}处需要人工处理，已在文中加批注：")
    for finding in refreshed.findings:
        OUT.print(f"- {finding}")
    return 0
