"""The pages of collections: a section asks schools for sheets and sees how far each is; a school answers."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.collections import collecting
from xuezheng.core.periods import Period, PeriodFault
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import Collection, Look, School, Standing, Submission, User
from xuezheng.web import jobs
from xuezheng.web.login.sessions import confirmed
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import WORKBOOK_MEGABYTES, WorkbookForm, disclosed, takes_files
from xuezheng.workbooks import WorkbookRefused

COLOURS = {
    Standing.NOT_BEGUN: "secondary",
    Standing.BEGUN: "blue",
    Standing.PROBLEMS: "orange",
    Standing.WITHDRAWN: "red",
    Standing.DONE: "green",
}


class CollectionForm(forms.Form):
    """What is asked for, of whom, until when."""

    title = forms.CharField(label="任务名称", max_length=60, help_text="如：2019年秋季学期学生名册更新")
    period = forms.CharField(label="统计期", max_length=20, help_text="如 2019H2、2019秋、2019")
    due_on = forms.DateField(label="截止日期", widget=forms.DateInput(attrs={"type": "date"}))
    sheets = forms.MultipleChoiceField(label="填哪些表", widget=forms.CheckboxSelectMultiple)
    schools = forms.ModelMultipleChoiceField(
        School.objects.order_by("kind", "name"), label="哪些学校填", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {sheet.title: sheet for sheet in collecting.collectable(user)}
        self.fields["sheets"].choices = [(title, title) for title in self.known]

    def clean_period(self) -> Period:
        """Read the period."""
        try:
            return Period.parse(self.cleaned_data["period"])
        except PeriodFault as fault:
            raise forms.ValidationError(str(fault)) from None


@never_cache
@require_http_methods(["GET", "POST"])
def new_collection(request: HttpRequest) -> HttpResponse:
    """Show the form of a new collection; a POST opens it."""
    if not may_collect(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    begun = {"period": period_choice.half_year(today), "schools": School.objects.values_list("pk", flat=True)}
    form = CollectionForm(request.user, request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        sheets = [form.known[title] for title in told["sheets"]]
        section = request.user.section or sheets[0].area
        try:
            opened = collecting.open_collection(
                told["title"], told["period"], section, sheets, told["schools"], told["due_on"]
            )
        except collecting.CollectionRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(
                request, f"填报任务“{opened}”已发布，{len(told['schools'])}所学校登录后即可看到。"
            )
            return redirect("web:collection", opened.pk)
    return render(request, "web/new_collection.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def collection(request: HttpRequest, pk: int) -> HttpResponse:
    """Show how far each school is; a POST by those who answer for it closes the collection."""
    found = get_object_or_404(Collection, pk=pk)
    if request.user.role == User.Role.CLERK and not request.user.sees_all:
        own = get_object_or_404(submissions(request.user), collection=found)
        return redirect("web:submission", own.pk)
    may_close = request.user.answers_for(found.section)
    if request.method == "POST":
        if not may_close:
            raise PermissionDenied
        if collecting.close(found):
            messages.success(request, f"填报任务“{found}”已结束，不再接收。")
        return redirect("web:collection", pk)
    lines = [_line(submission) for submission in submissions(request.user).filter(collection=found)]
    standings = Counter(line["submission"].standing for line in lines)
    context = {
        "collection": found,
        "period": Period.parse(found.period),
        "section": registry.areas()[found.section].section,
        "lines": sorted(lines, key=lambda line: list(Standing).index(line["submission"].standing)),
        "standings": [(it.value, COLOURS[it], standings[it]) for it in Standing if standings[it]],
        "done": round(100 * standings[Standing.DONE] / len(lines)) if lines else 0,
        "explained": any(line["submission"].explained for line in lines),
        "may_close": may_close and found.closed_on is None,
        "may_answer": may_close,
    }
    return render(request, "web/collection.html", context)


@takes_files(WORKBOOK_MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a school what it is asked for; a POST hands in its workbook and leads to the preview."""
    found = _answerable(request.user, pk)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return jobs.previewed(request, Upload.keep(file.read(), file.name, request.user, found))
        except WorkbookRefused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "line": _line(found),
        "collection": found.collection,
        "period": Period.parse(found.collection.period),
        "section": registry.areas()[found.collection.section].section,
    }
    return render(request, "web/submission.html", context)


@never_cache
@confirmed
@require_GET
def submission_workbook(request: HttpRequest, pk: int) -> FileResponse:
    """Hand out the workbook with what the registers hold for the school."""
    found = _answerable(request.user, pk)
    name = f"{found.school} {found.collection}.xlsx"
    kind, purpose = Look.Kind.SCHOOL_WORKBOOK, f"填报“{found.collection}”"
    return disclosed(request, kind, name, purpose, lambda path: collecting.write_filled(found, path))


def may_collect(user: User) -> bool:
    """Whether a user may ask schools for anything."""
    return bool(user.sees_all or (user.role == User.Role.SECTION and collecting.collectable(user)))


def submissions(user: User) -> QuerySet:
    """What the user may see of what schools are asked for."""
    found = Submission.objects.visible_to(user).annotate(explained=Count("handed_in__explanations"))
    return found.select_related("collection", "school", "handed_in").order_by("school__kind", "school__name")


def asked(user: User) -> list[dict[str, Any]]:
    """What a clerk's school is asked for and has not handed in, the most urgent first."""
    open_ = submissions(user).filter(collection__closed_on=None).order_by("collection__due_on")
    return [_line(found) for found in open_]


def under_way(user: User) -> list[dict[str, Any]]:
    """The collections that are open, with how many schools have reported."""
    open_ = Collection.objects.visible_to(user).filter(closed_on=None)
    told: dict[int, list[Submission]] = {}
    for found in submissions(user).filter(collection__in=open_):
        told.setdefault(found.collection_id, []).append(found)
    return [
        {
            "collection": found,
            "schools": len(told.get(found.pk, ())),
            "done": sum(it.standing is Standing.DONE for it in told.get(found.pk, ())),
            "late": found.due_on < timezone.localdate(),
        }
        for found in open_
    ]


def _answerable(user: User, pk: int) -> Submission:
    """A submission that the user may answer: the school's clerk, or the section on the school's behalf."""
    found = get_object_or_404(submissions(user), pk=pk)
    if user.role != User.Role.CLERK and not user.answers_for(found.collection.section):
        raise PermissionDenied
    return found


def _line(found: Submission) -> dict[str, Any]:
    return {
        "submission": found,
        "colour": COLOURS[found.standing],
        "late": found.late_by(timezone.localdate()),
    }
