"""The page of one zone plan: maps, loads, reasons, changes by hand, decision, and documents to download."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.enrolment.jobs import compute_zones
from xuezheng.areas.enrolment.models import ZonePlan
from xuezheng.areas.enrolment.pages import zone_map
from xuezheng.areas.enrolment.pages.zones import COLOURS
from xuezheng.areas.enrolment.procedures.zoning import steps
from xuezheng.areas.enrolment.procedures.zoning.document import (
    write_hearing_paper,
    write_tables,
)
from xuezheng.areas.enrolment.procedures.zoning.frozen import read_problem, write_problem
from xuezheng.areas.enrolment.procedures.zoning.inputs import read_inputs
from xuezheng.areas.enrolment.procedures.zoning.problem import Measures, Problem, distances, measure
from xuezheng.areas.enrolment.procedures.zoning.reasons import breaches, explain
from xuezheng.records.models import District
from xuezheng.records.permissions import may, permits, require
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.web.ui.parameters import parse_number

#: The number of nearest schools to which a community may be moved by hand, besides those of the last zones and the present one.
_OFFERED = 8


@never_cache
@require_http_methods(["GET", "POST"])
def zone_plan(request: UserRequest, pk: int) -> HttpResponse:
    """Show a plan; a POST previews changes by hand, or takes a step.

    ``step`` in the POST is "try" (preview), "save", "compute", "decide" or "revoke".
    """
    require(request.user, "see", "enrolment.zone_plan")
    plan = get_object_or_404(ZonePlan.objects.visible_to(request.user).select_related("batch"), pk=pk)
    if request.method == "GET":
        return _show(request, plan, plan.assignment, plan.locked)
    step = request.POST.get("step", "")
    if step == "try":
        require(request.user, "handle", "enrolment.zone_plan")
        moves, locked = _moves(request, plan)
        tried = [moves.get(place, school) for place, school in enumerate(plan.assignment)]
        return _show(request, plan, tried, locked)
    return _step(request, plan, step)


def _step(request: UserRequest, plan: ZonePlan, step: str) -> HttpResponse:
    data, pk, user = request.POST, plan.pk, request.user
    version = parse_number(data.get("version"))

    def save() -> None:
        steps.save_moves(pk, version, *_moves(request, plan), user)

    taken: dict[str, Callable[[], object]] = {
        "save": save,
        "compute": save if plan.assignment else lambda: None,
        "decide": lambda: steps.decide(pk, version, data.get("decision", ""), user),
        "revoke": lambda: steps.revoke(pk, data.get("reason", ""), user),
    }
    if step not in taken:
        raise Http404("没有这一步。")
    if step == "compute":
        require(user, "handle", "enrolment.zone_plan")
    try:
        taken[step]()
    except steps.ZoningRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("enrolment:zone_plan", pk)
    if step == "compute":
        return redirect("web:job", compute_zones.ask(user, plan=pk).pk)
    plan.refresh_from_db()
    messages.success(request, f"方案现为“{plan.get_state_display()}”，第{plan.version}版。")
    return redirect("enrolment:zone_plan", pk)


def _moves(request: UserRequest, plan: ZonePlan) -> tuple[dict[int, int], list[int]]:
    """Return the schools chosen in the form and the communities ticked, by index; what names no community or school is no page of ours."""
    schools = {str(school): school for school in range(len(read_problem(plan.inputs).schools))}
    moves: dict[int, int] = {}
    locked = []
    for place in range(len(plan.assignment)):
        if (text := request.POST.get(f"school{place}")) is not None:
            if text not in schools:
                raise Http404("没有这所学校。")
            moves[place] = schools[text]
        if f"lock{place}" in request.POST:
            locked.append(place)
    return moves, locked


def _show(
    request: UserRequest, plan: ZonePlan, assignment: Sequence[int], locked: Sequence[int]
) -> HttpResponse:
    problem, user = read_problem(plan.inputs), request.user
    context: dict[str, Any] = {
        "plan": plan,
        "colour": COLOURS[plan.state],
        "steps": plan.steps.select_related("by"),
        "may_handle": bool(permits(user, "handle", "enrolment.zone_plan")) and plan.state == steps.State.DRAFT,
        "may_revoke": bool(permits(user, "handle", "enrolment.zone_plan")) and plan.state != steps.State.REVOKED,
        "may_decide": plan.state == steps.State.DRAFT
        and all(may(user, "decide", "enrolment.zone_plan", made_by=each) for each in (plan.made_by_id, plan.edited_by_id)),
        "undone": plan.batch is not None and plan.batch.undone_at is not None,
        "outdated": plan.state == steps.State.DRAFT and _outdated(plan),
    }  # fmt: skip
    if assignment:
        context |= _result(problem, plan, tuple(assignment), locked)
    return render(request, "enrolment/zone_plan.html", context)


def _outdated(plan: ZonePlan) -> bool:
    """Return whether the registers now have something else than the plan's frozen inputs."""
    inputs = read_inputs(plan.stage, plan.year)
    return inputs.problem is None or write_problem(inputs.problem) != plan.inputs


def _result(
    problem: Problem, plan: ZonePlan, assignment: tuple[int, ...], locked: Sequence[int]
) -> dict[str, Any]:
    """Return what the page shows of an assignment."""
    measures = measure(problem, assignment)
    moved = [place for place, school in enumerate(assignment) if school != plan.assignment[place]]
    return {
        "tried": moved or list(locked) != list(plan.locked),
        "moved": [problem.communities[place].name for place in moved],
        "by_hand": sum(now != computed for now, computed in zip(assignment, plan.computed, strict=True)),
        "proof": _proof(plan),
        "locked_then": [problem.communities[place].name for place in plan.computed_locked],
        "breaches": list(breaches(problem, measures)),
        "comparison": _comparison(problem, plan, assignment),
        "maps": _maps(problem, plan, assignment, measures),
        "schools": _schools(problem, assignment, measures),
        "communities": [
            {
                "place": place,
                "about": about,
                "last": "、".join(problem.schools[each].name for each in about.last),
                "school": problem.schools[assignment[place]].name,
                "letters": zone_map.letters(assignment[place]),
                "chosen": assignment[place],
                "metres": problem.metres[place][assignment[place]],
                "changed": place in measures.changed,
                "locked": place in locked,
                "options": _options(problem, place, assignment[place]),
                "reason": explain(problem, assignment, measures, place, locked),
            }
            for place, about in enumerate(problem.communities)
        ],
        "last_label": problem.last_label,
    }  # fmt: skip


def _maps(
    problem: Problem, plan: ZonePlan, assignment: tuple[int, ...], measures: Measures
) -> list[tuple[str, SafeString]]:
    """Return the maps of last year and of the assignment with their titles, and where many communities lie close together those of that part."""
    maps: list[tuple[str, SafeString]] = []
    for number, part in enumerate([(), zone_map.crowded_part(problem)]):
        if number and not part:
            break
        enlarged = "（密集处放大）" if number else ""
        for title, each, marked in (
            (f"{problem.last_label}{enlarged}", problem.last, ()),
            (f"方案{enlarged}", assignment, measures.changed),
        ):
            image = zone_map.draw(problem, each, f"{plan}：{title}", f"m{len(maps)}-", marked, part)
            maps.append((title, mark_safe(image)))  # noqa: S308 - the drawing escapes every name that it contains
    return maps


def _proof(plan: ZonePlan) -> list[dict[str, Any]]:
    """Return what the solver reached of each objective, with the gap where it is not proven."""
    return [
        {"title": title, "value": value, "bound": bound, "proven": value <= bound, "gap": value - bound}
        for title, value, bound in plan.levels
    ]


def _comparison(problem: Problem, plan: ZonePlan, assignment: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return what the present plan, the computed one, nearest schools and last year's zones come to."""
    plans: Mapping[str, tuple[int, ...]] = {
        "现在的方案": assignment,
        "算出的方案": tuple(plan.computed),
        "都去最近的学校": problem.nearest,
        f"不变（{problem.last_label}的划分）": problem.last,
    }
    children = sum(about.children for about in problem.communities)
    rows = []
    for title, each in plans.items():
        measures = measure(problem, each)
        mean = round(measures.child_metres / children) if children else None
        rows.append({"title": title, "measures": measures, "mean": mean})
    return rows


def _schools(problem: Problem, assignment: tuple[int, ...], measures: Measures) -> list[dict[str, Any]]:
    before, fills = measure(problem, problem.last), zone_map.fills(problem)
    rows = []
    for number, school in enumerate(problem.schools):
        mean, longest = distances(problem, assignment, number)
        rows.append(
            {
                "about": school,
                "swatch": mark_safe(zone_map.swatch(number, fills[number], "s-")),  # noqa: S308 - it contains letters alone
                "before": before.loads[number],
                "load": measures.loads[number],
                "free": school.places - measures.loads[number],
                "excess": measures.overload[number],
                "mean": mean,
                "longest": longest,
            }
        )
    return rows


def _options(problem: Problem, place: int, chosen: int) -> list[tuple[int, str]]:
    """Return the schools to which a community may be moved by hand, the nearest first, each with its distance."""
    row = problem.metres[place]
    order = sorted(range(len(row)), key=lambda school: (row[school], school))
    offered = {*order[:_OFFERED], chosen, *problem.communities[place].last}
    return [
        (school, f"{problem.schools[school].name}（{row[school]}米）")
        for school in order
        if school in offered
    ]


@require_GET
def zone_file(request: UserRequest, pk: int, kind: str) -> FileResponse:
    """Send a file of a plan.

    ``kind`` is "paper" (Word), "tables" (Excel) or "data" (the frozen inputs as JSON). Raises ``Http404`` for
    another kind, or, except for "data", if the plan is not computed.
    """
    require(request.user, "see", "enrolment.zone_plan")
    plan = get_object_or_404(ZonePlan.objects.visible_to(request.user), pk=pk)
    if kind == "data":
        return send_download(f"{plan} 数据.json", lambda path: _write(path, plan.inputs.encode()))
    if not plan.assignment or kind not in ("paper", "tables"):
        raise Http404("没有这个文件。")
    if kind == "tables":
        return send_download(f"{plan}.xlsx", lambda path: write_tables(plan, path))
    district = District.objects.first()
    bureau = district.bureau_name if district else ""
    day = timezone.localdate()
    return send_download(f"{plan}.docx", lambda path: write_hearing_paper(plan, bureau, day, path))


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
