"""Login through an OpenID Connect platform: code flow with PKCE, state and nonce, by Authlib.

The platform identifies the user by a subject; an administrator has mapped the subject to an account, and a second person has
confirmed it (:class:`~xuezheng.records.models.ExternalIdentity`). An account at the platform alone gives no account or rights here.
"""

from __future__ import annotations

import logging
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from joserfc.errors import JoseError
from requests import RequestException

from xuezheng.records.models import ExternalIdentity
from xuezheng.web.login.invitations import address
from xuezheng.web.login.second_steps import log_in
from xuezheng.web.security.requests import PageRequest

_LOG = logging.getLogger(__name__)
_SECONDS = 10  # for each answer of the platform
_WAITING_SECONDS = 600  # for somebody to log in there
_DISCOVERY = "/.well-known/openid-configuration"
_FAILURES = (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, RuntimeError)


@cache
def _client(issuer: str, client_id: str, client_secret: str) -> Any:
    registry = OAuth()
    registry.register(
        "platform",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=issuer.rstrip("/") + _DISCOVERY,
        client_kwargs={"scope": "openid", "code_challenge_method": "S256", "default_timeout": _SECONDS},
    )
    return registry.platform


def _configured_client() -> Any:
    if not settings.OIDC:
        raise Http404("没有设统一认证。")
    return _client(settings.OIDC["issuer"], settings.OIDC["client_id"], settings.OIDC["client_secret"])


@never_cache
@login_not_required
@require_GET
def oidc_login(request: PageRequest) -> HttpResponse:
    """Redirect the browser to the platform's login page.

    ``next`` in the query string is the page to open afterwards. Raises ``Http404`` where no platform is
    configured; a platform that cannot be reached is answered with a page and the status 502.
    """
    client = _configured_client()
    if not request.user.is_authenticated:
        request.session.set_expiry(_WAITING_SECONDS)
    request.session["oidc_next"] = request.GET.get("next", "")[:500]
    try:
        response: HttpResponse = client.authorize_redirect(
            request, address(reverse("web:oidc_callback"), request)
        )
        return response
    except _FAILURES as error:
        return _refuse(request, error)


@never_cache
@login_not_required
@require_GET
def oidc_callback(request: PageRequest) -> HttpResponse:
    """Log in the user to whose account the platform's response is mapped.

    Without an active account the response is a page with the remedy and the status 403; an invalid response
    of the platform gives 502. Raises ``Http404`` where no platform is configured.
    """
    client = _configured_client()
    try:
        token = client.authorize_access_token(request, claims_options=_expected_claims())
        claims = token.get("userinfo") or {}
        subject = str(claims["sub"])
    except _FAILURES as error:
        return _refuse(request, error)
    identity = (
        ExternalIdentity.objects.select_related("user")
        .filter(issuer=settings.OIDC["issuer"], subject=subject)
        .first()
    )
    if identity is None or not identity.user.is_active:
        context = {"subject": subject, "inactive": identity is not None, "title": settings.OIDC["title"]}
        return render(request, "web/oidc_refused.html", context, status=403)
    return log_in(request, identity.user, request.session.pop("oidc_next", ""))


def _expected_claims() -> dict[str, Any]:
    """Return the required issuer and audience of the token, since the library does not check the audience automatically."""
    return {
        "iss": {"essential": True, "value": settings.OIDC["issuer"]},
        "aud": {"essential": True, "value": settings.OIDC["client_id"]},
    }


def _refuse(request: PageRequest, error: Exception) -> HttpResponse:
    # The kind of the error alone: its text may hold what the platform says of a person.
    _LOG.error("log-in by the platform failed: %s", type(error).__name__)
    return render(request, "web/oidc_refused.html", {"title": settings.OIDC["title"]}, status=502)
