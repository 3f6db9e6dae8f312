"""The declarations by which an area adds pages and displays of its own; its ``pages.py`` may contain:

``HOME``          a list of :class:`Highlight` and :class:`Chart`: the numbers on the home page of the area's section
``OF_SCHOOL``     keys of figures with the dimension ``school``, for the home page of a school's clerk
``OF_DISTRICT``   keys of figures, for the home page of users responsible for the whole district
``DASHBOARDS``    a dict of :class:`Dashboard` values by the last part of their address
``urlpatterns``   the area's own pages, as Django's ``path(…)``; their addresses begin with ``/<area>/``, their names with ``<area>:``
``TODOS``         functions from a user to an iterator of :class:`~xuezheng.web.ui.todos.Todo`
``DOORS``         :class:`Door` values: links from records' pages to pages of the area
``NAVIGATION``    :class:`Entry` values, the area's place in the navigation; each user sees the first one shown to the user
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import include, path

from xuezheng import registry
from xuezheng.figures import AnyFigure, catalogue, is_reported
from xuezheng.records.models import Record, User
from xuezheng.records.permissions import permits
from xuezheng.records.switches import unused


class Shown:
    """The base class of the declarations of what is shown of a figure on a dashboard or a home page.

    ``figure`` is the figure's key; ``slice`` limits it, as members by dimension.
    """

    figure: str
    slice: Mapping[str, str]


@dataclass(frozen=True)
class Highlight(Shown):
    """A key figure: its value on a card that links to the figure's page.

    ``figure`` is the figure's key; ``slice`` limits it, as members by dimension.
    """

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Chart(Shown):
    """A bar chart of a figure by the dimension ``by``, with its table."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Trend(Shown):
    """A line chart of a figure through the last periods, with its table."""

    figure: str
    slice: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Table(Shown):
    """A table of a figure's values by the dimension ``by``, the largest first."""

    figure: str
    by: str
    slice: Mapping[str, str] = field(default_factory=dict)


def where_permitted(action: str, matter: str) -> Callable[[User], bool]:
    """Return a function that takes a user and returns whether the user is permitted an action on a subject.

    ``action`` and ``matter`` are their names in the permission table, as "see" and "dashboard". The function
    is meant for ``shown_to``.
    """
    return lambda user: bool(permits(user, action, matter))


_of_the_bureau = where_permitted("see", "dashboard")


@dataclass(frozen=True)
class Dashboard:
    """A page of figures for users with the same job.

    ``title`` is Chinese, ``shows`` are its displays in order; ``shown_to`` returns whether a user may see it,
    by default every user who may see dashboards.
    """

    title: str
    shows: Sequence[Shown]
    shown_to: Callable[[User], bool] = _of_the_bureau


@dataclass(frozen=True)
class Entry:
    """An area's place in the navigation; its icon has the area's name.

    ``title`` is Chinese, ``view`` the name of the area's URL pattern that it opens, and ``shown_to`` returns
    whether a user sees it.
    """

    title: str
    view: str
    shown_to: Callable[[User], bool]


@dataclass(frozen=True)
class Door:
    """A link from a record's page to a page of an area with more about the record.

    ``title`` is Chinese; ``address`` returns the address for a record and a user, None where there is no such
    page for them.
    """

    title: str
    address: Callable[[Record, User], str | None]


def pages_in_use() -> dict[str, Any]:
    """Return the ``pages`` module of each area that has one and is not switched off, by the area's name."""
    switched_off = unused()
    return {area: pages for area, pages in registry.modules("pages").items() if area not in switched_off}


def in_use(shows: Sequence[Shown]) -> list[Shown]:
    """Return those of ``shows`` whose figures depend only on areas and registers that the bureau uses."""
    switched_off = unused()
    return [shown for shown in shows if is_reported(catalogue.figure(shown.figure), switched_off)]


def parts_shown(shows: Iterable[Shown]) -> Iterator[tuple[AnyFigure, tuple[str, ...]]]:
    """Yield (figure, names of dimensions) for each answer or set of answers that the displays need.

    They are meant for ``xuezheng.figures.prepare``, which computes all of them at once.
    """
    for shown in shows:
        figure = catalogue.figure(shown.figure)
        yield figure, tuple(shown.slice)
        if isinstance(shown, Chart | Table):
            yield figure, (*shown.slice, shown.by)


def doors(record: Record, user: User) -> Iterator[tuple[str, str]]:
    """Yield (Chinese title, address) of the areas' pages with more about ``record`` that ``user`` may see."""
    for pages in pages_in_use().values():
        for door in getattr(pages, "DOORS", ()):
            if address := door.address(record, user):
                yield door.title, address


def dashboards(user: User) -> dict[str, tuple[str, Dashboard]]:
    """Return the dashboards that ``user`` may see, as (area, dashboard) by name; the user's own comes first.

    The name is the last part of the address; the own one is named after the user's role or section. Displays
    of switched-off areas and registers are removed, and a dashboard without any display is left out.
    """
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
    """Yield the URL patterns of the areas' own pages; those of an area begin with ``<area>/``."""
    for area, pages in registry.modules("pages").items():
        if patterns := getattr(pages, "urlpatterns", None):
            yield path(f"{area}/", include((patterns, area)))


def area_entries(user: User) -> Iterator[tuple[str, Entry]]:
    """Yield (area, entry) for each area with a place in the navigation for ``user``.

    The entry is the first one of the area that is shown to the user.
    """
    for area, pages in pages_in_use().items():
        shown = (entry for entry in getattr(pages, "NAVIGATION", ()) if entry.shown_to(user))
        if entry := next(shown, None):
            yield area, entry
