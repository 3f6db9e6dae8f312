"""The search on every page: by words of a name or its pinyin initials; for people by name or ID number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.linkage.names import initials
from xuezheng.records.fields import keyed_hash
from xuezheng.records.identifiers import id_number_in
from xuezheng.records.models import Person, School, User, registers
from xuezheng.records.switches import is_used, unused
from xuezheng.reports.templates.catalogue import titles
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import period_choice
from xuezheng.web.ui.area_pages import dashboards
from xuezheng.web.ui.display import record_address
from xuezheng.web.ui.navigation import SYSTEM_PAGES, places
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.permissions import Rights

MOST = 6
_LONGEST = 40
_NAME = re.compile(r"[\u3400-\u9fff·]{2,}")


class Hit(NamedTuple):
    """A search result: its title, a detail ("" for none) and the address of its page.

    ``words`` is a further text by whose words it is found, "" for none.
    """

    title: str
    detail: str
    address: str
    words: str = ""


@never_cache
@require_http_methods(["GET", "POST"])
def search(request: UserRequest) -> HttpResponse:
    """Show the search page; a POST shows the results for the words in ``q``, grouped by kind.

    The words are accepted in a POST only, since addresses are kept in histories and logs. People who are
    found are written to the access log.
    """
    text = " ".join(request.POST.get("q", "").split())[:_LONGEST]
    groups = dict(_groups(request.user, text)) if text else {}
    if people := _people(request.user, text):
        access_log.note(request, "搜索", "查找人员", access_log.persons_in(people))
        groups["人员"] = [
            Hit(person.name, person.masked_id_number, record_address(person)) for person in people
        ]
    page = "web/search_found.html" if request.htmx else "web/search.html"
    return render(request, page, {"text": text, "groups": groups})


def _groups(user: User, text: str) -> Iterator[tuple[str, list[Hit]]]:
    """Yield (kind, results) for each kind with results: pages, schools, figures, reports, registers, templates."""
    known = {
        "页面": _pages(user),
        "学校": _schools(user),
        "指标": _figures(unused()),
        "报告": _reports(),
        "台账": _registers(user),
        "填报模板": _templates(user),
    }
    for kind, all_ in known.items():
        if best := _best(all_, text.lower()):
            yield kind, best


def _best(known: list[Hit], text: str) -> list[Hit]:
    """Return the hits whose titles, or their initials, contain ``text``; those that begin with it come first."""
    by_letters = text.isascii() and text.isalnum()

    def rank(hit: Hit) -> tuple[bool, ...]:
        title = hit.title.lower()
        letters = initials(title) if by_letters else ""
        matches = (
            title == text,
            title.startswith(text),
            letters.startswith(text),
            text in title,
            text in letters,
        )
        # Further words find a hit, and do not move it before another whose title fits as well.
        return (*(not match for match in matches), not any(matches) and text not in hit.words)

    ranked = [(rank(hit), hit) for hit in known]
    fitting = [(order, hit) for order, hit in ranked if not all(order)]
    return [hit for _, hit in sorted(fitting, key=lambda ranked_hit: ranked_hit[0])[:MOST]]


def _pages(user: User) -> list[Hit]:
    """The places of the navigation, the pages of the system, dashboards, and the sheets of help."""
    system = [page for page in SYSTEM_PAGES if page.shown_to(user)]
    return [
        *(Hit(place.title, "", place.address) for place in places(user)),
        *(Hit(page.title, "系统", page.address, page.about) for page in system),
        *(
            Hit(board.title, "看板", reverse("web:dashboard", args=[name]))
            for name, (_, board) in dashboards(user).items()
        ),
    ]


def _schools(user: User) -> list[Hit]:
    schools = School.objects.visible_to(user).order_by("name")
    return [
        Hit(school.name, school.get_kind_display(), record_address(school), school.code) for school in schools
    ]


@cache
def _figures(switched_off: frozenset[str]) -> list[Hit]:
    areas = registry.areas()
    return [
        Hit(figure.label, areas[figure.area].section, reverse("web:figure", args=[key]), figure.definition)
        for key, figure in catalogue.reported_figures(switched_off).items()
    ]


def _reports() -> list[Hit]:
    try:
        period = period_choice.half_year(Snapshot.latest().day)
    except SnapshotError:
        return []
    return [
        Hit(title.strip(), Period.parse(period).label, reverse("web:report", args=[name, period]))
        for name, title in titles().items()
    ]


def _registers(user: User) -> list[Hit]:
    switched_off = unused()
    return [
        Hit(str(model._meta.verbose_name), "", reverse("web:register", args=[name]))
        for name, model in registers().items()
        if is_used(model, switched_off) and not model.objects.visible_to(user).query.is_empty()
    ]


def _templates(user: User) -> list[Hit]:
    rights, switched_off = Rights(user), unused()
    return [
        Hit(title, "下载", reverse("web:template", args=[title]))
        for title, sheet in sheet_catalogue.sheets().items()
        if rights.may_send(sheet) and is_used(sheet.model, switched_off)
    ]


def _people(user: User, text: str) -> list[Person]:
    """Return the people whose name begins with ``text``, or whose ID number it is, as far as the user may see them."""
    people = Person.objects.visible_to(user)
    if number := id_number_in(text):
        people = people.filter(id_number_hash=keyed_hash(number))
    elif _NAME.fullmatch(text):
        people = people.filter(name__startswith=text)
    else:
        return []
    return list(people.order_by("name", "pk")[:MOST])
