"""The pages that add a figure to the report as a sentence at the end of a chosen section, and remove it again."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from xuezheng.core.periods import Period
from xuezheng.figures import Answer, catalogue
from xuezheng.records.permissions import require
from xuezheng.reports.model import Heading, Mark, runs_of, text_of
from xuezheng.reports.releases import ReleaseError, ReleaseForbidden
from xuezheng.reports.releases.additions import add, compose_whole, take_out
from xuezheng.reports.releases.models import AddedSentence
from xuezheng.reports.report import Report
from xuezheng.reports.templates.additions import Addition, bare
from xuezheng.reports.templates.catalogue import titles
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.figures.figures import read
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import offer_choices, style_fields


class AdditionForm(forms.Form):
    """The form for an added sentence: its heading, the words before and after the number, and an optional chart.

    ``answer`` is the number that the sentence states: the value of a figure for a period and slice. ``report``
    is the report with the headings to choose from. The choices of ``by`` are the names of those dimensions of
    the figure that the answer's slice leaves free, by whose members the chart shows the figure, and "" for no
    chart.
    """

    heading = forms.ChoiceField(label="放在哪一节的末尾")
    before = forms.CharField(label="数字前的文字", max_length=AddedSentence.LONGEST)
    after = forms.CharField(
        label="数字后的文字", max_length=AddedSentence.LONGEST, help_text="以句号结尾；文字里不手写数字"
    )
    by = forms.ChoiceField(
        label="句子下面附一张图", required=False, help_text="图在Word里可以改样式，双击能看到它的数据"
    )

    def __init__(self, data: Any, report: Report, answer: Answer) -> None:
        figure = catalogue.figure(answer.figure)
        free = [
            dimension
            for name, dimension in figure.dimensions(Snapshot.open(answer.snapshot_id)).items()
            if name not in answer.slice
        ]
        initial = {"heading": _near(report, answer), "before": _words(answer), "after": "。"}
        super().__init__(data, initial=initial)
        offer_choices(self, "heading", _headings(report))
        offer_choices(
            self,
            "by",
            [
                ("", "不附图"),
                *((dimension.name, f"按{dimension.label}") for dimension in free),
            ],
        )
        style_fields(*self.fields.values())


@never_cache
@require_http_methods(["GET", "POST"])
@with_snapshot
def new_addition(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the form for a sentence that states a figure.

    A POST adds it to the report and opens the report there. The query string is that of the figure's page,
    with the figure's key in ``figure``. Raises ``Http404`` where there is no such figure or no report
    template, ``PermissionDenied`` where the user may not add sentences.
    """
    require(request.user, "enrich", "report")
    figure_request = read(request, snapshot, request.GET.get("figure", ""))
    period = _half_year(figure_request.choice.period)
    known = titles()
    if not known:
        raise Http404("没有报告模板。")
    name = next(iter(known))
    period_snapshot = Snapshot.for_period(period)
    answer = figure_request.figure.at(period_snapshot, period, **figure_request.slice)
    report = compose_whole(name, period_snapshot, period)
    form = AdditionForm(request.POST or None, report, answer)
    if request.method == "POST" and form.is_valid():
        try:
            add(name, period, _addition(form, answer), request.user)
        except ReleaseError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "已插入报告。不要了可以在报告页上方取出。")
            return redirect(
                f"{reverse('web:report', args=[name, period.key])}#{_place(name, period_snapshot, period, answer)}"
            )
    context = {
        "form": form,
        "answer": answer,
        "period": period,
        "title": known[name],
        "figure": figure_request.figure,
    }
    return render(request, "web/new_addition.html", context)


@require_POST
def addition(request: UserRequest, pk: int) -> HttpResponse:
    """Remove the added sentence with the key ``pk`` from its report, and redirect to the report.

    Raises ``PermissionDenied`` where the user may not remove it; any other refusal gives a message.
    """
    try:
        removed = take_out(pk, request.user)
    except ReleaseForbidden:
        raise PermissionDenied from None
    except ReleaseError as error:
        messages.error(request, str(error))
        return redirect("web:reports")
    messages.success(request, f"“{removed}”已从报告中取出。")
    return redirect("web:report", removed.template, removed.period)


def _addition(form: AdditionForm, answer: Answer) -> Addition:
    values = form.cleaned_data
    return Addition(
        values["heading"], values["before"], answer.figure, dict(answer.slice), values["after"], values["by"]
    )


def _half_year(period: Period) -> Period:
    """Return the half-year whose report a number of a period belongs to: the one that contains the middle of the period."""
    middle = period.start + (period.end - period.start) / 2
    return Period.half_year_of(middle)


def _headings(report: Report) -> list[tuple[str, str]]:
    """Return the headings of a report as (text without its leading number, indented text with the number)."""
    headings: dict[str, str] = {}
    for block in report.blocks:
        if isinstance(block, Heading) and block.level:
            text = text_of(block.runs)
            headings.setdefault(bare(text), f"{'　' * (block.level - 1)}{text}")
    return list(headings.items())


def _near(report: Report, answer: Answer) -> str:
    """Return the heading, without its number, under which the report has the figure, or else another of its area; "" for neither."""
    heading, best, area = "", "", answer.figure.partition(".")[0]
    for block in report.blocks:
        if isinstance(block, Heading) and block.level:
            heading = bare(text_of(block.runs))
        for run in runs_of(block):
            if isinstance(run, Mark) and run.figure == answer.figure:
                return heading
            if isinstance(run, Mark) and run.figure.startswith(f"{area}."):
                best = best or heading
    return best


def _words(answer: Answer) -> str:
    part = f"（{answer.slice_label.replace(' · ', '、')}）" if answer.slice_label else ""
    return f"其中，{answer.label}{part}"


def _place(name: str, snapshot: Snapshot, period: Period, answer: Answer) -> str:
    """Return the anchor of the added number in the report; "" where the report does not have it."""
    report = compose_whole(name, snapshot, period)
    bookmarks = [
        mark.bookmark
        for mark in report.marks
        if mark.figure == answer.figure and dict(mark.slice) == dict(answer.slice)
    ]
    return bookmarks[-1] if bookmarks else ""
