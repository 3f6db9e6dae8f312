"""The pages of public draws: all draws, the form for a new one, and one draw with steps and result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.enrolment.models import Draw
from xuezheng.areas.enrolment.procedures import programme, steps
from xuezheng.areas.enrolment.procedures.lists import read_list
from xuezheng.areas.enrolment.procedures.season import Season, listing_of
from xuezheng.records.models import School, Stage
from xuezheng.records.permissions import may, permits, require
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import LimitedFileField, received, send_download, takes_files
from xuezheng.web.ui.forms import offer_records, style_fields
from xuezheng.workbooks.problems import WorkbookRefused

MEGABYTES = 2
PER_PAGE = 100
MOST_CLASSES = 60
COLOURS: dict[str, str] = {
    steps.State.FIXED: "blue",
    steps.State.SEEDED: "orange",
    steps.State.DRAWN: "green",
    steps.State.REVOKED: "secondary",
}


class DrawForm(forms.ModelForm):  # type: ignore[type-arg]  # Django's own class has no parameters
    """The form for a new draw; the list is made from applications or read from an uploaded Excel file."""

    source = forms.ChoiceField(
        label="名单来自",
        choices=[("register", "入学报名"), ("file", "上传的工作簿")],
        initial="register",
        help_text="取自入学报名的，派位按录取顺位先后，均衡编班按特别照顾、性别、毕业幼儿园分开",
    )
    by_day = forms.BooleanField(
        label="同一顺位再按落户或产权登记日期先后",
        required=False,
        help_text="只用于按入学报名派位；日期也相同的由派位定先后",
    )
    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="名单只要报名序号和同组编号两列。",
        label="名单",
        required=False,
        help_text="上传工作簿的才选：第1行写“报名序号”，有双胞胎等同进同退的另写一列“同组编号”",
    )

    class Meta:
        model = Draw
        fields = ("kind", "school", "stage", "year", "places", "seed_from", "seed_on")
        widgets = {"seed_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        offer_records(self, "school", School.objects.order_by("kind", "name"))

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Adds an error if the school lacks the stage, a list to be uploaded is missing, or there are more than
        60 classes.
        """
        school, stage = self.cleaned_data.get("school"), self.cleaned_data.get("stage")
        if school and stage and stage not in school.stages:
            self.add_error("stage", f"{school}不办这一学段。请核对学校和学段。")
        if self.cleaned_data.get("source") == "file" and not self.cleaned_data.get("file"):
            self.add_error("file", "请选择名单的工作簿。")
        if (
            self.cleaned_data.get("kind") == Draw.Kind.CLASSES
            and self.cleaned_data.get("places", 0) > MOST_CLASSES
        ):
            self.add_error("places", f"均衡编班最多{MOST_CLASSES}个班。请填班数。")
        return self.cleaned_data


@require_GET
def draws(request: UserRequest) -> HttpResponse:
    """Show the draws that the user may see, latest first, 100 on a page."""
    require(request.user, "see", "enrolment.draw")
    rows = Draw.objects.visible_to(request.user).select_related("school").defer("listing")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(row, COLOURS[row.state]) for row in page]
    context = {"page": page, "lines": lines, "may_handle": permits(request.user, "handle", "enrolment.draw")}
    return render(request, "enrolment/draws.html", context)


@takes_files(MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def new_draw(request: UserRequest) -> HttpResponse:
    """Show the form for a new draw, prefilled from the query string; a valid POST fixes the list."""
    require(request.user, "handle", "enrolment.draw")
    initial = {"year": timezone.localdate().year, "stage": Stage.PRIMARY} | {
        name: request.GET[name]
        for name in ("kind", "school", "stage", "year", "places")
        if name in request.GET
    }
    form = DrawForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            draft = form.save(commit=False)
            draft.registered = form.cleaned_data["source"] == "register"
            made = steps.fix(draft, _listing(form, draft), request.user)
        except (WorkbookRefused, steps.DrawRefused) as refusal:
            form.add_error("file" if isinstance(refusal, WorkbookRefused) else None, str(refusal))
        else:
            messages.success(request, f"名单已固定，共{made.count}人。请现在就公布名单文件和校验值。")
            return redirect("enrolment:draw", made.pk)
    style_fields(*form.fields.values())
    return render(request, "enrolment/new_draw.html", {"form": form})


def _listing(form: DrawForm, draft: Draw) -> str:
    """Return the list of a new draw: from the applications, or from the uploaded workbook."""
    if draft.registered:
        season = Season(draft.stage, draft.year)
        return listing_of(draft.kind, draft.school, season, form.cleaned_data["by_day"])
    file = form.cleaned_data["file"]
    with received(file) as path:
        return read_list(path, file.name)


@never_cache
@require_http_methods(["GET", "POST"])
def draw(request: UserRequest, pk: int) -> HttpResponse:
    """Show a draw with its steps and recomputed result; a POST takes a step.

    ``step`` in the POST is "seed", "confirm", "send_back" or "revoke".
    """
    require(request.user, "see", "enrolment.draw")
    row = get_object_or_404(Draw.objects.visible_to(request.user).select_related("school"), pk=pk)
    if request.method == "POST":
        return _step(request, row)
    result = steps.result_of(row) if row.result_hash else []
    lines = steps.lines_of(row, result)
    page = Paginator(lines, PER_PAGE).get_page(request.GET.get("page"))
    handles, today = permits(request.user, "handle", "enrolment.draw"), timezone.localdate()
    context = {
        "draw": row,
        "colour": COLOURS[row.state],
        "steps": row.steps.select_related("by"),
        "page": page,
        "lines": enumerate(page.object_list, start=page.start_index()) if result else (),
        "totals": _totals(lines),
        "count": len(result),
        "unchanged": bool(result) and steps.result_hash(result) == row.result_hash,
        "may_list": bool(result) and row.registered and permits(request.user, "list", "enrolment.season"),
        "may_seed": handles and row.state == steps.State.FIXED and today >= row.seed_on,
        "waits": row.state == steps.State.FIXED and today < row.seed_on,
        "may_confirm": row.state == steps.State.SEEDED
        and may(request.user, "confirm", "enrolment.draw", made_by=row.seeded_by_id),
        "may_send_back": handles and row.state == steps.State.SEEDED,
        "may_revoke": handles and row.state != steps.State.REVOKED,
    }
    return render(request, "enrolment/draw.html", context)


def _totals(result: list[tuple[str, str]]) -> dict[str, int]:
    """How many got each place or class; the classes in the order of their numbers."""
    counts = Counter(got for _, got in result)
    return {got: counts[got] for got in sorted(counts, key=lambda got: (len(got), got != "录取", got))}


def _step(request: UserRequest, row: Draw) -> HttpResponse:
    data, pk, user = request.POST, row.pk, request.user
    taken: dict[str, Callable[[], None]] = {
        "seed": lambda: steps.enter_seed(pk, data.get("seed", "").strip(), user, timezone.localdate()),
        "confirm": lambda: steps.confirm(pk, data.get("seed", "").strip(), user),
        "send_back": lambda: steps.send_back(pk, user),
        "revoke": lambda: steps.revoke(pk, data.get("reason", ""), user),
    }
    step = data.get("step", "")
    if step not in taken:
        raise Http404("没有这一步。")
    try:
        taken[step]()
    except steps.DrawRefused as refusal:
        messages.error(request, str(refusal))
    else:
        row.refresh_from_db()
        messages.success(request, f"这次派位现为“{row.get_state_display()}”。")
    return redirect("enrolment:draw", pk)


@require_GET
def draw_file(request: UserRequest, pk: int, kind: str) -> FileResponse:
    """Send a public file of a draw; ``kind`` is "list", "programme" (Python, to recompute it) or "result".

    Raises ``Http404`` for another kind, or if there is no result yet.
    """
    require(request.user, "see", "enrolment.draw")
    row: Draw = get_object_or_404(Draw.objects.visible_to(request.user).select_related("school"), pk=pk)
    if kind == "list":
        return send_download(f"{row} 名单.csv", lambda path: _write(path, row.listing.encode()))
    if kind == "programme":
        content = Path(programme.__file__).read_bytes()
        return send_download("派位程序.py", lambda path: _write(path, content))
    if kind == "result" and row.result_hash:
        lines = [
            "名次,报名序号,结果",
            *(
                f"{order},{number},{got}"
                for order, (number, got) in enumerate(steps.lines_of(row, steps.result_of(row)), start=1)
            ),
        ]
        return send_download(
            f"{row} 结果.csv", lambda path: _write(path, "\n".join(lines).encode("utf-8-sig"))
        )
    raise Http404("没有这个文件。")


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
