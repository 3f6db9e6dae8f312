"""``xuezheng audit``: check the arithmetic of any report, ours or not."""

import argparse
from pathlib import Path

from xuezheng.commands.shared import OUT, add_json, print_json
from xuezheng.reports.audit import audit, read


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="文件", help="任何 .docx、.xlsx 或 .txt 文件")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Audit and print each slip; 1 when there is any."""
    slips = audit(read(options.file))
    if options.json:
        print_json([slip.as_object() for slip in slips])
    elif slips:
        OUT.print(f"{options.file}：发现{len(slips)}处数字对不上。", style="red")
        for slip in slips:
            OUT.print(f"- {slip.certainty.value}：{slip.message}\n  {slip.where}")
    else:
        OUT.print(f"{options.file}：没有发现数字对不上的地方。")
    return 1 if slips else 0
