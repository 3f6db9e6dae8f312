"""The accounts: an administrator creates them, hands over a one-time link instead of a password, locks and unlocks them.

A change that grants rights, or gives access to another user's account, takes effect only after a second
person has confirmed it (see :mod:`xuezheng.records.confirming`).
"""

from __future__ import annotations

from axes.models import AccessLog
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng import registry
from xuezheng.records import confirming
from xuezheng.records.confirming import Kind, RequestRefused
from xuezheng.records.models import AccountChange, AccountRequest, SecondFactor, User
from xuezheng.records.permissions import require
from xuezheng.web.login.invitations import HOURS, address, invite
from xuezheng.web.security.lockouts import locked_addresses, locked_names, unlock_address
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.account_forms import AccountForm, IdentityForm, place_of, place_of_rights

PER_PAGE = 50
_LOGINS = 10
Role = User.Role


@never_cache
@require_http_methods(["GET", "POST"])
def accounts(request: UserRequest) -> HttpResponse:
    """List the accounts, with a form for a new one; a POST creates an account.

    The page after a POST shows the one-time link for setting a password, or a message that a second person
    must confirm the account first. The query parameter ``q`` searches login names, names and schools,
    ``role`` filters by role. A POST with ``step`` "unlock_address" removes the lock of the IP address in
    ``address`` instead.
    """
    require(request.user, "keep", "account")
    if request.POST.get("step") == "unlock_address":
        return _unlock_address(request)
    form = AccountForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _create(request, form)
    text, role = request.GET.get("q", "").strip()[:50], request.GET.get("role", "")
    users = User.objects.select_related("school").order_by("-is_active", "role", "username")
    if role in Role.values:
        users = users.filter(role=role)
    if text:
        named = Q(username__icontains=text) | Q(first_name__icontains=text)
        users = users.filter(named | Q(school__name__icontains=text))
    page = Paginator(users, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "form": form,
        "text": text,
        "role": role,
        "roles": Role.choices,
        "areas": {name: area.section for name, area in registry.areas().items()},
        "locked_out": locked_names([user.username for user in page]),
        "locked_addresses": locked_addresses(),
        "is_first_setup": confirming.is_first_setup(request.user),
        "waiting": set(
            AccountRequest.objects.open().filter(kind=Kind.CREATE).values_list("account", flat=True)
        ),
    }
    return render(request, "web/accounts.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def account(request: UserRequest, pk: int) -> HttpResponse:
    """Show the account with the key ``pk``, its logins and its changes.

    A POST carries out the step that it names. ``step`` is "change" (name and role), "link" (a new one-time
    link), "lock", "unlock", "end_sessions", "second_factor", "identity" or "remove_identity". Raises
    ``Http404`` for any other step.
    """
    require(request.user, "keep", "account")
    user = get_object_or_404(User.objects.select_related("school"), pk=pk)
    form = AccountForm(instance=user)
    if request.method == "POST":
        if request.POST.get("step") != "change":
            return _step(request, user)
        form = AccountForm(request.POST, instance=User.objects.get(pk=pk))
        if form.is_valid():
            return _change(request, user, form)
    waiting = list(user.requests.open().select_related("requested_by"))
    context = {
        "account": user,
        "place": place_of(user),
        "form": form,
        "is_own": user == request.user,
        "locked_out": user.username in locked_names([user.username]),
        "has_second_factor": SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).exists(),
        "identities": list(user.identities.all()) if settings.OIDC else [],
        "identity_form": IdentityForm() if settings.OIDC else None,
        "link_ready": _link_ready(request, user),
        "waiting": waiting,
        "confirmers": list(confirming.find_confirmers(request.user, user)[:4]) if waiting else [],
        "is_first_setup": confirming.is_first_setup(request.user),
        "unlock_is_confirmed": confirming.needs_confirmation(Kind.UNLOCK, user)
        and not confirming.is_first_setup(request.user),
        "changes": user.changes.select_related("by")[:PER_PAGE],
        "logins": AccessLog.objects.filter(username=user.username).order_by("-attempt_time")[:_LOGINS],
    }
    return render(request, "web/account.html", context)


@never_cache
@require_GET
def account_changes(request: UserRequest) -> HttpResponse:
    """List the changes of all accounts, the latest first, for auditors."""
    require(request.user, "see", "account_change")
    changes = AccountChange.objects.select_related("account", "by")
    page = Paginator(changes, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/account_changes.html", {"page": page})


def _create(request: UserRequest, form: AccountForm) -> HttpResponse:
    with transaction.atomic():
        user = form.save(commit=False)
        user.is_active = False
        user.set_unusable_password()
        user.save()
        done = confirming.submit(Kind.CREATE, user, request.user, {"text": place_of(user)})
    if done:
        return _show_link(request, user)
    messages.info(request, f"{user}已建立，待第二人确认；确认以后在这里发一次性链接。")
    return redirect("web:account", user.pk)


def _step(request: UserRequest, user: User) -> HttpResponse:
    step = request.POST.get("step", "")
    if step != "link" and step not in _STEPS:
        raise Http404("没有这一步。")
    if user == request.user:
        messages.warning(
            request, "不能对自己的账号这样做，请由另一位管理员办理；自己的密码在“我的密码”里改。"
        )
        return redirect("web:account", user.pk)
    try:
        if step == "link":
            return _request_link(request, user)
        messages.success(request, _STEPS[step](request, user))
    except RequestRefused as refusal:
        messages.warning(request, str(refusal))
    return redirect("web:account", user.pk)


def _request_link(request: UserRequest, user: User) -> HttpResponse:
    """Show a link for an account where no confirmation is needed or it was given; else submit a request to a second person."""
    if not user.is_active:
        raise RequestRefused(f"{user}没有启用，不能发链接。请先启用，或等第二人确认。")
    approved = confirming.usable_link(user, request.user)
    if approved:
        confirming.use_link(approved)
    elif not confirming.submit(Kind.LINK, user, request.user):
        messages.info(request, _WAITS)
        return redirect("web:account", user.pk)
    AccountChange.objects.create(account=user, by=request.user, what="发出一次性链接")
    return _show_link(request, user)


def _link_ready(request: UserRequest, user: User) -> bool:
    """Whether a link can be shown at once, since no confirmation by a second person is needed or it was given."""
    return not confirming.needs_confirmation(Kind.LINK, user) or bool(
        confirming.usable_link(user, request.user)
    )


def _lock(request: UserRequest, user: User) -> str:
    if not User.objects.filter(pk=user.pk, is_active=True).update(is_active=False):
        return f"{user}已经是停用的。"
    user.end_sessions()
    AccountChange.objects.create(account=user, by=request.user, what="停用")
    return f"{user}已停用，不能登录，已登录的立即退出，接口令牌作废。"


def _unlock(request: UserRequest, user: User) -> str:
    if user.is_active and not locked_names([user.username]):
        return f"{user}没有停用，也没有被锁定。"
    done = confirming.submit(Kind.UNLOCK, user, request.user)
    return f"{user}可以登录了。" if done else _WAITS


def _end_sessions(request: UserRequest, user: User) -> str:
    user.end_sessions()
    AccountChange.objects.create(account=user, by=request.user, what="结束会话")
    return f"{user}已登录的，都须重新登录；接口令牌已作废。"


def _clear_second_factor(request: UserRequest, user: User) -> str:
    if not SecondFactor.objects.filter(user=user).exists():
        return f"{user}没有设两步验证。"
    done = confirming.submit(Kind.SECOND_FACTOR, user, request.user)
    return f"{user}的两步验证已清除。" if done else _WAITS


def _map_identity(request: UserRequest, user: User) -> str:
    form = IdentityForm(request.POST)
    if not settings.OIDC or not form.is_valid():
        raise RequestRefused("请填写用户标识，不超过200个字符。")
    values = {
        "issuer": settings.OIDC["issuer"],
        "subject": form.cleaned_data["subject"],
        "text": form.cleaned_data["subject"],
    }
    done = confirming.submit(Kind.IDENTITY, user, request.user, values)
    return "已关联，可以用统一认证登录。" if done else _WAITS


def _remove_identity(request: UserRequest, user: User) -> str:
    subject = request.POST.get("subject", "")
    if not user.identities.filter(subject=subject).delete()[0]:
        return "没有这个关联。"
    AccountChange.objects.create(account=user, by=request.user, what=f"解除统一认证关联：{subject}"[:200])
    return "已解除关联。"


_STEPS = {
    "lock": _lock,
    "unlock": _unlock,
    "end_sessions": _end_sessions,
    "second_factor": _clear_second_factor,
    "identity": _map_identity,
    "remove_identity": _remove_identity,
}
_WAITS = f"已提出申请，待第二人在{confirming.REQUEST_DAYS}天内确认；确认以后生效。"


def _change(request: UserRequest, user: User, form: AccountForm) -> HttpResponse:
    """Save the name at once, and submit a change of rights to a second person for confirmation."""
    before, after = confirming.values_of(user), form.rights()
    if user == request.user and before != after:
        messages.warning(request, "不能改自己的角色，请由另一位管理员办理。")
        return redirect("web:account", user.pk)
    name = form.cleaned_data["first_name"]
    sentence = "已保存，并记入变动记录。"
    try:
        with transaction.atomic():
            if name != user.first_name:
                User.objects.filter(pk=user.pk).update(first_name=name)
                what = f"姓名由“{user.first_name}”改为“{name}”"
                AccountChange.objects.create(account=user, by=request.user, what=what)
            if before != after:
                text = f"由“{place_of(user)}”改为“{place_of_rights(after)}”"
                values = {"before": before, "after": after, "text": text}
                if not confirming.submit(Kind.CHANGE, user, request.user, values):
                    sentence = _WAITS
    except RequestRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, sentence)
    return redirect("web:account", user.pk)


def _unlock_address(request: UserRequest) -> HttpResponse:
    locked = request.POST.get("address", "")
    if unlock_address(locked):
        AccountChange.objects.create(
            account=request.user, by=request.user, what=f"解除机器地址锁定：{locked}"
        )
        messages.success(request, f"{locked}可以登录了。")
    else:
        messages.info(request, "这个机器地址没有锁定。")
    return redirect("web:accounts")


def _show_link(request: UserRequest, user: User) -> HttpResponse:
    """Create a link and show it, this once."""
    context = {"account": user, "link": address(invite(user), request), "hours": HOURS}
    return render(request, "web/account_link.html", context)
