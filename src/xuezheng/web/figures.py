"""The figures: the catalogue, and the page of one with the rows behind it."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng import registry
from xuezheng.figures import Answer, Dimension, Figure, FigureFault, Ratio, coverage
from xuezheng.records.periods import Period
from xuezheng.snapshots import Snapshot
from xuezheng.web import answers, periods
from xuezheng.web.answers import with_snapshot
from xuezheng.web.drill import RowsPage
from xuezheng.web.whatif import may_suppose

_CHIPS = 8


def address(key: str, period: str, slice: dict[str, str]) -> str:
    """The address of a figure's page for a period and a slice."""
    return f"{reverse('web:figure', args=[key])}?{urlencode({'period': period, **slice})}"


class Link(NamedTuple):
    """A choice on a page."""

    text: str
    address: str
    active: bool = False


class Part(NamedTuple):
    """One row of the table beside the chart."""

    label: str
    answer: Answer
    address: str


@require_GET
@with_snapshot
def figures(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Show all figures by the section that answers for them, with their values."""
    choice = periods.choice(request, snapshot.day)
    snapshot = Snapshot.for_period(choice.period)
    groups: dict[str, list[tuple[Answer, str]]] = {}
    for key, figure in registry.figures().items():
        answer = figure.at(snapshot, choice.period)
        groups.setdefault(figure.area, []).append((answer, address(key, choice.period.key, {})))
    sections = [(area, groups[name]) for name, area in registry.areas().items() if name in groups]
    context = {
        "sections": sections,
        "snapshot": snapshot,
        "choice": choice,
        "may_suppose": may_suppose(request.user),
    }
    return render(request, "web/figures.html", context)


@never_cache
@require_GET
@with_snapshot
def figure(request: HttpRequest, snapshot: Snapshot, key: str) -> HttpResponse:
    """Show one figure: its value, what it means, its parts, and the rows behind it."""
    figure = find(key)
    choice = periods.choice(request, snapshot.day)
    snapshot = Snapshot.for_period(choice.period)
    dimensions = figure.dimensions(snapshot)
    slice = {name: request.GET[name] for name in dimensions if name in request.GET}
    try:
        answer = figure.at(snapshot, choice.period, **slice)
    except FigureFault as fault:
        raise Http404(str(fault)) from None
    rows = RowsPage(request, snapshot, answers.rows(snapshot, key, choice.period, slice))
    if request.htmx:
        return render(request, "web/figure_rows.html", {"rows": rows})
    free = [name for name in dimensions if name not in slice]
    by = request.GET.get("by")
    by = by if by in free else next(iter(free), None)
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
        "tabs": [
            Link(dimensions[name].label, f"{address(key, choice.period.key, slice)}&by={name}", name == by)
            for name in free
        ],
        "rows": rows,
        "slice": slice,
    }
    if by:
        context["parts"] = parts(snapshot, key, choice.period, by, slice)
        context["chart"] = chart(context["parts"])
        context["by"] = dimensions[by]
    return render(request, "web/figure.html", context)


def find(key: str) -> Figure | Ratio:
    """Return the figure of an address; a wrong one is not found."""
    try:
        return registry.figure(key)
    except registry.Unknown as unknown:
        raise Http404(str(unknown)) from None


def parts(snapshot: Snapshot, key: str, period: Period, by: str, slice: dict[str, str]) -> list[Part]:
    """The figure for each member of a dimension."""
    dimension = registry.figure(key).dimensions(snapshot)[by]
    found = []
    for answer in answers.per(snapshot, key, period, by, slice):
        label = dimension.member(answer.slice[by])
        found.append(Part(label, answer, address(key, period.key, dict(answer.slice))))
    return found


def chart(parts: list[Part]) -> dict[str, Any]:
    """What the script needs to draw the parts: it writes no number by itself."""
    told = [(part, value) for part in parts if (value := part.answer.number()) is not None]
    return {
        "labels": [part.label for part, _ in told],
        # Only the length of a bar: its text is the exact number.
        "values": [float(value) for _, value in told],
        "texts": [part.answer.text() for part, _ in told],
        "links": [part.address for part, _ in told],
    }


def _slicer(key: str, period: Period, slice: dict[str, str], dimension: Dimension) -> dict[str, Any]:
    """The members of a dimension to choose from: a few as chips, many as a list."""
    others = {name: value for name, value in slice.items() if name != dimension.name}
    chosen = slice.get(dimension.name)
    values = list(dimension.members)
    if chosen is not None and chosen not in dimension.members:
        values.append(chosen)
    links = [Link("全部", address(key, period.key, others), chosen is None)]
    for value in values:
        link = address(key, period.key, {**others, dimension.name: value})
        links.append(Link(dimension.member(value), link, value == chosen))
    return {"label": dimension.label, "links": links, "as_list": len(links) > _CHIPS + 1}
