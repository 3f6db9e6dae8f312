"""The notes of work of a half-year: the office picks those that the report tells, and puts them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.records.conditional_change import change
from xuezheng.records.models import WorkEntry
from xuezheng.reports.releases.additions import may_add
from xuezheng.reports.releases.steps import may_keep
from xuezheng.reports.templates.language import topics
from xuezheng.reports.templates.work_entries import reported_entries
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.reports.additions import REPORT
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.display import record_address

_STEP = 10  # between the places of two notes, so that a workbook can put one between them


class Note(NamedTuple):
    """A note of work, its section, its record, and what the next freeze will change of the report."""

    entry: WorkEntry
    section: str
    address: str
    waits: str
    is_first: bool
    is_last: bool


@never_cache
@require_GET
@with_snapshot
def entries(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the notes of a half-year by topic, those that are picked first and in their order."""
    if not may_add(request.user):
        raise PermissionDenied
    choice = period_choice.choice(request, snapshot.day)
    told_by = Snapshot.for_period(choice.period)
    told = reported_entries(told_by, choice.period)
    groups: dict[str, list[WorkEntry]] = {}
    for entry in _in_order(request.user, choice.period):
        groups.setdefault(entry.topic, []).append(entry)
    asked = topics(REPORT)
    context = {
        "choice": choice,
        "snapshot": told_by,
        "may_keep": may_keep(request.user),
        "groups": [
            (topic, topic in asked, _notes(groups[topic], told))
            for topic in sorted(groups, key=lambda it: asked.index(it) if it in asked else len(asked))
        ],
        "report": reverse("web:report", args=[REPORT, choice.period.key]),
    }
    return render(request, "web/entries.html", context)


@require_POST
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Pick a note (``pick``), leave it out (``drop``), or move it (``earlier``, ``later``) among the picked ones of its topic."""
    if not may_keep(request.user):
        raise PermissionDenied
    found = get_object_or_404(WorkEntry.objects.visible_to(request.user), pk=pk)
    period = Period.half_year_of(found.day)
    step = request.POST.get("step")
    if step in ("pick", "drop"):
        wanted = step == "pick"
        words = "选入报告" if wanted else "不写入报告"
        done = change(found, {"picked": not wanted}, {"picked": wanted}, words)
    else:
        done = step in ("earlier", "later") and _moved(request, found, period, -1 if step == "earlier" else 1)
    if not done:
        messages.error(request, f"“{found}”已经由别人改动，没有再改。请看现在的样子。")
    return redirect(f"{reverse('web:entries')}?period={period.key}#n{found.pk}")


def _in_order(user: object, period: Period) -> Sequence[WorkEntry]:
    """The notes of a period: the picked ones as the report tells them, then the others."""
    found = WorkEntry.objects.visible_to(user).filter(day__range=(period.start, period.end))
    return list(found.order_by("-picked", "order", "day", "pk"))


def _notes(entries: list[WorkEntry], told: set[int]) -> list[Note]:
    areas = registry.areas()
    picked = [entry for entry in entries if entry.picked]
    return [
        Note(
            entry,
            areas[entry.section].section if entry.section in areas else entry.section,
            record_address(entry),
            _waits(entry, told),
            not entry.picked or entry == picked[0],
            not entry.picked or entry == picked[-1],
        )
        for entry in entries
    ]


def _waits(entry: WorkEntry, told: set[int]) -> str:
    if entry.picked == (entry.pk in told):
        return ""
    return "冻结后写入报告" if entry.picked else "冻结后从报告中去掉"


class _OvertakenError(Exception):
    """Somebody else has moved notes of the same topic."""


def _moved(request: HttpRequest, found: WorkEntry, period: Period, by: int) -> bool:
    """Give a picked note the place of its neighbour, and all picked notes of its topic places in a row."""
    picked = [it for it in _in_order(request.user, period) if it.picked and it.topic == found.topic]
    if found not in picked:
        return False
    place = picked.index(found)
    if 0 <= place + by < len(picked):
        picked[place], picked[place + by] = picked[place + by], picked[place]
    try:
        with transaction.atomic():
            for number, it in enumerate(picked, 1):
                order = number * _STEP
                if it.order != order and not change(
                    it, {"order": it.order}, {"order": order}, "报告中的次序"
                ):
                    raise _OvertakenError
    except _OvertakenError:
        return False
    return True
