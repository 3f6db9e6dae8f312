"""Kinds of jobs: functions that can be run by a worker, or immediately by a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypedDict

from xuezheng.core.process_limits import Limits
from xuezheng.jobs.models import Job
from xuezheng.records.models import User
from xuezheng.registry import Declaration, declared_anywhere


class Result(TypedDict, total=False):
    """The result of a job: the ``address`` to redirect to, a Chinese ``message`` for the user, and its ``level`` ("success", "info", "warning")."""

    address: str
    message: str
    level: str


class Run(Protocol):
    """The first argument of a job's function; the function calls it to report progress.

    ``user`` requested the job; ``again`` is True where an earlier attempt at the job was made.
    """

    user: User
    again: bool

    def __call__(self, words: str, done: int, total: int) -> None:
        """Report progress: ``words`` name the present step in Chinese, ``done`` of ``total`` parts of it are done."""

    def settle(self, result: Result) -> None:
        """Store the result inside the job's own transaction, so that both commit together.

        Raises :class:`JobLost` if the job was cancelled or taken over by another worker; the transaction is then rolled back.
        """


class JobLost(Exception):
    """The job was cancelled or taken over by another worker: the work of this process must not be committed."""


class Kind(Declaration):
    """A function that can be run as a job.

    ``name`` identifies it, ``title`` is its Chinese name; ``faults`` are the exceptions whose text is a sentence for the user;
    ``limits``, if given, limit its memory and time.
    """

    def __init__(
        self,
        name: str,
        title: str,
        function: Callable[..., Result],
        faults: tuple[type[Exception], ...],
        limits: Limits | None = None,
    ) -> None:
        self.name = name
        self.title = title
        self.function = function
        self.faults = faults
        self.limits = limits

    @property
    def key(self) -> str:
        """The name, by which a stored job finds its kind."""
        return self.name

    def ask(self, user: User, **arguments: Any) -> Job:
        """Create a job for a worker to run; ``arguments`` are JSON. Returns the waiting job."""
        return Job.objects.create(kind=self.name, title=self.title, arguments=arguments, asked_by=user)

    def at_once(self, user: User, **arguments: Any) -> Result:
        """Run the function immediately in this process, and return its result."""
        return self.function(_AtOnce(user), **arguments)


def job(
    name: str, title: str, faults: tuple[type[Exception], ...] = (), limits: Limits | None = None
) -> Callable[[Callable[..., Result]], Kind]:
    """Declare the decorated function to be a kind of job, which replaces it; for the parameters see :class:`Kind`."""
    return lambda function: Kind(name, title, function, faults, limits)


class _AtOnce:
    """The :class:`Run` of :meth:`Kind.at_once`, which no worker watches and none can take over."""

    again = False

    def __init__(self, user: User) -> None:
        self.user = user

    def __call__(self, words: str, done: int, total: int) -> None:
        """Ignore the progress."""

    def settle(self, result: Result) -> None:
        """Do nothing: the caller's transaction alone decides."""


@cache
def job_kinds() -> dict[str, Kind]:
    """Return every kind of background job by its name."""
    return {kind.name: kind for kind in declared_anywhere("jobs", Kind)}
