"""Pages about the input of rotation plans: who is due and why, and requests and posts."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from xuezheng.areas.staffing.models import RotationPost, RotationRequest
from xuezheng.areas.staffing.models.quotas import TEACHER
from xuezheng.areas.staffing.procedures.due import days_of, list_due, rotating_schools
from xuezheng.areas.staffing.procedures.inputs import fields_of, gaps, read_season
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Stage, User
from xuezheng.records.permissions import Scope, permits, require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.parameters import parse_number

PER_PAGE = 100
PURPOSE = "交流轮岗"
MATTER = "staffing.rotation"
_FIRST, _LAST = 2000, 2100


@require_GET
def seasons(request: UserRequest) -> HttpResponse:
    """Redirect to the latest school year with posts or requests; without any to that beginning this year."""
    require(request.user, "see", MATTER)
    years = known_years()
    return redirect("staffing:rotation", years[0] if years else timezone.localdate().year)


@require_GET
def due(request: UserRequest, year: int) -> HttpResponse:
    """Show who reaches the required years today, on 31 August of ``year`` or of the next two years, and why.

    ``?school`` limits the list to a school; users of a school see only their own.
    """
    require(request.user, "see", MATTER)
    check_year(year)
    own = own_school(request.user)
    schools = rotating_schools()
    chosen = own if own is not None else parse_number(request.GET.get("school")) or None
    today = timezone.localdate()
    days = days_of(year, today)
    columns = {day: {line.person: line for line in list_due(day, chosen)} for day in days}
    reached = [
        person for person in dict.fromkeys(key for lines in columns.values() for key in lines)
        if any(person in lines and lines[person].reached for lines in columns.values())
    ]  # fmt: skip
    page = Paginator(reached, PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(request, f"{year}年交流轮岗应交流名单", PURPOSE, page.object_list)
    posts = dict(code_list("policy.post").choices)
    rows = []
    for person in page:
        known = [columns[day].get(person) for day in days]
        first = next(line for line in known if line is not None)
        current = next((line for line in known if line is not None and line.reached), first)
        rows.append(
            {"line": first, "school": schools.get(first.tenure.school), "post": posts.get(first.tenure.kind, ""),
             "days": known, "reason": current.reason}
        )  # fmt: skip
    totals = [
        (day, day == today, sum(line.due for line in lines.values()),
         sum(line.due and line.tenure.kind == TEACHER for line in lines.values()),
         sum(line.reached and not line.due for line in lines.values()))
        for day, lines in columns.items()
    ]  # fmt: skip
    context = {
        **steps_of(request.user, year, "due"), "page": page, "rows": rows, "totals": totals, "own": own,
        "schools": sorted(schools.values(), key=lambda school: school.name), "chosen": chosen, "days": days,
    }  # fmt: skip
    return render(request, "staffing/rotation_due.html", context)


@require_GET
def requests_and_posts(request: UserRequest, year: int) -> HttpResponse:
    """Show supply and demand of each stage and subject, and missing or contradictory entries.

    ``year`` is the calendar year in whose autumn the school year begins. Users of a school see only their own
    school.
    """
    require(request.user, "see", MATTER)
    check_year(year)
    season, own = read_season(year), own_school(request.user)
    own_gaps = [gap for gap in gaps(season) if own in (None, gap.school)]
    page = Paginator(own_gaps, PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(
        request, f"{year}年交流志愿核对", PURPOSE, [gap.person for gap in page if gap.person is not None]
    )
    subjects = dict(code_list("policy.subject").choices)
    own_due = [line for line in season.due_teachers if own in (None, line.tenure.school)]
    context = {
        **steps_of(request.user, year, "requests"),
        "page": page,
        "gaps": [(gap, season.schools.get(gap.school, "")) for gap in page],
        "fields": [
            (Stage(line.stage).label, subjects.get(line.subject, line.subject), line) for line in fields_of(season)
        ] if own is None else [],
        "due": len(own_due),
        "requests": sum(line.person in season.requests for line in own_due),
        "subjects": sum(line.person in season.subjects for line in own_due),
        "places": sum(post.places for post in season.posts if own in (None, post.school_id)),
        "posts": [post for post in season.posts if own in (None, post.school_id)],
        "own": own,
    }  # fmt: skip
    return render(request, "staffing/rotation_requests.html", context)


def own_school(user: User) -> int | None:
    """Return the primary key of the school to which the view of ``user`` is limited; None if unlimited.

    Returns 0, the key of no school, if the view is limited but the user has no school.
    """
    scope = permits(user, "see", MATTER)
    return None if Scope.ALL in scope else user.school_id or 0


def steps_of(user: User, year: int, step: str) -> dict[str, Any]:
    """Return the template context common to the rotation pages of a year.

    It has the year, the school year, ``step`` (the page now shown), the years to choose from (latest first)
    and whether ``user`` may see plans and handle them.
    """
    return {
        "year": year,
        "school_year": f"{year}-{year + 1}",
        "step": step,
        "years": sorted({year, *known_years()}, reverse=True),
        "may_see_plans": bool(permits(user, "see_plans", MATTER)),
        "may_handle": bool(permits(user, "handle", MATTER)),
    }


def check_year(year: int) -> None:
    """Raise ``Http404`` unless ``year`` is between 2000 and 2100, inclusive."""
    if not _FIRST <= year <= _LAST:
        raise Http404("没有这一学年的交流轮岗。")


def known_years() -> list[int]:
    """Return, latest first, the years in whose autumn a school year with posts or requests begins."""
    texts = {*RotationPost.objects.values_list("school_year", flat=True).distinct()}
    texts |= {*RotationRequest.objects.values_list("school_year", flat=True).distinct()}
    return sorted({int(text[:4]) for text in texts}, reverse=True)
