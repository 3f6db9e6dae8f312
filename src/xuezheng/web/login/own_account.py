"""The pages on which users manage their own password and second factor."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import segno
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, update_session_auth_hash
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from xuezheng.records import second_factors
from xuezheng.records.models import AccountChange, SecondFactor, User
from xuezheng.records.passwords import is_too_old
from xuezheng.web.login.sessions import require_confirmation
from xuezheng.web.security.requests import UserRequest, is_logged_in
from xuezheng.web.ui.forms import style_fields

LONGEST_PASSWORD = 128


def password_field(label: str, autocomplete: str) -> forms.CharField:
    """Return a required form field for a password, which keeps leading and trailing spaces.

    ``label`` is the Chinese label, ``autocomplete`` the HTML attribute, as "current-password".
    """
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, widget=widget, strip=False, max_length=LONGEST_PASSWORD)


class OwnPasswordForm(forms.Form):
    """The form with the present password and a new one, typed twice."""

    present = password_field("现在的密码", "current-password")
    password = password_field("新密码", "new-password")
    again = password_field("再输一次新密码", "new-password")

    def __init__(self, request: UserRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.fields["password"].help_text = "".join(password_validators_help_texts())
        style_fields(*self.fields.values())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Add an error where the present password is wrong, or the new one differs or breaks the rules. A wrong
        present password counts as a failed login.
        """
        values: dict[str, Any] = super().clean() or {}
        if not {"present", "password", "again"} <= values.keys():
            return values
        user = self.request.user
        if authenticate(self.request, username=user.get_username(), password=values["present"]) != user:
            self.add_error("present", "现在的密码不对。请检查大小写后再试。")
        elif values["password"] != values["again"]:
            self.add_error("again", "两次输入的密码不同。请重新输入。")
        else:
            try:
                validate_password(values["password"], user)
            except ValidationError as problem:
                self.add_error("password", problem)
        return values


@never_cache
@sensitive_post_parameters("present", "password", "again")
@require_http_methods(["GET", "POST"])
def own_password(request: UserRequest) -> HttpResponse:
    """Show the form for changing the user's own password; a POST changes it and redirects to the home page.

    All other sessions end, and the user's API tokens are revoked.
    """
    form = OwnPasswordForm(request, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        user = request.user
        with transaction.atomic():
            user.set_password(form.cleaned_data["password"])
            user.save(update_fields=["password", "password_changed_at"])
            user.end_sessions()
            AccountChange.objects.create(account=user, by=user, what="本人修改密码")
        update_session_auth_hash(request, user)
        request.session["begun"] = request.session["confirmed"] = time.time()
        messages.success(request, "密码已修改。其他地方的登录已退出，接口令牌已作废。")
        return redirect("web:home")
    context = {"form": form, "too_old": is_too_old(request.user), "days": settings.PASSWORD_MAX_DAYS}
    return render(request, "web/own_password.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def own_second_factor(request: UserRequest) -> HttpResponse:
    """Show the second factor of the user's own account; a POST sets it up, confirms, renews or removes it.

    ``step`` is "begin" or "confirm" before a factor is confirmed, then "renew" (new recovery codes) or "end".
    Each step needs the password typed within the last minutes.
    """
    factor = SecondFactor.objects.filter(user=request.user).first()
    steps = _STEPS_OF_CONFIRMED if factor and factor.confirmed_at else _STEPS_OF_OPEN
    step = steps.get(request.POST.get("step", "")) if request.method == "POST" else None
    if step is not None:
        return require_confirmation(request) or step(request, factor)
    return _show_factor(request, factor)


def _begin(request: UserRequest, factor: SecondFactor | None) -> HttpResponse:
    second_factors.begin_setup(request.user)
    return redirect("web:own_second_factor")


def _confirm(request: UserRequest, factor: SecondFactor | None) -> HttpResponse:
    codes = second_factors.confirm_setup(factor, request.POST.get("code", "")) if factor else None
    if codes is None:
        return _show_factor(request, factor, wrong=True)
    _note(request.user, "启用两步验证")
    return _show_factor(request, second_factors.find_factor(request.user), codes=codes)


def _renew_codes(request: UserRequest, factor: SecondFactor) -> HttpResponse:
    if not second_factors.accept_code(factor, request.POST.get("code", "")):
        return _show_factor(request, factor, wrong=True)
    _note(request.user, "换新的恢复码")
    return _show_factor(request, factor, codes=second_factors.renew_recovery_codes(factor))


def _end(request: UserRequest, factor: SecondFactor) -> HttpResponse:
    if not second_factors.accept_code(factor, request.POST.get("code", "")):
        return _show_factor(request, factor, wrong=True)
    factor.delete()
    request.session.pop(_CHECKED, None)
    _note(request.user, "停用两步验证")
    messages.success(request, "两步验证已停用。换了手机的，请在新手机上重新设。")
    return redirect("web:own_second_factor")


_STEPS_OF_OPEN: dict[str, Callable[[UserRequest, Any], HttpResponse]] = {"begin": _begin, "confirm": _confirm}
_STEPS_OF_CONFIRMED: dict[str, Callable[[UserRequest, Any], HttpResponse]] = {
    "renew": _renew_codes,
    "end": _end,
}


def _show_factor(
    request: UserRequest, factor: SecondFactor | None, *, wrong: bool = False, codes: list[str] | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "factor": factor,
        "wrong": wrong,
        "codes": codes,
        "required": second_factors.is_required(request.user),
    }
    if factor and factor.confirmed_at:
        context["codes_left"] = factor.recovery_codes.filter(used_at=None).count()
    elif factor:
        uri = second_factors.provisioning_uri(factor)
        context["picture"] = segno.make(uri, error="m").png_data_uri(scale=5, border=4)
        context["secret"] = " ".join(factor.secret[i : i + 4] for i in range(0, len(factor.secret), 4))
    return render(request, "web/own_second_factor.html", context)


def _note(user: User, what: str) -> None:
    AccountChange.objects.create(account=user, by=user, what=what)


#: The key in a session that is set once its user was found to have a second factor, so that not every page queries it.
_CHECKED = "second_factor"
_ALLOWED = ("own_password", "own_second_factor", "logout")


def require_credentials(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that redirects a user with an expired password or without a required second factor.

    The user is redirected to the page for changing the password or setting up the second factor; only these
    pages and the logout are open.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if is_logged_in(request):
            page = _missing(request)
            if page and request.path not in [reverse(f"web:{name}") for name in _ALLOWED]:
                target = reverse(f"web:{page}")
                return HttpResponseClientRedirect(target) if request.htmx else redirect(target)
        return get_response(request)

    return respond


def _missing(request: UserRequest) -> str:
    if is_too_old(request.user):
        return "own_password"
    if not second_factors.is_required(request.user) or _CHECKED in request.session:
        return ""
    if second_factors.find_factor(request.user) is None:
        return "own_second_factor"
    request.session[_CHECKED] = True
    return ""
