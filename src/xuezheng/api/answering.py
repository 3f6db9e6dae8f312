"""The views of the JSON interface: authentication by token, the rate limit, and every refusal as JSON."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from xuezheng import registry
from xuezheng.api.declare import Operation, Query, Refused
from xuezheng.core.number_text import plain_number
from xuezheng.core.periods import PeriodError
from xuezheng.figures import FigureError
from xuezheng.records.models import ApiToken, Look, User
from xuezheng.snapshots import SnapshotError
from xuezheng.web.security import access_log

_MINUTE = 60
_BEARER = "Bearer "


def hashed(secret: str) -> str:
    """Return the SHA-256 of a token's secret in hexadecimal, under which the token is stored.

    The secret is long and random, so it needs no slow hash.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def view_of(operation: Operation) -> Callable[..., HttpResponse]:
    """Return the Django view that answers an operation with JSON.

    A refused request gets ``{"error": <Chinese sentence>}`` with the status 400 (invalid parameter), 401 (no
    valid token), 403 (scope missing), 404 (unknown figure or snapshot), 405 (not GET) or 429 (too many
    requests).
    """

    def respond(request: HttpRequest, **in_path: str) -> HttpResponse:
        try:
            if request.method not in ("GET", "HEAD"):
                raise Refused(405, "这个接口只能读取。请用GET。")
            user, token = _asker(request, operation.scope)
            _limit(f"token:{token.pk}" if token else f"user:{user.pk}")
            return _json(operation.answer(_read_query(request, operation, user, token, in_path)))
        except Refused as refusal:
            return _refusal(refusal.status, str(refusal))
        except (registry.Unknown, SnapshotError) as error:
            return _refusal(404, str(error))
        except (FigureError, PeriodError) as error:
            return _refusal(400, str(error))

    # Exempt from the CSRF check, so that a POST is refused as JSON like every other refusal.
    return csrf_exempt(never_cache(login_not_required(respond)))


def _asker(request: HttpRequest, scope: Any) -> tuple[User, ApiToken | None]:
    """Return the requesting user, and the token used; None for a logged-in user who tries the interface in the browser.

    Raises :class:`~xuezheng.api.declare.Refused` where the token is missing, not valid, or lacks the ``scope``.
    """
    header = request.headers.get("Authorization", "")
    if not header and request.user.is_authenticated:
        return request.user, None
    if not header.startswith(_BEARER):
        raise Refused(401, "请在请求头里写明令牌：Authorization: Bearer xz_……")
    secret = hashed(header.removeprefix(_BEARER).strip())
    token = ApiToken.objects.active().filter(secret_hash=secret).select_related("owner__school").first()
    if token is None:
        raise Refused(401, "令牌不对，或已过期、作废，或主人的账号已停用。请在“接口令牌”里另建一个。")
    if scope not in token.scopes:
        raise Refused(403, f"这个令牌不能读“{scope.label}”。请另建一个可以读它的令牌。")
    today = timezone.localdate()
    if token.last_used_on != today:
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=today)
    request.user = token.owner
    return token.owner, token


def _limit(who: str) -> None:
    """Refuse requests of ``who`` ("token:<key>" or "user:<key>") beyond the limit per minute; raises ``Refused`` with status 429."""
    now = int(time.time())
    key = f"api:{who}:{now // _MINUTE}"
    cache.add(key, 0, 2 * _MINUTE)
    if cache.incr(key) > settings.API_PER_MINUTE:
        raise Refused(
            429, f"问得太快：每分钟最多{settings.API_PER_MINUTE}次。请过{_MINUTE - now % _MINUTE}秒再试。"
        )


def _read_query(
    request: HttpRequest, operation: Operation, user: User, token: ApiToken | None, in_path: dict[str, str]
) -> Query:
    known = {parameter.name for parameter in operation.parameters}
    unknown = sorted(set(request.GET) - known)
    if unknown:
        names = "、".join(
            parameter.name for parameter in operation.parameters if not operation.is_in_path(parameter)
        )
        raise Refused(400, f"没有参数“{unknown[0]}”。可用的：{names or '（无）'}。")
    params = {name: value for name, value in {**request.GET.dict(), **in_path}.items() if value}
    for parameter in operation.parameters:
        if parameter.required and parameter.name not in params:
            raise Refused(400, f"缺少参数“{parameter.name}”（{parameter.title}），如{parameter.example}。")
    by = f"接口令牌“{token.title}”" if token else "试用接口"
    return Query(
        user,
        params,
        lambda what, persons: access_log.note(request, what, by, persons, kind=Look.Kind.PROGRAM),
    )


def _refusal(status: int, sentence: str) -> HttpResponse:
    response = _json({"error": sentence}, status)
    if status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if status == 405:
        response["Allow"] = "GET"
    if status == 429:
        response["Retry-After"] = str(_MINUTE)
    return response


def _json(value: Any, status: int = 200) -> HttpResponse:
    content = json.dumps(value, ensure_ascii=False, default=_plain)
    return HttpResponse(content, content_type="application/json; charset=utf-8", status=status)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain_number(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
