"""The pages of the work notes (工作纪实) of a half-year: the office picks the notes for the report and puts them in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.records.conditional_change import change
from xuezheng.records.models import User, WorkEntry
from xuezheng.records.permissions import permits, require
from xuezheng.reports.templates.catalogue import templates
from xuezheng.reports.templates.work_entries import reported_entries
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.display import record_address

_STEP = 10  # between the places of two notes, so that a workbook can put one between them


class Note(NamedTuple):
    """A work note with its section and the address of its record.

    ``waits`` is a Chinese phrase on how the next snapshot will change the note in the report, "" where it
    will not. ``is_first`` and ``is_last`` are True where the note cannot be moved up or down.
    """

    entry: WorkEntry
    section: str
    address: str
    waits: str
    is_first: bool
    is_last: bool


@never_cache
@require_GET
@with_snapshot
def entries(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the work notes of the half-year that the query chooses, by topic.

    Within a topic the notes picked for the report come first, in the order of the report. Raises
    ``PermissionDenied`` where the user may not add to reports.
    """
    require(request.user, "enrich", "report")
    choice = period_choice.choice(request, snapshot.day)
    period_snapshot = Snapshot.for_period(choice.period)
    reported = reported_entries(period_snapshot, choice.period)
    groups: dict[str, list[WorkEntry]] = {}
    for entry in _in_order(request.user, choice.period):
        groups.setdefault(entry.topic, []).append(entry)
    report = next(iter(templates().values()), None)
    report_topics = report.topics if report else []
    context = {
        "choice": choice,
        "snapshot": period_snapshot,
        "may_pick": permits(request.user, "pick", "report"),
        "groups": [
            (topic, topic in report_topics, _notes(groups[topic], reported))
            for topic in sorted(
                groups,
                key=lambda topic: (
                    report_topics.index(topic) if topic in report_topics else len(report_topics)
                ),
            )
        ],
        "report": f"{reverse('web:reports')}?period={choice.period.key}",
    }
    return render(request, "web/entries.html", context)


@require_POST
def entry(request: UserRequest, pk: int) -> HttpResponse:
    """Carry out the ``step`` on the work note ``pk``, and redirect to the list.

    "pick" selects it for the report, "drop" removes it, "earlier" and "later" move it among the picked notes
    of its topic. Raises ``PermissionDenied`` where the user may not pick notes.
    """
    require(request.user, "pick", "report")
    work_entry = get_object_or_404(WorkEntry.objects.visible_to(request.user), pk=pk)
    period = Period.half_year_of(work_entry.day)
    step = request.POST.get("step")
    if step in ("pick", "drop"):
        picked = step == "pick"
        words = "选入报告" if picked else "不写入报告"
        done = change(work_entry, {"picked": not picked}, {"picked": picked}, words)
    else:
        done = step in ("earlier", "later") and _moved(
            request, work_entry, period, -1 if step == "earlier" else 1
        )
    if not done:
        messages.error(request, f"“{work_entry}”已经由别人改动，没有再改。请看现在的样子。")
    return redirect(f"{reverse('web:entries')}?period={period.key}#n{work_entry.pk}")


def _in_order(user: User, period: Period) -> Sequence[WorkEntry]:
    """Return the notes of a period: the picked ones in the order of the report, then the others."""
    visible = WorkEntry.objects.visible_to(user).filter(day__range=(period.start, period.end))
    return list(visible.order_by("-picked", "order", "day", "pk"))


def _notes(entries: list[WorkEntry], reported: set[int]) -> list[Note]:
    areas = registry.areas()
    picked = [entry for entry in entries if entry.picked]
    return [
        Note(
            entry,
            areas[entry.section].section if entry.section in areas else entry.section,
            record_address(entry),
            _waits(entry, reported),
            not entry.picked or entry == picked[0],
            not entry.picked or entry == picked[-1],
        )
        for entry in entries
    ]


def _waits(entry: WorkEntry, reported: set[int]) -> str:
    if entry.picked == (entry.pk in reported):
        return ""
    return "生成快照后写入报告" if entry.picked else "生成快照后从报告中去掉"


class _OvertakenError(Exception):
    """Another user has moved notes of the same topic at the same time."""


def _moved(request: UserRequest, work_entry: WorkEntry, period: Period, by: int) -> bool:
    """Move a picked note by ``by`` places and renumber the picked notes of its topic; False where this was not possible."""
    picked = [
        entry for entry in _in_order(request.user, period) if entry.picked and entry.topic == work_entry.topic
    ]
    if work_entry not in picked:
        return False
    place = picked.index(work_entry)
    if 0 <= place + by < len(picked):
        picked[place], picked[place + by] = picked[place + by], picked[place]
    try:
        with transaction.atomic():
            for number, entry in enumerate(picked, 1):
                order = number * _STEP
                if entry.order != order and not change(
                    entry, {"order": entry.order}, {"order": order}, "报告中的次序"
                ):
                    raise _OvertakenError
    except _OvertakenError:
        return False
    return True
