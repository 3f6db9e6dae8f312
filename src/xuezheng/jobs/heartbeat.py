"""Signs of life of jobs and workers: small files in the data folder that are rewritten as long as a process is alive.

They are files and not columns, since SQLite has one writer: while a job writes the registers, no other
process could record in the database that a job is alive, or how far it is.
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
    """The progress of a job.

    ``words`` names the present step in Chinese, and ``done`` of ``total`` parts of it are done. ``since`` is
    when the step began, in seconds as of ``time.time()``.
    """

    words: str = ""
    done: int = 0
    total: int = 0
    since: float = 0.0

    def then(self, words: str, done: int, total: int) -> JobProgress:
        """Return the progress after the job has reported that ``done`` of ``total`` parts of the step ``words`` are done.

        While ``words`` stays the same, so does ``since``; with other words a new step begins now.
        """
        return JobProgress(words, done, total, self.since if words == self.words else time.time())

    @property
    def left(self) -> timedelta | None:
        """The time that the present step will still take, if its remaining parts take as long as those done.

        None while none is done.
        """
        if not 0 < self.done <= self.total:
            return None
        taken = time.time() - self.since
        return timedelta(seconds=taken * (self.total - self.done) / self.done)


def beat_worker() -> None:
    """Record that a worker is alive, whether it has a job to run or not; a full disk is ignored."""
    path = _worker_file()
    with contextlib.suppress(OSError):  # a full disk ends no worker
        path.parent.mkdir(mode=0o700, exist_ok=True)
        path.touch(mode=0o600)


def worker_age() -> float:
    """Return how many seconds ago a worker last recorded that it is alive; infinity where none ever has."""
    try:
        return time.time() - _worker_file().stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _worker_file() -> Path:
    return home() / "jobs" / "worker"


class Pulse:
    """The file with the sign of life of one attempt at a job.

    ``job`` is the primary key, ``attempt`` counts from 1. Each attempt has a file of its own, so that one
    that was given up does not disturb the next.
    """

    def __init__(self, job: int, attempt: int) -> None:
        folder = home() / "jobs"
        folder.mkdir(mode=0o700, exist_ok=True)
        self.path = folder / f"{job}-{attempt}"

    def beat(self, progress: JobProgress) -> None:
        """Record that the attempt is alive, with its progress."""
        temporary = self.path.with_suffix(f".{secrets.token_hex(4)}")
        temporary.write_text(json.dumps(asdict(progress)), encoding="ascii")
        temporary.replace(self.path)

    def progress(self) -> JobProgress:
        """Return the progress that the attempt last recorded; an empty one where there is no readable file."""
        try:
            return JobProgress(**json.loads(self.path.read_text(encoding="ascii")))
        except (OSError, ValueError, TypeError):
            return JobProgress()

    def age(self) -> float:
        """Return how many seconds ago the attempt last recorded that it is alive.

        Infinity where it has no file.
        """
        try:
            return time.time() - self.path.stat().st_mtime
        except FileNotFoundError:
            return float("inf")

    def stop(self) -> None:
        """Remove the file, when the attempt has ended."""
        self.path.unlink(missing_ok=True)
