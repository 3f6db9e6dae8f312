"""Help (帮助): the tour at the first login, and a printable help sheet (A4) for each role."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from xuezheng.records.models import User
from xuezheng.web.security.requests import UserRequest

SHEETS = dict(User.Role.choices)


class Stop(NamedTuple):
    """One stop of the tour: the CSS selector ``part`` of the highlighted element, and a Chinese title and explanation."""

    part: str
    title: str
    text: str


_WELCOME = Stop(".xz-brand", "欢迎使用学政", "用一分钟看看这一页有什么。按“下一步”往后，按Esc随时结束。")
_SEARCH = Stop(
    "[data-find]", "搜索", "按Ctrl+K，输入名称、拼音首字母（如jdlk）或姓名，直接打开报告、指标、台账和人。"
)
_TODOS = Stop("#xz-todos", "待办", "等您处理的事都在这里，点开就到办理的那一页；有期限的排在前面。")
_FIGURES = Stop(
    "[href='/figures/']", "指标", "每个数字都能点开：怎么算的、按学校和学段各多少、是哪几行、依据哪条政策。"
)
_PLAN = Stop("[href='/plan/']", "计划", "任务、目标和完成情况，目标的现值由同一套指标算出。")
_HELP = Stop("[href='/system/']", "帮助在这里", "“系统”里有帮助：一页纸讲完您的岗位怎么用，可以打印。")
_TOURS = {
    "clerk": (
        _WELCOME,
        Stop(
            "[href='/intake/']",
            "填报",
            "科室发来的任务在这里：下载预填好的工作簿，填完传回，哪个格有错会逐格指出。",
        ),
        _TODOS,
        Stop("[href='/registers/']", "台账", "本校的学生、班级等记录，可以筛选、查历史、导出。"),
        _SEARCH,
        _HELP,
    ),
    "section": (
        _WELCOME,
        _TODOS,
        Stop("[href='/intake/']", "填报", "发布填报任务，看哪些学校没报、哪些有问题；也可以自己导入工作簿。"),
        _FIGURES,
        _PLAN,
        _SEARCH,
        _HELP,
    ),
    "office": (
        _WELCOME,
        _TODOS,
        _FIGURES,
        Stop("[href='/reports/']", "报告", "半年报告由指标写成：会签、核对、印发，改过的数字会被查出来。"),
        _PLAN,
        _SEARCH,
        _HELP,
    ),
    "leader": (
        _WELCOME,
        _FIGURES,
        Stop("[href='/reports/']", "报告", "已写成的报告，每个数字都能点开看来源。"),
        _PLAN,
        _SEARCH,
        _HELP,
    ),
    "administrator": (
        _WELCOME,
        Stop(
            "[href='/system/']", "系统", "账号、查阅记录、后台任务都在这里；帮助也在这里，一页纸，可以打印。"
        ),
        _SEARCH,
    ),
    "security": (
        _WELCOME,
        _TODOS,
        Stop("[href='/system/']", "系统", "账号待确认在这里：给权限、交账号，都由您核实后确认。"),
    ),
    "auditor": (
        _WELCOME,
        Stop("[href='/system/']", "系统", "查阅记录、账号变动在这里：谁看过谁，谁的账号改过什么。"),
    ),
}


def tour(request: UserRequest) -> list[dict[str, str]]:
    """Return the stops of the tour for the user's role, as dicts with the keys of :class:`Stop`.

    The list is empty for a user who has finished the tour before, unless the query string has ``tour``.
    """
    if request.user.toured_at and "tour" not in request.GET:
        return []
    return [stop._asdict() for stop in _TOURS[request.user.role]]


@require_POST
def toured(request: UserRequest) -> HttpResponse:
    """Record when the user finished or skipped the tour, unless it is recorded already.

    Returns an empty response with status 204.
    """
    User.objects.filter(pk=request.user.pk, toured_at=None).update(toured_at=timezone.now())
    return HttpResponse(status=204)


@require_GET
def help_index(request: UserRequest) -> HttpResponse:
    """List the help sheets, one for each role, that of the user's own role first."""
    own = request.user.role
    sheets = sorted(SHEETS.items(), key=lambda item: item[0] != own)
    return render(request, "web/help.html", {"sheets": sheets, "own": own})


@require_GET
def help_sheet(request: UserRequest, role: str) -> HttpResponse:
    """Show the help sheet of one role (a value of ``User.Role``), which prints on one page of A4.

    Raises ``Http404`` for an unknown role.
    """
    if role not in SHEETS:
        raise Http404("没有这个岗位的帮助。")
    context: dict[str, Any] = {"role": role, "title": SHEETS[role], "body": f"web/help/{role}.html"}
    return render(request, "web/help_sheet.html", context)
