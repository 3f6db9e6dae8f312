"""The page for pasting a column of names or numbers, and the records found for each line."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.web.lists.access import register_of
from xuezheng.web.lists.lookup import MOST_LINES, Line, keep, kept, lines_of, look_up
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import display
from xuezheng.web.ui.display import record_address

_NAMED = 3


class PastedLine(NamedTuple):
    """A pasted line as the page shows it: its text with numbers masked, and the records that match.

    ``rows`` is their number, ``records`` are (name, address) of the first few.
    """

    text: str
    rows: int
    records: list[tuple[str, str]]


@never_cache
@require_http_methods(["GET", "POST"])
def paste(request: UserRequest, model: str) -> HttpResponse:
    """Look up a pasted column in the register ``model``, and show the records found for each line.

    The column is accepted in a POST only; the address of the result has a token, ``pasted``, instead of the
    texts.
    """
    register = register_of(request, model)
    visible = register.objects.visible_to(request.user)
    context: dict[str, Any] = {"name": model, "title": register._meta.verbose_name, "most": MOST_LINES}
    context["by_number"] = display.person_path(register) is not None
    if request.method == "POST":
        texts = lines_of(request.POST.get("lines", ""))
        if 0 < len(texts) <= MOST_LINES:
            token = keep(request.session, register, look_up(visible, texts))
            return redirect(f"{reverse('web:list_paste', args=[model])}?pasted={token}")
        context["fault"] = (
            f"一次最多{MOST_LINES:,}行，您粘贴了{len(texts):,}行。请分几次。"
            if texts
            else "请先粘贴一列姓名、证件号或编号，每行一个。"
        )
    token = request.GET.get("pasted", "")
    lines = kept(request.session, register, token) if token else None
    if lines is not None:
        context |= {"token": token, **_counts(lines), "lines": _describe_lines(visible, lines, request)}
    elif token:
        context["fault"] = "上次粘贴的名单已经不在了。请重新粘贴。"
    return render(request, "web/lists/paste.html", context)


def _counts(lines: list[Line]) -> dict[str, int]:
    return {
        "found": sum(len(line.keys) == 1 for line in lines),
        "several": sum(len(line.keys) > 1 for line in lines),
        "none": sum(not line.keys for line in lines),
        "rows": len({key for line in lines for key in line.keys}),
    }


def _describe_lines(visible: Any, lines: list[Line], request: UserRequest) -> list[PastedLine]:
    named = {key for line in lines for key in line.keys[:_NAMED]}
    records = display.with_links(visible, request.user).in_bulk(named)
    access_log.note(
        request,
        f"批量查找：{visible.model._meta.verbose_name}",
        "查询台账",
        access_log.persons_in(records.values()),
    )
    return [
        PastedLine(
            with_numbers_masked(line.text),
            len(line.keys),
            [
                (display.label(records[key]), record_address(records[key]))
                for key in line.keys[:_NAMED]
                if key in records
            ],
        )
        for line in lines
    ]
