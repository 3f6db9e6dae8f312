"""``xuezheng restore``: restore a backup."""

import argparse
from pathlib import Path

from xuezheng.cli.shared import OUT, progress_shown, typed_passphrase
from xuezheng.operations import OperationRefused
from xuezheng.operations.backup.archive import read_header
from xuezheng.operations.backup.passphrase import read_passphrase
from xuezheng.operations.backup.restore import database_name, is_in_use, moment_of, restore
from xuezheng.operations.backup.swapping import finish_swap
from xuezheng.operations.schema import Form, examine


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng restore`` to ``parser``."""
    parser.add_argument("file", type=Path, metavar="文件", help="备份文件")
    parser.add_argument("--replace", action="store_true", help="代替现有的数据；现有的会另外保留")
    parser.add_argument("--confirm", metavar="数据库名", help="不经提示，直接写明要代替的数据库名")


def run(options: argparse.Namespace) -> int:
    """Restore a backup: load and verify it completely, then replace the data by it. Returns 0.

    Raises ``OperationRefused`` where there are data and ``--replace`` is missing or not confirmed, or the
    backup cannot be used.
    """
    finish_swap()
    header = read_header(options.file)
    OUT.print(f"备份：{moment_of(header)}，版本{header.release}，{'含' if header.has_keys else '不含'}密钥。")
    if options.replace and is_in_use():
        _confirm(options.confirm)
    passphrase = ""
    if header.is_encrypted:
        passphrase = read_passphrase() or typed_passphrase(twice=False)
    with progress_shown() as progress:
        restored = restore(options.file, passphrase, replace=options.replace, progress=progress)
    OUT.print(
        f"已恢复：{restored.loaded.state.rows:,}行、{restored.loaded.files}个文件，逐行一致（状态校验值{restored.loaded.state.hash[:16]}）。"
    )
    for place in restored.kept:
        OUT.print(f"原有的数据另存在{place}，确认无误后可删除。")
    if examine().form is Form.OLDER:
        OUT.print("备份由旧版本制作：请运行“xuezheng upgrade --plan”，再运行“xuezheng upgrade --apply”。")
    return 0


def _confirm(typed: str | None) -> None:
    name = database_name()
    if typed is None:
        OUT.print(f"现有的数据将被备份代替（另外保留）。请键入数据库名“{name}”确认：", end="")
        try:
            typed = input()
        except EOFError:
            typed = ""
    if typed.strip() != name:
        raise OperationRefused(f"没有确认（应键入“{name}”），没有作任何改动。")
