"""One-time links by which users set their own passwords within a day, so that nobody else ever knows a password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from axes.utils import reset
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.public_address import parse_origin, served_origin
from xuezheng.records.models import AccountChange, Invitation, User
from xuezheng.records.permissions import permits
from xuezheng.web.login.own_account import password_field
from xuezheng.web.login.second_steps import log_in
from xuezheng.web.security.requests import PageRequest
from xuezheng.web.ui.forms import style_fields

HOURS = 24
DEFAULT_PORT = 8000
_ORIGIN_FILE = "address"


class AlreadyUsed(Exception):
    """The link was used by another request at the same moment."""


def invite(account: User | None) -> str:
    """Create a one-time link for an account and return its path; earlier links for the account become invalid.

    For None the link creates the first administrator's account. The link is valid for ``HOURS``.
    """
    now = timezone.now()
    Invitation.objects.filter(account=account, used_at=None).update(used_at=now)
    secret = secrets.token_urlsafe(32)
    until = now + timedelta(hours=HOURS)
    Invitation.objects.create(account=account, secret_hash=_hash(secret), expires_at=until)
    return reverse("web:welcome", args=[secret])


def address(path: str, request: PageRequest | None = None) -> str:
    """Return the absolute URL of a path, for a person to open in a browser.

    Its beginning is the setting ``XUEZHENG_URL``; without it that of ``request`` if given, else the one at
    which the server was last started.
    """
    if settings.PUBLIC_URL:
        return f"{settings.PUBLIC_URL}{path}"
    if request:
        return str(request.build_absolute_uri(path))
    return f"{_last_origin()}{path}"


def remember_origin(host: str, port: int) -> None:
    """Store the URL at which the server starts, for the links that the command line prints.

    ``host`` and ``port`` are those on which it listens.
    """
    origin = served_origin(host, port, settings.ALLOWED_HOSTS, https=settings.HTTPS)
    write_whole(home() / _ORIGIN_FILE, str(origin).encode())


def _last_origin() -> str:
    try:
        origin = parse_origin((home() / _ORIGIN_FILE).read_text(encoding="ascii"))
    except (OSError, ValueError):
        origin = None
    return str(origin or served_origin("", DEFAULT_PORT, settings.ALLOWED_HOSTS, https=settings.HTTPS))


def _hash(secret: str) -> str:
    # The secret is long and random: it needs no slow hash.
    return hashlib.sha256(secret.encode()).hexdigest()


def _find_active(secret: str) -> Invitation | None:
    matching = Invitation.objects.filter(
        secret_hash=_hash(secret), used_at=None, expires_at__gt=timezone.now()
    ).select_related("account")
    invitation: Invitation | None = matching.first()
    if invitation and invitation.account is None and User.objects.exists():
        return None
    if invitation and invitation.account and not invitation.account.is_active:
        return None
    return invitation


class PasswordForm(forms.Form):
    """The form that a one-time link opens: the user's name, and a new password, typed twice."""

    first_name = forms.CharField(label="姓名", max_length=50, help_text="显示在页面上和各种记录里")
    password = password_field("密码", "new-password")
    again = password_field("再输一次密码", "new-password")

    def __init__(self, account: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        self.fields["first_name"].initial = account.first_name
        self.fields["password"].help_text = "".join(password_validators_help_texts())
        style_fields(*self.fields.values())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data.

        Add an error where the passwords differ or the password does not meet the password rules.
        """
        values: dict[str, Any] = super().clean() or {}
        self.account.first_name = values.get("first_name", "")
        self.account.username = values.get("username", self.account.username)
        if values.get("password") and values.get("again") and values["password"] != values["again"]:
            self.add_error("again", "两次输入的密码不同。请重新输入。")
        elif values.get("password"):
            try:
                validate_password(values["password"], self.account)
            except ValidationError as problem:
                self.add_error("password", problem)
        return values

    @transaction.atomic
    def accept(self, invitation: Invitation) -> User:
        """Mark the link as used, set the name and the password, and return the account.

        The account's other sessions end, and its API tokens are revoked. Raises :class:`AlreadyUsed` where
        another request used the link in the meantime.
        """
        if not Invitation.objects.filter(pk=invitation.pk, used_at=None).update(used_at=timezone.now()):
            raise AlreadyUsed
        self.account.set_password(self.cleaned_data["password"])
        self.account.save()
        # Former users of the account, and programs that read in its name, lose access.
        self.account.end_sessions()
        AccountChange.objects.create(account=self.account, what="由一次性链接设定密码")
        return self.account


class FirstForm(PasswordForm):
    """The form of the first administrator's link, which also has the login name."""

    username = forms.CharField(
        label="登录名", max_length=30, validators=[User.username_validator], help_text="字母、数字，如 admin"
    )
    field_order = ["username"]


@never_cache
@sensitive_post_parameters("password", "again")
@login_not_required
@require_http_methods(["GET", "POST"])
def welcome(request: PageRequest, token: str) -> HttpResponse:
    """Show the password form of the one-time link with the secret ``token``.

    A POST sets the password and logs in. A link that was used, has expired or belongs to a locked account is
    answered with an explanation and the status 404.
    """
    invitation = _find_active(token)
    if invitation is None:
        return render(request, "web/welcome.html", status=404)
    account = invitation.account or User(role=User.Role.ADMINISTRATOR)
    kind = PasswordForm if invitation.account else FirstForm
    form = kind(account, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = form.accept(invitation)
        except AlreadyUsed:
            return render(request, "web/welcome.html", status=404)
        reset(username=user.get_username())
        return log_in(
            request, user, reverse("web:accounts" if permits(user, "keep", "account") else "web:home")
        )
    return render(request, "web/welcome.html", {"form": form, "account": invitation.account})
