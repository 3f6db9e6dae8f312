"""The pages of figures: the catalogue, and the page of one figure with its trend and the rows behind it."""

from itertools import pairwise
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import Answer, AnyFigure, Dimension, FigureError, catalogue, coverage, read_slice
from xuezheng.figures.batches import prepare
from xuezheng.figures.comparison import Change, change, changes, compare
from xuezheng.figures.trends import Point, trend
from xuezheng.linkage.names import initials
from xuezheng.records.models import User
from xuezheng.records.permissions import permits
from xuezheng.records.switches import unused
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import charts, newest_snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.alerts import of_figure
from xuezheng.web.answers.figure_rows import RowsPage
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.home.pins import is_pinned
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.period_choice import Choice

_CHIPS = 8


class FigureRequest(NamedTuple):
    """What the address of a figure's page requests, and ``answer``, the figure's answer to that.

    ``choice`` is the chosen period with those to choose from, ``snapshot`` the snapshot for that period, and
    ``slice`` the chosen member by dimension.
    """

    figure: AnyFigure
    choice: Choice
    snapshot: Snapshot
    slice: dict[str, str]
    answer: Answer


class Link(NamedTuple):
    """One of several links to choose from: its Chinese text and its address.

    ``active`` marks the current one.
    """

    text: str
    address: str
    active: bool = False


class Step(NamedTuple):
    """A period of the trend: its point, the address of the figure's page for it, and the change from the period before."""

    point: Point
    address: str
    change: Change


class Compared(NamedTuple):
    """A member of a dimension: its name, the address of the figure's page for it, and the change between two periods."""

    label: str
    address: str
    change: Change


@require_GET
@with_snapshot
def figures(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the figures by responsible section, with their values in the chosen period.

    The query parameter ``q`` limits them to those whose name or definition contains each word, or whose
    name's pinyin initials do.
    """
    choice = period_choice.choice(request, snapshot.day)
    snapshot = Snapshot.for_period(choice.period)
    search_text = " ".join(request.GET.get("q", "").split()).lower()
    shown = {
        key: figure
        for key, figure in catalogue.reported_figures(snapshot.unused | unused()).items()
        if _fits(figure, search_text)
    }
    prepare(snapshot, choice.period, ((figure, ()) for figure in shown.values()))
    groups: dict[str, list[tuple[Answer, str]]] = {}
    for key, figure in shown.items():
        answer = figure.at(snapshot, choice.period)
        link = figure_address(key, choice.period.key, {})
        groups.setdefault(figure.area, []).append((answer, link))
    context = {
        "sections": [(area, groups[name]) for name, area in registry.areas().items() if name in groups],
        "snapshot": snapshot,
        "choice": choice,
        "search_text": search_text,
        "may_try_policies": permits(request.user, "try", "scenario"),
    }
    page = "web/figures_found.html" if request.htmx else "web/figures.html"
    return render(request, page, context)


@never_cache
@require_GET
@with_snapshot
def figure(request: UserRequest, snapshot: Snapshot, key: str) -> HttpResponse:
    """Show the figure ``key``: its value, its definition, its trend, its values by a dimension, and the rows behind it.

    The query string has the period, members by dimension, ``by`` for the dimension to break down by, and
    ``page`` for the rows; an htmx request gets the rows only. Raises ``Http404`` where there is no such
    figure or slice.
    """
    newest = snapshot
    figure, choice, snapshot, slice, answer = read(request, newest, key)
    rows = RowsPage(request, snapshot, newest_snapshot.rows(snapshot, key, choice.period, slice))
    if request.htmx:
        return render(request, "web/figure_rows.html", {"rows": rows})
    dimensions = figure.dimensions(snapshot)
    free = [name for name in dimensions if name not in slice]
    by = request.GET.get("by")
    by = by if by in free else next(iter(free), None)
    steps = _steps(figure, choice, slice)
    context: dict[str, Any] = {
        "figure": figure,
        "area": registry.areas()[figure.area],
        "snapshot": snapshot,
        "choice": choice,
        "answer": answer,
        "coverage": coverage(snapshot, [figure], choice.period),
        "slicers": [
            _slicer(key, choice.period, slice, dimension)
            for name, dimension in dimensions.items()
            if dimension.members or name in slice
        ],
        "steps": steps,
        "unlike": any(step.change.alike or step.change.reason for step in steps),
        "step": next((step for step in steps if step.point.period == choice.period), None),
        "trend": charts.line("trend", [step.point for step in steps], [step.address for step in steps]),
        "sql": figure_address(key, choice.period.key, slice, view="figure_sql"),
        "may_add": permits(request.user, "enrich", "report"),
        "put_in": f"{reverse('web:new_addition')}?{urlencode({'figure': key, 'period': choice.period.key, **slice})}",
        "is_pinned": is_pinned(request.user, key, slice),
        "alerts": of_figure(request.user, newest, key),
        "rows": rows,
        "slice": slice,
    }
    if by:
        context |= _parts(request.user, figure, snapshot, choice.period, slice, by, than(request))
        context["tabs"] = [
            Link(
                dimensions[name].label,
                f"{figure_address(key, choice.period.key, slice)}&by={name}",
                name == by,
            )
            for name in free
        ]
        if len(free) > 1:
            context["crosstab"] = figure_address(key, choice.period.key, slice, view="figure_table")
    return render(request, "web/figure.html", context)


@require_GET
@with_snapshot
def figure_sql(request: UserRequest, snapshot: Snapshot, key: str) -> HttpResponse:
    """Show the SQL query behind the value of the figure ``key``, for the period and slice in the query string.

    An htmx request gets the part for the figure's page, any other request a complete page.
    """
    figure_request = read(request, snapshot, key)
    template = "web/figure_sql.html" if request.htmx else "web/figure_sql_page.html"
    return render(request, template, {"answer": figure_request.answer, "figure": figure_request.figure})


def read(request: UserRequest, snapshot: Snapshot, key: str) -> FigureRequest:
    """Return the figure ``key`` with the period and slice in the query string, and its answer.

    ``snapshot`` is the newest one, whose day decides the default period. Raises ``Http404`` for an unknown
    figure or slice, ``SnapshotError`` where there is no snapshot for the period.
    """
    try:
        figure = catalogue.figure(key)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None
    choice = period_choice.choice(request, snapshot.day)
    snapshot = Snapshot.for_period(choice.period)
    names = figure.dimensions(snapshot)
    try:
        slice = read_slice((name, value) for name in names for value in request.GET.getlist(name))
        answer = figure.at(snapshot, choice.period, **slice)
    except FigureError as error:
        raise Http404(str(error)) from None
    return FigureRequest(figure, choice, snapshot, slice, answer)


def than(request: UserRequest) -> Period | None:
    """Return the period to compare with that the query parameter ``than`` names.

    None where it is missing or unreadable.
    """
    try:
        return Period.parse(request.GET.get("than", ""))
    except PeriodError:
        return None


def _fits(figure: AnyFigure, search_text: str) -> bool:
    """Whether a figure's name or definition contains every word of a search, or the name's initials do."""
    words = f"{figure.label}{figure.definition}".lower()
    return all(
        word in words or (word.isascii() and word in initials(figure.label)) for word in search_text.split()
    )


def _steps(figure: AnyFigure, choice: Choice, slice: dict[str, str]) -> list[Step]:
    """Return the periods of the trend, each with its page and the change from the period before."""
    points = trend(figure, period_choice.run(choice), slice)
    changes = [Change(None, None), *(compare(figure, old, new, slice) for old, new in pairwise(points))]
    return [
        Step(point, figure_address(figure.key, point.period.key, slice), change)
        for point, change in zip(points, changes, strict=True)
    ]


def _parts(
    user: User,
    figure: AnyFigure,
    snapshot: Snapshot,
    period: Period,
    slice: dict[str, str],
    by: str,
    than: Period | None,
) -> dict[str, Any]:
    """Return the template context for the members of the dimension ``by``: a chart, a table and, for schools, a map.

    With ``than`` also the members compared with that period.
    """
    parts = charts.parts(snapshot, figure.key, period, by, slice)
    dimension = figure.dimensions(snapshot)[by]
    context = {
        "by": dimension,
        "parts": parts,
        "chart": charts.bars("chart", parts),
        "map": charts.map_of_schools("map", parts, user) if by == "school" else None,
    }
    if than:
        names = {**_members(figure, than, by), **dimension.members}
        context["than"] = than
        context["whole"] = change(figure, than, period, slice)
        compared = [
            Compared(
                names.get(member, dimension.member(member)),
                figure_address(figure.key, period.key, {**slice, by: member}),
                difference,
            )
            for member, difference in changes(figure, than, period, slice, by).items()
        ]
        context["compared"] = compared
        context["pairs"] = charts.pairs("pairs", compared, (than, period))
    return context


def _members(figure: AnyFigure, period: Period, by: str) -> dict[str, str]:
    """Return the names of a dimension's members, by value, in the snapshot of a period."""
    return dict(figure.dimensions(Snapshot.for_period(period))[by].members)


def _slicer(key: str, period: Period, slice: dict[str, str], dimension: Dimension) -> dict[str, Any]:
    """Return the template context for choosing a member of a dimension: a few as chips, many as a list."""
    others = {name: value for name, value in slice.items() if name != dimension.name}
    chosen = slice.get(dimension.name)
    values = list(dimension.members)
    if chosen is not None and chosen not in dimension.members:
        values.append(chosen)
    links = [Link("全部", figure_address(key, period.key, others), chosen is None)]
    for value in values:
        link = figure_address(key, period.key, {**others, dimension.name: value})
        links.append(Link(dimension.member(value), link, value == chosen))
    return {"label": dimension.label, "links": links, "as_list": len(links) > _CHIPS + 1}
