"""The steps of a job from state to state: each a conditional update, so that of two at once one takes it."""

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
    """Begin the job whose turn it is; None when none waits or another worker was quicker."""
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
    """Let every job wait again whose worker is gone, or fail where that happened too often.

    A worker is gone when the pulse is older than so many seconds, or when it ran on this machine and does no more.
    ``but`` is the caller's own job.
    """
    for job in Job.objects.filter(state=Job.State.RUNNING).exclude(pk__in=[but.pk] if but else []):
        if job.pulse.age() > seconds or _is_gone(job.worker):
            job.pulse.stop()
            if job.lost + 1 < LOST_LIMIT or job.result is not None:
                _move(job, Job.State.RUNNING, state=Job.State.WAITING, lost=F("lost") + 1)
            else:
                fail(job, _LOST, may_retry=True)


def put_back(job: Job) -> None:
    """Let a job wait again that its worker gives up because it ends itself."""
    _move(job, Job.State.RUNNING, state=Job.State.WAITING)


def is_still_assigned(job: Job) -> bool:
    """Whether a job that was begun is still that worker's to do."""
    return Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING).exists()


def settle(job: Job, result: dict[str, Any]) -> bool:
    """Note the result in the transaction that brings it about; False if the job is no longer this worker's."""
    return _move(job, Job.State.RUNNING, result=result)


def finish(job: Job, result: dict[str, Any]) -> bool:
    """End a job with its result."""
    return _move(job, Job.State.RUNNING, state=Job.State.DONE, result=result, ended_at=timezone.now())


def fail(job: Job, sentence: str, may_retry: bool) -> bool:
    """End a job that came to nothing, with a Chinese sentence."""
    return _move(
        job,
        Job.State.RUNNING,
        state=Job.State.FAILED,
        failure=sentence[:2000],
        may_retry=may_retry,
        ended_at=timezone.now(),
    )


def retry(job: Job) -> bool:
    """Let a job that failed wait again."""
    failed = Job.objects.filter(pk=job.pk, state=Job.State.FAILED, may_retry=True)
    return failed.update(state=Job.State.WAITING, lost=0, failure="", ended_at=None) == 1


def cancel(job: Job) -> bool:
    """Give up a job; its worker stops it when it next looks."""
    ended = {"state": Job.State.FAILED, "failure": _CANCELLED, "may_retry": True, "ended_at": timezone.now()}
    return Job.objects.open().filter(pk=job.pk, result__isnull=True).update(**ended) == 1


def _here(process: int) -> str:
    return f"{socket.gethostname()} {process}"[:100]


def _is_gone(worker: str) -> bool:
    """Whether a worker ran on this machine and does no more."""
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
    """Change a job that is as it was when it was read: in that state, begun as often."""
    return Job.objects.filter(pk=job.pk, state=before, attempts=job.attempts).update(**after) == 1
