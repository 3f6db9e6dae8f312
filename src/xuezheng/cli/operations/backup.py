"""``xuezheng backup``: back everything up into one file."""

import argparse
from pathlib import Path

from xuezheng.cli.shared import OUT, add_json, print_json, progress_shown, typed_passphrase
from xuezheng.operations import OperationRefused
from xuezheng.operations.backup.history import nightly_path, note_failure, note_success, remove_old
from xuezheng.operations.backup.passphrase import read_passphrase
from xuezheng.operations.backup.writing import Made, back_up
from xuezheng.operations.locks import share_data_folder
from xuezheng.operations.start import check_database


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng backup`` to ``parser``."""
    parser.add_argument("file", nargs="?", type=Path, metavar="文件", help="备份写到哪个文件")
    parser.add_argument(
        "--to", type=Path, metavar="文件夹", help="写到文件夹里，按时间取名，并清除过期的备份；供每晚自动备份"
    )
    parser.add_argument("--keep-daily", type=_count, default=7, metavar="天数", help="保留最近几天的，默认7")
    parser.add_argument("--keep-weekly", type=_count, default=5, metavar="周数", help="保留最近几周的，默认5")
    parser.add_argument(
        "--without-keys", action="store_true", help="不含密钥；没有口令时，其中的姓名是明文，只有本人可读"
    )
    add_json(parser)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1000):
        raise argparse.ArgumentTypeError("应为1至999的整数")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Make a backup and test it by a trial restore, record its success or failure, and print where it was written. Returns 0.

    Raises ``OperationRefused`` where neither or both of the file and ``--to`` are given, or the backup is
    refused.
    """
    if (options.file is None) == (options.to is None):
        raise OperationRefused("请写明备份到哪个文件，或用--to写明文件夹，二者选一。")
    share_data_folder()
    try:
        check_database()
        passphrase = read_passphrase()
        if not passphrase and not options.without_keys:
            passphrase = typed_passphrase(twice=True)
        path = options.file or nightly_path(options.to)
        with progress_shown() as progress:
            made = back_up(path, passphrase, with_keys=not options.without_keys, progress=progress)
    except (OperationRefused, OSError) as refused:
        note_failure(str(refused))
        raise
    note_success(made)
    removed = (
        remove_old(options.to, made.path, daily=options.keep_daily, weekly=options.keep_weekly)
        if options.to
        else []
    )
    if options.json:
        print_json(
            {
                **vars(made),
                "removed": removed,
                "encrypted": bool(passphrase),
                "keys": not options.without_keys,
            }
        )
    else:
        _print(made, bool(passphrase), not options.without_keys, len(removed))
    return 0


def _print(made: Made, encrypted: bool, with_keys: bool, removed: int) -> None:
    OUT.print(
        f"已备份到{made.path}：{made.size / 2**20:.1f}兆，{made.rows:,}行、{made.files}个文件，用时{made.seconds:.0f}秒。已试恢复，逐行一致（状态校验值{made.state[:16]}）。"
    )
    if not with_keys:
        OUT.print(
            "备份不含密钥：请另行妥善保管数据文件夹中的keys.json，丢失后身份证号无法读出。", style="yellow"
        )
    if not encrypted:
        OUT.print("备份没有加密，其中的姓名是明文：请存放在只有管理员能读的地方。", style="yellow")
    if made.broken:
        OUT.print("数据库里有断开的引用，已照原样备份。请运行“xuezheng doctor”查看。", style="yellow")
    if made.left_out:
        OUT.print(f"数据库里有本程序不认识的表，没有备份：{'、'.join(made.left_out)}。", style="yellow")
    if removed:
        OUT.print(f"已清除过期的备份{removed}份。")
