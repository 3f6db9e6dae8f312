"""The first run (开始使用): the steps from an empty system to the first figure, each after the steps that it depends on."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.records.models import ClassGroup, District, Pupil, School, StaffMember, Term, User
from xuezheng.records.permissions import permits
from xuezheng.snapshots.snapshot import ids
from xuezheng.web.security.requests import UserRequest
from xuezheng.workbooks import Sheet, sheet_catalogue
from xuezheng.workbooks.permissions import Rights

Role = User.Role
_OFFICE, _ADMINISTRATOR = "办公室", "系统管理员"


class Step(NamedTuple):
    """One step of the first run.

    ``title`` and ``about`` are Chinese texts, ``who`` is the Chinese name of the role that takes the step.
    ``address`` is the page on which it is taken, "" where the user may not take it, and ``action`` the text
    of the link to that page. ``sheet`` is the title of the template to upload, "" where there is none or the
    user may not upload it.
    """

    title: str
    about: str
    who: str
    is_done: bool
    address: str = ""
    action: str = ""
    #: The title of the template to be filled in, where the step is to upload a workbook.
    sheet: str = ""


class FirstRun(NamedTuple):
    """The steps of the first run in their order, as one user sees them."""

    steps: list[Step]

    @property
    def is_complete(self) -> bool:
        """Whether all steps are done, so that the first figure can be read."""
        return all(step.is_done for step in self.steps)

    @property
    def following(self) -> Step | None:
        """The first step that is not done; None when all are."""
        return next((step for step in self.steps if not step.is_done), None)


@never_cache
@require_GET
def first_run(request: UserRequest) -> HttpResponse:
    """Show the steps of the first run to any user who has logged in."""
    return render(request, "web/first_run.html", {"run": first_run_of(request.user)})


def first_run_of(user: User) -> FirstRun:
    """Return the steps of the first run with their present state.

    A step that ``user`` may not take has the address "".
    """
    clerks = User.objects.filter(role__in=(Role.CLERK, Role.SECTION))
    roster = "学生、教职工名册：一所学校先试一本，核对无误再请各校填报。"
    return FirstRun(
        [
            _accounts(user, "建办公室的账号", "台账由办公室和科室填报；系统管理员只管账号，看不到学生信息。",
                      User.objects.filter(role=Role.OFFICE).exists()),
            _workbook(user, District, "登记本地信息", "区划代码、名称、局名：县、区、市、旗都一样。全系统只有一行。"),
            _workbook(user, Term, "登记学期", "从要统计的第一个学期起，写明起止日期。以后每学年加两行。"),
            _workbook(user, School, "登记学校", "每所学校一行，标识码是以后各表认学校的依据。"),
            _workbook(user, ClassGroup, "登记班级", "各校的班级，可以先只填一所学校的，以后由各校自己补。"),
            _accounts(user, "建科室和各校的账号", "把一次性链接交给本人设定密码；学校经办人只看到本校。", clerks.exists()),
            _workbook(user, Pupil, "导入第一本名册", roster, StaffMember),
            _freeze(user),
        ]
    )  # fmt: skip


def _accounts(user: User, title: str, about: str, is_done: bool) -> Step:
    address = reverse("web:accounts") if permits(user, "keep", "account") else ""
    return Step(title, about, _ADMINISTRATOR, is_done, address, "打开“账号”")


def _workbook(user: User, model: Any, title: str, about: str, *others: Any) -> Step:
    """Return a step that is done when ``model`` or one of the ``others`` has a row; its workbook is uploaded."""
    sheet = _sheet_of(model)
    may = sheet is not None and Rights(user).may_send(sheet)
    return Step(
        title,
        about,
        _OFFICE,
        any(each._default_manager.exists() for each in (model, *others)),
        reverse("web:intake") if may else "",
        "上传工作簿",
        sheet.title if may and sheet else "",
    )


def _sheet_of(model: Any) -> Sheet | None:
    return next((sheet for sheet in sheet_catalogue.sheets().values() if sheet.model is model), None)


def _freeze(user: User) -> Step:
    about = "指标和报告都从快照算出：快照是某一天全部台账的定格，以后不再变。生成以后就能看指标。"
    address = reverse("web:jobs") if permits(user, "freeze", "snapshot") else ""
    return Step("生成快照，看第一个指标", about, _OFFICE, bool(ids()), address, "到“后台任务”生成快照")
