"""The declarations by which an area adds pages and displays of its own; its ``pages.py`` may contain:

``HOME``          a list of :class:`Highlight` and :class:`Chart`: the numbers for the desks of the area's section, and for dashboards
``OF_SCHOOL``     keys of figures with the dimension ``school``, for the desk of a school's clerk
``OF_DISTRICT``   keys of figures, the first ones for the desks of those who look after the whole district
``DASHBOARDS``    :class:`Dashboard` values by the last part of their address
``urlpatterns``   the area's own pages, as Django's ``path(…)``; they live below ``/<area>/`` and are called ``<area>:<name>``
``TODOS``         functions that yield a user's to-dos, see :mod:`xuezheng.web.ui.todos`
``DOORS``         :class:`Door` values: pages of the area with more about a record of any register
``NAVIGATION``    :class:`Entry` values, where the area has a place in the navigation: each user sees the first one permitted
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import include, path

from xuezheng import registry
from xuezheng.figures import Figure, Ratio, catalogue, is_reported
from xuezheng.records.models import Record, User
from xuezheng.records.permissions import permits
from xuezheng.records.switches import unused


class Shown:
    """The base of the displays of a figure; ``figure`` is the figure's key, ``slice`` maps dimensions to members."""

    figure: str
    slice: Mapping[str, str]


@dataclass(frozen=True)
class Highlight(Shown):
    """A key figure: its number on a card that opens the figure's page."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart(Shown):
    """A chart of a figure by the dimension ``by``, with its table."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trend(Shown):
    """A chart of a figure through the last periods, with its table."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table(Shown):
    """A table of a figure by the dimension ``by``, the largest values first."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


def where_permitted(action: str, matter: str) -> Callable[[User], bool]:
    """Return a function that reports whether a user is permitted an action on a matter, for ``shown_to``."""
    return lambda user: bool(permits(user, action, matter))


_of_the_bureau = where_permitted("see", "dashboard")


@dataclass(frozen=True)
class Dashboard:
    """A page of figures for users with the same job: ``shows`` are its displays in order, ``shown_to`` decides who may see it."""

    title: str
    shows: Sequence[Shown]
    shown_to: Callable[[User], bool] = _of_the_bureau


@dataclass(frozen=True)
class Entry:
    """An area's place in the navigation: its title, the name of its first page, and which users see it; its icon has the area's name."""

    title: str
    view: str
    shown_to: Callable[[User], bool]


@dataclass(frozen=True)
class Door:
    """A page of an area with more about a record: its title, and a function that returns its address for a record and a reader.

    The function returns None where there is no such page.
    """

    title: str
    address: Callable[[Record, User], str | None]


def pages_in_use() -> dict[str, Any]:
    """Return the ``pages`` module of each area that the bureau uses, by the area's name."""
    switched_off = unused()
    return {area: pages for area, pages in registry.modules("pages").items() if area not in switched_off}


def in_use(shows: Sequence[Shown]) -> list[Shown]:
    """Return the displays of figures that rest on areas and registers which the bureau uses."""
    switched_off = unused()
    return [shown for shown in shows if is_reported(catalogue.figure(shown.figure), switched_off)]


def parts_shown(shows: Iterable[Shown]) -> Iterator[tuple[Figure | Ratio, tuple[str, ...]]]:
    """Yield each figure that is displayed, with the dimensions of the parts that its display needs, for ``prepare``."""
    for shown in shows:
        figure = catalogue.figure(shown.figure)
        yield figure, tuple(shown.slice)
        if isinstance(shown, Chart | Table):
            yield figure, (*shown.slice, shown.by)


def doors(record: Record, user: User) -> Iterator[tuple[str, str]]:
    """Yield (title, address) of the areas' pages with more about a record, as far as the user may see them."""
    for pages in pages_in_use().values():
        for door in getattr(pages, "DOORS", ()):
            if address := door.address(record, user):
                yield door.title, address


def dashboards(user: User) -> dict[str, tuple[str, Dashboard]]:
    """Return the dashboards that a user may see, as (area, dashboard) by name, without what the bureau does not use; the user's own first."""
    visible = {
        name: (area, replace(board, shows=shows))
        for area, pages in pages_in_use().items()
        for name, board in getattr(pages, "DASHBOARDS", {}).items()
        if board.shown_to(user) and (shows := in_use(board.shows))
    }
    # Dashboards are named after the role that they are for, or after an area.
    own = user.role if user.role in visible else user.section
    return dict(sorted(visible.items(), key=lambda item: item[0] != own))


def area_addresses() -> Iterator[Any]:
    """Yield the URL patterns of the areas' own pages, those of each area below its name."""
    for area, pages in registry.modules("pages").items():
        if patterns := getattr(pages, "urlpatterns", None):
            yield path(f"{area}/", include((patterns, area)))


def area_entries(user: User) -> Iterator[tuple[str, Entry]]:
    """Yield (area, entry) for each area with a place in the navigation for a user."""
    for area, pages in pages_in_use().items():
        shown = (entry for entry in getattr(pages, "NAVIGATION", ()) if entry.shown_to(user))
        if entry := next(shown, None):
            yield area, entry
