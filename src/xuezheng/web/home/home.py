"""The home page: to-dos, announcements, key figures, and the latest imports."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, catalogue
from xuezheng.figures.batches import prepare
from xuezheng.operations.backup.history import backup_record
from xuezheng.records.models import Batch, District, User
from xuezheng.records.permissions import permits
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import ids
from xuezheng.web.admin.announcements import unread
from xuezheng.web.admin.first_run import first_run_of
from xuezheng.web.answers import charts
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.alerts import alerts
from xuezheng.web.home.help import tour
from xuezheng.web.home.pins import pinned
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.area_pages import Chart, Highlight, dashboards, in_use, pages_in_use, parts_shown
from xuezheng.web.ui.todos import todos

_BATCHES = 6


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """Show the to-dos, the areas' key figures of the present half-year (the reader's own area first), and the latest imports."""
    context: dict[str, Any] = {
        "district": District.objects.visible_to(request.user).first(),
        "tour": tour(request),
        "todos": todos(request.user),
        "announcements": unread(request.user),
        "boards": dashboards(request.user),
        "batches": _batches(request.user),
    }
    if permits(request.user, "keep", "account"):
        context["backup"] = backup_record()
    if not ids():
        context["run"] = first_run_of(request.user)
    for tell in (_figures, _own_figures):
        try:
            context |= tell(request.user)
        except SnapshotError as error:
            context["fault"] = str(error)
    return render(request, "web/home.html", context)


def _figures(user: User) -> dict[str, Any]:
    """Return the template context for the key figures and charts of each area; raises ``SnapshotError`` without a snapshot."""
    snapshot = Snapshot.latest()
    period = Period.parse(period_choice.half_year(snapshot.day))
    own_first = sorted(pages_in_use().items(), key=lambda item: item[0] != user.section)
    prepare(snapshot, period, parts_shown(item for _, pages in own_first for item in in_use(pages.HOME)))
    return {
        "snapshot": snapshot,
        "period": period,
        "panels": [
            {
                "area": registry.areas()[name],
                "highlights": [
                    _number(snapshot, period, item) for item in shows if isinstance(item, Highlight)
                ],
                "charts": [_chart(snapshot, period, item) for item in shows if isinstance(item, Chart)],
            }
            for name, pages in own_first
            if (shows := in_use(pages.HOME))
        ],
    }


def _own_figures(user: User) -> dict[str, Any]:
    """Return the template context for the reader's pinned figures and alerts; raises ``SnapshotError`` without a snapshot."""
    snapshot = Snapshot.latest()
    return {"pins": pinned(user, snapshot), "alerts": alerts(user, snapshot)}


def _number(snapshot: Snapshot, period: Period, item: Highlight) -> tuple[Answer, str]:
    slice = dict(item.slice)
    return catalogue.figure(item.figure).at(snapshot, period, **slice), figure_address(
        item.figure, period.key, slice
    )


def _chart(snapshot: Snapshot, period: Period, item: Chart) -> dict[str, Any]:
    figure, slice = catalogue.figure(item.figure), dict(item.slice)
    parts = charts.parts(snapshot, item.figure, period, item.by, slice)
    return {
        "figure": figure,
        "by": figure.dimensions(snapshot)[item.by],
        "link": f"{figure_address(item.figure, period.key, slice)}&by={item.by}",
        "parts": parts,
        "drawing": charts.bars(f"chart-{item.figure}-{item.by}".replace(".", "-"), parts),
    }


def _batches(user: User) -> list[Batch]:
    """Return the latest imports that the user may see."""
    return list(Batch.objects.visible_to(user).select_related("made_by")[:_BATCHES])
