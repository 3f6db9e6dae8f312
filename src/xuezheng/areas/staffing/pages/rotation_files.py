"""Pages and downloads of decided rotation plans: the moves, the lists and the letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.areas.staffing.jobs import write_all_letters
from xuezheng.areas.staffing.models import Placement, RotationPlan
from xuezheng.areas.staffing.pages.rotation import MATTER, PER_PAGE, PURPOSE, check_year, own_school, steps_of
from xuezheng.areas.staffing.procedures.files import write_letters, write_list, write_school_list
from xuezheng.areas.staffing.procedures.steps import DECIDED
from xuezheng.jobs.attachments import Attachment
from xuezheng.records.models import Look, School, Stage
from xuezheng.records.permissions import require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import disclosed, send_attachment
from xuezheng.web.ui.parameters import parse_number

#: The number of letters above which a background job writes them.
LETTERS_AT_ONCE = 40


@require_GET
def moves(request: UserRequest, year: int) -> HttpResponse:
    """Show the moves of the decided plan of the school year that begins in autumn of ``year``.

    Users of a school see only the moves from and to it.
    """
    require(request.user, "see", MATTER)
    check_year(year)
    decided = RotationPlan.objects.filter(school_year=f"{year}-{year + 1}", state__in=DECIDED)
    row = decided.defer("inputs").first()
    rows = Placement.objects.visible_to(request.user).moving(row) if row else Placement.objects.none()
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(request, f"{year}年交流轮岗定案名单", PURPOSE, [each.person_id for each in page])
    own = own_school(request.user)
    context = {
        **steps_of(request.user, year, "moves"), "plan": row, "page": page, "own": own,
        "rows": [(each, Stage(each.stage).label) for each in page],
    }  # fmt: skip
    return render(request, "staffing/rotation_moves.html", context)


@require_GET
def plan_file(request: UserRequest, pk: int, kind: str) -> HttpResponseBase:
    """Send a Word file of a decided plan; ``kind`` is "list" or "letters".

    ``?school`` (primary key) limits it to the moves from and to a school, ``?placement`` to one move; users
    of a school get only those of their own. More than 40 letters are written by a background job, to whose
    page it redirects. Raises ``Http404`` if the plan is not decided, there is no such move, or ``kind`` is
    another.
    """
    require(request.user, "see", MATTER)
    row = get_object_or_404(RotationPlan.objects.defer("inputs"), pk=pk)
    if not row.is_decided:
        raise Http404("方案没有定案，没有文件。")
    own, school = own_school(request.user), None
    key = own if own is not None else parse_number(request.GET.get("school")) or None
    rows = Placement.objects.visible_to(request.user).moving(row)
    if key is not None:
        school = get_object_or_404(School, pk=key)
        rows = rows.filter(Q(from_school=school) | Q(to_school=school))
    if person := parse_number(request.GET.get("placement")):
        rows = rows.filter(pk=person)
    chosen = list(rows)
    if not chosen:
        raise Http404("没有这样的安排。")
    if kind == "letters" and len(chosen) > LETTERS_AT_ONCE:
        attachment = Attachment.create(request.user, f"{row.school_year}学年交流通知.docx", plan=row.pk)
        return redirect("web:job", write_all_letters.ask(request.user, token=attachment.token).pk)
    about = row.school_year + "学年" + (str(school) if school is not None else "")
    writers: dict[str, tuple[str, Callable[[Path], list[int]]]] = {
        "list": (
            f"{about}交流轮岗名单.docx",
            partial(write_list, row, chosen)
            if school is None
            else partial(write_school_list, row, school, chosen),
        ),
        "letters": (f"{about}交流通知.docx", partial(write_letters, row, chosen)),
    }
    if kind not in writers:
        raise Http404("没有这个文件。")
    name, write = writers[kind]
    return disclosed(request, Look.Kind.FILE, name, PURPOSE, write)


@never_cache
@require_GET
def letters(request: UserRequest, token: str) -> HttpResponseBase:
    """Show that the letters written by the job for ``token`` are ready; with ``?file`` send the Word file.

    Sending is recorded in the access log. If the attachment is gone or not the user's, it redirects with a
    warning.
    """
    require(request.user, "see_plans", MATTER)
    return send_attachment(request, token, PURPOSE, "staffing/rotation_letters.html", "staffing:rotations")
