"""Login, the time limits of sessions, and typing the password again before a sensitive step."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import authenticate, logout, user_logged_in
from django.contrib.auth.views import LoginView
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from xuezheng.web.login.second_steps import log_in
from xuezheng.web.security.requests import PageRequest, UserRequest, is_logged_in

_MINUTE, _HOUR = 60, 3600
#: A session in use is saved at most so many times within the idle limit, not for every page.
_PARTS = 6
#: The header of requests that a page sends by itself, such as for the progress of a job; they do not count as activity.
UNATTENDED = "X-Unattended"
# The password bears the name under which the log of failures leaves it out.
_PASSWORD, _METHOD = "password", "confirm_method"
WHAT_FOR = "purpose"
_SHORTEST = 4  # characters of a purpose
P = ParamSpec("P")
_LONG_NUMBER = re.compile(r"[0-9]{11}")


@receiver(user_logged_in)
def begin_session(request: HttpRequest, **kwargs: Any) -> None:
    """Record in the session when it began and that the password was just typed.

    Remove expired sessions of all users.
    """
    request.session.set_expiry(None)  # what waited for a code or a platform was short-lived
    request.session.clear_expired()
    request.session["begun"] = request.session["seen"] = request.session["confirmed"] = time.time()


def limit_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that logs out a session that was idle for too long, is too old, or was ended by an administrator.

    The limits are ``IDLE_MINUTES`` and ``SESSION_HOURS``. A request with the header ``X-Unattended``, sent by
    a page on its own, does not count as activity.
    """

    def respond(request: HttpRequest) -> HttpResponse:
        if is_logged_in(request):
            if _is_over(request):
                logout(request)
                return _to_login(request)
            if UNATTENDED not in request.headers:
                _keep(request)
        return get_response(request)

    return respond


def _is_over(request: UserRequest) -> bool:
    now = time.time()
    begun = request.session.get("begun", now)
    last_active = request.session.get("seen", now)
    since = request.user.sessions_since
    return bool(
        now - last_active > settings.IDLE_MINUTES * _MINUTE
        or now - begun > settings.SESSION_HOURS * _HOUR
        or (since and begun < since.timestamp())
    )


def _keep(request: HttpRequest) -> None:
    now = time.time()
    request.session.setdefault("begun", now)
    if now - request.session.get("seen", 0) > settings.IDLE_MINUTES * _MINUTE / _PARTS:
        request.session["seen"] = now


def _to_login(request: PageRequest) -> HttpResponse:
    """Redirect to the login page, and from there back to the reader's page."""
    if request.htmx:
        address = request.htmx.current_url_abs_path or "/"
    elif request.method == "GET":
        address = request.get_full_path()
    else:
        address = _page_before(request)
    target = f"{reverse('web:login')}?{urlencode({'next': address, 'over': 1})}"
    return HttpResponseClientRedirect(target) if request.htmx else redirect(target)


def _page_before(request: HttpRequest) -> str:
    """Return the path and query of the page of this site from which a form was sent; "/" if unknown."""
    referrer = urlsplit(request.headers.get("Referer", ""))
    own = referrer.netloc == request.get_host() and referrer.path.startswith("/")
    return f"{referrer.path}?{referrer.query}" if own and referrer.query else referrer.path if own else "/"


class Login(LoginView):
    """The login page; a user who is logged in already is redirected to the home page."""

    request: PageRequest
    template_name = "web/login.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form; for an htmx request, redirect the complete page of the browser here."""
        if self.request.htmx:
            next_page = urlencode({"next": self.request.htmx.current_url_abs_path or "/", "over": 1})
            return HttpResponseClientRedirect(f"{request.path}?{next_page}")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Log in the user of a valid form, or redirect to the form for the code of the second factor."""
        return log_in(self.request, form.get_user(), self.get_redirect_url())

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Return the context with ``failure_limit``, ``idle_minutes``, ``platform`` and ``over``.

        They are the failures that lock an account, the idle limit, the title of the login platform ("" for
        none), and whether the user comes from a session that has just ended.
        """
        context = {
            "failure_limit": settings.AXES_FAILURE_LIMIT,
            "idle_minutes": settings.IDLE_MINUTES,
            "platform": settings.OIDC.get("title", ""),
        }
        return super().get_context_data(**kwargs, **context, over="over" in self.request.GET)


def confirmed(
    view: Callable[Concatenate[UserRequest, P], HttpResponseBase],
) -> Callable[Concatenate[UserRequest, P], HttpResponseBase]:
    """Decorate a view to require that the password was typed within the last ``CONFIRMED_MINUTES``.

    Other users get the page that prompts for it (see :func:`require_confirmation`) instead of the view's
    response.
    """

    @wraps(view)
    def answer(request: UserRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return require_confirmation(request) or view(request, *args, **kwargs)

    return answer


def require_confirmation(request: UserRequest, purpose: str = "") -> HttpResponse | None:
    """Return the page that prompts for the password again.

    None where it was typed within the last ``CONFIRMED_MINUTES``. With ``purpose``, an example of a purpose
    in Chinese, the page also prompts for the purpose of the step, which the view finds in the POST parameter
    ``purpose``. The page repeats the parameters of the submitted form, so that the step is carried out as
    soon as the password is right; a GET, such as a download, is requested again. Wrong passwords count as
    failed logins.
    """
    password, wrong = request.POST.get(_PASSWORD), False
    if password is not None:
        name = request.user.get_username()
        wrong = authenticate(request, username=name, password=password) != request.user
        if not wrong:
            request.session["confirmed"] = time.time()
    known = time.time() - request.session.get("confirmed", 0) < settings.CONFIRMED_MINUTES * _MINUTE
    what_for = request.POST.get(WHAT_FOR, "").strip()
    vague = bool(purpose) and (len(what_for) < _SHORTEST or bool(_LONG_NUMBER.search(what_for)))
    if known and not wrong and not vague:
        if request.POST.get(_METHOD) == "GET" and not purpose:
            return render(request, "web/confirmed.html", {"address": request.get_full_path()})
        return None
    kept = ("csrfmiddlewaretoken", _PASSWORD, _METHOD, WHAT_FOR)
    context = {
        "wrong": wrong,
        "known": known and not wrong,
        "purpose": purpose,
        "what_for": what_for,
        "vague": vague and WHAT_FOR in request.POST,
        "posted": [
            (name, value) for name in request.POST if name not in kept for value in request.POST.getlist(name)
        ],
        "method": request.POST.get(_METHOD, request.method),
        "minutes": settings.CONFIRMED_MINUTES,
        "failure_limit": settings.AXES_FAILURE_LIMIT,
        "back": _page_before(request),
    }
    return render(request, "web/confirm.html", context)
