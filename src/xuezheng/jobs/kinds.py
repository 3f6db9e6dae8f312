"""Kinds of jobs: functions that a worker, or a page itself, can be asked to run."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, Protocol, TypedDict

from xuezheng.core.process_limits import Limits
from xuezheng.jobs.models import Job
from xuezheng.records.models import User
from xuezheng.registry import Declaration, declared_anywhere


class Result(TypedDict, total=False):
    """What a job leads to: the ``address`` to go on to, and a ``message`` for the user, of a ``level`` of Django's messages."""

    address: str
    message: str
    level: str


class Run(Protocol):
    """What a job's function gets: it reports its progress by calling it."""

    user: User
    again: bool

    def __call__(self, words: str, done: int, total: int) -> None:
        """Report in Chinese what is being done, and how many steps of how many are done."""

    def settle(self, result: Result) -> None:
        """Inside a transaction, make its commit the end of the job; raises :class:`JobLost` if the job is another's now."""


class JobLost(Exception):
    """The job was taken over by another worker or cancelled: what this one did must not count."""


class Kind(Declaration):
    """A function that can be run as a job; ``faults`` are the exceptions whose text is a sentence for the user.

    What it takes is bounded by ``limits``, if it has some.
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
        """The name by which a job finds it."""
        return self.name

    def ask(self, user: User, **arguments: Any) -> Job:
        """Have it done by a worker."""
        return Job.objects.create(kind=self.name, title=self.title, arguments=arguments, asked_by=user)

    def at_once(self, user: User, **arguments: Any) -> Result:
        """Do it here and now."""
        return self.function(_AtOnce(user), **arguments)


def job(
    name: str, title: str, faults: tuple[type[Exception], ...] = (), limits: Limits | None = None
) -> Callable[[Callable[..., Result]], Kind]:
    """Declare a function to be a kind of job (see the package)."""
    return lambda function: Kind(name, title, function, faults, limits)


class _AtOnce:
    """A run that nobody watches, and that nobody can take over."""

    again = False

    def __init__(self, user: User) -> None:
        self.user = user

    def __call__(self, words: str, done: int, total: int) -> None:
        """Nothing is reported."""

    def settle(self, result: Result) -> None:
        """The transaction alone decides."""


@cache
def job_kinds() -> dict[str, Kind]:
    """Return every kind of background job by its name."""
    return {kind.name: kind for kind in declared_anywhere("jobs", Kind)}
