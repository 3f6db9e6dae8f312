"""Runs one job in a process of its own, so that its memory is released afterwards and a crash loses only this job."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import parent_process
from multiprocessing.connection import Connection

import django
from django.db import connection

from xuezheng.core.disk_space import FULL, NoRoom, is_full
from xuezheng.core.process_limits import limit_process
from xuezheng.core.temporary_files import keep_temporary_files_home
from xuezheng.jobs import kinds, transitions
from xuezheng.jobs.kinds import JobLost, Result
from xuezheng.jobs.models import Job

SendProgress = Callable[[str, int, int], None]
#: A job may wait so long for others who write.
_PATIENCE_SECONDS = 600
_NICENESS = 5
_LOGGER = logging.getLogger(__name__)
_TELL_AFTER_SECONDS = 0.2
_UNEXPECTED = "处理时出错，没有完成。请重试，仍不行请联系管理员查看服务器的日志。"
_UNKNOWN = "这个版本的程序不认识这种任务。请重新发起。"


def do(pk: int, sender: Connection) -> None:
    """Run the job with the primary key ``pk``, which a worker has begun, in this new process.

    Its progress reports, (Chinese text, parts done, parts in all), are sent through the pipe ``sender``.
    """
    django.setup()
    _belong_to_the_worker()
    _be_patient()
    keep_temporary_files_home()
    job = Job.objects.select_related("asked_by").get(pk=pk)
    kind = kinds.job_kinds().get(job.kind)
    if kind is not None and kind.limits is not None:
        limit_process(kind.limits.megabytes, kind.limits.seconds)
    carry_out(job, lambda *args: sender.send(args))


def carry_out(job: Job, send_progress: SendProgress) -> None:
    """Run a job that a worker has begun, and record its end: done with its result, or failed with a Chinese sentence.

    ``send_progress`` is called with each progress report: a Chinese text, parts done, parts in all. Nothing
    is recorded where the job was cancelled or taken over by another worker meanwhile.
    """
    if job.result is not None:  # an earlier attempt brought it about, and was killed before it could say so
        transitions.finish(job, job.result)
        return
    kind = kinds.job_kinds().get(job.kind)
    if kind is None:
        transitions.fail(job, _UNKNOWN, may_retry=False)
        return
    try:
        result = kind.function(_Run(job, send_progress), **job.arguments)
    except JobLost:
        return
    except kind.faults as error:
        transitions.fail(job, str(error), may_retry=False)
    except NoRoom as refusal:
        transitions.fail(job, str(refusal), may_retry=True)
    except MemoryError:
        transitions.fail(job, transitions.TOO_MUCH, may_retry=False)
    except Exception as error:
        full = is_full(error)
        if not full:
            _LOGGER.exception("job %s (%s) failed", job.pk, job.kind)
        transitions.fail(job, FULL if full else _UNEXPECTED, may_retry=True)
    else:
        transitions.finish(job, dict(result))


class _Run:
    """The :class:`~xuezheng.jobs.kinds.Run` of a job that a worker watches."""

    def __init__(self, job: Job, send_progress: SendProgress) -> None:
        self.user = job.asked_by
        self.again = job.attempts > 1
        self._job = job
        self._send_progress = send_progress
        self._sent_words = ""
        self._sent_at = 0.0

    def __call__(self, words: str, done: int, total: int) -> None:
        """Report progress to the worker, at most once in ``_TELL_AFTER_SECONDS`` unless the words change or all steps are done."""
        now = time.monotonic()
        if words != self._sent_words or done == total or now - self._sent_at > _TELL_AFTER_SECONDS:
            self._sent_words, self._sent_at = words, now
            with contextlib.suppress(BrokenPipeError):
                self._send_progress(words, done, total)

    def settle(self, result: Result) -> None:
        """See :class:`~xuezheng.jobs.kinds.Run`."""
        if not transitions.settle(self._job, dict(result)):
            raise JobLost


def _belong_to_the_worker() -> None:
    """Leave signals to the worker, lower this process's priority below the pages', and exit when the worker dies."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(_NICENESS)
    threading.Thread(target=_die_with_the_worker, daemon=True).start()


def _die_with_the_worker() -> None:
    worker = parent_process()
    if worker is not None:
        worker.join()
        os._exit(1)


def _be_patient() -> None:
    if connection.vendor == "sqlite":
        connection.settings_dict["OPTIONS"]["timeout"] = _PATIENCE_SECONDS
    sys.stdout.flush()
