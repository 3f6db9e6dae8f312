"""Declarations of outside lists: an area declares :class:`OutsideList` values in its ``lists.py``."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from xuezheng import registry
from xuezheng.records.code_lists import code_list
from xuezheng.registry import declared

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from xuezheng.records.models import Term

#: Takes the reconciled rows of a list (whose model needs this file) and a term; returns how many records it added for them.
TakeUp: TypeAlias = "Callable[[QuerySet[Any], Term], int]"


class OutsideList(registry.Declaration):
    """A list that another department sends.

    ``title`` is Chinese; ``owner`` is the value of the property ``listed_by`` of the hardship codes that the
    list contains. The section of the area that declares the list may see and reconcile its rows. ``take_up``
    is called with a query set of reconciled rows and a term, adds the area's own records for them, and
    returns how many.
    """

    def __init__(self, title: str, owner: str, take_up: TakeUp | None = None) -> None:
        self.title = title
        self.owner = owner
        self.take_up = take_up

    @property
    def categories(self) -> tuple[str, ...]:
        """The hardship codes of the list's rows, those of earlier years included."""
        return tuple(code_list("policy.hardship").having("listed_by", self.owner))


def take_up(rows: QuerySet[Any], term: Term) -> dict[str, int]:
    """Have each area add its own records for reconciled rows in a term.

    Returns the number added by title of the list. Lists without ``take_up`` are absent from the result.
    """
    return {
        declared.title: declared.take_up(rows.filter(category__in=declared.categories), term)
        for declared in outside_lists().values()
        if declared.take_up
    }


@cache
def outside_lists() -> dict[str, OutsideList]:
    """Return every declared outside list by its key."""
    return {outside.key: outside for outside in declared("lists", OutsideList)}
