"""The log of requests: time, number, client address, user, path, status, and duration of each.

A line contains no query and no token: the path is that of the URL pattern, filled with numbers and with names that reveal nothing
about a person.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from xuezheng.web.security.requests import PageRequest

HEADER = "X-Request-ID"
#: The parameters of addresses whose values are logged; of any other only the name is.
_PLAIN = {"pk", "number", "version", "model", "key", "template", "period", "snapshot", "kind", "role", "name"}
_LONGEST = 200
_LOGGER = logging.getLogger("xuezheng.access")


def log_requests(
    get_response: Callable[[PageRequest], HttpResponse],
) -> Callable[[PageRequest], HttpResponse]:
    """Middleware, the outermost: assigns a request its random number, and writes one line about it to the request log.

    The number is also in the response header ``X-Request-ID``.
    """

    def respond(request: PageRequest) -> HttpResponse:
        begun = time.monotonic()
        request.number = secrets.token_hex(6)
        response = get_response(request)
        response[HEADER] = request.number
        milliseconds = round(1000 * (time.monotonic() - begun))
        now = datetime.now().astimezone()
        _LOGGER.info(
            f"{now:%Y-%m-%dT%H:%M:%S%z} {request.number} {request.META.get('REMOTE_ADDR') or '-'} "
            f"{_user(request)} {request.method} {cut(request.path_info)} {response.status_code} {milliseconds}ms"
        )
        return response

    return respond


def cut(path: str) -> str:
    """Return a path as a log may contain it, with tokens and other secrets replaced by the names of their parameters.

    Of a path that belongs to no page only the first part is kept.
    """
    try:
        match = resolve(path)
    except Resolver404:
        first, _, further = path.strip("/").partition("/")
        known = first if first.isascii() and first.isalpha() and len(first) < 30 else "…"
        return f"/{known}/…" if further else f"/{known}"
    filled = f"/{match.route}"
    for name, converter in match.captured_kwargs.items():  # type: ignore[attr-defined]  # django-stubs does not know it
        value = str(converter)
        shown = value if name in _PLAIN and value.isprintable() and " " not in value else f"<{name}>"
        for kind in ("int", "slug", "str", "path"):
            filled = filled.replace(f"<{kind}:{name}>", shown)
        filled = filled.replace(f"<{name}>", shown)
    return filled[:_LONGEST]


class CutPaths(logging.Filter):
    """Shortens the paths in log lines of Django and the server by :func:`cut`, and adds the request's number."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record in place; always returns True, so that every record is written."""
        if getattr(record, "is_cut", False):
            return True
        record.is_cut = True
        request: Any = getattr(record, "request", None)
        if isinstance(record.args, tuple):
            record.args = tuple(
                cut(argument) if isinstance(argument, str) and argument.startswith("/") else argument
                for argument in record.args
            )
        number = getattr(request, "number", "")
        if number:
            record.msg = f"{record.msg} （请求编号{number}）"
        return True


def _user(request: HttpRequest) -> str:
    """Return the login name of the request's user, "-" where it is unknown; the session is not loaded for this."""
    user: Any = getattr(request, "_cached_user", None) or request.__dict__.get("user")
    if getattr(user, "_wrapped", user) is not user:
        return "-"
    name = user.get_username() if getattr(user, "is_authenticated", False) else ""
    return name if name and name.isprintable() and " " not in name else "-"
