"""The newest snapshot for a view, and cached answers: neither a snapshot nor its answers ever change."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpResponseBase
from django.shortcuts import render

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Rows, catalogue
from xuezheng.plans import progress
from xuezheng.plans.progress import ItemProgress
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.caching import cached_in_snapshot
from xuezheng.web.security.requests import UserRequest

Slice = dict[str, str]
P = ParamSpec("P")


def with_snapshot(
    view: Callable[Concatenate[UserRequest, Snapshot, P], HttpResponseBase],
) -> Callable[Concatenate[UserRequest, P], HttpResponseBase]:
    """Decorate a view to get the newest snapshot as its second argument, after the request.

    Where the view raises ``SnapshotError``, or there is no snapshot, the response is a page that explains the
    remedy.
    """

    @wraps(view)
    def with_newest(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            return view(request, Snapshot.latest(), *args, **kwargs)
        except SnapshotError as error:
            return render(request, "web/no_snapshot.html", {"fault": str(error)})

    return with_newest


def per(snapshot: Snapshot, key: str, period: Period, by: str, slice: Slice) -> list[Answer]:
    """Return the answers of the figure ``key`` for each member of the dimension ``by`` that occurs in a period.

    ``slice`` limits the rows counted, as members by dimension. The answers are cached by snapshot.
    """
    return _per(snapshot, key, period, by, tuple(sorted(slice.items())))


def rows(snapshot: Snapshot, key: str, period: Period, slice: Slice) -> Rows:
    """Return the rows from which the answer of the figure ``key`` in a period and slice is computed.

    ``slice`` has members by dimension. The latest eight results are cached.
    """
    return _rows(snapshot, key, period, tuple(sorted(slice.items())))


@cached_in_snapshot(1024)
def _per(
    snapshot: Snapshot, key: str, period: Period, by: str, slice: tuple[tuple[str, str], ...]
) -> list[Answer]:
    return catalogue.figure(key).per(snapshot, period, by, **dict(slice))


@cached_in_snapshot(8)
def _rows(snapshot: Snapshot, key: str, period: Period, slice: tuple[tuple[str, str], ...]) -> Rows:
    return catalogue.figure(key).rows(snapshot, period, **dict(slice))


@cached_in_snapshot(16)
def plan(snapshot: Snapshot, period: Period) -> list[ItemProgress]:
    """Return the items of the plan for a half-year with their progress as of a snapshot, cached by snapshot."""
    return progress.plan(snapshot, period)
