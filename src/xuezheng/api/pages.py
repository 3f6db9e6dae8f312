"""The pages about the JSON interface: one to try it, and one to create and revoke tokens."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from xuezheng.api.answering import hashed
from xuezheng.api.openapi import BASE
from xuezheng.api.operations import OPERATIONS
from xuezheng.records.models import AccountChange, ApiToken
from xuezheng.records.permissions import may
from xuezheng.web.login.sessions import require_confirmation
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.forms import style_fields

MOST_DAYS = 366
PREFIX = "xz_"  # by which people and scanners know a token


class TokenForm(forms.Form):
    """The form for a new token of the JSON interface: where it is used, what it may read (scopes), and its last day of validity."""

    title = forms.CharField(label="用在哪里", max_length=60, help_text="如：市局数据平台；办公室的Excel")
    scopes = forms.MultipleChoiceField(
        label="能读什么", choices=ApiToken.Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    expires_on = forms.DateField(
        label="有效到", widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"), help_text="最长一年"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        style_fields(self.fields["title"], self.fields["expires_on"])

    def clean_expires_on(self) -> Any:
        """Return the last day of validity, a ``date``.

        Raises ``ValidationError`` for a day before today or over ``MOST_DAYS`` days ahead.
        """
        day, today = self.cleaned_data["expires_on"], timezone.localdate()
        if not today <= day <= today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError("应在今天到一年以内。")
        return day


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: UserRequest) -> HttpResponse:
    """Show the tokens of the JSON interface that the user may see, and a form for a new one.

    A POST creates a token, and its page is the only one that shows the secret; the password must have been
    typed within the last minutes. With ``revoke``, the primary key of a token, the POST revokes that token
    instead.
    """
    visible = ApiToken.objects.visible_to(request.user).select_related("owner")
    if "revoke" in request.POST:
        return _revoke(request, visible)
    begun = {"scopes": [ApiToken.Scope.FIGURES], "expires_on": timezone.localdate() + timedelta(days=180)}
    form = TokenForm(request.POST if request.method == "POST" else None, initial=begun)
    secret = ""
    if request.method == "POST" and form.is_valid():
        if confirmation := require_confirmation(request):
            return confirmation
        secret = _make(request, form)
        form = TokenForm(initial=begun)
    context = {"tokens": visible.all(), "form": form, "secret": secret, "today": timezone.localdate()}
    context["with_owners"] = may(request.user, "see", "token")
    return render(request, "web/tokens.html", context)


def _make(request: UserRequest, form: TokenForm) -> str:
    secret = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(owner=request.user, secret_hash=hashed(secret), **form.cleaned_data)
    _note(request, request.user, f"建立接口令牌“{form.cleaned_data['title']}”")
    return secret


def _revoke(request: UserRequest, visible: QuerySet[ApiToken]) -> HttpResponse:
    number = request.POST["revoke"]
    token = visible.filter(pk=number if number.isdecimal() and len(number) < 10 else 0).first()
    if token and ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        _note(request, token.owner, f"作废接口令牌“{token.title}”")
        messages.success(request, f"“{token.title}”已作废，立即不能再用。")
    return redirect("api:tokens")


def _note(request: UserRequest, owner: Any, what: str) -> None:
    AccountChange.objects.create(account=owner, by=request.user, what=what)


@require_GET
def api(request: UserRequest) -> HttpResponse:
    """Show every operation of the JSON interface, with a form for trying it in the browser with the user's own permissions."""
    context = {
        "operations": [
            (operation, [(parameter, operation.is_in_path(parameter)) for parameter in operation.parameters])
            for operation in OPERATIONS
        ],
        "base": BASE,
        "per_minute": settings.API_PER_MINUTE,
    }
    return render(request, "web/api.html", context)
