"""Temporary files of a process, in a folder of its own inside the data folder, never in the system's temporary folder.

The folder is ``temporary/<random name>``, open to its owner only, and locked by its process as long as the
process lives. The folder of a killed process is recognised by its missing lock and removed by
:func:`sweep_temporary`: the server calls it when it starts and every half minute, a worker after each job.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import time
from pathlib import Path

from xuezheng.core.data_folder import home

try:
    import fcntl
except ImportError:  # Windows has no such locks: there what is older than a day is removed
    fcntl = None  # type: ignore[assignment]

_DAY = 24 * 3600
_own: dict[tuple[int, Path], tuple[Path, int | None]] = {}


def temporary_folder() -> Path:
    """Return the temporary folder of this process, and create it at the first call.

    It is removed when the process exits. A forked process has another folder than its parent.
    """
    key = (os.getpid(), home())
    if key not in _own or not _own[key][0].is_dir():
        if not any(pid == key[0] for pid, _ in _own):
            atexit.register(_remove_own, key[0])
        _own[key] = _create()
    return _own[key][0]


def keep_temporary_files_home() -> None:
    """Make libraries, SQLite and child processes use this process's temporary folder.

    This sets ``tempfile.tempdir`` and environment variables such as ``TMPDIR``.
    """
    folder = str(temporary_folder())
    tempfile.tempdir = folder
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        os.environ[name] = folder


def sweep_temporary() -> None:
    """Remove the temporary folders of processes that have ended (on Windows: folders older than a day)."""
    for folder in _root().iterdir():
        if not any(folder == own for own, _ in _own.values()) and _is_abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _root() -> Path:
    folder = home() / "temporary"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _create() -> tuple[Path, int | None]:
    while True:
        folder = Path(tempfile.mkdtemp(dir=_root()))
        if fcntl is None:
            return folder, None
        with contextlib.suppress(FileNotFoundError):  # swept between the two
            handle = os.open(folder, os.O_RDONLY)
            with contextlib.suppress(OSError):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if folder.is_dir():
                    return folder, handle
            os.close(handle)


def _is_abandoned(folder: Path) -> bool:
    """Return whether the process of a folder has ended."""
    try:
        if fcntl is None:
            return time.time() - folder.stat().st_mtime > _DAY
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(handle)
    return True


def _remove_own(pid: int) -> None:
    if pid == os.getpid():
        for (owner, _), (folder, _) in list(_own.items()):
            if owner == pid:
                shutil.rmtree(folder, ignore_errors=True)
