"""The dashboards that the areas declare: tiles, charts with their tables, and targets of the plan at risk."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.figures.batches import prepare
from xuezheng.figures.trends import trend
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import charts
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.alerts import alerts
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.answers.tiles import tile
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.area_pages import Chart, Dashboard, Highlight, Table, Trend, dashboards, parts_shown
from xuezheng.web.ui.period_choice import Choice

_LONGEST = 12  # rows of a table that is shown on a dashboard; the figure's page has them all


class Panel(NamedTuple):
    """One chart or table of a dashboard.

    ``address`` is the page of its figure. ``rows`` are the values, ``heading`` is the title of their first
    column, and ``more`` the number of rows left out. ``drawing`` is the chart, None for a table or where no
    row has a value; ``open`` is whether the table is shown unfolded.
    """

    title: str
    address: str
    heading: str
    drawing: charts.Drawing | None
    rows: list[charts.Part]
    more: int = 0
    open: bool = False


@require_GET
def own_dashboard(request: UserRequest) -> HttpResponse:
    """Redirect to the first dashboard that the user may see, or to the figures where there is none."""
    name = next(iter(dashboards(request.user)), None)
    return redirect("web:dashboard", name) if name else redirect("web:figures")


@require_GET
@with_snapshot
def dashboard(request: UserRequest, snapshot: Snapshot, name: str) -> HttpResponse:
    """Show the dashboard ``name`` for the period in the query string.

    Raises ``Http404`` for one that the user may not see.
    """
    known = dashboards(request.user)
    if name not in known:
        raise Http404("没有这个看板。")
    area, board = known[name]
    choice = period_choice.choice(request, snapshot.day)
    period_snapshot = Snapshot.for_period(choice.period)
    prepare(period_snapshot, choice.period, parts_shown(board.shows))
    context: dict[str, Any] = {
        "boards": [(key, known_board.title, key == name) for key, (_, known_board) in known.items()],
        "board": board,
        "choice": choice,
        "snapshot": period_snapshot,
        "tiles": [
            tile(shown.figure, choice.period, shown.slice)
            for shown in board.shows
            if isinstance(shown, Highlight)
        ],
        "panels": _panels(board, period_snapshot, choice),
        "alerts": [
            alert for alert in alerts(request.user, snapshot) if area in ("overview", alert.item.area)
        ],
    }
    return render(request, "web/dashboard.html", context)


def _panels(board: Dashboard, snapshot: Snapshot, choice: Choice) -> list[Panel]:
    panels = []
    for number, shown in enumerate(board.shows):
        id = f"panel-{number}"
        if isinstance(shown, Trend):
            panels.append(_trend(id, shown, choice))
        elif isinstance(shown, Chart | Table):
            panels.append(_members(id, shown, snapshot, choice.period))
    return panels


def _trend(id: str, shown: Trend, choice: Choice) -> Panel:
    figure, slice = catalogue.figure(shown.figure), dict(shown.slice)
    points = trend(figure, period_choice.run(choice), slice)
    links = [figure_address(figure.key, point.period.key, slice) for point in points]
    rows = [
        charts.Part(point.period.label, point.answer, link)
        for point, link in zip(points, links, strict=True)
        if point.answer
    ]
    return Panel(
        f"{figure.label} · 走势",
        figure_address(figure.key, choice.period.key, slice),
        "时期",
        charts.line(id, points, links),
        rows,
    )


def _members(id: str, shown: Chart | Table, snapshot: Snapshot, period: Period) -> Panel:
    figure, slice = catalogue.figure(shown.figure), dict(shown.slice)
    dimension = figure.dimensions(snapshot)[shown.by]
    parts = charts.parts(snapshot, figure.key, period, shown.by, slice)
    title = f"{figure.label} · 按{dimension.label}"
    address = f"{figure_address(figure.key, period.key, slice)}&by={shown.by}"
    if isinstance(shown, Chart):
        return Panel(title, address, dimension.label, charts.bars(id, parts), parts)
    ranked = sorted(parts, key=lambda part: -(part.answer.number() or 0))
    more = max(0, len(ranked) - _LONGEST)
    return Panel(title, address, dimension.label, None, ranked[:_LONGEST], more, open=True)
