"""Checking a report that somebody hands in: verify it, audit its arithmetic, refresh or adopt it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django import forms
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from xuezheng.imports import WorkbookRefused
from xuezheng.records.periods import Period
from xuezheng.reports import audit, marks
from xuezheng.reports.adopt import AdoptionRefused, adopt
from xuezheng.reports.audit import read
from xuezheng.reports.audit.reading import UnreadableError
from xuezheng.reports.findings import text_of
from xuezheng.reports.refresh import refresh
from xuezheng.reports.verify import verify
from xuezheng.snapshots import Snapshot
from xuezheng.web import passages, periods
from xuezheng.web.answers import with_snapshot
from xuezheng.web.files import LimitedFileField, handed_out, received, takes_files

MEGABYTES = 20
VERIFY, AUDIT, REFRESH, ADOPT = "verify", "audit", "refresh", "adopt"
ACTIONS = (
    (VERIFY, "核对：数字有没有被手工改过，与台账是否仍然一致"),
    (AUDIT, "审核：合计、占比、标准乘人数等对不对，任何单位的文件都可以"),
    (REFRESH, "刷新：换成所选时期的数字，文字不动，下载新文件"),
    (ADOPT, "收编：给没有标记的旧报告加上标记，文字不动，下载后就能刷新和核对"),
)
_FAULTS = (marks.NotAReportError, AdoptionRefused, UnreadableError, WorkbookRefused)


class CheckForm(forms.Form):
    """The file, and what to do with it."""

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="请去掉图片等附件后再试。",
        label="文件",
        help_text=f".docx、.xlsx 或 .txt，不超过{MEGABYTES}兆",
    )
    action = forms.ChoiceField(label="做什么", choices=ACTIONS, initial=VERIFY, widget=forms.RadioSelect)


@takes_files(MEGABYTES)
@require_http_methods(["GET", "POST"])
@with_snapshot
def check(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    """Take a file, do what is asked, and show what was found where it stands; nothing is kept."""
    form = CheckForm(request.POST or None, request.FILES or None)
    choice = periods.choice(request, snapshot.day)
    context: dict[str, Any] = {"form": form, "choice": choice}
    if request.method == "POST" and form.is_valid():
        upload, action = form.cleaned_data["file"], form.cleaned_data["action"]
        try:
            period = Period.parse(request.POST.get("period", choice.period.key))
            with received(upload) as path:
                if action == REFRESH:
                    return _refreshed(path, period, upload.name)
                if action == ADOPT:
                    return _adopted(path, period, upload.name)
                context |= _verified(path, snapshot) if action == VERIFY else _audited(path)
        except (*_FAULTS, ValueError) as fault:
            form.add_error("file", str(fault))
        else:
            context |= {"done": dict(ACTIONS)[action].split("：")[0], "name": upload.name}
    return render(request, "web/check.html", context)


def _refreshed(path: Path, period: Period, name: str) -> FileResponse:
    refreshed = refresh(path, Snapshot.for_period(period), period)
    return handed_out(f"{Path(name).stem} {period.label}.docx", refreshed.save)


def _adopted(path: Path, period: Period, name: str) -> FileResponse:
    adopted = adopt(path, Snapshot.for_period(period), period)
    if not adopted.marks:
        raise AdoptionRefused(
            f"没有找到能确定是{period.label}指标的数，没有可收编的。请核对报告说的是不是这个时期。"
        )
    return handed_out(f"{Path(name).stem} 收编.docx", adopted.save)


def _verified(path: Path, snapshot: Snapshot) -> dict[str, Any]:
    findings = verify(path, snapshot)
    by_text: passages.Found = {}
    for finding in findings:
        text = "" if finding.paragraph is None else text_of(finding.paragraph)
        by_text.setdefault(text, []).append(finding.message)
    shown, elsewhere = passages.of_document(marks.opened(path), by_text)
    return {"passages": shown, "elsewhere": elsewhere, "count": len(findings)}


def _audited(path: Path) -> dict[str, Any]:
    source = read(path)
    slips = audit.audit(source)
    by_text: passages.Found = {}
    for slip in slips:
        text = next((text for text in source.paragraphs if slip.where in text), "")
        told = f"{slip.certainty.value}：{slip.message}"
        by_text.setdefault(text, []).append(told if text else f"{slip.where}——{told}")
    shown, elsewhere = passages.of_lines(source.paragraphs, by_text)
    return {"passages": shown, "elsewhere": elsewhere, "count": len(slips)}
