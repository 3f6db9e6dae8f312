"""The pages of the report: its text, in which each number links to its figure, and the Word file."""

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from xuezheng import registry
from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import catalogue, coverage
from xuezheng.records.permissions import permits
from xuezheng.reports import preview
from xuezheng.reports.model import Chart, Mark
from xuezheng.reports.releases.additions import compose_whole, current_sentences
from xuezheng.reports.report import Report
from xuezheng.reports.templates.catalogue import templates, titles
from xuezheng.reports.word import document
from xuezheng.reports.word.document import Sources
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers import charts
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import send_download


@require_GET
@with_snapshot
def reports(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Redirect to the first report template for the ``period`` of the query string.

    The default is the half-year reported on at the newest snapshot's day. Raises ``Http404`` where there is
    no template or the period cannot be read.
    """
    template = next(iter(templates()), None)
    if template is None:
        raise Http404("没有报告模板。")
    requested = request.GET.get("period")
    period = _period(requested).key if requested else period_choice.half_year(snapshot.day)
    return redirect("web:report", template, period)


@require_GET
@with_snapshot
def report(request: UserRequest, snapshot: Snapshot, template: str, period: str) -> HttpResponse:
    """Show the report ``template`` for a period (its key, as ``2019H1``) in the form of a printed page.

    The query parameter ``period`` redirects to another period. Raises ``Http404`` for an unknown template or
    period.
    """
    if requested := request.GET.get("period"):
        return redirect("web:report", template, _period(requested).key)
    period_snapshot, composed = _compose(template, _period(period))
    figures = {mark.figure for mark in composed.marks}
    context = {
        "report": composed,
        "coverage": coverage(period_snapshot, map(catalogue.figure, figures), composed.period),
        # The composer escapes every text.
        "html": mark_safe(preview.html(composed.blocks, _figure_address, _drawn)),  # noqa: S308
        "choice": period_choice.choice(request, snapshot.day, default=period),
        "download": reverse("web:report_docx", args=[template, period]),
        "snapshot": period_snapshot,
        "templates": (known := titles()),
        "template_title": known.get(template, template),
        "additions": current_sentences(template, composed.period),
        "may_add": permits(request.user, "enrich", "report"),
        "charts": any(isinstance(block, Chart) for block in composed.blocks),
    }
    return render(request, "web/report.html", context)


@require_GET
@with_snapshot
def report_docx(request: UserRequest, snapshot: Snapshot, template: str, period: str) -> FileResponse:
    """Send the report ``template`` for a period (its key, as ``2019H1``) as a Word file.

    The query parameter ``sources`` requests the sources of its numbers, by default none.
    """
    shown, composed = sources(request, default=Sources.NONE), _compose(template, _period(period))[1]
    return send_download(f"{composed.title}.docx", lambda path: document.write_report(composed, path, shown))


def sources(request: UserRequest, default: Sources) -> Sources:
    """Return the place in the Word file where the sources of its numbers are shown, as the query parameter says.

    The parameter is ``sources``, ``default`` the place without it. Raises ``Http404`` for a value that is no
    member of ``Sources``.
    """
    try:
        return Sources(request.GET.get("sources", default.value))
    except ValueError:
        raise Http404("没有这种出处。") from None


def _compose(template: str, period: Period) -> tuple[Snapshot, Report]:
    """Return the snapshot for a period and the report composed from it; raises ``Http404`` for an unknown template."""
    snapshot = Snapshot.for_period(period)
    try:
        return snapshot, compose_whole(template, snapshot, period)
    except registry.Unknown as problem:
        raise Http404(str(problem)) from None


def _period(key: str) -> Period:
    try:
        return Period.parse(key)
    except PeriodError as problem:
        raise Http404(str(problem)) from None


def _figure_address(mark: Mark) -> str:
    return figure_address(mark.figure, mark.answer.period.key, dict(mark.slice))


def _drawn(chart: Chart) -> str:
    """Return the HTML of a chart in the report, drawn as on every page."""
    parts = [
        charts.Part(label, answer, figure_address(chart.figure, answer.period.key, dict(answer.slice)))
        for label, answer in zip(chart.labels, chart.answers, strict=True)
    ]
    id = "-".join(("chart", chart.figure.replace(".", "-"), chart.dimension, *chart.slice.values()))
    drawing = charts.bars(id, parts)
    return render_to_string("web/drawing.html", {"drawing": drawing, "title": chart.caption})
