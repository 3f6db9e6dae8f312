"""The second factor: a device that shows a new code every 30 seconds (TOTP, RFC 6238), and recovery codes for a lost device."""

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
    """Return the second factor that a user has to present at log-in, or None."""
    factor: SecondFactor | None = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    return factor


def is_required(user: User) -> bool:
    """Return whether the user's role requires a second factor, by ``settings.TOTP_ROLES``."""
    return user.role in settings.TOTP_ROLES


def begin_setup(user: User) -> SecondFactor:
    """Return the user's second factor, made with a new secret if there is none; its owner confirms it by a first code.

    A factor that exists already, confirmed or not, is returned unchanged.
    """
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    return factor


def provisioning_uri(factor: SecondFactor) -> str:
    """Return the ``otpauth://`` URI that the QR code passes to the owner's device."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.get_username(), issuer_name=ISSUER)


@transaction.atomic
def confirm_setup(factor: SecondFactor, code: str) -> list[str] | None:
    """Confirm a second factor by its first code; return its recovery codes, to be shown once.

    Returns None where the code is wrong or the factor was confirmed before.
    """
    if factor.confirmed_at or not _accept_time_code(factor, code):
        return None
    if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        return None
    return renew_recovery_codes(factor)


@transaction.atomic
def renew_recovery_codes(factor: SecondFactor) -> list[str]:
    """Make new recovery codes that replace all earlier ones, and return them as text; only their hashes are kept."""
    factor.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=_hash(code)) for code in codes)
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in codes]


def accept_code(factor: SecondFactor, code: str) -> bool:
    """Return whether a code is right, and use it up: each is accepted once, however many requests try it at the same moment.

    The code is one that the device shows, or a recovery code; blanks, and hyphens in a recovery code, do not matter.
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
