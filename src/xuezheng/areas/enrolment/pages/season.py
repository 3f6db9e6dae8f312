"""The pages of the admission season: plans and applications of each school, doubts, and lists to download."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from xuezheng.areas.enrolment.models import AdmissionPlan, Applicant, Draw
from xuezheng.areas.enrolment.models.stages import COMPULSORY
from xuezheng.areas.enrolment.procedures.season import SchoolSeason, Season, doubts, drawn, schools_of
from xuezheng.areas.enrolment.procedures.season_files import write_admitted, write_class_rolls
from xuezheng.areas.enrolment.procedures.steps import DrawRefused
from xuezheng.records.models import Look, School, Stage
from xuezheng.records.permissions import permits, require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import disclosed

PER_PAGE = 100
PURPOSE = "招生录取"


@require_GET
def seasons(request: UserRequest) -> HttpResponse:
    """Redirect to the primary season of the latest year with a plan or application; this year without any."""
    require(request.user, "see", "enrolment.season")
    years = _years()
    return redirect("enrolment:season", years[0] if years else timezone.localdate().year, Stage.PRIMARY)


@require_GET
def season(request: UserRequest, year: int, stage: str) -> HttpResponse:
    """Show the plans and applications of all schools for a year and stage.

    Users who may handle lists also see contradictions between applications and registers, which is recorded
    in the access log.
    """
    require(request.user, "see", "enrolment.season")
    chosen = _season(year, stage)
    applicants = list(chosen.applicants())
    lists = bool(permits(request.user, "list", "enrolment.season"))
    page = None
    if lists:
        page = Paginator(list(doubts(chosen, applicants)), PER_PAGE).get_page(request.GET.get("page"))
        access_log.note(
            request, f"{year}年入学报名核对", PURPOSE, [applicant.person_id for applicant, _ in page]
        )
    context = {
        "year": year,
        "stage": stage,
        "stages": COMPULSORY,
        "years": sorted({year, *_years()}, reverse=True),
        "schools": [_shown(each, chosen) for each in schools_of(chosen, applicants)],
        "may_draw": bool(permits(request.user, "handle", "enrolment.draw")),
        "may_list": lists,
        "page": page,
        "doubts": page.object_list if page else (),
    }
    return render(request, "enrolment/season.html", context)


@require_GET
def season_file(request: UserRequest, year: int, stage: str, school: int, kind: str) -> HttpResponseBase:
    """Send an Excel file of a school.

    ``kind`` is "places" for the children admitted, "classes" for the class rolls. If they cannot be written,
    it redirects to the season with a message. Raises ``Http404`` for another kind, or without a draw of
    classes made from applications.
    """
    require(request.user, "list", "enrolment.season")
    chosen, school_row = _season(year, stage), get_object_or_404(School, pk=school)
    if kind == Draw.Kind.PLACES:
        name = f"{year}年{school_row}{Stage(stage).label}录取名单.xlsx"

        def write(path: Path) -> list[int]:
            return write_admitted(path, school_row, chosen)
    elif kind == Draw.Kind.CLASSES:
        draw = get_object_or_404(drawn(kind, school_row, chosen).filter(registered=True)[:1])
        name = f"{year}年{school_row}{Stage(stage).label}分班名册.xlsx"

        def write(path: Path) -> list[int]:
            return write_class_rolls(path, draw)
    else:
        raise Http404("没有这个文件。")
    try:
        return disclosed(request, Look.Kind.FILE, name, PURPOSE, write)
    except DrawRefused as refusal:
        messages.error(request, str(refusal))
        return redirect("enrolment:season", year, stage)


def _season(year: int, stage: str) -> Season:
    if stage not in dict(COMPULSORY) or not 2000 <= year <= 2100:
        raise Http404("没有这一年、这一学段的招生。")
    return Season(stage, year)


def _years() -> list[int]:
    years = {*AdmissionPlan.objects.values_list("year", flat=True).distinct()}
    years |= {*Applicant.objects.values_list("year", flat=True).distinct()}
    return sorted(years, reverse=True)


def _shown(each: SchoolSeason, chosen: Season) -> dict[str, object]:
    """What the page shows of a school: its line, and the addresses of the forms for a draw, filled in."""

    def form(kind: str, size: int | None) -> str:
        given = {"kind": kind, "school": str(each.school.pk), "stage": chosen.stage, "year": str(chosen.year)}
        return urlencode(given | ({"places": str(size)} if size else {}))

    surplus, plan = each.surplus, each.plan
    return {
        "line": each,
        "over": max(surplus, 0) if surplus is not None else None,
        "free": max(-surplus, 0) if surplus is not None else None,
        "draw_form": form(Draw.Kind.PLACES, plan.seats if plan else None),
        "class_form": form(Draw.Kind.CLASSES, plan.classes if plan else None),
    }
