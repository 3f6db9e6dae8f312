"""The pulse of a job: a small file in the data folder that is rewritten as long as its worker lives.

It is a file and not a column, since SQLite has one writer: while a job writes the registers nobody else could note in the
database that it lives, or how far it is.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import time
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path

from xuezheng.core.data_folder import home


@dataclass(frozen=True)
class JobProgress:
    """How far a job is: in words, how many steps of how many are done, and since when (a time of the clock)."""

    words: str = ""
    done: int = 0
    total: int = 0
    since: float = 0.0

    def then(self, words: str, done: int, total: int) -> JobProgress:
        """Return the next state of the progress."""
        return JobProgress(words, done, total, self.since if words == self.words else time.time())

    @property
    def left(self) -> timedelta | None:
        """How long what it is doing will still take; None as long as that is unknown."""
        if not 0 < self.done <= self.total:
            return None
        taken = time.time() - self.since
        return timedelta(seconds=taken * (self.total - self.done) / self.done)


def beat_worker() -> None:
    """Note that a worker lives, whether it has something to do or not."""
    path = _worker_file()
    with contextlib.suppress(OSError):  # a full disk ends no worker
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)


def worker_age() -> float:
    """Return how many seconds ago any worker was last heard of."""
    try:
        return time.time() - _worker_file().stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _worker_file() -> Path:
    return home() / "jobs" / "worker"


class Pulse:
    """The pulse of one attempt at a job: that of an attempt that was given up disturbs no other's."""

    def __init__(self, job: int, attempt: int) -> None:
        folder = home() / "jobs"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.path = folder / f"{job}-{attempt}"

    def beat(self, progress: JobProgress) -> None:
        """Note that the attempt lives, and how far it is."""
        temporary = self.path.with_suffix(f".{secrets.token_hex(4)}")
        temporary.write_text(json.dumps(asdict(progress)), encoding="ascii")
        temporary.replace(self.path)

    def progress(self) -> JobProgress:
        """Return what the attempt was last heard to do."""
        try:
            return JobProgress(**json.loads(self.path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            return JobProgress()

    def age(self) -> float:
        """Return how many seconds ago the attempt was last heard of."""
        try:
            return time.time() - self.path.stat().st_mtime
        except FileNotFoundError:
            return float("inf")

    def stop(self) -> None:
        """Note that the attempt lives no more."""
        self.path.unlink(missing_ok=True)
