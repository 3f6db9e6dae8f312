"""Space on the disk of the data folder.

Large writes are refused when space is short, and a full disk is reported to the user as such.
"""

from __future__ import annotations

import errno
import shutil

from xuezheng.core.data_folder import home
from xuezheng.core.environment import read_number

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
#: What the messages of databases contain if the disk is full, in lower case.
_WORDS = ("database or disk is full", "no space left on device", "disk full")
FULL = "服务器的磁盘已满，刚才的操作没有完成，没有写下任何一部分。请联系系统管理员清理数据文件夹所在的磁盘后再试。"


class NoRoom(Exception):
    """Less disk space is free than must stay free.

    The exception's text is a Chinese sentence for the user.
    """


def free_megabytes() -> int:
    """Return the free space on the disk of the data folder, in whole megabytes (2**20 bytes)."""
    return shutil.disk_usage(home()).free // 2**20


def kept_megabytes() -> int:
    """Return the megabytes that must stay free: ``XUEZHENG_FREE_MEGABYTES``, by default 300."""
    return read_number("FREE_MEGABYTES", 300)


def require_room(what: str) -> None:
    """Raise :class:`NoRoom` if less disk space is free than :func:`kept_megabytes`.

    ``what`` is a Chinese verb phrase for the operation that would write much; it becomes a part of the
    message.
    """
    free, kept = free_megabytes(), kept_megabytes()
    if free < kept:
        raise NoRoom(
            f"服务器的磁盘只剩{free}兆，少于须保留的{kept}兆，暂时不能{what}；已有的内容可以照常查看。"
            "请联系系统管理员清理数据文件夹所在的磁盘后再试。"
        )


def is_full(error: BaseException | None) -> bool:
    """Return whether an error, or any error in its chain of causes and contexts, reports a full disk.

    Returns False for None.
    """
    while error is not None:
        if isinstance(error, OSError) and error.errno in _FULL:
            return True
        if any(words in str(error).lower() for words in _WORDS):
            return True
        error = error.__cause__ or error.__context__
    return False
