"""Results that are computed from a snapshot: they stay in memory with it, and are forgotten with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
Result = TypeVar("Result")


class Cached(Protocol):
    """Whatever never changes, and keeps the results of functions of it in ``caches``."""

    caches: dict[Callable[..., Any], Callable[..., Any]]


Source = TypeVar("Source", bound=Cached)


def cached_in_snapshot(
    size: int,
) -> Callable[[Callable[Concatenate[Source, P], Result]], Callable[Concatenate[Source, P], Result]]:
    """Decorate a function of a snapshot to compute each result once: a snapshot never changes. The last ``size`` results stay."""

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
