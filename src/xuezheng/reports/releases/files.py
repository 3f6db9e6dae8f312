"""The Word files of releases: stored in the data folder under their SHA-256, and never changed or removed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.disk_space import require_room
from xuezheng.reports.releases import ReleaseError


def keep(content: bytes) -> str:
    """Store a file, readable by its owner only, and return its SHA-256 in hexadecimal.

    Raises ``NoRoom`` where the disk is nearly full.
    """
    require_room("保存报告")
    sha256 = hashlib.sha256(content).hexdigest()
    write_whole(_path(sha256), content)
    return sha256


def kept(sha256: str) -> bytes:
    """Return the content of the file stored under ``sha256``.

    Raises :class:`ReleaseError` where it is missing, unreadable, or no longer has this hash.
    """
    path = _path(sha256)
    try:
        content = path.read_bytes()
    except OSError:
        raise ReleaseError(f"文件{path.name}不在或读不出。请从备份恢复数据文件夹中的releases。") from None
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ReleaseError(
            f"文件{path.name}的内容与登记的校验值不符，已损坏或被改动，没有提供。请从备份恢复数据文件夹中的releases。"
        )
    return content


def _path(sha256: str) -> Path:
    folder = home() / "releases"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{sha256}.docx"
