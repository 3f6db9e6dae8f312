"""The page of an uploaded workbook: a preview of the changes, and the decision to commit or cancel."""

from pathlib import Path
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.intake.expectations.findings import LONGEST, SHORTEST
from xuezheng.intake.mappings.confirmation import confirm
from xuezheng.intake.mappings.foreign import AGAIN, LEFT_OUT, WIDE, MappingForm
from xuezheng.intake.preview import KINDS
from xuezheng.intake.preview_summary import PER_PAGE, PROBLEMS, SheetSummary
from xuezheng.intake.roster_gaps import Departure, MissingPupil, departure_kinds
from xuezheng.intake.upload_notes import UploadGone
from xuezheng.intake.uploads import Upload
from xuezheng.records.code_lists import code_list
from xuezheng.records.enrolment_states import KINDS as KINDS_OF_EVENT
from xuezheng.records.models import Look, Pupil, User
from xuezheng.web import jobs
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.workbooks import WorkbookRefused, sheet_catalogue
from xuezheng.workbooks.layouts.mapping import MappingError
from xuezheng.workbooks.permissions import Rights

FINDINGS = "findings"
PURPOSE = "核对填报的工作簿"
MOST_MISSING = 200  # pupils that one page asks about
_LISTS = {PROBLEMS: "问题", **KINDS}


@never_cache
@require_http_methods(["GET", "POST"])
def upload(request: UserRequest, token: str) -> HttpResponseBase:
    """Show the preview of the uploaded workbook ``token``; a POST carries out the ``decision`` that it names.

    The decisions include "commit", "cancel" and "mark" (write an annotated workbook), accepting readings,
    mapping columns and explaining numbers. The user is redirected to the start page where the upload no
    longer exists.
    """
    try:
        upload = Upload.of(request.user, token)
        if not upload.summary.previewed:
            return redirect("web:jobs")
        if request.method == "POST":
            return _decide(request, upload)
        return render(request, "web/upload.html", _shown(request, upload))
    except UploadGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:intake")
    except WorkbookRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("web:upload", token)


@never_cache
@require_GET
def marked(request: UserRequest, token: str) -> HttpResponseBase:
    """Send the annotated workbook: a copy of the uploaded one in which the cells with problems are marked.

    A large workbook that the background job has not annotated yet redirects to the preview.
    """
    try:
        upload = Upload.of(request.user, token)
        name = f"{Path(upload.summary.name).stem} 标注.xlsx"
        rows = sum(_rows(sheet) for sheet in upload.summary.sheets)
        access_log.note(request, name, PURPOSE, (), unregistered=rows, kind=Look.Kind.FILE)
        if upload.is_marked:
            return send_download(name, upload.write_kept_marked)
        if upload.is_large:
            return redirect("web:upload", token)
        return send_download(name, lambda path: upload.write_marked(request.user, path))
    except UploadGone as gone:
        messages.warning(request, str(gone))
        return redirect("web:intake")


def _decide(request: UserRequest, upload: Upload) -> HttpResponseBase:
    decision = request.POST.get("decision")
    if decision == "commit":
        return _commit(request, upload)
    if decision == "cancel":
        upload.cancel()
        messages.info(request, f"“{upload.summary.name}”已取消，文件已删除，台账没有任何改动。")
        return redirect("web:intake")
    if decision == "mark":
        return jobs.marked(request, upload)
    if decision in ("map", "template", "leave"):
        return _map(request, upload, decision)
    if decision == "again":
        return _map_again(request, upload)
    if decision == "depart":
        return _depart(request, upload)
    if decision == "undepart":
        upload.forget_departures()
        return jobs.previewed(request, upload, confirmed=upload.confirmed_kinds)
    if upload.summary.may_be_explained and (decision == "explain" or "take" in request.POST):
        return _explain(request, upload)
    if decision == "confirm" and upload.summary.readings and not upload.summary.errors:
        return jobs.previewed(request, upload, confirmed=True)
    if decision == "confirm-kinds" and not upload.summary.errors:
        return _confirm_kinds(request, upload)
    return redirect("web:upload", upload.token)


def _confirm_kinds(request: UserRequest, upload: Upload) -> HttpResponse:
    """Accept the chosen kinds of readings, besides those that were accepted before, and preview again."""
    chosen = set(request.POST.getlist("kind"))
    kinds = [kind.key for kind in upload.problem_kinds if kind.key in chosen and not kind.is_error]
    if not kinds:
        messages.warning(request, "没有选择要确认的写法。请勾选后再确认。")
        return redirect("web:upload", upload.token)
    return jobs.previewed(request, upload, confirmed=[*upload.confirmed_kinds, *kinds])


def _map(request: UserRequest, upload: Upload, decision: str) -> HttpResponse:
    """Keep the confirmed mapping of a table, choose another template for it or leave it out, and preview again."""
    fingerprint = request.POST.get("layout", "")
    form = next((form for form in upload.mapping_forms if form.fingerprint == fingerprint), None)
    if form is None or (decision == "map" and not form.template):
        return redirect("web:upload", upload.token)
    if decision == "map":
        paths = {
            number: request.POST[f"column-{number}"]
            for number in range(len(form.columns))
            if f"column-{number}" in request.POST
        }
        fills = {item["path"]: request.POST.get(f"fill-{item['path']}", "") for item in form.missing}
        try:
            confirm(form, paths, fills, upload.summary.name, request.user)
        except MappingError as error:
            messages.error(request, str(error))
            return redirect("web:upload", upload.token)
        upload.choose(fingerprint, "")
    else:
        chosen = LEFT_OUT if decision == "leave" else request.POST.get("template", "")
        if chosen != LEFT_OUT and chosen not in sheet_catalogue.sheets():
            return redirect("web:upload", upload.token)
        upload.choose(fingerprint, chosen)
    return jobs.previewed(request, upload)


def _map_again(request: UserRequest, upload: Upload) -> HttpResponse:
    """Ask once more about a layout whose mapping was confirmed before, and preview again."""
    fingerprint = request.POST.get("layout", "")
    if not any(layout.fingerprint == fingerprint for layout in upload.known_layouts):
        return redirect("web:upload", upload.token)
    upload.choose(fingerprint, AGAIN)
    return jobs.previewed(request, upload)


class DepartureForm(forms.Form):
    """The form on one pupil who is enrolled by the registers, but missing from the uploaded roster.

    ``kind`` is the code of the event by which the pupil left, "" for a pupil who stays enrolled; ``day`` is
    the day of leaving, and ``elsewhere`` the place to which the pupil went.
    """

    kind = forms.ChoiceField(
        required=False, choices=lambda: [(code, code) for code in code_list(KINDS_OF_EVENT).codes]
    )
    day = forms.DateField(required=False)
    elsewhere = forms.CharField(required=False, max_length=60)

    def __init__(self, pupil: MissingPupil, data: QueryDict) -> None:
        super().__init__(data, prefix=str(pupil.key))
        self.pupil = pupil

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Adds an error where a kind of leaving is chosen without a day, or is not in force on that day.
        """
        kind, day = self.cleaned_data.get("kind"), self.cleaned_data.get("day")
        if kind and day and kind not in departure_kinds(day):
            self.add_error("kind", f"这一类别在{day}不能用。")
        elif kind and not day and "day" not in self.errors:
            self.add_error("day", "请填离开的日期。")
        return self.cleaned_data

    @property
    def departure(self) -> Departure | None:
        """How the pupil left, as entered in a valid form; None where no kind was chosen and the pupil stays."""
        kind, day, elsewhere = (self.cleaned_data[name] for name in ("kind", "day", "elsewhere"))
        return Departure(kind, day, elsewhere) if kind else None


def _depart(request: UserRequest, upload: Upload) -> HttpResponse:
    """Keep how the pupils left whom a roster lacks, as far as it is filled in rightly, and preview again."""
    decided = [DepartureForm(pupil, request.POST) for pupil in upload.missing_pupils[:MOST_MISSING]]
    wrong = [form for form in decided if not form.is_valid()]
    for form in wrong[:5]:
        text = "".join(str(error) for errors in form.errors.values() for error in errors)
        messages.error(request, f"{form.pupil.name}没有登记：{text}")
    departures = {
        form.pupil.key: departure for form in decided if not form.errors and (departure := form.departure)
    }
    if not departures:
        return redirect("web:upload", upload.token)
    upload.depart(departures)
    return jobs.previewed(request, upload, confirmed=upload.confirmed_kinds)


def _explain(request: UserRequest, upload: Upload) -> HttpResponse:
    prefix = "text-"
    texts = {
        name.removeprefix(prefix): str(text) for name, text in request.POST.items() if name.startswith(prefix)
    }
    upload.explain(texts, request.POST.get("take", ""))
    left = upload.summary.unexplained
    if left:
        messages.warning(request, f"已保存，还有{left}个数没有说明（每条至少{SHORTEST}个字）。")
    else:
        messages.success(request, "都已说明。请核对后提交。")
    page = request.GET.get("page", "1")
    return redirect(
        f"{reverse('web:upload', args=[upload.token])}?{urlencode({'kind': FINDINGS, 'page': page})}"
    )


def _commit(request: UserRequest, upload: Upload) -> HttpResponse:
    if not upload.summary.may_be_committed:
        messages.error(request, "没有可提交的内容，或还有问题没有解决。请改好后重新上传。")
        return redirect("web:upload", upload.token)
    return jobs.committed(request, upload)


def _shown(request: UserRequest, upload: Upload) -> dict[str, Any]:
    summary = upload.summary
    sheet, kind = _chosen(request, upload)
    missing = upload.missing_pupils[:MOST_MISSING]
    if missing:
        persons = Pupil.objects.filter(pk__in=[pupil.key for pupil in missing]).values_list(
            "person", flat=True
        )
        access_log.note(request, "预览：文件里没有的在读学生", PURPOSE, persons)
    context: dict[str, Any] = {
        "upload": upload,
        "summary": summary,
        "longest": LONGEST,
        "explaining": kind == FINDINGS,
        "mappings": [_mapping(form, request.user) for form in upload.mapping_forms],
        "kinds": upload.problem_kinds,
        "layouts": upload.known_layouts,
        "missing": missing,
        "missing_count": summary.missing,
        "departures": len(upload.departures),
        "leaving": [(code, label) for code, (label, _) in departure_kinds(localdate()).items()],
        "sheets": [
            {
                "name": sheet_summary.name,
                "number": number,
                "lists": [
                    {
                        "kind": name,
                        "title": title,
                        "count": sheet_summary.counts[name],
                        "here": (number, name) == (sheet, kind),
                    }
                    for name, title in _LISTS.items()
                    if sheet_summary.counts[name]
                ],
            }
            for number, sheet_summary in enumerate(summary.sheets)
        ],
    }
    if kind is None:
        return context
    if kind == FINDINGS:
        findings = upload.drafts.findings
        page = Paginator(findings, PER_PAGE).get_page(request.GET.get("page"))
        return context | {"page": page, "findings": page.object_list}
    chosen = summary.sheets[sheet]
    turned = Paginator(range(chosen.counts[kind]), PER_PAGE).get_page(request.GET.get("page"))
    rows = upload.page(sheet, kind, turned.number - 1)
    if _rows(chosen):
        access_log.note(request, f"预览：{chosen.name}", PURPOSE, (), unregistered=len(rows))
    return context | {
        "heading": f"{chosen.name}：{_LISTS[kind]}",
        "count": chosen.counts[kind],
        "page": turned,
        "kind": kind,
        "titles": chosen.titles,
        "lines": rows if kind == PROBLEMS else [_line(row) for row in rows],
    }


def _mapping(form: MappingForm, user: User) -> dict[str, Any]:
    """What the page shows of a form: its columns, each with the template's columns to choose from once there is a template."""
    rights = Rights(user)
    columns = form.columns
    if form.template:
        titles = [(column.path, column.title) for column in sheet_catalogue.sheet(form.template).columns]
        columns = [
            {
                **column,
                "options": [*titles, *([(WIDE, f"一列一行：{column['value']}")] if column["value"] else [])],
            }
            for column in form.columns
        ]
    names = "、".join(dict.fromkeys(form.sheets))
    templates = [title for title, sheet in sheet_catalogue.sheets().items() if rights.may_send(sheet)]
    return {"form": form, "columns": columns, "names": names, "templates": templates}


def _rows(sheet: SheetSummary) -> int:
    """Return how many rows of a sheet are about a person."""
    template = sheet_catalogue.sheets().get(sheet.name)
    if template is not None and not template.model.personal:
        return 0
    return sum(count for kind, count in sheet.counts.items() if kind != PROBLEMS)


def _chosen(request: UserRequest, upload: Upload) -> tuple[int, str | None]:
    """Return the list to show, as (number of the sheet, kind of rows): the requested one, else the most important one that has rows.

    The kind is None where no list has rows.
    """
    sheets = upload.summary.sheets
    numbers = {str(number): number for number in range(len(sheets))}
    requested, kind = numbers.get(request.GET.get("sheet", "")), request.GET.get("kind", "")
    explicit = kind == FINDINGS or (requested is None and upload.summary.unexplained)
    if upload.summary.may_be_explained and explicit:
        return 0, FINDINGS
    if requested is not None and sheets[requested].counts.get(kind):
        return requested, kind
    for kind in _LISTS:
        for number, sheet in enumerate(sheets):
            if sheet.counts[kind]:
                return number, kind
    return 0, None


def _line(row: dict[str, Any]) -> dict[str, Any]:
    cells = [(text, place in row["wrong"]) for place, text in enumerate(row["cells"])]
    return {**row, "cells": cells}
