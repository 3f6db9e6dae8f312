"""The page of the verdict on the county's preschool education in a year, and downloads of its form."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from xuezheng.areas.preschool.procedures.county import county_verdict
from xuezheng.areas.preschool.procedures.form_files import write_form_document, write_form_workbook
from xuezheng.areas.preschool.procedures.indicators import IndicatorVerdict, years
from xuezheng.areas.preschool.procedures.items import PARTS, ItemVerdict, Result, level_rules
from xuezheng.records.permissions import require
from xuezheng.reports.evaluation import number
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.answers.statuses import CONCLUSION_COLOURS, STATUS_COLOURS
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.web.ui.parameters import parse_year

_WRITERS = {"xlsx": write_form_workbook, "docx": write_form_document}
_RESULT_COLOURS = {
    Result.QUALIFIED: "green",
    Result.BASIC: "yellow",
    Result.UNQUALIFIED: "red",
    None: "orange",
}


@require_GET
@with_snapshot
def verdict(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show whether the county passes in a year, what fails and what is missing, with links to the rows."""
    require(request.user, "see", "preschool.verdict")
    known = years(snapshot)
    year = parse_year(request.GET.get("year"), known, snapshot.day)
    context: dict[str, Any] = {"year": year, "years": known, "snapshot": snapshot}
    if year not in known:
        context["refusal"] = f"{year}年还没有幼儿园填报“幼儿园基本情况表”。请导入后生成快照。"
        return render(request, "preschool/verdict.html", context)
    county = county_verdict(snapshot, year)
    context |= {
        "county": county,
        "conclusion": county.conclusion.value,
        "colour": CONCLUSION_COLOURS[county.conclusion],
        "indicators": [_indicator_line(each, year) for each in county.indicators],
        "parts": [
            (title, [_item_line(item, year) for item in county.items if item.part == part])
            for part, title in PARTS.items()
        ],
        "rules": level_rules(year),
        "policies": {
            name: reverse("web:standard", args=[f"preschool.{name}"])
            for name in ("level_qualified", "level_basic")
        },
    }
    return render(request, "preschool/verdict.html", context)


@require_GET
@with_snapshot
def form_file(request: UserRequest, snapshot: Snapshot, year: int, kind: str) -> FileResponse:
    """Send the self-evaluation form of a year; ``kind`` is "xlsx" or "docx".

    Raises ``Http404`` for another kind, or if the year has no forms.
    """
    require(request.user, "see", "preschool.verdict")
    if kind not in _WRITERS or year not in years(snapshot):
        raise Http404("没有这个文件。")
    county = county_verdict(snapshot, year)
    name = f"{year}年县域学前教育普及普惠自评表.{kind}"
    return send_download(name, lambda path: _WRITERS[kind](county, snapshot, path))


def _indicator_line(each: IndicatorVerdict, year: int) -> dict[str, Any]:
    """Return a dict for the template: texts of an indicator, and the addresses of rows and policy."""
    indicator, value = each.indicator, each.measured.value
    sign = "不超过" if indicator.comparison == "at_most" else "不低于"
    return {
        "number": indicator.number,
        "label": indicator.label,
        "value": "" if value is None else f"{number(value)}{indicator.unit}",
        "limit": "" if each.limit is None else f"{sign}{number(each.limit)}{indicator.unit}",
        "status": each.status.value,
        "colour": STATUS_COLOURS[each.status],
        "reason": each.reason,
        "figure": figure_address(each.measured.figure, each.measured.period, each.measured.slice),
        "policy": reverse("web:standard", args=[f"preschool.{indicator.limit}"]),
        "failing": [
            (school, figure_address("preschool.kindergartens", str(year), {"school": str(school.school)}))
            for school in each.failing
        ],
    }


def _item_line(item: ItemVerdict, year: int) -> dict[str, Any]:
    register = reverse("web:register", args=["preschool_selfevaluation"])
    return {
        "item": item,
        "result": item.result.label if item.result else "未登记",
        "colour": _RESULT_COLOURS[item.result],
        "document": item.registered["document"] if item.registered else "",
        "register": f"{register}?{urlencode({'year': str(year), 'item': item.code})}",
    }
