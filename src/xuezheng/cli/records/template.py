"""``xuezheng template``: write empty workbooks to fill in."""

import argparse
from pathlib import Path

from xuezheng import registry
from xuezheng.cli.shared import OUT
from xuezheng.workbooks import sheet_catalogue, write_workbook


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng template`` to ``parser``."""
    parser.add_argument("sheets", nargs="*", metavar="表", help="如 学生名册，可写几张；不写则列出所有表")
    parser.add_argument("-o", "--output", type=Path, metavar="文件", help="默认以第一张表命名")


def run(options: argparse.Namespace) -> int:
    """Write an empty workbook of the sheets with the given titles, or list all sheets where none is given. Returns 0."""
    if not options.sheets:
        for title, sheet in sheet_catalogue.sheets().items():
            OUT.print(
                f"{title}（{registry.areas()[sheet.area].title}）：{'、'.join(c.title for c in sheet.columns)}"
            )
        return 0
    path = options.output or Path(f"{options.sheets[0]}.xlsx")
    write_workbook(path, {sheet_catalogue.sheet(title): [] for title in options.sheets})
    OUT.print(f"模板已写到{path}")
    return 0
