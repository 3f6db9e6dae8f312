"""The places in the navigation: those common to all districts, and those of the areas."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

from django.urls import reverse

from xuezheng.linkage.models import categories_of
from xuezheng.records.models import User
from xuezheng.web.ui.area_pages import area_entries, where_permitted


def _anybody(user: User) -> bool:
    return True


#: The places before and after those of the areas, by view: (Chinese title, which users see it).
_TO_DO: Mapping[str, tuple[str, Callable[[User], bool]]] = {
    "home": ("首页", _anybody),
    "intake": ("填报", where_permitted("open", "registers")),
    "registers": ("台账", where_permitted("open", "registers")),
    "linkage": ("比对", lambda user: bool(categories_of(user))),
}
_TO_LOOK_AT: Mapping[str, tuple[str, Callable[[User], bool]]] = {
    "figures": ("指标", _anybody),
    "reports": ("报告", _anybody),
    "plan": ("计划", _anybody),
    "system": ("系统", _anybody),
}


class Place(NamedTuple):
    """A place in the navigation: its Chinese title, the name of its icon, and its address.

    ``below`` are the beginnings of the addresses that belong to it.
    """

    title: str
    icon: str
    address: str
    below: tuple[str, ...]

    def holds(self, path: str) -> bool:
        """Whether the address ``path`` belongs to the place; to the home page only its own address does."""
        return path == self.address if self.below == ("/",) else path.startswith(self.below)


def places(user: User) -> Iterator[Place]:
    """Yield the places that are open to ``user``: first those for entering data, then the areas', then those for reading."""
    yield from _of_all(_TO_DO, user)
    for area, entry in area_entries(user):
        yield Place(entry.title, area, reverse(f"{area}:{entry.view}"), (f"/{area}/",))
    yield from _of_all(_TO_LOOK_AT, user)


def _of_all(entries: Mapping[str, tuple[str, Callable[[User], bool]]], user: User) -> Iterator[Place]:
    for view, (title, shown_to) in entries.items():
        if shown_to(user):
            address = reverse(f"web:{view}")
            yield Place(title, view, address, (address, *(_below_system() if view == "system" else ())))


class SystemPage(NamedTuple):
    """A page of administration or settings (系统): its Chinese title and purpose, the name of its view, and which users see it.

    ``view`` may be ``<area>:<name>`` for a page of an area.
    """

    title: str
    about: str
    view: str
    shown_to: Callable[[User], bool]

    @property
    def address(self) -> str:
        """The address of the page."""
        return reverse(self.view if ":" in self.view else f"web:{self.view}")


SYSTEM_PAGES = (
    SystemPage(
        "账号", "建账号、交付一次性链接、停用、结束会话。", "accounts", where_permitted("keep", "account")
    ),
    SystemPage(
        "账号待确认",
        "给权限、交账号，由第二人确认。",
        "account_requests",
        where_permitted("see", "account_request"),
    ),
    SystemPage(
        "账号变动",
        "每个账号做过什么改动、谁办的、谁确认的。",
        "account_changes",
        where_permitted("see", "account_change"),
    ),
    SystemPage("帮助", "各岗位怎么用，一页纸打印出来放在手边。", "help", _anybody),
    SystemPage("开始使用", "从空的系统到第一个指标，按顺序做的几步。", "first_run", _anybody),
    SystemPage(
        "政策标准",
        "各项标准和依据；科室提出本局的标准，另一人审批。",
        "standards",
        where_permitted("see", "standard"),
    ),
    SystemPage(
        "业务和台账的停用",
        "本局不用的业务和台账停用后，到处不再问起。",
        "areas_in_use",
        where_permitted("switch", "area"),
    ),
    SystemPage("通知", "发给局机关和学校的通知，谁已读。", "announcements", _anybody),
    SystemPage("后台任务", "大工作簿、快照、试算的进度和结果。", "jobs", _anybody),
    SystemPage(
        "查阅记录",
        "谁、何时、为什么看过或导出过哪些人的信息。",
        "looks",
        where_permitted("see", "access_log"),
    ),
    SystemPage(
        "查某人被谁看过",
        "输入姓名或证件号，看谁看过他的信息，不打开他的记录。",
        "person_access",
        where_permitted("see", "access_log"),
    ),
    SystemPage("接口", "供上级平台和程序读取指标；试用，建令牌。", "api:start", _anybody),
)


@cache
def _below_system() -> tuple[str, ...]:
    return tuple(page.address for page in SYSTEM_PAGES)
