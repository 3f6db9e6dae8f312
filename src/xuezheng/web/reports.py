"""The report: its preview, in which each number opens its figure, and the Word file."""

import tempfile
from io import BytesIO
from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from xuezheng import registry
from xuezheng.records.periods import Period, PeriodFault
from xuezheng.reports import Mark, Report, compose
from xuezheng.snapshots import Snapshot
from xuezheng.web import periods
from xuezheng.web.answers import with_snapshot
from xuezheng.web.figures import address


@require_GET
@with_snapshot
def reports(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Open the first report for the half-year of the newest snapshot."""
    template = next(iter(registry.report_templates()), None)
    if template is None:
        raise Http404("没有报告模板。")
    return redirect("web:report", template, periods.half_year(snapshot.day))


@require_GET
@with_snapshot
def report(request: HttpRequest, snapshot: Snapshot, template: str, period: str) -> HttpResponse:
    """Show the report as a sheet of paper."""
    if asked := request.GET.get("period"):
        return redirect("web:report", template, _period(asked).key)
    told_by = Snapshot.for_period(_period(period))
    composed = _compose(told_by, template, period)
    context = {
        "report": composed,
        # The composer escapes every text.
        "html": mark_safe(composed.html(_figure_address)),  # noqa: S308
        "choice": periods.choice(request, snapshot.day, default=period),
        "download": reverse("web:report_docx", args=[template, period]),
        "snapshot": told_by,
    }
    return render(request, "web/report.html", context)


@require_GET
@with_snapshot
def report_docx(request: HttpRequest, snapshot: Snapshot, template: str, period: str) -> FileResponse:
    """Hand out the Word file."""
    composed = _compose(Snapshot.for_period(_period(period)), template, period)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.docx"
        composed.save(path)
        content = BytesIO(path.read_bytes())
    return FileResponse(content, as_attachment=True, filename=f"{composed.title}.docx")


def _compose(snapshot: Snapshot, template: str, period: str) -> Report:
    try:
        return compose(template, snapshot, _period(period))
    except registry.Unknown as problem:
        raise Http404(str(problem)) from None


def _period(key: str) -> Period:
    try:
        return Period.parse(key)
    except PeriodFault as problem:
        raise Http404(str(problem)) from None


def _figure_address(mark: Mark) -> str:
    return address(mark.figure, mark.answer.period.key, dict(mark.slice))
