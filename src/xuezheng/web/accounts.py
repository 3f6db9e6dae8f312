"""Logging in, and staying logged in."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django_htmx.http import HttpResponseClientRedirect

_RENEW_AFTER_SECONDS = 5 * 60


def renew_session(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that keeps a session in use alive, with one write in some minutes instead of one a page."""

    def respond(request: HttpRequest) -> HttpResponse:
        now = int(time.time())
        if request.user.is_authenticated and now - request.session.get("renewed", 0) > _RENEW_AFTER_SECONDS:
            request.session["renewed"] = now
        return get_response(request)

    return respond


class Login(LoginView):
    """The login page. A part of a page that outlived its session sends the whole page here."""

    template_name = "web/login.html"
    redirect_authenticated_user = True

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the form."""
        if request.htmx:
            next_page = urlencode({"next": request.htmx.current_url_abs_path or "/"})
            return HttpResponseClientRedirect(f"{request.path}?{next_page}")
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tell how many failures lock an account."""
        return super().get_context_data(**kwargs, failure_limit=settings.AXES_FAILURE_LIMIT)
