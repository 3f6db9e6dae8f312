"""Determines whether an arriving request is a logged-in user's, without the database.

In addition to the session's cookie a browser gets one that only this installation can have made for that session. The server reads
both from the head of a request, and accepts large bodies from nobody else. It gives access to no page: the session decides on that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse

COOKIE = "admission"
_SALT = "xuezheng.web.serving.admission"


def admit(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that sets the admission cookie for each logged-in user, and deletes it at logout."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        user, session = getattr(request, "user", None), getattr(request, "session", None)
        if user is None or session is None:
            return response
        current = request.COOKIES.get(COOKIE, "")
        if not user.is_authenticated:
            if current:
                response.delete_cookie(COOKIE, samesite="Lax")
        elif session.session_key and not _is_valid(session.session_key, current):
            response.set_cookie(
                COOKIE,
                _sign(session.session_key),
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        return response

    return respond


def admitted_session(cookies: str) -> str:
    """Return a short hash that identifies the session of a logged-in user, from the cookies of a request.

    ``cookies`` is the value of the ``Cookie`` header. "" where it has no valid admission cookie.
    """
    try:
        jar = SimpleCookie(cookies)
    except CookieError:
        return ""
    session, admission = jar.get(settings.SESSION_COOKIE_NAME), jar.get(COOKIE)
    if session is None or admission is None or not _is_valid(session.value, admission.value):
        return ""
    return hashlib.sha256(session.value.encode()).hexdigest()[:16]


def _sign(session_key: str) -> str:
    return TimestampSigner(salt=_SALT).sign(session_key).removeprefix(f"{session_key}:")


def _is_valid(session_key: str, admission: str) -> bool:
    try:
        TimestampSigner(salt=_SALT).unsign(f"{session_key}:{admission}", max_age=settings.SESSION_COOKIE_AGE)
    except BadSignature:
        return False
    return True
