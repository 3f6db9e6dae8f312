"""The report templates: the list, a new one, the page to edit one, and its file."""

from __future__ import annotations

import re
from typing import Any

import yaml
from django import forms
from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.core.number_text import chinese
from xuezheng.core.periods import Period, PeriodError
from xuezheng.figures import catalogue
from xuezheng.policy.packs import FOLDER
from xuezheng.records.permissions import permits, require
from xuezheng.reports import preview
from xuezheng.reports.compose import compose_text
from xuezheng.reports.templates import versions
from xuezheng.reports.templates.catalogue import (
    ReportTemplate,
    read_template,
    shipped_templates,
    templates,
    write_template,
)
from xuezheng.reports.templates.language import ReportTemplateError
from xuezheng.reports.templates.models import Kind, TemplateVersion
from xuezheng.reports.templates.versions import LONGEST, TemplateRefused
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import ids
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.file_transfer import LimitedFileField, takes_files
from xuezheng.web.ui.forms import style_fields

HEADINGS = FOLDER / "national/reports/headings.yaml"
_BLANK, _HEADINGS = "", "headings"
_MEGABYTES = 1
_MOST_LISTED = 20  # figures that the palette lists
_LINE = re.compile("第([0-9]+)行")


class TemplateForm(forms.Form):
    """The form of a new template: its code, name and kind, and what it begins with."""

    name = forms.RegexField(
        r"^[a-z][a-z0-9_-]*\Z",
        label="代号",
        max_length=40,
        help_text="小写字母、数字、“-”“_”，以字母开头，如 half_year_county；命令行用它，以后不变",
    )
    title = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类别", choices=Kind)
    beginning = forms.ChoiceField(label="从什么开始", required=False)
    file = LimitedFileField(
        megabytes=_MEGABYTES,
        remedy="请核对文件。",
        label="导入的模板文件",
        required=False,
        help_text="别处导出的 .md 文件；选了文件就用文件的内容",
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        shipped = [(name, f"照“{known.title}”") for name, known in templates().items()]
        self.fields["beginning"].choices = [(_BLANK, "空白"), (_HEADINGS, "一组常用标题"), *shipped]  # type: ignore[attr-defined]
        style_fields(*self.fields.values())


@never_cache
@takes_files(_MEGABYTES)
@require_http_methods(["GET", "POST"])
def report_templates(request: UserRequest) -> HttpResponse:
    """List the templates; a POST creates one and opens it.

    Raises ``PermissionDenied`` where the user may not see templates, or for a POST by a user who may not
    change them.
    """
    require(request.user, "enrich", "report")
    form = TemplateForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        require(request.user, "template", "report")
        try:
            made = versions.save(_new(form.cleaned_data), 0, request.user, "新建")
        except (TemplateRefused, UnicodeDecodeError) as error:
            form.add_error(None, str(error) if isinstance(error, TemplateRefused) else "文件不是UTF-8文本。")
        else:
            messages.success(request, f"已建立“{made.title}”。")
            return redirect("web:report_template", made.template.name)
    context = {
        "templates": templates().values(),
        "retired": _retired(),
        "form": form,
        "may_edit": permits(request.user, "template", "report"),
    }
    return render(request, "web/report_templates.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@with_snapshot
def report_template(request: UserRequest, snapshot: Snapshot, name: str) -> HttpResponse:
    """Show the template ``name`` with its versions; a POST carries out the ``step`` on the edited text.

    "save" stores it as a new version, "retire" takes the template out of use, anything else shows a preview
    for the chosen period. Raises ``Http404`` for an unknown template.
    """
    require(request.user, "enrich", "report")
    current, history = _current(name)
    shown = _edited(request, current, history)
    error, html = "", ""
    step = request.POST.get("step", "")
    choice = period_choice.choice(request, snapshot.day)
    period_key = request.POST.get("period", choice.period.key)
    snapshot_id = request.POST.get("snapshot", "")
    if step:
        require(request.user, "template", "report")
        try:
            composed = _compose(shown, _snapshot(snapshot_id, period_key), Period.parse(period_key))
            if step in ("save", "retire"):
                after = int(request.POST.get("after", "-1"))
                act = versions.save if step == "save" else versions.retire
                made = act(shown, after, request.user)
                messages.success(request, "已停用。" if step == "retire" else f"已保存为第{made.number}版。")
                return redirect(
                    "web:report_templates" if step == "retire" else "web:report_template",
                    *([] if step == "retire" else [name]),
                )
            html = composed
        except (ReportTemplateError, TemplateRefused, PeriodError, SnapshotError, ValueError) as problem:
            error = str(problem)
    line = _LINE.search(error)
    context = {
        "template": shown,
        "kinds": Kind.choices,
        "versions": history,
        "latest": history[0].number if history else 0,
        "error": error,
        "line": line[1] if line else "",
        "wrong": _line_of(shown.source, line),
        "html": html,
        "choice": choice,
        "period_key": period_key,
        "snapshots": ids()[::-1],
        "snapshot_id": snapshot_id,
        "headings": yaml.safe_load(HEADINGS.read_text("utf-8")),
        "may_edit": permits(request.user, "template", "report"),
    }
    return render(request, "web/report_template.html", context)


@require_GET
def report_template_file(request: UserRequest, name: str) -> HttpResponse:
    """Send the template ``name`` as a Markdown file, which another bureau can import.

    Raises ``Http404`` for an unknown name.
    """
    require(request.user, "enrich", "report")
    current, _ = _current(name)
    response = HttpResponse(write_template(current), content_type="text/markdown; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.md"'
    return response


@require_GET
@with_snapshot
def figure_palette(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show the figures whose name, key or definition contains each word of the query parameter ``q``.

    Each has the template expression that states it.
    """
    require(request.user, "enrich", "report")
    words = request.GET.get("q", "").split()
    matching = [
        figure
        for figure in catalogue.figures().values()
        if words and all(word in f"{figure.label}{figure.key}{figure.definition}" for word in words)
    ]
    matching.sort(key=lambda figure: (words[0] not in figure.label, len(figure.label)))
    context = {
        "figures": [(figure, figure.dimensions(snapshot).values()) for figure in matching[:_MOST_LISTED]],
        "more": max(len(matching) - _MOST_LISTED, 0),
        "words": words,
    }
    return render(request, "web/figure_palette.html", context)


def _new(values: dict[str, Any]) -> ReportTemplate:
    """Return the template that the form of a new one describes."""
    source, title, kind = "", values["title"], Kind(values["kind"])
    if values["file"]:
        imported = read_template(values["name"], values["file"].read().decode("utf-8"))
        source = imported.source
    elif values["beginning"] == _HEADINGS:
        source = _of_headings(title)
    elif values["beginning"]:
        source = templates()[values["beginning"]].source
    else:
        source = f"# {{{{ bureau }}}}关于{{{{ period }}}}{title}的报告\n\n现将有关情况报告如下。\n"
    return ReportTemplate(values["name"], kind, title, source)


def _of_headings(title: str) -> str:
    """Return a template of the headings that bureaus usually have, each with its notes of work and figures."""
    lines = [
        f"# {{{{ bureau }}}}关于{{{{ period }}}}{title}的报告",
        "现将有关情况报告如下。",
        "## 一、主要工作",
    ]
    for number, known in enumerate(yaml.safe_load(HEADINGS.read_text("utf-8")), 1):
        lines += [heading_of(number, known)]
    return "\n\n".join(lines) + "\n"


def heading_of(number: int, known: dict[str, Any]) -> str:
    """Return one heading of a new template as Markdown, with its work notes and a sentence for each of its figures.

    ``number`` counts from 1; ``known`` is an entry of ``headings.yaml`` with the keys ``heading``, ``topic``
    and ``figures``.
    """
    sentences = "".join(
        f'\n{catalogue.figure(key).label}为{{{{ n("{key}") }}}}。' for key in known["figures"]
    )
    return f'### （{chinese(number)}）{known["heading"]}\n\n{{{{ entries("{known["topic"]}") }}}}{sentences}'


def _current(name: str) -> tuple[ReportTemplate, list[TemplateVersion]]:
    """Return the template in use, or the last version of one that is not, and the bureau's versions, the newest first."""
    history = list(TemplateVersion.objects.filter(template__name=name).select_related("template", "made_by"))
    if known := templates().get(name):
        return known, history
    if not history:
        raise Http404("没有这个模板。")
    last = history[0]
    return ReportTemplate(name, Kind(last.kind), last.title, last.source, last.number), history


def _edited(request: UserRequest, current: ReportTemplate, history: list[TemplateVersion]) -> ReportTemplate:
    """Return the template as the form has it; without a form, the version that the address names, else the current one."""
    if request.method == "POST":
        kinds = {kind.value: kind for kind in Kind}
        return ReportTemplate(
            current.name,
            kinds.get(request.POST.get("kind", ""), current.kind),
            request.POST.get("title", "")[:60],
            request.POST.get("source", "")[: LONGEST + 1].replace("\r\n", "\n"),
        )
    number = request.GET.get("version", "")
    if number == "0" and current.name in shipped_templates():
        return read_template(current.name, shipped_templates()[current.name].read_text("utf-8"))
    chosen = next((version for version in history if str(version.number) == number), None)
    if chosen is None:
        return current
    return ReportTemplate(current.name, Kind(chosen.kind), chosen.title, chosen.source, chosen.number)


def _snapshot(id: str, period_key: str) -> Snapshot:
    return Snapshot.open(id) if id else Snapshot.for_period(Period.parse(period_key))


def _compose(known: ReportTemplate, snapshot: Snapshot, period: Period) -> str:
    """Return the report that a template makes, as HTML; raises :class:`ReportTemplateError`."""
    report = compose_text(known.source, snapshot, period, known.title or known.name)
    html = preview.html(
        report.blocks,
        lambda mark: figure_address(mark.figure, mark.answer.period.key, dict(mark.slice)),
    )
    return mark_safe(html)  # noqa: S308 - the composer escapes every text


def _line_of(source: str, line: re.Match[str] | None) -> str:
    lines = source.splitlines()
    return lines[int(line[1]) - 1] if line and 0 < int(line[1]) <= len(lines) else ""


def _retired() -> list[TemplateVersion]:
    return list(
        TemplateVersion.objects.filter(number=F("template__latest"), retires=True).select_related("template")
    )
