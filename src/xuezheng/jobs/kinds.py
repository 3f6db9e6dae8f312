"""Kinds of background jobs: functions that a worker runs, or a page runs immediately."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypedDict

from xuezheng.core.process_limits import Limits
from xuezheng.jobs.models import Job
from xuezheng.records.models import User
from xuezheng.registry import Declaration, declared_anywhere


class Result(TypedDict, total=False):
    """The result of a job, which its function returns; all keys are optional.

    ``address`` is the page to which the job's page redirects, ``message`` a Chinese sentence for the user
    shown there, and ``level`` its level: "success", "info" or "warning".
    """

    address: str
    message: str
    level: str


class Run(Protocol):
    """The first argument of a job's function, which calls it to report progress.

    ``user`` is who requested the job; ``again`` is True where an earlier attempt at the job was begun, which
    may have been killed at any moment.
    """

    user: User
    again: bool

    def __call__(self, words: str, done: int, total: int) -> None:
        """Report progress: ``words`` name the present step in Chinese, ``done`` of ``total`` parts of it are done."""

    def settle(self, result: Result) -> None:
        """Store the result of the job as a part of the transaction in which it writes, so that both are committed or neither.

        A job's function calls it inside its transaction, after writing. A job with a result is never run
        again. Raises :class:`JobLost` where the job was cancelled or taken over by another worker; the
        function must let it pass, so that the transaction is rolled back. Does nothing when the function runs
        at once in a page's process (:meth:`Kind.at_once`), where there is no worker that could take the job
        over.
        """


class JobLost(Exception):
    """The job was cancelled or taken over by another worker: the work of this process must not be committed."""


class Kind(Declaration):
    """A kind of background job: a function that a worker runs, declared with :func:`job`.

    ``name`` identifies it in stored jobs, ``title`` is its Chinese name. ``function`` takes a :class:`Run`
    and the job's arguments by name. ``faults`` are the exceptions whose message is a Chinese sentence for the
    user; they end the job as failed. ``limits`` limit its memory and time, None for no limits.
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
        """The name of the kind, which stored jobs refer to."""
        return self.name

    def ask(self, user: User, **arguments: Any) -> Job:
        """Create a job of this kind, which a worker will run for ``user``, and return it.

        ``arguments`` are those of the function, JSON values without personal data, since they are stored.
        """
        return Job.objects.create(kind=self.name, title=self.title, arguments=arguments, asked_by=user)

    def at_once(self, user: User, **arguments: Any) -> Result:
        """Run the function immediately in this process, without storing a job, and return its result.

        Exceptions of the function are not caught. Progress is not reported.
        """
        return self.function(_AtOnce(user), **arguments)


def job(
    name: str, title: str, faults: tuple[type[Exception], ...] = (), limits: Limits | None = None
) -> Callable[[Callable[..., Result]], Kind]:
    """Decorator that replaces a function by the kind of background job that runs it.

    ``name``, ``title``, ``faults`` and ``limits`` are those of :class:`Kind`.
    """
    return lambda function: Kind(name, title, function, faults, limits)


class _AtOnce:
    """The :class:`Run` of :meth:`Kind.at_once`, which no worker watches and none can take over."""

    again = False

    def __init__(self, user: User) -> None:
        self.user = user

    def __call__(self, words: str, done: int, total: int) -> None:
        """Ignore the progress."""

    def settle(self, result: Result) -> None:
        """Do nothing: no worker can take the job over, so the caller's transaction alone decides."""


@cache
def job_kinds() -> dict[str, Kind]:
    """Return every declared kind of background job by its name."""
    return {kind.name: kind for kind in declared_anywhere("jobs", Kind)}
