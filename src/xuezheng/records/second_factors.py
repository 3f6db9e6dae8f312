"""The second factor at log-in: a device that shows a new code every 30 seconds (TOTP, RFC 6238), and recovery codes."""

from __future__ import annotations

import hmac
import secrets
import time

import pyotp
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import RecoveryCode, SecondFactor, User

ISSUER = "学政"
STEP_SECONDS = 30
#: A device's clock may be off by so many steps in either direction.
_DRIFT_STEPS = 1
RECOVERY_CODES = 10
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # nothing that is taken for something else
_HALF = 5


def find_factor(user: User) -> SecondFactor | None:
    """Return the user's confirmed second factor, which must be presented at log-in; None without one."""
    factor: SecondFactor | None = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    return factor


def is_required(user: User) -> bool:
    """Return whether the user's role requires a second factor, by ``settings.TOTP_ROLES``."""
    return user.role in settings.TOTP_ROLES


def begin_setup(user: User) -> SecondFactor:
    """Return the user's second factor, created with a new secret if there is none.

    The user confirms it by a first code. A factor that exists, confirmed or not, is returned unchanged.
    """
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    return factor


def provisioning_uri(factor: SecondFactor) -> str:
    """Return the ``otpauth://`` URI to be shown as a QR code to the user's device."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.get_username(), issuer_name=ISSUER)


@transaction.atomic
def confirm_setup(factor: SecondFactor, code: str) -> list[str] | None:
    """Confirm a second factor by the first code of its device.

    Returns its new recovery codes, which cannot be read again. Returns None if the code is wrong or the
    factor is already confirmed.
    """
    if factor.confirmed_at or not _accept_time_code(factor, code):
        return None
    if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        return None
    return renew_recovery_codes(factor)


@transaction.atomic
def renew_recovery_codes(factor: SecondFactor) -> list[str]:
    """Replace all recovery codes of a factor by ten new ones, and return these as texts of the form ``ABCDE-FGH23``.

    Only their hashes are stored.
    """
    factor.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=_hash(code)) for code in codes)
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in codes]


def accept_code(factor: SecondFactor, code: str) -> bool:
    """Return whether a code is valid, and use it up.

    Each code is accepted once, even if several requests try it at the same moment. The code is one shown by
    the device (30 seconds early or late is accepted) or a recovery code; blanks, and hyphens and small
    letters in a recovery code, do not matter.
    """
    return _accept_time_code(factor, code) or _accept_recovery_code(factor, code)


def _accept_time_code(factor: SecondFactor, code: str) -> bool:
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit()):
        return False
    device = pyotp.TOTP(factor.secret, interval=STEP_SECONDS)
    now = int(time.time()) // STEP_SECONDS
    for step in range(now - _DRIFT_STEPS, now + _DRIFT_STEPS + 1):
        if hmac.compare_digest(device.at(step * STEP_SECONDS), digits):
            newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(newer.update(last_step=step))
    return False


def _accept_recovery_code(factor: SecondFactor, code: str) -> bool:
    plain = "".join(sign for sign in code.upper() if sign in _ALPHABET)
    if len(plain) != 2 * _HALF:
        return False
    unused = factor.recovery_codes.filter(code_hash=_hash(plain), used_at=None)
    return bool(unused.update(used_at=timezone.now()))


def _hash(code: str) -> str:
    return keyed_hash(f"recovery code {code}")
