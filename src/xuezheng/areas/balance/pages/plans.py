"""The pages of plans to pass the evaluation: all plans, the form for a new one, one plan and its files."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.balance.jobs import check_plan, gap_plan
from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.pages.lines import money, policy_address, spot_lines, stage_tables
from xuezheng.areas.balance.procedures.plan_files import write_plan_document, write_plan_workbook
from xuezheng.areas.balance.procedures.plan_items import NotAdopted, adopt
from xuezheng.areas.balance.procedures.plan_record import (
    BASELINE,
    KINDS,
    WrittenPlan,
    amounts_of,
    planned,
    read_inputs,
    read_result,
)
from xuezheng.areas.balance.procedures.reading import years
from xuezheng.areas.balance.procedures.resources import INDICATORS
from xuezheng.areas.balance.procedures.verdict import judge
from xuezheng.core.periods import Period
from xuezheng.records.permissions import permits, require
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.web.ui.forms import offer_choices, style_fields

PER_PAGE = 50
_WRITERS = {"xlsx": write_plan_workbook, "docx": write_plan_document}


class PlanForm(forms.Form):
    """The form for the options of a new plan to pass; ``known`` are the years for which schools reported their conditions."""

    year = forms.TypedChoiceField(label="年度", coerce=int)
    transfers = forms.BooleanField(label="可以在校际调动教师", required=False, initial=True)
    teachers = forms.BooleanField(label="可以增加教师", required=False, initial=True)
    years_of_plan = forms.IntegerField(
        label="几年内达标", min_value=1, max_value=10, initial=1, help_text="限额按年数合计"
    )
    money = forms.DecimalField(
        label="每年资金上限（万元）",
        min_value=0,
        max_value=10_000_000,
        decimal_places=4,
        required=False,
        help_text="不填的不限",
    )
    new_teachers = forms.IntegerField(
        label="每年新增教师上限（人）", min_value=0, max_value=100_000, required=False, help_text="不填的不限"
    )

    def __init__(self, data: Any, known: list[int]) -> None:
        super().__init__(data)
        offer_choices(self, "year", [(year, f"{year}年") for year in known])
        style_fields(*self.fields.values())

    def arguments(self) -> dict[str, Any]:
        """Return the keyword arguments of the job that computes the plan; call it on a valid form.

        The ceilings of a year are multiplied by the number of years, and money is converted from 万元 to yuan.
        """
        data = self.cleaned_data
        span, money_, teachers = data["years_of_plan"], data["money"], data["new_teachers"]
        return {
            "year": data["year"],
            "transfers": data["transfers"],
            "teachers": data["teachers"],
            "money": "" if money_ is None else str(money_ * 10_000 * span),
            "new_teachers": None if teachers is None else teachers * span,
        }


class AdoptForm(forms.Form):
    """The form for registering a plan as items of a half-year plan, with their deadline."""

    planned_for = forms.CharField(label="计划时期", max_length=6, help_text="半年，如2019H2")
    due_on = forms.DateField(label="完成时限", widget=forms.DateInput(attrs={"type": "date"}))


def summary(row: GapPlan) -> dict[str, Any]:
    """Return a template dict on a plan: the cost of each alternative, and that of filling every gap."""
    result = read_result(row.result)
    lines = [(KINDS[name], _cost_line(each)) for name, each in result["plans"].items()]
    baseline = result["baseline"]
    about = "各校都达标，差异系数也都在上限以内" if baseline["passes"] else "仍不能通过：差异系数有的超过上限"
    return {
        "row": row,
        "lines": lines,
        "cost": money(Fraction(result["plans"]["chosen"]["cost"])),
        "baseline": (BASELINE, money(Fraction(baseline["cost"])), about),
    }


def _cost_line(plan_: WrittenPlan) -> tuple[str, str]:
    """Return the cost of a plan and how sure it is, or the reason why there is none."""
    if refusal := plan_.get("refusal"):
        return "没有方案", refusal
    sure = "已证明最优" if plan_["proven"] else f"没有证明最优，与下界相差{float(plan_['gap']):.2%}"
    return money(Fraction(plan_["cost"])), sure


@require_GET
def plans(request: UserRequest) -> HttpResponse:
    """Show the plans that the user may see, latest first."""
    require(request.user, "see", "balance.gap_plan")
    rows = GapPlan.objects.visible_to(request.user).select_related("made_by")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "lines": [summary(row) for row in page],
        "may_make": bool(permits(request.user, "make", "balance.gap_plan")),
    }
    return render(request, "balance/plans.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@with_snapshot
def new_plan(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the form for a new plan; a valid POST starts the job that computes it."""
    require(request.user, "make", "balance.gap_plan")
    form = PlanForm(request.POST or None, years(snapshot))
    if request.method == "POST" and form.is_valid():
        return redirect("web:job", gap_plan.ask(request.user, **form.arguments()).pk)
    context = {
        "form": form,
        "snapshot": snapshot,
        "policy": policy_address("unit_cost"),
        "transfer": policy_address("transfer_cost"),
    }
    return render(request, "balance/new_plan.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def plan(request: UserRequest, pk: int) -> HttpResponse:
    """Show a plan; a POST starts a job to recompute it, or registers it as items of the half-year plan.

    ``step`` in the POST is "check" or "adopt".
    """
    require(request.user, "see", "balance.gap_plan")
    row = get_object_or_404(GapPlan.objects.visible_to(request.user).select_related("made_by"), pk=pk)
    default = Period.half_year_of(timezone.localdate()).next_half_year()
    form = AdoptForm(
        request.POST if request.POST.get("step") == "adopt" else None,
        initial={"planned_for": default.key, "due_on": default.end.isoformat()},
    )
    if request.method == "POST":
        if request.POST.get("step") == "check":
            return redirect("web:job", check_plan.ask(request.user, plan=row.pk).pk)
        require(request.user, "adopt", "balance.gap_plan")
        if form.is_valid():
            try:
                batch = adopt(
                    row, form.cleaned_data["planned_for"], form.cleaned_data["due_on"], request.user
                )
            except NotAdopted as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(request, "已登记为计划任务和目标。登记错了的，在这次导入里撤销。")
                return redirect("web:batch", batch.pk)
    style_fields(*form.fields.values())
    return render(
        request,
        "balance/plan.html",
        {**_shown(row), "form": form, "may_adopt": bool(permits(request.user, "adopt", "balance.gap_plan"))},
    )


def _shown(row: GapPlan) -> dict[str, Any]:
    resources, standards, costs, options = read_inputs(row.inputs)
    chosen = read_result(row.result)["plans"]["chosen"]
    moves = list(spot_lines(amounts_of(chosen["moves"]), resources, {}))
    after = judge(resources.with_added(planned(row)), standards)
    before = judge(resources, standards)
    return {
        "summary": summary(row),
        "row": row,
        "options": options,
        "money_limit": "" if options.money is None else money(options.money),
        "additions": list(spot_lines(amounts_of(chosen["additions"]), resources, costs.units)),
        "moves": [
            (title, [line for line in moves if line["arrives"] is arrives])
            for title, arrives in (("调入", True), ("调出", False))
            if moves
        ],
        "before": stage_tables(before, row.year),
        "after": stage_tables(after, row.year),
        "passes": after.passes,
        "indicators": [(each, policy_address(each.key)) for each in INDICATORS],
    }


@require_GET
def plan_file(request: UserRequest, pk: int, kind: str) -> FileResponse:
    """Send a plan as a file; ``kind`` is "xlsx" or "docx", otherwise ``Http404`` is raised."""
    require(request.user, "see", "balance.gap_plan")
    row = get_object_or_404(GapPlan.objects.visible_to(request.user), pk=pk)
    if kind not in _WRITERS:
        raise Http404("没有这个文件。")
    return send_download(f"{row}.{kind}", lambda path: _WRITERS[kind](row, path))
