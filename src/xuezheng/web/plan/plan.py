"""The pages of the plan: its items and targets with their states, as a table, a board or a timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from xuezheng.plans.models import PlanItem
from xuezheng.plans.progress import ItemProgress, State, TargetProgress
from xuezheng.records.conditional_change import change
from xuezheng.records.models import User
from xuezheng.records.permissions import may, require
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import newest_snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice

COLOURS = {State.DONE: "green", State.UNDER_WAY: "blue", State.LATE: "red", State.NOT_BEGUN: "secondary"}
VIEWS = {"table": "表格", "board": "看板", "timeline": "时间线"}
_COLUMNS = (State.NOT_BEGUN, State.UNDER_WAY, State.LATE, State.DONE)
_STEPS = {
    "start": ("started_on", "登记启动"),
    "finish": ("finished_on", "登记办结"),
}


class Line(NamedTuple):
    """A target with the colour of its state.

    ``address`` is the page of its figure, "" where the target has no answer.
    """

    target: TargetProgress
    colour: str
    address: str


class Card(NamedTuple):
    """A plan item with the colour of its state, its targets, and the steps that the user may take.

    ``noted`` is a Chinese sentence on days that were recorded after the snapshot, "" for none; ``steps`` are
    (value of the form's ``step``, Chinese text of the button).
    """

    item: ItemProgress
    colour: str
    lines: list[Line]
    noted: str
    steps: list[tuple[str, str]]


class Bar(NamedTuple):
    """An item on the timeline: its card, and the bar from the day it was begun to its due day.

    ``begins`` and ``length`` are in percent of the timeline's width. For an item not begun the bar begins on
    the plan's first day.
    """

    card: Card
    begins: float
    length: float


@require_GET
@with_snapshot
def plan(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the plan of a half-year, by default of the one reported on at the newest snapshot's day.

    The query parameter ``period`` chooses the half-year, ``view`` one of :data:`VIEWS`.
    """
    choice = period_choice.choice(request, snapshot.day)
    period_snapshot = Snapshot.for_period(choice.period)
    items = newest_snapshot.plan(period_snapshot, choice.period)
    shown = request.GET.get("view", "table")
    shown = shown if shown in VIEWS else "table"
    registered = PlanItem.objects.visible_to(request.user) if shown == "board" else PlanItem.objects.none()
    cards = _cards(items, registered.in_bulk([item.id for item in items]), request.user)
    states = Counter(item.state for item in items)
    context = {
        "choice": choice,
        "snapshot": period_snapshot,
        "cards": cards,
        "states": [(state.value, COLOURS[state], states[state]) for state in COLOURS if states[state]],
        "at_risk": sum(len(item.at_risk) for item in items),
        "plan_view": shown,
        "views": [
            (title, f"{reverse('web:plan')}?period={choice.period.key}&view={name}", name == shown)
            for name, title in VIEWS.items()
        ],
    }
    if shown == "board":
        context["columns"] = [
            (state.value, COLOURS[state], [card for card in cards if card.item.state is state])
            for state in _COLUMNS
        ]
    if shown == "timeline" and cards:
        context |= _timeline(cards, choice.period.start, period_snapshot.day)
    return render(request, f"web/plan_{shown}.html", context)


@require_POST
def plan_item(request: UserRequest, pk: int) -> HttpResponse:
    """Record that the plan item ``pk`` was begun ("start") or finished ("finish") today, as the POST parameter ``step`` says.

    Its state on the pages changes with the next snapshot. Raises ``Http404`` for an item that the user may
    not see, ``PermissionDenied`` where the user may not record steps for its section.
    """
    item = get_object_or_404(PlanItem.objects.visible_to(request.user), pk=pk)
    require(request.user, "note", "plan", section=item.section)
    field, words = _STEPS.get(request.POST.get("step", ""), ("", ""))
    if field:
        today = timezone.localdate()
        if change(item, {field: None}, {field: today}, words):
            messages.success(request, f"“{item}”已{words}（{today:%Y-%m-%d}）。生成快照后状态随之改变。")
        else:
            messages.error(request, f"“{item}”已经由别人{words}，没有改动。")
    return redirect(f"{reverse('web:plan')}?period={item.planned_for}&view=board")


def _cards(items: Sequence[ItemProgress], now: Mapping[int, PlanItem], user: User) -> list[Card]:
    """Return the items as cards; ``now`` are their present records by key, on which steps can be noted."""
    return [
        Card(
            item,
            COLOURS[item.state],
            [_line(target) for target in item.targets],
            _noted(item, now.get(item.id)),
            _steps(item, now.get(item.id), user),
        )
        for item in items
    ]


def _line(target: TargetProgress) -> Line:
    answer = target.answer
    link = figure_address(answer.figure, answer.period.key, dict(answer.slice)) if answer else ""
    return Line(target, COLOURS[target.state], link)


def _noted(item: ItemProgress, now: PlanItem | None) -> str:
    """Return the days noted since the freeze, which the item's state does not include yet, as a Chinese sentence; "" for none."""
    if now is None:
        return ""
    notes = [
        f"{words}于{getattr(now, field):%Y-%m-%d}"
        for field, words in _STEPS.values()
        if getattr(now, field) and getattr(now, field) != getattr(item, field)
    ]
    return f"{'，'.join(notes)}，下次生成快照后计入" if notes else ""


def _steps(item: ItemProgress, now: PlanItem | None, user: User) -> list[tuple[str, str]]:
    """Return the steps (name, Chinese words) that a user may take on an item; an item with targets is finished by its figures, not by a button."""
    if now is None or not may(user, "note", "plan", section=item.area):
        return []
    open_ = [(step, words) for step, (field, words) in _STEPS.items() if getattr(now, field) is None]
    return [step for step in open_ if step[0] == "start" or (now.started_on and not item.targets)]


def _timeline(cards: list[Card], start: date, day: date) -> dict[str, object]:
    """Return the template context of the timeline: a bar for each card, by due day, and the days that the timeline shows.

    ``start`` is the plan's first day, ``day`` that of the snapshot; the timeline ends on the last due day.
    """
    first = min([start, *(card.item.started_on for card in cards if card.item.started_on)])
    last = max(card.item.due_on for card in cards)
    total_days = max((last - first).days, 1)

    def place(when: date) -> float:
        return round(max(0, min(100, (when - first).days * 100 / total_days)), 2)

    bars = []
    for card in sorted(cards, key=lambda card: (card.item.due_on, card.item.number)):
        begins = place(card.item.started_on or start)
        bars.append(Bar(card, begins, max(place(card.item.due_on) - begins, 1)))
    return {"bars": bars, "first": first, "last": last, "day": day, "today": min(place(day), 99.7)}
