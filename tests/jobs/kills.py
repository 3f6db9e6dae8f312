"""Kills the worker, or the child that does its job, with ``kill -9`` at a named point, and lets another worker go on.

Each act is a process of its own, as with the imports (``tests/intake/kills.py``), whose points these are.
"""

import json
import os
import signal
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.intake.kills import POINTS, fail_at, in_a_child, load, prepare, start, take_back, told

CHILD, WORKER = "child", "worker"
_NAME = "改.xlsx"


@dataclass(frozen=True)
class Case:
    """Who is killed while doing what, where; ``times`` more than once is every time."""

    kind: str
    whom: str
    point: str
    times: int = 1


CASES = {
    f"{case.kind} {case.whom} {case.point} {case.times}": case
    for case in (
        Case("upload.preview", CHILD, "previewed_written"),
        Case("upload.preview", WORKER, "rows_written"),
        Case("upload.commit", WORKER, "claimed"),
        Case("upload.commit", CHILD, "written"),
        Case("upload.commit", WORKER, "uncommitted"),
        Case("upload.commit", WORKER, "committed"),
        Case("upload.commit", CHILD, "upload_left"),
        Case("upload.commit", CHILD, "read", times=3),
    )
}


@dataclass(frozen=True)
class Seen:
    """What was seen of a case: the job as the worker left it, and again after another one; what is in the registers then."""

    name: str
    killed: int
    left: dict
    ended: dict
    batches: int
    told: dict


def run(folder: Path, name: str) -> Seen:
    case, marks = CASES[name], folder / name
    marks.mkdir()
    pk = in_a_child(_ask, folder / _NAME, case.kind)
    _join(start(_work, case, marks))
    left = in_a_child(_job, pk)
    if left["state"] == "failed":
        in_a_child(_retry, pk)
    if left["state"] != "done":
        _join(start(_work))
    ended, batches = in_a_child(_job, pk), in_a_child(_batches)
    seen = Seen(name, len(list(marks.iterdir())), left, ended, batches, in_a_child(told))
    if batches:
        in_a_child(take_back)
    return seen


def _join(pid: int) -> None:
    _, status = os.waitpid(pid, 0)
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise RuntimeError("the worker failed by itself")


def _ask(path: Path, kind: str) -> int:
    from xuezheng.intake.uploads import Upload
    from xuezheng.jobs.kinds import job_kinds
    from xuezheng.records.models import Submission, User

    user = User.objects.get()
    content, submission = path.read_bytes(), Submission.objects.get()
    hand_in = Upload.keep if kind == "upload.preview" else Upload.receive
    return job_kinds()[kind].ask(user, token=hand_in(content, _NAME, user, submission).token).pk


def _work(case: Case | None = None, marks: Path | None = None) -> None:
    from xuezheng.jobs.worker import Worker

    def die() -> None:
        if len(list(marks.iterdir())) >= case.times:
            return
        (marks / str(os.getpid())).touch()
        if case.whom == CHILD:
            os.kill(os.getpid(), signal.SIGKILL)
        os.kill(os.getppid(), signal.SIGKILL)
        signal.pause()  # the child notices by itself

    if case:
        fail_at(POINTS[case.point], die)
    Worker(dead_after=0).run(forever=False)


def _job(pk: int) -> dict:
    from xuezheng.jobs.models import Job

    job = Job.objects.get(pk=pk)
    return {name: getattr(job, name) for name in ("state", "attempts", "lost", "failure", "result")}


def _retry(pk: int) -> None:
    from xuezheng.jobs import transitions
    from xuezheng.jobs.models import Job

    assert transitions.retry(Job.objects.get(pk=pk))


def _batches() -> int:
    from xuezheng.records.models import Batch

    return Batch.objects.filter(file_name=_NAME, undone_at=None).count()


def main() -> None:
    """``kills.py FOLDER NAME…``: print what was seen of each case as a line of JSON."""
    import django

    django.setup()
    load()
    folder = Path(sys.argv[1])
    in_a_child(prepare, folder)
    for name in sys.argv[2:]:
        print(json.dumps(asdict(run(folder, name))), flush=True)


if __name__ == "__main__":
    main()
