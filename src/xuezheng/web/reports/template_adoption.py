"""The pages that draft a report template from an older Word report, whose numbers are confirmed as figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.core.periods import Period, PeriodError
from xuezheng.jobs.attachments import Attachment, AttachmentGone, TooMuchWaiting
from xuezheng.records.permissions import require
from xuezheng.reports.living.table_numbers import LONGEST
from xuezheng.reports.living.template_draft import Draft, Passage, Proposal, read_draft, source_of
from xuezheng.reports.templates import versions
from xuezheng.reports.templates.catalogue import ReportTemplate
from xuezheng.reports.templates.models import Kind
from xuezheng.reports.templates.versions import TemplateRefused
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.report_checks import read_old_report, result_of
from xuezheng.web.reports.checks import MEGABYTES
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files
from xuezheng.web.ui.forms import style_fields


class UploadForm(forms.Form):
    """The form for uploading the Word report."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请去掉图片等附件后再试。",
        label="旧的Word报告",
        help_text=f".docx，不超过{MEGABYTES}兆",
    )


class NameForm(forms.Form):
    """The form for the code, title and kind of the template to be created."""

    name = forms.RegexField(
        r"^[a-z][a-z0-9_-]*\Z", label="代号", max_length=40, help_text="小写字母、数字、“-”“_”，以字母开头"
    )
    title = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类别", choices=Kind)


class Line(NamedTuple):
    """A passage of the draft, in pieces of (text, proposed figure, name of the proposal's checkbox).

    A piece without a proposal has None and ""; a passage that is a table has only pieces with proposals.
    """

    passage: Passage
    pieces: list[tuple[str, Proposal | None, str]]


@takes_files(MEGABYTES)
@require_http_methods(["GET", "POST"])
@with_snapshot
def adopt_template(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the form for a Word report and its period.

    A POST starts the job that drafts the template, and redirects to it.
    """
    require(request.user, "template", "report")
    form = UploadForm(request.POST or None, request.FILES or None)
    choice = period_choice.choice(request, snapshot.day)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            period = Period.parse(request.POST.get("period", choice.period.key))
            attachment = Attachment.create(request.user, file.name, file.read())
        except (PeriodError, TooMuchWaiting) as error:
            form.add_error("file", str(error))
        else:
            return redirect(
                "web:job", read_old_report.ask(request.user, token=attachment.token, period=period.key).pk
            )
    style_fields(*form.fields.values())
    return render(request, "web/adopt_template.html", {"form": form, "choice": choice})


@never_cache
@require_http_methods(["GET", "POST"])
@with_snapshot
def adopted_template(request: UserRequest, snapshot: Snapshot, token: str) -> HttpResponse:
    """Show the draft ``token`` with the figures that its numbers may state; a POST creates the template.

    The confirmed figures become template expressions, all other numbers stay text. Without such a draft of
    this user the response is a redirect to the form.
    """
    require(request.user, "template", "report")
    try:
        values = result_of(Attachment.open(request.user, token))
        draft, period = read_draft(values), Period.parse(values["period"])
    except (AttachmentGone, KeyError):
        messages.warning(request, str(AttachmentGone()))
        return redirect("web:adopt_template")
    form = NameForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        confirmed = {_place(box) for box in request.POST.getlist("figure") if box.count("-") == 1}
        source = source_of(draft, confirmed, period, snapshot.district)
        cleaned = form.cleaned_data
        known = ReportTemplate(cleaned["name"], Kind(cleaned["kind"]), cleaned["title"], source)
        try:
            made = versions.save(known, 0, request.user, "由旧报告建立")
        except TemplateRefused as refused:
            form.add_error("name", str(refused))
        else:
            messages.success(
                request,
                f"已建立“{made.title}”。没有确认的数标作待填，填好以前所在的句子不写，在表里的写“—”。",
            )
            return redirect("web:report_template", made.template.name)
    style_fields(*form.fields.values())
    numbers = [proposal for passage in draft.passages for proposal in passage.proposals]
    context = {
        "form": form,
        "lines": list(_lines(draft)),
        "registers": draft.registers,
        "longest": LONGEST,
        "count": len(numbers),
        "matched": sum(bool(proposal.figure) for proposal in numbers),
        "period": period,
    }
    return render(request, "web/adopted_template.html", context)


def _lines(draft: Draft) -> Iterator[Line]:
    for place, passage in enumerate(draft.passages):
        pieces: list[tuple[str, Proposal | None, str]] = []
        end = 0
        for number, proposal in enumerate(passage.proposals):
            if not passage.cells:
                pieces.append((passage.text[end : proposal.start], None, ""))
            pieces.append((proposal.text, proposal, f"{place}-{number}"))
            end = proposal.end
        if not passage.cells:
            pieces.append((passage.text[end:], None, ""))
        yield Line(passage, pieces)


def _place(box: str) -> tuple[int, int]:
    """Return the passage and the proposal that a box of the form names; (-1, -1) for a name that is none."""
    passage, number = box.split("-")
    return (int(passage), int(number)) if passage.isdecimal() and number.isdecimal() else (-1, -1)
