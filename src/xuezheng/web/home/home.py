"""The home page: to-dos, announcements, key figures of the user's own work, deadlines, and the latest imports."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.core.periods import Period
from xuezheng.operations.backup.history import backup_record
from xuezheng.records.models import Batch, District, User
from xuezheng.records.permissions import permits
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import ids
from xuezheng.web.admin.announcements import unread
from xuezheng.web.admin.first_run import first_run_of
from xuezheng.web.answers import desk
from xuezheng.web.answers.alerts import alerts
from xuezheng.web.answers.news import news
from xuezheng.web.home.help import tour
from xuezheng.web.home.pins import pinned
from xuezheng.web.login.second_steps import previous_login
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.area_pages import dashboards
from xuezheng.web.ui.todos import Todo, todos

_BATCHES = 6


@require_GET
def home(request: UserRequest) -> HttpResponse:
    """Show the user's home page; without a snapshot, the parts that need one are left out."""
    user, waiting = request.user, todos(request.user)
    context: dict[str, Any] = {
        "district": District.objects.visible_to(user).first(),
        "tour": tour(request),
        "todos": waiting,
        "announcements": unread(user),
        "boards": dashboards(user),
        "batches": _batches(user),
    }
    if permits(user, "keep", "account"):
        record = backup_record()
        context["backup"] = record
        context["system"] = desk.system_state(record.sentence(), record.is_due or bool(record.failed_at))
    if not ids():
        context["run"] = first_run_of(user)
    try:
        context |= _of_snapshot(request, waiting)
    except SnapshotError as error:
        context["fault"] = str(error)
    return render(request, "web/home.html", context)


def _of_snapshot(request: UserRequest, waiting: list[Todo]) -> dict[str, Any]:
    """Return what the desk shows from the newest snapshot; raises ``SnapshotError`` without one."""
    user, snapshot = request.user, Snapshot.latest()
    since = previous_login(request)
    period = Period.parse(period_choice.half_year(snapshot.day))
    return {
        "snapshot": snapshot,
        "period": period,
        "numbers": desk.numbers(user, period),
        "deadlines": desk.deadlines(user, period, waiting),
        "uncounted": desk.uncounted(user, snapshot),
        "pins": pinned(user, snapshot),
        "alerts": alerts(user, snapshot),
        "since": since,
        "news": news(user, snapshot, since) if since else [],
    }


def _batches(user: User) -> list[Batch]:
    """Return the latest imports that the user may see."""
    return list(Batch.objects.visible_to(user).select_related("made_by")[:_BATCHES])
