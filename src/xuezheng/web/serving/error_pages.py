"""The pages for failed requests: a wrong request, a lack of resources on the server, or a failure of the system."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from django.db import DataError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from xuezheng.core.disk_space import FULL, NoRoom, is_full
from xuezheng.jobs.attachments import TooMuchWaiting
from xuezheng.web.serving.request_log import HEADER

_UNREADABLE = "发送的内容里有不能用的字符。请检查填写的内容或地址，从首页重新进入。"
_TOO_MUCH = "填写的内容过长，或数字过大，没有保存。请检查后重新填写。"
_AWAY = "数据库暂时不能使用，可能正在重新启动或正忙。已保存的内容不受影响，请过一分钟再试；一直如此请告诉系统管理员。"
_RETRY_SECONDS = 30
_API = "/api/"


def refuse_unreadable(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Any:
    """Middleware that answers unreadable requests and known failures with a page.

    A request with a NUL character is answered with status 400 before the view is called; an exception of a
    view with the page of :func:`answer_for`, if it has one.
    """

    class Refuse:
        def __call__(self, request: HttpRequest) -> HttpResponse:
            return get_response(request)

        def process_view(self, request: HttpRequest, *view: Any) -> HttpResponse | None:
            return answer(request, 400, _UNREADABLE) if _has_null(request) else None

        def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
            return answer_for(request, error)

    return Refuse()


def answer_for(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """Return the page for a known exception; None for any other, or for None.

    Known are: too many waiting uploads (429), too little space on the disk (507), a text or number too large
    for the database (400), and an unavailable database (503).
    """
    if isinstance(error, TooMuchWaiting):
        return answer(request, 429, str(error))
    if isinstance(error, NoRoom):
        return answer(request, 507, str(error))
    if is_full(error):
        return answer(request, 507, FULL)
    if isinstance(error, OverflowError | DataError):
        return answer(request, 400, _TOO_MUCH)
    if isinstance(error, OperationalError | InterfaceError):
        return answer(request, 503, _AWAY)
    return None


def server_error(request: HttpRequest) -> HttpResponse:
    """Return the page for an exception that no view has handled (Django's ``handler500``)."""
    response = answer_for(request, sys.exc_info()[1])
    return response or answer(
        request, 500, "刚才的操作没有完成，数据没有改动。请再试一次；仍不行请把请求编号告诉系统管理员。"
    )


def answer(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    """Return a page with a Chinese sentence and the number of the request, without using the database.

    For an address below ``/api/`` the response is JSON with the keys ``error`` and ``request``.
    """
    number = getattr(request, "number", "")
    if request.path_info.startswith(_API):
        content = json.dumps({"error": sentence, "request": number}, ensure_ascii=False)
        response = HttpResponse(content, "application/json; charset=utf-8", status)
    else:
        page = loader.get_template("web/failure.html")
        response = HttpResponse(
            page.render({"status": status, "sentence": sentence, "number": number}), status=status
        )
    if number:
        response[HEADER] = number
    if status == 503:
        response["Retry-After"] = str(_RETRY_SECONDS)
    response["Cache-Control"] = "no-store"
    return response


def _has_null(request: HttpRequest) -> bool:
    """Whether the path, a parameter or the name of a file contains a NUL, which neither database can store in a text field."""
    texts = [request.path_info]
    for values in (request.GET, request.POST):
        texts += [text for name in values for text in (name, *values.getlist(name))]
    texts += [str(file.name) for name in request.FILES for file in request.FILES.getlist(name)]
    return any("\0" in text for text in texts)
