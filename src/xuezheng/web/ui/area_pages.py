"""What an area shows beyond the generic pages: its ``pages.py`` contains these.

``HOME``          a list of what is shown on the home page: :class:`Highlight` and :class:`Chart`
``DASHBOARDS``    :class:`Dashboard` values by the last part of their address
``urlpatterns``   the area's own pages, as Django's ``path(…)``; they live below ``/<area>/`` and are called ``<area>:<name>``
``TODOS``         functions that yield what waits for a user, see :mod:`xuezheng.web.ui.todos`
``DOORS``         :class:`Door` values: pages of the area with more about a record of any register
``NAVIGATION``    :class:`Entry` values, where the area has a place in the navigation: that of a user is the first one shown to him
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import include, path

from xuezheng import registry
from xuezheng.records.models import Record, User
from xuezheng.records.permissions import permits


class Shown:
    """What may be shown on a home page or a dashboard."""

    figure: str
    slice: Mapping[str, str]


@dataclass(frozen=True)
class Highlight(Shown):
    """A key figure: its number on a card that opens the figure's page."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart(Shown):
    """A figure by one of its dimensions, drawn with its table behind it."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trend(Shown):
    """A figure through the last periods, drawn with its table behind it."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table(Shown):
    """A figure by one of its dimensions as a table, the largest values first."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


def where_permitted(action: str, matter: str) -> Callable[[User], bool]:
    """Return whether a page is shown to a user: where the table of permissions permits an action of a matter."""
    return lambda user: bool(permits(user, action, matter))


_of_the_bureau = where_permitted("see", "dashboard")


@dataclass(frozen=True)
class Dashboard:
    """A page of figures for those who do one job: what it shows, in order, and to which users."""

    title: str
    shows: Sequence[Shown]
    shown_to: Callable[[User], bool] = _of_the_bureau


@dataclass(frozen=True)
class Entry:
    """An area's place in the navigation: its words, the name of its first page, who sees it; its icon bears the area's name."""

    title: str
    view: str
    shown_to: Callable[[User], bool]


@dataclass(frozen=True)
class Door:
    """A page of an area with more about a record: its words, and its address for a record and a reader, None where there is none."""

    title: str
    address: Callable[[Record, User], str | None]


def doors(record: Record, user: User) -> Iterator[tuple[str, str]]:
    """Yield the words and addresses of the areas' pages with more for a user about a record."""
    for pages in registry.modules("pages").values():
        for door in getattr(pages, "DOORS", ()):
            if address := door.address(record, user):
                yield door.title, address


def dashboards(user: User) -> dict[str, tuple[str, Dashboard]]:
    """Return the dashboards that a user may see by name, each with its area; the user's own first."""
    visible = {
        name: (area, board)
        for area, pages in registry.modules("pages").items()
        for name, board in getattr(pages, "DASHBOARDS", {}).items()
        if board.shown_to(user)
    }
    # Dashboards are named after the role that they are for, or after an area.
    own = user.role if user.role in visible else user.section
    return dict(sorted(visible.items(), key=lambda item: item[0] != own))


def area_addresses() -> Iterator[Any]:
    """Yield the addresses of the areas' own pages, those of each below its name."""
    for area, pages in registry.modules("pages").items():
        if patterns := getattr(pages, "urlpatterns", None):
            yield path(f"{area}/", include((patterns, area)))


def area_entries(user: User) -> Iterator[tuple[str, Entry]]:
    """Yield the places in the navigation that the areas have for a user, by area."""
    for area, pages in registry.modules("pages").items():
        shown = (entry for entry in getattr(pages, "NAVIGATION", ()) if entry.shown_to(user))
        if entry := next(shown, None):
            yield area, entry
