"""``xuezheng audit``: check the arithmetic of any report, ours or not, and match its numbers to figures."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.table import Table

from xuezheng.commands.shared import OUT, add_json, add_snapshot, print_json, question
from xuezheng.reports.audit import Slip, audit, read
from xuezheng.reports.audit.matching import Match, match


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, metavar="文件", help="任何 .docx、.xlsx 或 .txt 文件")
    parser.add_argument(
        "--period", metavar="时期", help="再把正文中的数与该时期的指标对应，如 2019H1；不写只审核"
    )
    add_snapshot(parser)
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Audit, match if a period is given, and print; 1 when there is any slip."""
    source = read(options.file)
    slips = audit(source)
    matches = match(source.paragraphs, *question(options)) if options.period else []
    if options.json:
        print_json(
            {
                "slips": [slip.as_object() for slip in slips],
                "matches": [each.as_object() for each in matches],
            }
        )
    else:
        _print_slips(options.file, slips)
        if options.period:
            _print_matches(matches)
    return 1 if slips else 0


def _print_slips(file: Path, slips: Sequence[Slip]) -> None:
    if not slips:
        OUT.print(f"{file}：没有发现数字对不上的地方。")
        return
    OUT.print(f"{file}：发现{len(slips)}处数字对不上。", style="red")
    for slip in slips:
        OUT.print(f"- {slip.certainty.value}：{slip.message}\n  {slip.where}", markup=False)


def _print_matches(matches: Sequence[Match]) -> None:
    known = [each for each in matches if each.sureness]
    OUT.print(f"正文中有{len(matches)}个数，其中{len(known)}个与指标对应：")
    table = Table("数", "指标", "名称", "部分", "把握", box=None)
    for each in known:
        answer = each.candidates[0].answer
        sure = each.sureness.value if each.sureness else ""
        table.add_row(each.mention.text, answer.label, answer.figure, answer.slice_label, sure)
    OUT.print(table)
    if others := [each.mention.text for each in matches if not each.sureness]:
        OUT.print(f"没有找到对应指标的数：{'、'.join(others)}。", markup=False)
