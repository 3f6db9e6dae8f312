"""The page of the verdict on the county in a year, and downloads of the national form."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.pages.lines import (
    difference_lines,
    gap_lines,
    item_lines,
    policy_address,
    stage_tables,
)
from xuezheng.areas.balance.pages.plans import summary
from xuezheng.areas.balance.procedures.county import CountyVerdict, county_verdict
from xuezheng.areas.balance.procedures.form_files import write_form_document, write_form_workbook
from xuezheng.areas.balance.procedures.items import PARTS
from xuezheng.areas.balance.procedures.reading import NothingKnown, years
from xuezheng.areas.balance.procedures.resources import INDICATORS
from xuezheng.records.permissions import permits, require
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.answers.statuses import CONCLUSION_COLOURS
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.web.ui.parameters import parse_year

_WRITERS = {"xlsx": write_form_workbook, "docx": write_form_document}


def chosen_year(request: UserRequest, snapshot: Snapshot) -> tuple[int, list[int]]:
    """Return (year, years with forms), the year being that in ``?year`` or the latest with forms.

    Without forms it is the year of the snapshot's day.
    """
    known = years(snapshot)
    return parse_year(request.GET.get("year"), known, snapshot.day), known


def county_of(request: UserRequest, snapshot: Snapshot) -> tuple[CountyVerdict | None, dict[str, Any]]:
    """Return the verdict for the year that the request names, and the template context of the pages on it.

    Without data for the year the verdict is None, and the context has the Chinese reason as ``refusal``.
    """
    year, known = chosen_year(request, snapshot)
    context: dict[str, Any] = {"year": year, "years": known, "snapshot": snapshot}
    try:
        return county_verdict(snapshot, year), context
    except NothingKnown as refusal:
        return None, {**context, "refusal": str(refusal)}


@require_GET
@with_snapshot
def verdict(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """Show whether the county passes in a year, what fails and what is missing, with links to the rows."""
    require(request.user, "see", "balance.verdict")
    county, context = county_of(request, snapshot)
    if county is None:
        return render(request, "balance/verdict.html", context)
    year = county.year
    latest = GapPlan.objects.visible_to(request.user).filter(year=year).first()
    context |= {
        "county": county,
        "conclusion": county.conclusion.value,
        "colour": CONCLUSION_COLOURS[county.conclusion],
        "indicators": [(each, policy_address(each.key)) for each in INDICATORS],
        "needed": county.standards.needed,
        "stages": stage_tables(county.judged, year),
        "gaps": gap_lines(county.judged),
        "parts": [(title, item_lines(county.items, part, year)) for part, title in PARTS.items()],
        "surveys": item_lines(county.surveys, "survey", year),
        "differences": difference_lines(county),
        "policies": {
            name: policy_address(name)
            for name in ("needed", "floor", "variation_limit", "item_limit", "satisfaction")
        },
        "latest": latest and summary(latest),
        "may_make": bool(permits(request.user, "make", "balance.gap_plan")),
    }
    return render(request, "balance/verdict.html", context)


@require_GET
@with_snapshot
def form_file(request: UserRequest, snapshot: Snapshot, year: int, kind: str) -> FileResponse:
    """Send the national form of a year with all reported numbers; ``kind`` is "xlsx" or "docx".

    Raises ``Http404`` for another kind, or if the year has no forms or standards.
    """
    require(request.user, "see", "balance.verdict")
    if kind not in _WRITERS:
        raise Http404("没有这个文件。")
    try:
        county = county_verdict(snapshot, year)
    except NothingKnown as refusal:
        raise Http404(str(refusal)) from None
    name = f"{year}年义务教育优质均衡发展县申报表.{kind}"
    return send_download(name, lambda path: _WRITERS[kind](county, snapshot, path))
