"""The transitions of a job between its states.

Each is a conditional update, so that of two processes at the same time only one succeeds.
"""

from __future__ import annotations

import os
import socket
from itertools import islice
from typing import Any

from django.db.models import F
from django.utils import timezone

from xuezheng.jobs.heartbeat import JobProgress, Pulse
from xuezheng.jobs.models import Job, in_turn

#: A job whose process was killed so often in a row is not begun again by itself.
LOST_LIMIT = 3
_LOST = f"处理时进程{LOST_LIMIT}次中断，已停止重试。请稍后再试，仍不行请联系管理员查看服务器的内存和日志。"
#: Why a job ended that took more than it may.
TOO_MUCH = (
    "处理这份文件要用的内存或时间超过了上限，已停止，没有留下任何改动。"
    "文件可能损坏，或有大量空行、空表格、嵌套的表格。请删去与内容无关的部分，或拆成几份再试。"
)
_CANCELLED = "已取消。"


def claim() -> Job | None:
    """Begin the waiting job that is next, and return it.

    Users take turns, and the jobs of one user are begun by age. None where no job is waiting or another
    worker has begun it at the same moment.
    """
    job = Job.objects.filter(pk__in=[*islice(in_turn(), 1)], state=Job.State.WAITING).first()
    if job is None:
        return None
    Pulse(job.pk, job.attempts + 1).beat(JobProgress())  # before it runs, so that it is never taken for dead
    begun = _move(
        job,
        Job.State.WAITING,
        state=Job.State.RUNNING,
        attempts=job.attempts + 1,
        begun_at=timezone.now(),
        worker=_here(os.getpid()),
    )
    return Job.objects.get(pk=job.pk) if begun else None


def put_back_dead(seconds: float, but: Job | None = None) -> None:
    """Return running jobs whose worker is gone to waiting, or fail those to which this happened ``LOST_LIMIT`` times in a row.

    A worker is gone when the last sign of life of the job is older than ``seconds``, or when its process ran
    on this machine and no longer does. A job that has a result already is not failed but ended as done by the
    next worker. ``but`` is the caller's own job, which is left as it is.
    """
    for job in Job.objects.filter(state=Job.State.RUNNING).exclude(pk__in=[but.pk] if but else []):
        if job.pulse.age() > seconds or _is_gone(job.worker):
            job.pulse.stop()
            if job.lost + 1 < LOST_LIMIT or job.result is not None:
                _move(job, Job.State.RUNNING, state=Job.State.WAITING, lost=F("lost") + 1)
            else:
                fail(job, _LOST, may_retry=True)


def put_back(job: Job) -> None:
    """Return a running job to waiting, since its worker is about to exit.

    No effect where another worker has it.
    """
    _move(job, Job.State.RUNNING, state=Job.State.WAITING)


def is_still_assigned(job: Job) -> bool:
    """Whether this worker still has the job: it is running, in the attempt that ``job`` has, neither cancelled nor taken over."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).exists()


def settle(job: Job, result: dict[str, Any]) -> bool:
    """Store the result of a running job, inside the transaction in which the job writes; return whether this was possible.

    The state stays "running". It is not possible where the job was cancelled or another worker has it: the
    caller must then roll its transaction back.
    """
    return _move(job, Job.State.RUNNING, result=result)


def finish(job: Job, result: dict[str, Any]) -> bool:
    """End a running job as done with its result; return whether this was possible.

    It is not where the job was cancelled or another worker has it.
    """
    return _move(job, Job.State.RUNNING, state=Job.State.DONE, result=result, ended_at=timezone.now())


def fail(job: Job, sentence: str, may_retry: bool) -> bool:
    """End a running job as failed; return whether this was possible.

    ``sentence`` is a Chinese sentence for the user, cut to 2000 characters; with ``may_retry`` the user may
    try the job again. Nothing changes where the job was cancelled or another worker has it.
    """
    return _move(
        job,
        Job.State.RUNNING,
        state=Job.State.FAILED,
        failure=sentence[:2000],
        may_retry=may_retry,
        ended_at=timezone.now(),
    )


def retry(job: Job) -> bool:
    """Return a failed job to waiting; return whether this was possible.

    It is not, and nothing changes, where the job is not failed or may not be tried again.
    """
    failed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED, may_retry=True)
    return failed.update(state=Job.State.WAITING, lost=0, failure="", ended_at=None) == 1


def cancel(job: Job) -> bool:
    """Cancel a waiting or running job; return whether this was possible.

    It is not, and nothing changes, where the job has ended or already has a result. The worker of a running
    job stops it within seconds.
    """
    ended = {"state": Job.State.FAILED, "failure": _CANCELLED, "may_retry": True, "ended_at": timezone.now()}
    return Job.objects.open().filter(pk=job.pk, result__isnull=True).update(**ended) == 1


def _here(process: int) -> str:
    return f"{socket.gethostname()} {process}"[:100]


def _is_gone(worker: str) -> bool:
    """Whether the process of a worker (``Job.worker``) ran on this machine and no longer does; False for another machine's."""
    process = worker.rpartition(" ")[2]
    if os.name != "posix" or not process.isdigit() or worker != _here(int(process)):
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def _move(job: Job, before: Any, **after: Any) -> bool:
    """Update a job if it still has the state ``before`` and the same number of attempts; return whether it was updated."""
    return Job.objects.filter(pk=job.pk, state=before, attempts=job.attempts).update(**after) == 1
