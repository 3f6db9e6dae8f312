"""The second step of logging in: a user with a second factor is logged in only after its code is correct."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.contrib.auth import login, user_login_failed
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xuezheng.records.models import User
from xuezheng.records.second_factors import accept_code, find_factor
from xuezheng.web.security.requests import PageRequest

_PENDING = "pending_login"
_PENDING_SECONDS = 300
# The session's entry with the time of the login before this one, in ISO format; none at the first login.
_PREVIOUS_LOGIN = "previous_login"
_BACKEND = "django.contrib.auth.backends.ModelBackend"


def log_in(request: PageRequest, user: User, next_page: str = "") -> HttpResponse:
    """Log in a user whose password, one-time link or platform login is valid, and return a redirect.

    The redirect leads to ``next_page``, an address of this site, else to the home page. A user with a second
    factor is not logged in yet but redirected to the form for its code.
    """
    if find_factor(user) is None:
        _begin(request, user)
        return redirect(_safe(request, next_page))
    request.session.flush()
    request.session.set_expiry(_PENDING_SECONDS)
    request.session[_PENDING] = {
        "user": user.pk,
        "at": time.time(),
        "hash": user.get_session_auth_hash(),
        "next": next_page,
    }
    return redirect("web:login_code")


@never_cache
@sensitive_post_parameters("code")
@login_not_required
@require_http_methods(["GET", "POST"])
def login_code(request: PageRequest) -> HttpResponse:
    """Show the form for the code of the second factor; a POST with the right ``code`` logs in.

    Wrong codes count as failed logins of the account. Without a valid first step in the last five minutes the
    response is a redirect to the login page.
    """
    user = _pending_user(request)
    factor = find_factor(user) if user else None
    if user is None or factor is None:
        return redirect("web:login")
    if request.method == "GET":
        return render(request, "web/login_code.html", {"account": user})
    credentials = {"username": user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return _lock(request, credentials)
    if accept_code(factor, request.POST.get("code", "")):
        next_page = request.session.pop(_PENDING)["next"]
        _begin(request, user)
        return redirect(_safe(request, next_page))
    user_login_failed.send(__name__, credentials=credentials, request=request)
    return render(request, "web/login_code.html", {"account": user, "wrong": True})


def previous_login(request: PageRequest) -> datetime | None:
    """Return when the user of the session had logged in before; None at the first login."""
    previous = request.session.get(_PREVIOUS_LOGIN)
    return datetime.fromisoformat(previous) if previous else None


def _begin(request: PageRequest, user: User) -> None:
    """Log in a user, and record in the session when the user logged in before."""
    previous = user.last_login
    login(request, user, backend=_BACKEND)
    if previous is not None:
        request.session[_PREVIOUS_LOGIN] = previous.isoformat()


def _pending_user(request: PageRequest) -> User | None:
    """Return the user whose password was accepted in this session within ``_PENDING_SECONDS`` and has not changed since; else None."""
    pending: dict[str, Any] = request.session.get(_PENDING) or {}
    if time.time() - pending.get("at", 0) > _PENDING_SECONDS:
        return None
    user: User | None = User.objects.filter(pk=pending.get("user", 0), is_active=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), pending["hash"]):
        return None
    return user


def _lock(request: PageRequest, credentials: dict[str, str]) -> HttpResponse:
    # The middleware of axes answers with the page of a locked account.
    request.axes_locked_out = True
    request.axes_credentials = credentials
    return HttpResponse(status=429)


def _safe(request: PageRequest, next_page: str) -> str:
    own = {request.get_host()}
    is_own = url_has_allowed_host_and_scheme(next_page, own, require_https=request.is_secure())
    return next_page if next_page and is_own else reverse("web:home")
