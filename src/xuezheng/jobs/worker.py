"""The worker: begins waiting jobs, runs each in a child process, and returns jobs of dead workers to waiting."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, TypeVar

from django.db import OperationalError, connection

from xuezheng.core.temporary_files import sweep_temporary
from xuezheng.jobs import kinds, transitions
from xuezheng.jobs.child import do
from xuezheng.jobs.heartbeat import JobProgress, beat_worker
from xuezheng.jobs.models import Job

#: A job that was not heard of for so long is taken to be dead.
DEAD_AFTER_SECONDS = 60.0
_BEAT_SECONDS = 3.0
_PAUSE_SECONDS = 0.5
Answer = TypeVar("Answer")
# A child that is a fork starts at once; where there is none, as on Windows, it starts afresh.
_METHOD = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
_PROCESSES: Any = multiprocessing.get_context(_METHOD)


class Worker:
    """Runs one job after the other.

    A running job whose last sign of life is older than ``dead_after`` seconds is taken from its worker and
    begun again. ``end`` is a file descriptor, such as that of the standard input: when its other side is
    closed, the worker exits; None for none.
    """

    def __init__(self, dead_after: float = DEAD_AFTER_SECONDS, end: int | None = None) -> None:
        self.dead_after = dead_after
        self.ends = [] if end is None else [end]

    def run(self, forever: bool = True) -> None:
        """Run jobs until SIGTERM or SIGINT ends the process.

        With ``forever=False`` only until no job is waiting or running. Raises ``SystemExit`` to end the
        process.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _leave)
        kinds.job_kinds()  # loaded once, for every child to find them loaded
        gc.freeze()
        while True:
            job = _unless_locked(self._next)
            if job is not None:
                self._see_through(job)
            elif not forever and _unless_locked(Job.objects.open().exists) is False:
                return
            else:
                self._wait([], _PAUSE_SECONDS)

    def _next(self) -> Job | None:
        beat_worker()
        transitions.put_back_dead(self.dead_after)
        return transitions.claim()

    def _wait(self, what: list[Any], seconds: float) -> list[Any]:
        """Wait up to ``seconds`` until some of the connections and sentinels are ready, and return these; exit when the worker is to end."""
        if not self.ends and not what:
            time.sleep(seconds)
            return []
        ready = wait([*what, *self.ends], seconds)
        if any(end in ready for end in self.ends):
            _leave()
        return ready

    def _see_through(self, job: Job) -> None:
        """Run a job in a child process until it ends; if this worker must exit meanwhile, put the job back to waiting."""
        receiver, sender = _PROCESSES.Pipe(duplex=False)
        child = _PROCESSES.Process(target=do, args=(job.pk, sender))
        child.start()
        sender.close()
        try:
            self._watch(job, child, receiver)
        except SystemExit:
            child.kill()
            child.join()
            _unless_locked(lambda: transitions.put_back(job))
            raise
        finally:
            child.join()
            receiver.close()
            job.pulse.stop()
            sweep_temporary()
        if child.exitcode and self._is_limited(job):
            # It was ended by its limits: begun again, it would take as much again.
            _unless_locked(lambda: transitions.fail(job, transitions.TOO_MUCH, may_retry=False))

    def _is_limited(self, job: Job) -> bool:
        kind = kinds.job_kinds().get(job.kind)
        return kind is not None and kind.limits is not None

    def _watch(self, job: Job, child: BaseProcess, receiver: Connection) -> None:
        """Keep a job's pulse beating until its process has ended; kill the process when the job was cancelled or taken over."""
        progress = JobProgress().then("准备", 0, 0)
        begun = looked = time.monotonic()
        limits = kinds.job_kinds()[job.kind].limits if self._is_limited(job) else None
        open_receivers: list[Any] = [receiver]
        while child.sentinel not in (ready := self._wait([child.sentinel, *open_receivers], _BEAT_SECONDS)):
            if receiver in ready:
                try:
                    progress = progress.then(*receiver.recv())
                except EOFError:
                    open_receivers = []
            job.pulse.beat(progress)
            beat_worker()
            if limits is not None and time.monotonic() - begun > limits.wall_seconds:
                child.kill()
            if time.monotonic() - looked > _BEAT_SECONDS:
                looked = time.monotonic()
                _unless_locked(lambda: transitions.put_back_dead(self.dead_after, but=job))
                if _unless_locked(lambda: transitions.is_still_assigned(job)) is False:
                    child.kill()


def _unless_locked(query: Callable[[], Answer]) -> Answer | None:
    """Run a database query on a connection that no child inherits; None when the database is locked or unavailable."""
    try:
        return query()
    except OperationalError:
        return None
    finally:
        connection.close()


def _leave(*signalled: object) -> None:
    raise SystemExit(0)
