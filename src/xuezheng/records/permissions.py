"""The permissions: one table with the scope of each role for each action on each matter.

A matter is a kind of object, by name: one of five categories of registers (see :func:`kind_of`), or another
object such as ``batch`` or ``snapshot``. An area declares permissions for its own matters as :class:`Group`
values in its ``permissions.py``; the functions here find these as ``<area>.<matter>``. They raise
:class:`xuezheng.registry.Unknown` for a matter and action that the table does not have. An inactive account
may do nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Flag, auto
from functools import cache
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from xuezheng import registry
from xuezheng.records.choices import ClosedChoices

Rows = TypeVar("Rows", bound="QuerySet[Any]")


class Role(ClosedChoices):
    """The role of an account; the lines of the permission table have one scope per role, in this order."""

    OFFICE = "office", "办公室"
    SECTION = "section", "科室"
    LEADER = "leader", "领导"
    CLERK = "clerk", "学校经办人"
    ADMINISTRATOR = "administrator", "系统管理员"
    SECURITY = "security", "安全员"
    AUDITOR = "auditor", "审计员"


class Scope(Flag):
    """The objects on which an action is permitted.

    Scopes joined by ``|`` are alternatives, and ``NONE`` is false.
    """

    NONE = 0
    ALL = auto()
    SECTION = auto()  # what belongs to the user's own section
    SCHOOL = auto()  # what belongs to the user's own school
    OWN = auto()  # what the user made
    OTHERS = auto()  # what another user made: the rule of two persons


ALL, SECTION, SCHOOL, OWN, OTHERS, NONE = (
    Scope.ALL, Scope.SECTION, Scope.SCHOOL, Scope.OWN, Scope.OTHERS, Scope.NONE,
)  # fmt: skip


class User(Protocol):
    """The attributes of an account that the functions here read."""

    pk: Any
    role: Any  # one of Role, which has no types of its own
    section: str
    school_id: int | None
    is_active: bool
    is_superuser: bool


@dataclass(frozen=True)
class Line:
    """One line of the permission table: which roles may do an action on a matter, and on which objects.

    A matter is a kind of object, such as ``batch``. ``matter_title`` and ``action_title`` are Chinese;
    ``cells`` are the scopes in the order of :class:`Role`.
    """

    matter: str
    action: str
    matter_title: str
    action_title: str
    cells: tuple[Scope, ...]

    @property
    def scopes(self) -> dict[Any, Scope]:
        """The scope of each role, by the role's value (``office``)."""
        return dict(zip(Role.values, self.cells, strict=True))


class Group(registry.Declaration):
    """A group of lines of the permission table under a Chinese ``title``, with a Chinese ``note`` for readers.

    In a group declared by an area, the scope of the role ``section`` applies to accounts of the area's own
    section and of the sections of the areas ``also_of``; other sections have no permission. With
    ``superusers``, Django superusers also have ``ALL`` wherever administrators have it. The lines of a
    ``separated`` group replace those of the same matter and action if ``settings.SEPARATED_ROLES`` (三员分立) is
    on.
    """

    def __init__(
        self,
        title: str,
        note: str,
        *lines: Line,
        superusers: bool = False,
        separated: bool = False,
        also_of: Sequence[str] = (),
    ) -> None:
        self.title = title
        self.note = note
        self.lines = lines
        self.superusers = superusers
        self.separated = separated
        self.also_of = tuple(also_of)

    @property
    def sections(self) -> tuple[str, ...]:
        """The names of the areas whose sections have the scope of the role ``section``, the declaring area first.

        () for a group that no area declares: there it applies to all sections.
        """
        return (self.area, *self.also_of) if self.area else ()


def line(matter: str, action: str, matter_title: str, action_title: str, *cells: Scope) -> Line:
    """Return a :class:`Line` of the permission table; ``cells`` are the scopes of the roles in the order of :class:`Role`."""
    return Line(matter, action, matter_title, action_title, cells)


# fmt: off
TABLE = (
    Group("台账", "一个台账属于哪一类，由它的声明决定。本科室：查看时指本科室业务的台账，修改时指本科室的表所填的台账，填报时指本科室的表和各科室"
          "共用的表中本科室的行，外部名单指本科室负责的名单；本校：指本校的行。修改包括批量修改和查看谁看过这条记录；填报包括在网页上登记一条，学校经办人更正本校的一条、删除本校登记的一条；导出和佐证材料的下载随查看，佐证材料的上传、删除随修改或更正。",
         #                                                            办公室 科室      领导  经办人  管理员 安全员 审计员
         line("confidential", "see", "保密台账", "查看",               NONE,  SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("confidential", "edit", "保密台账", "修改",              NONE,  SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("confidential", "import", "保密台账", "填报",            NONE,  SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("open", "see", "公开台账", "查看",                       ALL,   ALL,      ALL,  ALL,    ALL,   ALL,   ALL),
         line("open", "edit", "公开台账", "修改",                      ALL,   SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("open", "import", "公开台账", "填报",                    ALL,   SECTION,  NONE, SCHOOL, NONE,  NONE,  NONE),
         line("shared", "see", "各业务共用的人员台账", "查看",         ALL,   ALL,      NONE, SCHOOL, NONE,  NONE,  NONE),
         line("shared", "edit", "各业务共用的人员台账", "修改",        ALL,   SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("shared", "import", "各业务共用的人员台账", "填报",      ALL,   SECTION,  NONE, SCHOOL, NONE,  NONE,  NONE),
         line("personal", "see", "一项业务的人员台账", "查看",         ALL,   SECTION,  NONE, SCHOOL, NONE,  NONE,  NONE),
         line("personal", "edit", "一项业务的人员台账", "修改",        ALL,   SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("personal", "import", "一项业务的人员台账", "填报",      ALL,   SECTION,  NONE, SCHOOL, NONE,  NONE,  NONE),
         line("ordinary", "see", "其他台账", "查看",                   ALL,   ALL,      ALL,  SCHOOL, ALL,   ALL,   ALL),
         line("ordinary", "edit", "其他台账", "修改",                  ALL,   SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("ordinary", "import", "其他台账", "填报",                ALL,   SECTION,  NONE, SCHOOL, NONE,  NONE,  NONE),
         line("registers", "open", "导航的“填报”“台账”", "打开",       ALL,   ALL,      ALL,  ALL,    NONE,  NONE,  NONE)),
    Group("填报", "本科室：填报任务指本科室发布的，批次指本科室的填报任务收来的。本人：指本人导入或批量修改的批次。",
         #                                                            办公室 科室         领导  经办人  管理员 安全员 审计员
         line("collection", "open", "填报任务", "发布",                ALL,   SECTION,     NONE, NONE,   NONE,  NONE,  NONE),
         line("collection", "close", "填报任务", "结束",               ALL,   SECTION,     NONE, NONE,   NONE,  NONE,  NONE),
         line("collection", "answer", "填报任务", "填报、代填",        ALL,   SECTION,     NONE, SCHOOL, NONE,  NONE,  NONE),
         line("batch", "see", "批次", "查看",                          ALL,   ALL,         ALL,  OWN,    ALL,   ALL,   ALL),
         line("batch", "undo", "批次", "撤销",                         ALL,   SECTION|OWN, OWN,  OWN,    OWN,   OWN,   OWN)),
    Group("指标和计划", "指标和计划的数人人可看，点开来源行时只列出看得到的台账行。台账的视图由保存的人选给谁用：本人、同科室或同校、全局。",
         #                                                            办公室 科室      领导  经办人  管理员 安全员 审计员
         line("dashboard", "see", "各业务看板", "查看",                ALL,   ALL,      ALL,  NONE,   NONE,  NONE,  NONE),
         line("pin", "see", "固定到首页的指标", "查看",                OWN,   OWN,      OWN,  OWN,    OWN,   OWN,   OWN),
         line("scenario", "try", "政策试算", "试算",                   ALL,   ALL,      ALL,  NONE,   ALL,   ALL,   ALL),
         line("snapshot", "freeze", "快照", "生成",                    ALL,   NONE,     NONE, NONE,   NONE,  NONE,  NONE),
         line("statistics", "explain", "事业统计", "写说明",           ALL,   ALL,      NONE, SCHOOL, NONE,  NONE,  NONE),
         line("plan", "see_alerts", "计划", "收到到期和风险提醒",      ALL,   SECTION,  ALL,  NONE,   NONE,  NONE,  NONE),
         line("plan", "note", "计划", "登记启动、办结",                ALL,   SECTION,  NONE, NONE,   NONE,  NONE,  NONE),
         line("view", "share_with_all", "台账视图", "设为全局",        ALL,   ALL,      ALL,  NONE,   ALL,   ALL,   ALL)),
    Group("政策标准", "本科室：指本科室业务的标准。审批、撤销还须是负责这项标准的人，并且不是自己提出的。",
         #                                                            办公室  科室     领导    经办人 管理员 安全员 审计员
         line("standard", "see", "政策标准和政策包", "查看",           ALL,    ALL,     ALL,    ALL,   NONE,  NONE,  NONE),
         line("standard", "propose", "政策标准", "提出",               ALL,    SECTION, NONE,   NONE,  NONE,  NONE,  NONE),
         line("standard", "oversee", "政策标准", "负责",               ALL,    SECTION, ALL,    NONE,  NONE,  NONE,  NONE),
         line("standard", "decide", "政策标准", "审批、撤销",          OTHERS, OTHERS,  OTHERS, NONE,  NONE,  NONE,  NONE),
         line("pack", "take", "政策包", "采用、停用",                  ALL,    NONE,    NONE,   NONE,  NONE,  NONE,  NONE)),
    Group("报告", "已印发的报告人人可看。他人经办的：签发指他人起草的一版，印发指他人签发的。",
         #                                                            办公室  科室      领导    经办人 管理员 安全员 审计员
         line("release", "see_drafts", "报告签发", "查看起草过程",     ALL,    ALL,      ALL,    NONE,  ALL,   ALL,   ALL),
         line("release", "compose", "报告签发", "生成、上传各版",      ALL,    NONE,     NONE,   NONE,  NONE,  NONE,  NONE),
         line("release", "review", "报告签发", "会签",                 NONE,   SECTION,  NONE,   NONE,  NONE,  NONE,  NONE),
         line("release", "review_for", "报告签发", "为没有账号的科室代签", ALL, NONE,    NONE,   NONE,  NONE,  NONE,  NONE),
         line("release", "explain", "报告签发", "说明清单上的项",      ALL,    ALL,      NONE,   NONE,  NONE,  NONE,  NONE),
         line("release", "sign", "报告签发", "签发",                   NONE,   NONE,     OTHERS, NONE,  NONE,  NONE,  NONE),
         line("release", "issue", "报告签发", "印发",                  OTHERS, NONE,     NONE,   NONE,  NONE,  NONE,  NONE),
         line("report", "enrich", "报告", "插入、取出句子，查看工作记录", ALL,  ALL,     NONE,   NONE,  NONE,  NONE,  NONE),
         line("report", "pick", "报告", "选用工作记录",                ALL,    NONE,     NONE,   NONE,  NONE,  NONE,  NONE),
         line("report", "template", "报告", "编制、停用报告模板",      ALL,    NONE,     NONE,   NONE,  NONE,  NONE,  NONE)),
    Group("通知和后台任务", "",
         #                                                            办公室 科室      领导  经办人  管理员 安全员 审计员
         line("announcement", "make", "通知", "发布",                  ALL,   ALL,      NONE, NONE,   NONE,  NONE,  NONE),
         line("announcement", "withdraw", "通知", "撤回",              ALL,   OWN,      OWN,  OWN,    OWN,   OWN,   OWN),
         line("announcement_to_all", "see", "发给局机关和学校的通知", "查看", ALL, ALL, ALL,  ALL,    ALL,   ALL,   ALL),
         line("announcement_to_bureau", "see", "发给局机关的通知", "查看", ALL, ALL,    ALL,  OWN,    ALL,   ALL,   ALL),
         line("announcement_to_schools", "see", "发给学校的通知", "查看", ALL, OWN,     OWN,  ALL,    OWN,   OWN,   OWN),
         line("job", "see", "后台任务", "查看、重试、取消",            ALL,   OWN,      OWN,  OWN,    OWN,   OWN,   OWN)),
    Group("业务和台账的停用", "停用的业务和台账不出现在导航、填报、指标和报告里；已有的记录和以前的快照不变。",
         #                                                            办公室 科室      领导  经办人  管理员 安全员 审计员
         line("area", "switch", "业务和台账", "停用、启用",            NONE,  NONE,     NONE, NONE,   ALL,   NONE,  NONE)),
    Group("账号和日志", "没有三员分立时，系统管理员兼看日志，并可确认别人的申请；确认的人还须不受申请人牵制。用 Django 的命令建立的超级用户兼有系统管理员一列中的“全部”。",
         #                                                            办公室 科室      领导    经办人 管理员  安全员  审计员
         line("account", "keep", "账号", "建立、交付、停用、改权限",   NONE,  NONE,     NONE,   NONE,  ALL,    NONE,   NONE),
         line("account_request", "see", "账号申请", "查看",            NONE,  NONE,     ALL,    NONE,  ALL,    ALL,    ALL),
         line("account_request", "confirm", "账号申请", "确认",        NONE,  NONE,     OTHERS, NONE,  OTHERS, OTHERS, NONE),
         line("account_change", "see", "账号变动", "查看",             NONE,  NONE,     NONE,   NONE,  ALL,    NONE,   ALL),
         line("access_log", "see", "查阅记录", "查看、按人查询",       ALL,   NONE,     NONE,   NONE,  ALL,    NONE,   ALL),
         line("token", "see", "接口令牌", "查看、作废",                OWN,   OWN,      OWN,    OWN,   ALL,    OWN,    OWN),
         superusers=True),
    Group("账号和日志（三员分立）", "设置了三员分立时，以下各项代替上表的同名各项。",
         #                                                            办公室 科室      领导    经办人 管理员  安全员  审计员
         line("account_request", "see", "账号申请", "查看",            NONE,  NONE,     NONE,   NONE,  ALL,    ALL,    ALL),
         line("account_request", "confirm", "账号申请", "确认",        NONE,  NONE,     NONE,   NONE,  NONE,   OTHERS, NONE),
         line("account_change", "see", "账号变动", "查看",             NONE,  NONE,     NONE,   NONE,  NONE,   NONE,   ALL),
         line("access_log", "see", "查阅记录", "查看、按人查询",       ALL,   NONE,     NONE,   NONE,  NONE,   NONE,   ALL),
         superusers=True, separated=True),
)
# fmt: on


def groups() -> Iterator[Group]:
    """Yield all groups of the permission table: those of this module, then those that areas declare."""
    yield from TABLE
    yield from registry.declared("permissions", Group)


def kind_of(register: type[Any]) -> str:
    """Return the matter, a name in the permission table, by which the permissions on a register's rows are looked up.

    The first that applies to the register's class:

    - ``confidential`` if its attribute ``confidential`` is true
    - ``open`` if ``open_to_all`` is true
    - ``ordinary`` if ``personal`` is false: its rows are not about single persons
    - ``shared`` if it is declared in the app ``records``, such as the register of pupils
    - ``personal`` otherwise: it is declared by an area
    """
    if register.confidential:
        return "confidential"
    if register.open_to_all:
        return "open"
    if not register.personal:
        return "ordinary"
    return "shared" if register._meta.app_label == "records" else "personal"


@cache
def lines_by_key(separated: bool) -> dict[str, tuple[Group, Line]]:
    """Return the lines of the permission table that are in force, each with its group, as a dict of (group, line).

    The key is ``"<matter> <action>"``, such as ``"batch undo"``, or ``"aid.payment handle"`` for a matter
    that an area declares. ``separated`` is the value of ``settings.SEPARATED_ROLES``: True uses the groups
    for separated roles (三员分立), False leaves them out.
    """
    return {
        f"{group.area}.{line.matter} {line.action}".removeprefix("."): (group, line)
        for group in groups()
        if separated or not group.separated
        for line in group.lines
    }


def _find(action: str, matter: str | type[Any]) -> tuple[Group, Line]:
    lines = lines_by_key(settings.SEPARATED_ROLES)
    key = f"{matter if isinstance(matter, str) else kind_of(matter)} {action}"
    try:
        return lines[key]
    except KeyError:
        raise registry.Unknown("权限", key, lines) from None


def permits(user: User, action: str, matter: str | type[Any]) -> Scope:
    """Return the scope in which a user may do an action: on which objects of a matter, or rows of a register.

    It is ``NONE``, which is false, if the action is not permitted. ``action`` is a name such as ``see``;
    ``matter`` is a matter's name (``<area>.<matter>`` for one declared by an area) or a register. Raises
    :class:`xuezheng.registry.Unknown` if no line has this matter and action.
    """
    group, line = _find(action, matter)
    if not user.is_active or (
        group.area and user.role == Role.SECTION and user.section not in group.sections
    ):
        return NONE
    scope = line.scopes[user.role]
    return (
        scope | (line.scopes[Role.ADMINISTRATOR] & ALL) if group.superusers and user.is_superuser else scope
    )


def may(
    user: User,
    action: str,
    matter: str | type[Any],
    *,
    section: str = "",
    school: int | None = None,
    made_by: int | None = None,
) -> bool:
    """Return whether a user may do an action on one object.

    ``action`` and ``matter`` are those of :func:`permits`, for example ``"undo"`` and ``"batch"``.
    ``section`` (the name of an area), ``school`` (primary key) and ``made_by`` (primary key of the account
    that made it) describe the object. A scope that depends on a fact not given does not apply, except that an
    object without ``made_by`` counts as made by another user.
    """
    scope = permits(user, action, matter)
    return (
        ALL in scope
        or (SECTION in scope and section != "" and section == user.section)
        or (SCHOOL in scope and school is not None and school == user.school_id)
        or (OWN in scope and made_by is not None and made_by == user.pk)
        or (OTHERS in scope and made_by != user.pk)
    )


def require(user: User, action: str, matter: str | type[Any], **facts: Any) -> None:
    """Raise ``PermissionDenied`` unless the user may do the action on the matter.

    ``facts`` are the keyword arguments of :func:`may` that describe one object; without any, it suffices that
    the user may do the action on some object.
    """
    if not (may(user, action, matter, **facts) if facts else permits(user, action, matter)):
        raise PermissionDenied


def select_permitted(rows: Rows, user: User, action: str, matter: str, made_by: str = "") -> Rows:
    """Return the rows of a query set on which the user may do an action, for matters without section and school.

    These are all rows for the scope ``ALL``, the rows whose foreign key named ``made_by`` is the user for
    ``OWN``, and none for any other scope.
    """
    scope = permits(user, action, matter)
    if ALL in scope:
        return rows
    return rows.filter(**{made_by: user}) if OWN in scope else rows.none()


def permitted_roles(action: str, matter: str) -> list[str]:
    """Return the values of the roles that may do an action on at least some objects of a matter."""
    return [role for role, scope in _find(action, matter)[1].scopes.items() if scope]


def permitted_accounts(action: str, matter: str, school: Any = None) -> Q:
    """Return a ``Q`` that selects the active accounts that may do an action on at least some objects of a matter.

    ``school`` is the school of the object, or an expression for it; it must be given if the scope of a role
    is ``SCHOOL``.
    """
    group, line = _find(action, matter)
    condition = Q()
    for role, scope in line.scopes.items():
        if scope:
            own = {"section__in": group.sections} if group.area and role == Role.SECTION else {}
            condition |= Q(role=role, **own, **({"school": school} if scope == SCHOOL else {}))
    return Q(is_active=True) & condition
