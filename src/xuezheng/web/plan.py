"""The plan: its items and targets, what the figures say now, and the states that follow."""

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.plans import progress
from xuezheng.plans.progress import State, TargetProgress
from xuezheng.snapshots import Snapshot
from xuezheng.web import periods
from xuezheng.web.addresses import figure_address
from xuezheng.web.answers import with_snapshot

COLOURS = {State.DONE: "green", State.UNDER_WAY: "blue", State.LATE: "red", State.NOT_BEGUN: "secondary"}


@require_GET
@with_snapshot
def plan(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the plan of a half-year, by default of the one that is being reported on."""
    choice = periods.choice(request, snapshot.day)
    told_by = Snapshot.for_period(choice.period)
    items = progress.plan(told_by, choice.period)
    states = Counter(item.state for item in items)
    context = {
        "choice": choice,
        "snapshot": told_by,
        "items": [(item, COLOURS[item.state], [_line(target) for target in item.targets]) for item in items],
        "states": [(state.value, COLOURS[state], states[state]) for state in COLOURS if states[state]],
    }
    return render(request, "web/plan.html", context)


def _line(target: TargetProgress) -> tuple[TargetProgress, str, str]:
    """A target with its colour and the page of its figure."""
    answer = target.answer
    link = figure_address(answer.figure, answer.period.key, dict(answer.slice)) if answer else ""
    return target, COLOURS[target.state], link
