"""The pages before a zone plan: the zones in force, the list of plans, and the inputs of a new plan."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.enrolment.jobs import compute_zones
from xuezheng.areas.enrolment.models import SchoolZone, ZonePlan
from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.areas.enrolment.procedures.zoning import steps
from xuezheng.areas.enrolment.procedures.zoning.inputs import read_inputs
from xuezheng.records.models import Stage
from xuezheng.records.permissions import permits, require
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import style_fields

COLOURS: dict[str, str] = {
    steps.State.DRAFT: "blue",
    steps.State.DECIDED: "green",
    steps.State.REVOKED: "secondary",
}
FIRST_YEAR, LAST_YEAR = 2000, 2100


class NewPlanForm(forms.Form):
    """The form for the stage and year of a new zone plan."""

    year = forms.IntegerField(label="招生年份", min_value=FIRST_YEAR, max_value=LAST_YEAR)
    stage = forms.ChoiceField(label="学段", choices=COMPULSORY)


@require_GET
def zones(request: UserRequest) -> HttpResponse:
    """Show the latest zones and the plans that the user may see.

    With ``?year`` and ``?stage`` users who may handle plans are redirected to the inputs of a new plan.
    """
    require(request.user, "see", "enrolment.zone")
    handles = bool(permits(request.user, "handle", "enrolment.zone_plan"))
    form = NewPlanForm(
        request.GET if "year" in request.GET else None,
        initial={"year": _coming_year(), "stage": Stage.PRIMARY},
    )
    if handles and form.is_valid():
        return redirect("enrolment:zone_inputs", form.cleaned_data["year"], form.cleaned_data["stage"])
    style_fields(*form.fields.values())
    plans = ZonePlan.objects.visible_to(request.user).defer("inputs", "computed", "assignment")
    context = {
        "current": [_current(request, stage, label) for stage, label in COMPULSORY],
        "lines": [(plan, COLOURS[plan.state]) for plan in plans.select_related("edited_by")],
        "sees_plans": bool(permits(request.user, "see", "enrolment.zone_plan")),
        "form": form if handles else None,
    }
    return render(request, "enrolment/zones.html", context)


def _coming_year() -> int:
    """Return the year after the latest that has zones; the present one without any."""
    latest = SchoolZone.objects.order_by("-year").values_list("year", flat=True).first()
    return latest + 1 if latest else timezone.localdate().year


def _current(request: UserRequest, stage: str, label: str) -> dict[str, object]:
    """Return the latest zones of a stage that the user may see, by school."""
    rows = SchoolZone.objects.visible_to(request.user).filter(stage=stage).select_related("school")
    year = rows.order_by("-year").values_list("year", flat=True).first()
    schools: dict[str, list[SchoolZone]] = {}
    for row in rows.filter(year=year or 0).order_by("school__code", "community"):
        schools.setdefault(row.school.name, []).append(row)
    return {"label": label, "year": year, "schools": list(schools.items())}


@never_cache
@require_http_methods(["GET", "POST"])
def zone_inputs(request: UserRequest, year: int, stage: str) -> HttpResponse:
    """Show the inputs that the registers have for a plan, and what is missing.

    A POST creates the plan and computes it.
    """
    require(request.user, "see", "enrolment.zone_plan")
    if stage not in dict(COMPULSORY) or not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404("没有这一年、这一学段的划片。")
    if request.method == "POST":
        require(request.user, "handle", "enrolment.zone_plan")
        try:
            plan = steps.create(stage, year, request.user)
        except steps.ZoningRefused as refusal:
            messages.error(request, str(refusal))
            return redirect("enrolment:zone_inputs", year, stage)
        return redirect("web:job", compute_zones.ask(request.user, plan=plan.pk).pk)
    inputs = read_inputs(stage, year)
    known = [line.number for line in inputs.communities if line.number is not None]
    places = [line.number for line in inputs.schools if line.number is not None]
    context = {
        "inputs": inputs,
        "title": f"{year}年{Stage(stage).label}划片的数据",
        "children": sum(known),
        "places": sum(places),
        "settings": inputs.problem.settings if inputs.problem else None,
        "measured": len(inputs.problem.measured) if inputs.problem else 0,
        "siblings": sum(inputs.problem.siblings.values()) if inputs.problem else 0,
        "may_handle": bool(permits(request.user, "handle", "enrolment.zone_plan")),
    }
    return render(request, "enrolment/zone_inputs.html", context)
