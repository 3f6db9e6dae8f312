"""Writes files completely or not at all, so that they survive a power cut."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield the path of an empty temporary file that replaces ``path`` when the context ends without an error.

    The temporary file is in the folder of ``path``, which is created if missing, and is readable by its owner
    only. On an error it is removed and ``path`` stays as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with drafted(path) as draft:
        yield draft
        sync_file(draft)
        draft.replace(path)
    sync_folder(path.parent)


def write_whole(path: Path, content: bytes) -> None:
    """Replace the content of the file at ``path``, completely or not at all.

    Its folder is created if missing.
    """
    with written_whole(path) as draft:
        draft.write_bytes(content)


@contextmanager
def drafted(path: Path) -> Iterator[Path]:
    """Yield the path of an empty temporary file in the folder of ``path``, readable by its owner only.

    The file has the suffix of ``path``. When the context ends it is removed, unless the caller has renamed
    it. The folder must exist.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=path.suffix)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


def sync_file(path: Path) -> None:
    """Flush a file's content to the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to the disk, so that files created or renamed in it survive a power cut.

    Does nothing on Windows.
    """
    if os.name == "nt":  # Windows opens no folders
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
