"""``xuezheng move-database``: move the records to another database."""

import argparse
import os

from xuezheng.cli.shared import OUT, progress_shown
from xuezheng.operations import OperationRefused
from xuezheng.operations.backup.move_database import move_database
from xuezheng.operations.schema import Form
from xuezheng.operations.start import check_database, older_sentence

_VARIABLE = "XUEZHENG_TARGET_DATABASE_URL"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng move-database`` to ``parser``."""
    parser.add_argument(
        "url",
        nargs="?",
        metavar="地址",
        help=f"空数据库的地址；含密码的可写在环境变量{_VARIABLE}里，不留在命令记录中",
    )


def run(options: argparse.Namespace) -> int:
    """Copy all rows to an empty database, verify the copy, and print which setting is to be changed. Returns 0."""
    url = options.url or os.environ.get(_VARIABLE)
    if not url:
        raise OperationRefused(f"请写明空数据库的地址，或设定环境变量{_VARIABLE}。")
    database = check_database()
    if database.form is Form.EMPTY:
        raise OperationRefused("现在的数据库是空的，没有可迁移的内容。")
    if database.form is Form.OLDER:
        raise OperationRefused(older_sentence(database))
    with progress_shown() as progress:
        state = move_database(url, progress)
    OUT.print(
        f"已迁移：{state.rows:,}行，逐行一致（状态校验值{state.hash[:16]}）。原数据库没有改动。\n"
        "请把环境变量XUEZHENG_DATABASE_URL改为新数据库的地址（与本命令所用的相同），再启动系统；原数据库留作备查，不要再写入。"
    )
    return 0
