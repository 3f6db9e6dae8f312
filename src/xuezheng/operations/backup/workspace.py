"""Temporary folders of operations, in the data folder; those of killed processes are removed later."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from xuezheng.core.data_folder import home
from xuezheng.operations import OperationRefused
from xuezheng.operations.locks import backup_alone

#: How the names of what operations prepare begin.
PREFIX = ".operation-"


@contextmanager
def workspace() -> Iterator[Path]:
    """Context manager that yields an empty folder in the data folder, accessible to its owner only, and removes it at the end.

    The caller must have the lock of :func:`~xuezheng.operations.locks.backup_alone`: otherwise another
    process may remove the folder as one that was left over.
    """
    folder = Path(tempfile.mkdtemp(dir=home(), prefix=PREFIX))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep_workspaces() -> None:
    """Remove temporary files of killed operations; nothing happens while an operation is running."""
    with contextlib.suppress(OperationRefused), backup_alone():
        remove_left()


def remove_left() -> None:
    """Remove the temporary files that killed operations left in the data folder and beside the SQLite database.

    The caller must have the lock of :func:`~xuezheng.operations.locks.backup_alone`, and must have finished
    any interrupted restore, whose prepared files would be removed as well.
    """
    folders = {home()}
    if connection.vendor == "sqlite":
        folders.add(Path(str(connection.settings_dict["NAME"])).resolve().parent)
    for folder in folders:
        for left in folder.glob(f"{PREFIX}*"):
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def require_space(folder: Path, needed: int) -> None:
    """Raise :class:`OperationRefused` where fewer than ``needed`` bytes are free on the disk of ``folder``."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise OperationRefused(
            f"{folder}所在的磁盘只剩{_megabytes(free)}兆，至少需要{_megabytes(needed)}兆。请清理磁盘或换一个位置，没有作任何改动。"
        )


def _megabytes(size: int) -> str:
    return f"{-(-size // 2**20):,}"
