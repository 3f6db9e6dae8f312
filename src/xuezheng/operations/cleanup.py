"""Removing files that are no longer needed: those of killed processes, expired uploads, and unfinished files."""

from __future__ import annotations

import contextlib
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from xuezheng.core.data_folder import home
from xuezheng.core.temporary_files import sweep_temporary
from xuezheng.intake import uploads
from xuezheng.jobs import attachments
from xuezheng.operations.identity import MARKER

#: A file or a draft under a temporary name that was not touched for so long belongs to no one who lives.
_ABANDONED_SECONDS = 3600
_FOLDERS = ("releases", "snapshots", "looks", "jobs", "uploads", "attachments")


def sweep() -> None:
    """Remove abandoned temporary files, expired uploads and expired attachments of jobs from the data folder.

    May be called at any time, by several processes at once.
    """
    sweep_temporary()
    uploads.sweep()
    attachments.sweep()
    for path in drafts(_ABANDONED_SECONDS):
        with contextlib.suppress(FileNotFoundError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def drafts(seconds: float) -> Iterator[Path]:
    """Yield the half-written files and snapshots, under temporary names, that were not written to for ``seconds``."""
    for path in _drafts():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - _last_change(path) > seconds:
                yield path


def _drafts() -> Iterator[Path]:
    for name in _FOLDERS:
        folder = home() / name
        if folder.is_dir():
            hidden = (path for path in folder.iterdir() if path.name.startswith("."))
            yield from (path for path in hidden if path.name != MARKER)
            if name in ("uploads", "attachments"):
                yield from folder.glob("*/.*")


def _last_change(path: Path) -> float:
    """Return when a file, or the newest file in a folder, was last written, in seconds since the epoch."""
    inside = path.rglob("*") if path.is_dir() else ()
    return max([path.stat().st_mtime, *(entry.stat().st_mtime for entry in inside)])
