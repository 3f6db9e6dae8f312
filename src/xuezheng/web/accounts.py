"""The accounts: an administrator makes them, hands over a link instead of a password, locks and unlocks them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt, AccessLog
from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from xuezheng import registry
from xuezheng.records.models import AccountChange, School, User
from xuezheng.web.forms import dress
from xuezheng.web.invitations import HOURS, address, invite

PER_PAGE = 50
_LOGINS = 10
Role = User.Role


class AccountForm(forms.ModelForm):
    """Who somebody is and what he does."""

    section = forms.ChoiceField(label="所管业务", required=False, help_text="只有科室人员选")
    school = forms.ModelChoiceField(
        School.objects.order_by("kind", "name"),
        label="学校",
        required=False,
        empty_label="—",
        help_text="只有学校经办人选",
    )

    class Meta:
        model = User
        fields = ["username", "first_name", "role", "section", "school"]
        labels = {"username": "登录名", "first_name": "姓名"}
        help_texts = {"username": "字母、数字，如 yansi01；建好后不能改"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = registry.areas().items()
        self.fields["section"].choices = [
            ("", "—"),
            *((name, f"{area.title}（{area.section}）") for name, area in areas),
        ]
        self.fields["first_name"].required = True
        self.fields["username"].disabled = self.instance.pk is not None
        dress(*self.fields.values())

    def clean(self) -> dict[str, Any]:
        """Hold section and school to the role."""
        told: dict[str, Any] = super().clean() or {}
        role = told.get("role")
        if (role == Role.SECTION) != bool(told.get("section")):
            self.add_error("section", "科室人员须选所管业务，其他角色不选。")
        if (role == Role.CLERK) != bool(told.get("school")):
            self.add_error("school", "学校经办人须选学校，其他角色不选。")
        return told


@never_cache
@require_http_methods(["GET", "POST"])
def accounts(request: HttpRequest) -> HttpResponse:
    """List the accounts, with a form for a new one; a POST makes it and shows its link once."""
    _refuse(request.user)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            made = form.save(commit=False)
            made.set_unusable_password()
            made.save()
            _note(request, made, f"建立账号：{place_of(made)}")
        return _handed_over(request, made)
    text, role = request.GET.get("q", "").strip()[:50], request.GET.get("role", "")
    found = User.objects.select_related("school").order_by("-is_active", "role", "username")
    if role in Role.values:
        found = found.filter(role=role)
    if text:
        named = Q(username__icontains=text) | Q(first_name__icontains=text)
        found = found.filter(named | Q(school__name__icontains=text))
    context = {
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "form": form,
        "text": text,
        "role": role,
        "roles": Role.choices,
        "areas": {name: area.section for name, area in registry.areas().items()},
        "locked_out": set(_failures().values_list("username", flat=True)),
    }
    return render(request, "web/accounts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account with its logins and what was done to it; a POST takes a step."""
    _refuse(request.user)
    found = get_object_or_404(User.objects.select_related("school"), pk=pk)
    form = AccountForm(instance=found)
    if request.method == "POST":
        if request.POST.get("step") != "change":
            return _step(request, found)
        form = AccountForm(request.POST, instance=User.objects.get(pk=pk))
        if form.is_valid():
            return _change(request, found, form)
    context = {
        "account": found,
        "place": place_of(found),
        "form": form,
        "is_own": found == request.user,
        "locked_out": _failures().filter(username=found.username).exists(),
        "changes": found.changes.select_related("by")[:PER_PAGE],
        "logins": AccessLog.objects.filter(username=found.username).order_by("-attempt_time")[:_LOGINS],
    }
    return render(request, "web/account.html", context)


def _step(request: HttpRequest, found: User) -> HttpResponse:
    step = request.POST.get("step", "")
    if step == "link":
        _note(request, found, "发出一次性链接")
        return _handed_over(request, found)
    if step not in _STEPS:
        raise Http404("没有这一步。")
    if found == request.user:
        messages.warning(request, "不能对自己的账号这样做，请由另一位管理员办理。")
    else:
        messages.success(request, _STEPS[step](request, found))
    return redirect("web:account", found.pk)


def _lock(request: HttpRequest, found: User) -> str:
    if not User.objects.filter(pk=found.pk, is_active=True).update(
        is_active=False, sessions_since=timezone.now()
    ):
        return f"{found}已经是停用的。"
    _note(request, found, "停用")
    return f"{found}已停用，不能登录，已登录的立即退出。"


def _unlock(request: HttpRequest, found: User) -> str:
    failed = reset(username=found.get_username())
    if not User.objects.filter(pk=found.pk, is_active=False).update(is_active=True) and not failed:
        return f"{found}没有停用，也没有被锁定。"
    _note(request, found, "启用")
    return f"{found}可以登录了。"


def _end_sessions(request: HttpRequest, found: User) -> str:
    User.objects.filter(pk=found.pk).update(sessions_since=timezone.now())
    _note(request, found, "结束会话")
    return f"{found}已登录的，都须重新登录。"


_STEPS = {"lock": _lock, "unlock": _unlock, "end_sessions": _end_sessions}


def _change(request: HttpRequest, found: User, form: AccountForm) -> HttpResponse:
    if found == request.user and "role" in form.changed_data:
        messages.warning(request, "不能改自己的角色，请由另一位管理员办理。")
        return redirect("web:account", found.pk)
    with transaction.atomic():
        changed = form.save()
        before, after = (f"{it.first_name}，{place_of(it)}" for it in (found, changed))
        if before != after:
            _note(request, changed, f"由“{before}”改为“{after}”")
    messages.success(request, "已保存，并记入变动记录。")
    return redirect("web:account", found.pk)


def _handed_over(request: HttpRequest, found: User) -> HttpResponse:
    """Show a new link, this once."""
    link = address(invite(found), request)
    return render(request, "web/account_link.html", {"account": found, "link": link, "hours": HOURS})


def place_of(user: User) -> str:
    """What an account is, in words: 科室（资助管理中心）."""
    area = registry.areas().get(user.section)
    where = str(user.school or (area.section if area else user.section))
    return f"{user.get_role_display()}（{where}）" if where else str(user.get_role_display())


def _failures() -> Any:
    """The failed attempts by which accounts are locked at present."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    return AccessAttempt.objects.filter(
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )


def _note(request: HttpRequest, found: User, what: str) -> None:
    AccountChange.objects.create(account=found, by=request.user, what=what[:200])


def _refuse(user: User) -> None:
    if not user.administers:
        raise PermissionDenied
