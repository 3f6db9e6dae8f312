"""The passphrase of backups, read from a file of the system's administrator."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from xuezheng.operations import OperationRefused

VARIABLE = "XUEZHENG_BACKUP_PASSPHRASE_FILE"


def read_passphrase() -> str:
    """Return the passphrase in the file that ``XUEZHENG_BACKUP_PASSPHRASE_FILE`` names; "" where the variable is not set.

    Raises :class:`OperationRefused` where the file cannot be read, is empty, or can be read by other users.
    """
    name = os.environ.get(VARIABLE)
    if not name:
        return ""
    path = Path(name)
    try:
        if os.name != "nt" and path.stat().st_mode & stat.S_IRWXO:
            raise OperationRefused(f"口令文件{path}别的账号也能读。请运行“chmod 600 {path}”后再试。")
        passphrase = path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeError):
        raise OperationRefused(f"打不开口令文件{path}（{VARIABLE}）。请核对路径和权限。") from None
    if not passphrase:
        raise OperationRefused(f"口令文件{path}是空的。请在其中写一行口令。")
    return passphrase
