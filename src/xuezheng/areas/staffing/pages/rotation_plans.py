"""Pages of rotation plans: the plans of a year, the form for a new one, one plan, and its changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.areas.staffing.jobs import check_plan, make_plan
from xuezheng.areas.staffing.models import Placement, RotationPlan
from xuezheng.areas.staffing.pages.rotation import MATTER, PER_PAGE, PURPOSE, check_year, steps_of
from xuezheng.areas.staffing.procedures import steps
from xuezheng.areas.staffing.procedures.due import assessment_day
from xuezheng.areas.staffing.procedures.inputs import requirements_on
from xuezheng.areas.staffing.procedures.measures import Summary, summarise
from xuezheng.areas.staffing.procedures.solver import PlanRefused
from xuezheng.records.models import School, Stage
from xuezheng.records.permissions import require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import style_fields
from xuezheng.web.ui.parameters import parse_number

COLOURS: dict[str, str] = {
    steps.State.DRAFT: "blue",
    steps.State.DECIDED: "green",
    steps.State.REGISTERED: "green",
    steps.State.REVOKED: "secondary",
}
STAGES = {
    "shortfall": ("达到各项比例", "差的人数"),
    "wishes": ("志愿满足", "志愿得分，越小越好"),
    "distance": ("距离", "百米"),
    "losses": ("学科教师减少", "人"),
    "service": ("任教年限长的先满足", "志愿没有满足的人任教年数合计"),
}
_SHARES = {
    "moved": "交流人数占符合条件人数",
    "backbone": "骨干教师占交流教师",
    "rural": "到乡村学校占交流教师",
}


class PlanForm(forms.Form):
    """The form for a new plan: its title, and required shares in percent, empty for those of policy."""

    title = forms.CharField(label="方案名称", max_length=40)
    moved = forms.IntegerField(label=f"{_SHARES['moved']}（%）", min_value=0, max_value=100, required=False)
    backbone = forms.IntegerField(
        label=f"{_SHARES['backbone']}（%）", min_value=0, max_value=100, required=False
    )
    rural = forms.IntegerField(label=f"{_SHARES['rural']}（%）", min_value=0, max_value=100, required=False)

    def shares(self) -> dict[str, int]:
        """Return the shares that were filled in, in percent, by "moved", "backbone" and "rural".

        Call it on a valid form.
        """
        return {name: self.cleaned_data[name] for name in _SHARES if self.cleaned_data[name] is not None}


@never_cache
@require_http_methods(["GET", "POST"])
def plans(request: UserRequest, year: int) -> HttpResponse:
    """Show the plans of the school year that begins in autumn of ``year``.

    A POST starts a job for a new one.
    """
    require(request.user, "see_plans", MATTER)
    check_year(year)
    rows = RotationPlan.objects.filter(school_year=f"{year}-{year + 1}").select_related("made_by")
    form = PlanForm(request.POST or None, initial={"title": f"方案{rows.count() + 1}"})
    if request.method == "POST":
        require(request.user, "handle", MATTER)
        if form.is_valid():
            task = make_plan.ask(
                request.user, year=year, title=form.cleaned_data["title"], shares=form.shares()
            )
            return redirect("web:job", task.pk)
    try:
        required = requirements_on(assessment_day(year), 0)
    except PlanRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        for name in _SHARES:
            form.fields[name].help_text = f"标准是{getattr(required, name)}%，不填的按标准"
    style_fields(*form.fields.values())
    lines = [(plan, COLOURS[plan.state], plan.outcome["comparison"][0]) for plan in rows.defer("inputs")]
    context = {**steps_of(request.user, year, "plans"), "lines": lines, "form": form}
    return render(request, "staffing/rotation_plans.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: UserRequest, pk: int) -> HttpResponse:
    """Show a plan: objectives, comparison and placements; a POST takes a step.

    ``step`` in the POST is "check", "decide", "register" or "revoke". ``?show`` filters the placements:
    "moved" (the default), "unmet", "stay" or "changed".
    """
    require(request.user, "see_plans", MATTER)
    row = get_object_or_404(RotationPlan, pk=pk)
    if request.method == "POST":
        return _take_step(request, row)
    problem, placing = steps.problem_of(row), steps.placing_of(row)
    show = request.GET.get("show", "moved")
    page = Paginator(_chosen(row, show), PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(request, str(row), PURPOSE, [each.person_id for each in page])
    year = int(row.school_year[:4])
    names = steps.school_names()
    now = summarise(problem, placing)
    context = {
        **steps_of(request.user, year, "plan"),
        "plan": row,
        "colour": COLOURS[row.state],
        "stages": [(*STAGES[stage["name"]], stage) for stage in row.outcome["stages"]],
        "proven": all(stage["proven"] for stage in row.outcome["stages"]),
        "shares": _share_lines(problem.requirements, problem.least_moved, now),
        "missing": steps.missing_sentences(problem, placing),
        "comparison": [_comparison_line(line) for line in row.outcome["comparison"]],
        "notes": row.outcome["notes"],
        "show": show,
        "page": page,
        "rows": [
            (each, Stage(each.stage).label, [(wish, names.get(wish["school"], "")) for wish in each.unmet]) for each in page
        ],
        "counts": {name: _chosen(row, name).count() for name in ("moved", "unmet", "stay", "changed")},
        "schools": _schools_of(row) if row.is_decided else [],
        "steps": row.steps.select_related("by"),
        "may_register": row.starts_on is not None and timezone.localdate() >= row.starts_on,
    }  # fmt: skip
    return render(request, "staffing/rotation_plan.html", context)


def _take_step(request: UserRequest, row: RotationPlan) -> HttpResponse:
    data, user = request.POST, request.user
    if data.get("step") == "check":
        return redirect("web:job", check_plan.ask(user, plan=row.pk).pk)
    require(user, "handle", MATTER)
    day = forms.DateField(required=False)
    taken: dict[str, Callable[[], Any]] = {
        "decide": lambda: steps.decide(
            row.pk, data.get("decision", ""), day.clean(data.get("starts_on")), user
        ),
        "register": lambda: steps.register(row.pk, timezone.localdate(), user),
        "revoke": lambda: steps.revoke(row.pk, data.get("reason", ""), user),
    }
    if data.get("step", "") not in taken:
        raise Http404("没有这一步。")
    try:
        taken[data["step"]]()
    except forms.ValidationError:
        messages.error(request, "到岗日期应写作2020-09-01。请改正。")
    except PlanRefused as refusal:
        messages.error(request, str(refusal))
    else:
        row.refresh_from_db()
        messages.success(request, f"方案现为“{row.get_state_display()}”。")
    return redirect("staffing:rotation_plan", row.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def placement(request: UserRequest, pk: int) -> HttpResponse:
    """Show the schools at which one teacher of a draft may be placed; a POST changes the placement.

    The POST has ``school`` (primary key, empty to stay) and ``reason``.
    """
    require(request.user, "handle", MATTER)
    row = get_object_or_404(
        Placement.objects.select_related("plan", "person", "from_school", "to_school"), pk=pk
    )
    if row.plan.state != steps.State.DRAFT:
        messages.error(request, f"方案现为“{row.plan.get_state_display()}”，不能再调整。")
        return redirect("staffing:rotation_plan", row.plan_id)
    if request.method == "POST":
        school = parse_number(request.POST.get("school")) or None
        try:
            missing = steps.place(row.pk, school, request.POST.get("reason", ""), request.user)
        except PlanRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("staffing:rotation_placement", pk)
        messages.success(request, "已调整。")
        for sentence in missing:
            messages.warning(request, sentence)
        return redirect("staffing:rotation_plan", row.plan_id)
    access_log.note(request, f"{row.plan} 调整", PURPOSE, [row.person_id])
    problem, names = steps.problem_of(row.plan), steps.school_names()
    teacher = problem.by_person[row.person_id]
    options = [
        (school, names.get(school, ""), teacher.rank_of(school)) for school in problem.choices(teacher)
    ]
    options.sort(key=lambda option: (option[2] or len(teacher.wishes) + 1, option[1]))
    context = {
        **steps_of(request.user, int(row.plan.school_year[:4]), "plan"),
        "row": row,
        "options": options,
        "stage": Stage(row.stage).label,
    }
    return render(request, "staffing/rotation_placement.html", context)


def _chosen(row: RotationPlan, show: str) -> Any:
    rows = row.placements.select_related("person", "from_school", "to_school", "computed_school")
    return {
        "unmet": rows.exclude(unmet=[]),
        "stay": rows.filter(to_school=None),
        "changed": rows.exclude(change_reason=""),
    }.get(show, rows.filter(to_school__isnull=False))


def _schools_of(row: RotationPlan) -> list[School]:
    moving = row.placements.filter(to_school__isnull=False)
    return list(
        School.objects.filter(Q(pk__in=moving.values("from_school")) | Q(pk__in=moving.values("to_school")))
    )


def _share_lines(required: Any, least_moved: int, now: Summary) -> list[tuple[str, int, int, int, str]]:
    """Return, for each required share, its title, the number, the base, the percent required, and the share as text."""

    def text(part: int, base: int) -> str:
        return f"{part * 100 / base:.1f}%" if base else "—"

    return [
        (_SHARES["moved"], now.moved, required.eligible, required.moved, text(now.moved, required.eligible)),
        (_SHARES["backbone"], now.backbone, now.moved, required.backbone, text(now.backbone, now.moved)),
        (_SHARES["rural"], now.rural, now.moved, required.rural, text(now.rural, now.moved)),
    ]


def _comparison_line(line: dict[str, Any]) -> dict[str, Any]:
    known = dict(line)
    title = known.pop("title")
    summary = Summary(**{**known, "ranks": tuple(known["ranks"])})
    mean = summary.mean_rank
    return {
        "title": title,
        "summary": summary,
        "mean": "—" if mean is None else f"{mean:.2f}",
        "backbone": f"{summary.backbone * 100 / summary.moved:.1f}%" if summary.moved else "—",
        "rural": f"{summary.rural * 100 / summary.moved:.1f}%" if summary.moved else "—",
        "kilometres": f"{summary.metres / 10:.0f}",
    }
