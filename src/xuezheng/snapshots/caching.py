"""Caching of results computed from a snapshot, in memory together with the snapshot object."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")


class Cached(Protocol):
    """What :func:`cached_in_snapshot` requires of a snapshot: it never changes, and has a dict ``caches`` for results."""

    caches: dict[Callable[..., Any], Callable[..., Any]]


Source = TypeVar("Source", bound=Cached)


def cached_in_snapshot(
    size: int,
) -> Callable[[Callable[Concatenate[Source, P], Result]], Callable[Concatenate[Source, P], Result]]:
    """Return a decorator that caches the results of a function whose first argument is a snapshot.

    For each snapshot object the last ``size`` results are kept; the other arguments must be hashable.
    """

    def decorate(
        function: Callable[Concatenate[Source, P], Result],
    ) -> Callable[Concatenate[Source, P], Result]:
        @wraps(function)
        def compute_once(snapshot: Source, /, *args: P.args, **kwargs: P.kwargs) -> Result:
            if function not in snapshot.caches:
                snapshot.caches[function] = lru_cache(size)(partial(function, snapshot))
            result: Result = snapshot.caches[function](*args, **kwargs)
            return result

        return compute_once

    return decorate
