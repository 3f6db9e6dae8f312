"""Locks against the guessing of passwords: by account and address, by address, and by account, each with a limit of its own.

- One account from one address (``LOCK_PAIR`` failures): the usual lock, which concerns nobody else.
- Any accounts from one address (``LOCK_ADDRESS``): an attacker who tries one password on many accounts.
- One account from any addresses (``LOCK_ACCOUNT``): an attacker with many machines. Anyone on the network can cause this
  lock, so it does not apply to an address from which the account has logged in lately: an attacker keeps
  strangers out for a while, not the owner at the usual desk.

Failures count within ``AXES_COOLOFF_TIME``; those during a lock do not count, so a lock ends automatically. The stored failures
are limited: a row for each account and address, names without an account grouped into a few, old rows removed.
"""

from __future__ import annotations

import hmac
import ipaddress
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username
from axes.models import AccessAttempt, AccessLog
from axes.signals import user_locked_out
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.http import HttpRequest
from django.utils import timezone

from xuezheng.core.keys import keys
from xuezheng.records.models import User

_KNOWN_DAYS = 30
_IPV6_NETWORK = 64  # bits that one subscriber has
#: The number of rows that count failures of names without an account; these rows lock like those of accounts.
_STRANGERS = 256
_MOST_ROWS = 50_000


class LockoutHandler(AxesDatabaseHandler):
    """The handler of django-axes that counts failed logins, and locks accounts and addresses that have too many."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Whether the account, the IP address, or the two together are locked at present.

        An address from which the account has logged in within 30 days is locked for this account only by its
        own failures there.
        """
        name = _counted_name(get_client_username(request, credentials))
        address = _counted_address(request.META.get("REMOTE_ADDR"))
        attempts = _recent_attempts()
        if _count(attempts.filter(username=name, ip_address=address)) >= settings.LOCK_PAIR:
            return True
        if _is_known(name, request.META.get("REMOTE_ADDR")):
            return False
        return (
            _count(attempts.filter(ip_address=address)) >= settings.LOCK_ADDRESS
            or _count(attempts.filter(username=name)) >= settings.LOCK_ACCOUNT
        )

    def user_login_failed(
        self, sender: Any, credentials: dict[str, Any], request: Any = None, **further: Any
    ) -> None:
        """Count a failed login, except during a lock.

        Where a limit is reached, mark the request as locked out and send the signal ``user_locked_out``.
        """
        if request is None:
            return
        if not getattr(request, "axes_locked_out", False):
            name = _counted_name(get_client_username(request, credentials))
            _count_failure(name, _counted_address(request.META.get("REMOTE_ADDR")), timezone.now())
        if getattr(request, "axes_locked_out", False) or self.is_locked(request, credentials):
            request.axes_locked_out = True
            request.axes_credentials = credentials
            user_locked_out.send("axes", request=request, username="", ip_address="")

    def user_logged_in(self, sender: Any, request: Any, user: User, **further: Any) -> None:
        """Record the login, and delete the failures of this account at this address."""
        super().user_logged_in(sender, request, user, **further)
        address = _counted_address(request.META.get("REMOTE_ADDR"))
        AccessAttempt.objects.filter(username=user.get_username(), ip_address=address).delete()


def locked_names(names: list[str] | None = None) -> set[str]:
    """Return the login names that are locked at present, for one IP address or for any.

    ``names`` limits the result to these names; None does not limit it.
    """
    attempts = _recent_attempts()
    if names is not None:
        attempts = attempts.filter(username__in=names)
    by_account = attempts.order_by().values("username").annotate(failures=Sum("failures_since_start"))
    locked = by_account.filter(failures__gte=settings.LOCK_ACCOUNT).values_list("username", flat=True)
    at_address = attempts.filter(failures_since_start__gte=settings.LOCK_PAIR)
    return {name for name in (*locked, *at_address.values_list("username", flat=True)) if name}


def locked_addresses() -> list[str]:
    """Return the locked IP addresses, sorted.

    Only accounts that have logged in from such an address before can log in there.
    """
    by_address = (
        _recent_attempts().order_by().values("ip_address").annotate(failures=Sum("failures_since_start"))
    )
    locked = by_address.filter(failures__gte=settings.LOCK_ADDRESS).order_by("ip_address")
    return [str(address) for address in locked.values_list("ip_address", flat=True)]


def unlock_address(address: str) -> bool:
    """Delete the counted failures of an IP address; return whether there were any.

    The result is False also for a text that is no IP address.
    """
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return False
    return bool(AccessAttempt.objects.filter(ip_address=address).delete()[0])


def _recent_attempts() -> QuerySet[AccessAttempt]:
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(attempt_time__gte=since)
    return attempts


def _count(attempts: QuerySet[AccessAttempt]) -> int:
    return int(attempts.aggregate(failures=Sum("failures_since_start"))["failures"] or 0)


def _count_failure(name: str, address: str, now: datetime) -> None:
    """Add a failure to the row of a name and address, as of :func:`_counted_name` and :func:`_counted_address`.

    A row whose last failure is older than the cool-off time starts again from one.
    """
    since = now - timedelta(hours=settings.AXES_COOLOFF_TIME)
    with transaction.atomic():
        AccessAttempt.objects.filter(attempt_time__lt=since).delete()
        row, new = AccessAttempt.objects.get_or_create(
            username=name, ip_address=address, user_agent="", defaults={"failures_since_start": 1}
        )
        if not new:
            AccessAttempt.objects.filter(pk=row.pk).update(
                failures_since_start=F("failures_since_start") + 1, attempt_time=now
            )
        elif row.pk % 100 == 0 and AccessAttempt.objects.count() > _MOST_ROWS:
            last = AccessAttempt.objects.order_by("-pk").values_list("pk", flat=True)[_MOST_ROWS]
            AccessAttempt.objects.filter(pk__lte=last).delete()


def _counted_name(name: str | None) -> str:
    """Return the name under which failures are counted: an account's own, or one shared by many names without an account."""
    text = (name or "")[:150]
    account = User.objects.filter(username=text).values_list("username", flat=True).first() if text else None
    if account is not None:
        return str(account)
    digest = hmac.digest(keys().hashing, text.encode(errors="replace"), "sha256")
    return f"?{int.from_bytes(digest[:4], 'big') % _STRANGERS}"


def _counted_address(address: str | None) -> str:
    """Return the address under which failures are counted: for IPv6 the subscriber's network, for an unreadable one 0.0.0.0."""
    try:
        parsed = ipaddress.ip_address(address or "")
    except ValueError:
        return "0.0.0.0"  # noqa: S104 - nobody's, counted together
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, _IPV6_NETWORK), strict=False).network_address)


def _is_known(name: str, address: str | None) -> bool:
    """Whether the account has logged in from the address within ``_KNOWN_DAYS``."""
    since = timezone.now() - timedelta(days=_KNOWN_DAYS)
    return AccessLog.objects.filter(
        username=name, ip_address=address or None, attempt_time__gte=since
    ).exists()
