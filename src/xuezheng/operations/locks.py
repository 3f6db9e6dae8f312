"""Locks on the data folder: shared by the processes that use it, or exclusive for one operation.

The locks are the operating system's, on files in the data folder: they end with their process however it
ends. On Windows there are none.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xuezheng.core.data_folder import home
from xuezheng.operations import OperationRefused

try:
    import fcntl
except ImportError:  # Windows knows no such locks; there only one person should operate
    fcntl = None  # type: ignore[assignment]

_PAUSE_SECONDS = 0.1
_PATIENCE_SECONDS = 3.0
_shared: list[Any] = []


def share_data_folder() -> None:
    """Prevent operations that need the data folder alone, such as an upgrade, from starting until this process ends.

    Raises :class:`OperationRefused` while such an operation is running.
    """
    if _shared:
        return
    file = _opened("use")
    if not _acquired(file, exclusive=False):
        file.close()
        raise OperationRefused("正在升级、恢复、迁移数据库或更换密钥。请等它结束再试。")
    _shared.append(file)


@contextmanager
def data_folder_alone() -> Iterator[None]:
    """Context manager that locks the data folder exclusively.

    Raises :class:`OperationRefused` while a server, a worker or a command uses it.
    """
    with _opened("use") as file:
        if not _acquired(file, exclusive=True):
            raise OperationRefused(
                "系统正在运行（网页服务、后台任务或别的命令正在使用数据）。请先停止它们，再运行本命令。"
            )
        yield


@contextmanager
def backup_alone() -> Iterator[None]:
    """Context manager that takes the lock of backups and restores, of which only one may run at a time.

    Other processes may use the data meanwhile. Raises :class:`OperationRefused` while another process has the
    lock.
    """
    with _opened("backup") as file:
        if not _acquired(file, exclusive=True):
            raise OperationRefused("另一次备份正在进行。请等它结束再试。")
        yield


@contextmanager
def first_start_alone() -> Iterator[None]:
    """Context manager that allows one process at a time to prepare an empty installation; others wait."""
    with _opened("start") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _opened(name: str) -> Any:
    path = home() / f".{name}.lock"
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")


def _acquired(file: Any, *, exclusive: bool) -> bool:
    if fcntl is None:
        return True
    kind = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() > end:
                return False
            time.sleep(_PAUSE_SECONDS)
        else:
            return True
