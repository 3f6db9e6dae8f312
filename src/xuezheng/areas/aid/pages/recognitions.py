"""The pages of recognitions: the list by state and school, with steps for many at once, and the notices."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Model, QuerySet
from django.http import FileResponse, Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.areas.aid.models import Notice, Recognition
from xuezheng.areas.aid.pages.form_input import day_of, report_refusals
from xuezheng.areas.aid.procedures.notices import last_day, people, unarranged, write_notice
from xuezheng.areas.aid.procedures.recognise import By, State, decide, may_be_decided, post, review
from xuezheng.records.models import Look, School, Term, User
from xuezheng.records.permissions import permits, require
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import disclosed
from xuezheng.web.ui.parameters import parse_number

PER_PAGE = 100
PURPOSE = "办理困难认定"
COLOURS: dict[str, str] = {
    State.APPLIED: "orange",
    State.REVIEWED: "azure",
    State.NOTICED: "blue",
    State.DECIDED: "green",
    State.REFUSED: "red",
    State.WITHDRAWN: "secondary",
    State.ENDED: "purple",
}


class Chip(NamedTuple):
    """A state as a filter of the page: its Chinese title and the number of recognitions in it.

    ``address`` shows only them; ``on`` is True where they are shown now, and ``address`` then shows all.
    """

    title: str
    people: int
    address: str
    on: bool


@never_cache
@require_http_methods(["GET", "POST"])
def recognitions(request: UserRequest) -> HttpResponse:
    """Show the recognitions of a term, filtered by state and school.

    A POST carries out a ``step`` for the selected ones. The query parameters are ``term`` (a code, by default
    of the newest term with any), ``school`` and ``state``. Raises ``PermissionDenied`` where the user may not
    see recognitions.
    """
    refuse_strangers(request.user)
    rows = Recognition.objects.visible_to(request.user)
    if request.method == "POST":
        return _step_of_many(request, rows)
    terms = list(Term.objects.filter(recognition__in=rows).distinct().order_by("-starts_on"))
    term = next(
        (candidate for candidate in terms if candidate.code == request.GET.get("term")),
        terms[0] if terms else None,
    )
    rows = rows.filter(term=term)
    schools = School.objects.filter(recognition__in=rows).distinct().order_by("kind", "name")
    school = schools.filter(pk=parse_number(request.GET.get("school"))).first()
    of_school = rows.filter(school=school) if school else rows
    state = request.GET.get("state", "")
    if state and state not in State.values:
        raise Http404("没有这样的状态。")
    chosen = of_school.filter(state=state) if state else of_school
    chosen = chosen.select_related("person", "school").order_by(
        "school__kind", "school__name", "class_name", "pk"
    )
    page = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    access_log.note(request, "困难认定", PURPOSE, access_log.persons_in(page))
    today = timezone.localdate()
    for recognition in page:
        recognition.colour = COLOURS[recognition.state]
        recognition.ripe = may_be_decided(recognition, today)
    context = {
        "page": page,
        "terms": terms,
        "term": term,
        "schools": schools,
        "school": school,
        "state": state,
        "chips": _chips(request.GET, of_school, state),
        "board": _board(rows) if schools.count() > 1 and not school else [],
        "board_states": [State(value).label for value in State.values],
        "notices": _notices(rows)[:8],
        "step": _step_offered(state, request.user, bool(schools.count() == 1 or school)),
        "today": today,
        "until": last_day(today),
        "unarranged": unarranged(today, last_day(today)),
        "may_pay": permits(request.user, "handle", "aid.payment"),
    }
    return render(request, "aid/recognitions.html", context)


def _chips(params: QueryDict, rows: QuerySet[Recognition], chosen: str) -> list[Chip]:
    counts = dict(rows.order_by().values("state").annotate(all=Count("pk")).values_list("state", "all"))
    chips = []
    for state in State.values:
        if state in counts:
            query = params.copy()
            query.pop("page", None)
            # The chip that is on takes its filter off.
            query["state"] = "" if state == chosen else state
            address = f"{reverse('aid:recognitions')}?{query.urlencode()}"
            chips.append(Chip(str(State(state).label), counts[state], address, state == chosen))
    return chips


def _board(rows: QuerySet[Recognition]) -> list[dict[str, Any]]:
    """Return a dict for each school: ``pk``, ``name``, and ``counts`` of recognitions by state."""
    board: dict[int, dict[str, Any]] = {}
    counted = rows.order_by("school__kind", "school__name").values("school", "school__name", "state")
    for group in counted.annotate(all=Count("pk")):
        line = board.setdefault(
            group["school"],
            {"pk": group["school"], "name": group["school__name"], "counts": dict.fromkeys(State.values, 0)},
        )
        line["counts"][group["state"]] = group["all"]
    return list(board.values())


def _notices(rows: QuerySet[Recognition]) -> QuerySet[Notice]:
    notices = Notice.objects.filter(steps__recognition__in=rows).distinct()
    return notices.select_related("school", "term").annotate(count=Count("steps", distinct=True))


def _step_offered(state: str, user: User, of_one_school: bool) -> str:
    """Return the step offered for many recognitions in a state: ``review``, ``post`` or ``decide``, or "" for none."""
    if state == State.APPLIED:
        return "review"
    if state == State.REVIEWED:
        return "post" if of_one_school else ""
    return "decide" if state == State.NOTICED and permits(user, "decide", "aid.recognition") else ""


def _step_of_many(request: UserRequest, rows: QuerySet[Recognition]) -> HttpResponse:
    requested = [parse_number(key) for key in request.POST.getlist("key")]
    # What is not visible does not exist for the user.
    keys = list(rows.filter(pk__in=requested).values_list("pk", flat=True))
    step = request.POST.get("step")
    back = f"{reverse('aid:recognitions')}?{QueryDict(request.POST.get('back', '')).urlencode()}"
    with report_refusals(request):
        by = By(request.user, day_of(request.POST.get("day")), request.POST.get("note", ""))
        if step == "review":
            messages.success(request, f"已评议{review(keys, by)}人。下一步请公示。")
        elif step == "post":
            made = post(keys, by, day_of(request.POST.get("last")))
            messages.success(request, f"已登记公示，到{made.last_day}。请下载公示文件张贴。")
            return redirect("aid:notice", made.pk)
        elif step == "decide":
            messages.success(request, f"已认定{decide(keys, by)}人，并列入应助名单。")
        else:
            raise Http404("没有这一步。")
    return redirect(back)


@never_cache
@require_GET
def notice(request: UserRequest, pk: int) -> HttpResponse:
    """Show the notice ``pk`` as it is posted: names, schools and classes.

    The view is written to the access log.
    """
    notice = _notice(request.user, pk)
    access_log.note(request, f"困难认定公示：{notice.school}", PURPOSE, _persons(notice))
    today = timezone.localdate()
    context = {"notice": notice, "people": people(notice), "over": notice.last_day < today}
    return render(request, "aid/notice.html", context)


@never_cache
@require_GET
def notice_docx(request: UserRequest, pk: int) -> FileResponse:
    """Send the notice ``pk`` as a Word document; the download is written to the access log."""
    notice = _notice(request.user, pk)
    name = f"困难认定公示 {notice.school} {notice.first_day}.docx"

    def write(path: Path) -> QuerySet[Model, int]:
        write_notice(notice, path)
        return _persons(notice)

    return disclosed(request, Look.Kind.FILE, name, "张贴公示", write)


def _persons(notice: Notice) -> QuerySet[Model, int]:
    """Return the primary keys of the persons that a notice lists."""
    return notice.steps.values_list("recognition__person", flat=True)


def _notice(user: User, pk: int) -> Notice:
    refuse_strangers(user)
    visible = Notice.objects.filter(steps__recognition__in=Recognition.objects.visible_to(user)).distinct()
    notice: Notice = get_object_or_404(visible.select_related("school", "term"), pk=pk)
    return notice


def refuse_strangers(user: User) -> None:
    """Raise ``PermissionDenied`` where ``user`` may not open the pages of recognitions (see :func:`may_recognise`)."""
    require(user, "review", "aid.recognition", school=user.school_id)
