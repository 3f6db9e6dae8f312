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

#: A function that takes a query set of reconciled :class:`ListRow` and a term, adds an area's records for them, and returns how many.
TakeUp: TypeAlias = "Callable[[QuerySet[Any], Term], int]"


class OutsideList(registry.Declaration):
    """A list that another department sends, declared in an area's ``lists.py``.

    ``title`` is Chinese. ``owner`` identifies the sender: the list contains the rows whose hardship code has
    this value in the property ``listed_by``. The section of the area that declares the list may see and
    reconcile its rows. ``take_up`` is called with a query set of reconciled rows and a term, adds the area's
    own records for them (such as candidates for aid) and returns how many; None where the area adds none.
    """

    def __init__(self, title: str, owner: str, take_up: TakeUp | None = None) -> None:
        self.title = title
        self.owner = owner
        self.take_up = take_up

    @property
    def categories(self) -> tuple[str, ...]:
        """The hardship codes of which the list has rows, including codes no longer in use."""
        return tuple(code_list("policy.hardship").having("listed_by", self.owner))


def take_up(rows: QuerySet[Any], term: Term) -> dict[str, int]:
    """Have each area add its own records, such as candidates for aid, for reconciled rows in a term.

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
