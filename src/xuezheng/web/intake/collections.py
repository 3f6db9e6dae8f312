"""The pages of collections (填报任务), by which a section requests sheets from schools, and schools submit them."""

from collections import Counter
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.collections import collecting
from xuezheng.core.periods import Period, PeriodError
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import Collection, Look, School, Standing, Submission, User
from xuezheng.records.permissions import Scope, may, permits, require
from xuezheng.web import jobs
from xuezheng.web.login.sessions import confirmed
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import WORKBOOK_MEGABYTES, WorkbookForm, disclosed, takes_files
from xuezheng.web.ui.forms import offer_choices
from xuezheng.workbooks import WorkbookRefused

COLOURS = {
    Standing.NOT_BEGUN: "secondary",
    Standing.BEGUN: "blue",
    Standing.PROBLEMS: "orange",
    Standing.WITHDRAWN: "red",
    Standing.DONE: "green",
}


class CollectionForm(forms.Form):
    """The form for a new collection: title, period, due day, sheets, and schools."""

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
        offer_choices(self, "sheets", [(title, title) for title in self.known])

    def clean_period(self) -> Period:
        """Return the typed period, as ``2019H2`` or ``2019秋``, as a ``Period``.

        Raise ``ValidationError`` if it is none.
        """
        try:
            return Period.parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from None


@never_cache
@require_http_methods(["GET", "POST"])
def new_collection(request: UserRequest) -> HttpResponse:
    """Show the form for a new collection; a POST opens the collection and redirects to its page.

    Raises ``PermissionDenied`` where the user may not open collections.
    """
    if not may_collect(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    begun = {"period": period_choice.half_year(today), "schools": School.objects.values_list("pk", flat=True)}
    form = CollectionForm(request.user, request.POST or None, initial=begun)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        sheets = [form.known[title] for title in values["sheets"]]
        section = request.user.section or sheets[0].area
        try:
            opened = collecting.open_collection(
                values["title"], values["period"], section, sheets, values["schools"], values["due_on"]
            )
        except collecting.CollectionRefused as refusal:
            form.add_error("title", str(refusal))
        else:
            messages.success(
                request, f"填报任务“{opened}”已发布，{len(values['schools'])}所学校登录后即可看到。"
            )
            return redirect("web:collection", opened.pk)
    return render(request, "web/new_collection.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def collection(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of each school's submission to the collection ``pk``.

    A POST closes the collection, or with ``remind`` reminds the schools that have not reported.

    A school's clerk is redirected to the own school's submission. Raises ``PermissionDenied`` for a POST by a
    user who may not close the collection.
    """
    collection = get_object_or_404(Collection, pk=pk)
    if Scope.SCHOOL in permits(request.user, "answer", "collection"):
        own = get_object_or_404(submissions(request.user), collection=collection)
        return redirect("web:submission", own.pk)
    may_close = may(request.user, "close", "collection", section=collection.section)
    if request.method == "POST":
        if not may_close:
            raise PermissionDenied
        if "remind" in request.POST:
            if collecting.remind(collection):
                messages.success(request, "已催报：未上报的学校在首页、待办和填报页看到今天的催报。")
        elif collecting.close(collection):
            messages.success(request, f"填报任务“{collection}”已结束，不再接收。")
        return redirect("web:collection", pk)
    lines = [_line(submission) for submission in submissions(request.user).filter(collection=collection)]
    statuses = Counter(line["submission"].standing for line in lines)
    context = {
        "collection": collection,
        "period": Period.parse(collection.period),
        "section": registry.areas()[collection.section].section,
        "lines": sorted(lines, key=lambda line: list(Standing).index(line["submission"].standing)),
        "statuses": [
            (status.value, COLOURS[status], statuses[status]) for status in Standing if statuses[status]
        ],
        "done": round(100 * statuses[Standing.DONE] / len(lines)) if lines else 0,
        "explained": any(line["submission"].explained for line in lines),
        "may_close": may_close and collection.closed_on is None,
        "missing": len(lines) - statuses[Standing.DONE],
        "reminded_today": collection.reminded_on == timezone.localdate(),
        "may_answer": may(request.user, "answer", "collection", section=collection.section),
    }
    return render(request, "web/collection.html", context)


@takes_files(WORKBOOK_MEGABYTES)
@never_cache
@require_http_methods(["GET", "POST"])
def submission(request: UserRequest, pk: int) -> HttpResponse:
    """Show the sheets that a collection requests from one school.

    A POST uploads a workbook and leads to its preview. ``pk`` is the key of the submission. Raises
    ``Http404`` where the user may not see it, ``PermissionDenied`` where the user may not answer it.
    """
    submission = _answerable(request.user, pk)
    form = WorkbookForm(request.POST, request.FILES) if request.method == "POST" else WorkbookForm()
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            return jobs.previewed(request, Upload.keep(file.read(), file.name, request.user, submission))
        except WorkbookRefused as refusal:
            form.add_error("file", str(refusal))
    context = {
        "form": form,
        "line": _line(submission),
        "collection": submission.collection,
        "period": Period.parse(submission.collection.period),
        "section": registry.areas()[submission.collection.section].section,
    }
    return render(request, "web/submission.html", context)


@never_cache
@confirmed
@require_GET
def submission_workbook(request: UserRequest, pk: int) -> FileResponse:
    """Send the workbook of a submission, filled with the school's present records.

    The download is written to the access log. The user must have typed the password within the last minutes.
    """
    submission = _answerable(request.user, pk)
    name = f"{submission.school} {submission.collection}.xlsx"
    kind, purpose = Look.Kind.SCHOOL_WORKBOOK, f"填报“{submission.collection}”"
    return disclosed(request, kind, name, purpose, lambda path: collecting.write_filled(submission, path))


def may_collect(user: User) -> bool:
    """Whether ``user`` may open collections: has the permission, and there are sheets that the user may request."""
    return bool(permits(user, "open", "collection") and collecting.collectable(user))


def submissions(user: User) -> QuerySet[Submission]:
    """Return the submissions that ``user`` may see, ordered by kind and name of the school.

    A submission is what one school has to send for one collection. Each has the annotation ``explained``, the
    number of explanations given for its import.
    """
    visible = Submission.objects.visible_to(user).annotate(explained=Count("handed_in__explanations"))
    return visible.select_related("collection", "school", "handed_in").order_by(
        "school__kind", "school__name"
    )


def list_open_submissions(user: User) -> list[dict[str, Any]]:
    """Return the submissions to open collections that ``user`` may see, by due day, as dicts for a template.

    Each has ``submission``, ``colour`` (the CSS colour of its status) and ``late`` (the days by which it is
    late, 0 if it is not).
    """
    open_ = submissions(user).filter(collection__closed_on=None).order_by("collection__due_on")
    return [_line(submission) for submission in open_]


def under_way(user: User) -> list[dict[str, Any]]:
    """Return the open collections that ``user`` may see, as dicts for a template.

    Each has ``collection``, ``schools`` (the number of schools asked), ``done`` (the number of those that
    have submitted) and ``late`` (whether the due day is past).
    """
    open_ = Collection.objects.visible_to(user).filter(closed_on=None)
    by_collection: dict[int, list[Submission]] = {}
    for submission in submissions(user).filter(collection__in=open_):
        by_collection.setdefault(submission.collection_id, []).append(submission)
    return [
        {
            "collection": collection,
            "schools": len(by_collection.get(collection.pk, ())),
            "done": sum(
                submission.standing is Standing.DONE for submission in by_collection.get(collection.pk, ())
            ),
            "late": collection.due_on < timezone.localdate(),
        }
        for collection in open_
    ]


def _answerable(user: User, pk: int) -> Submission:
    """Return a submission that the user may answer: as the school's clerk, or as the section on the school's behalf.

    Raises ``Http404`` where the user may not see it, ``PermissionDenied`` where the user may not answer it.
    """
    submission = get_object_or_404(submissions(user), pk=pk)
    require(user, "answer", "collection", section=submission.collection.section, school=submission.school_id)
    return submission


def _line(submission: Submission) -> dict[str, Any]:
    return {
        "submission": submission,
        "colour": COLOURS[submission.standing],
        "late": submission.late_by(timezone.localdate()),
    }
