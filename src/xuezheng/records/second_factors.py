"""The second factor: a device that shows a code every half minute (TOTP, RFC 6238), and codes for when it is lost."""

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
    """Return the second factor that a user has to show at log-in, if there is one."""
    factor: SecondFactor | None = SecondFactor.objects.filter(user=user).exclude(confirmed_at=None).first()
    return factor


def is_required(user: User) -> bool:
    """Whether the role may not work without a second factor, as ``settings.TOTP_ROLES`` has it."""
    return user.role in settings.TOTP_ROLES


def begin_setup(user: User) -> SecondFactor:
    """Return a new secret that its owner has still to confirm by a first code; one that counts already stays."""
    factor, _ = SecondFactor.objects.get_or_create(user=user, defaults={"secret": pyotp.random_base32()})
    return factor


def provisioning_uri(factor: SecondFactor) -> str:
    """Return what the QR code gives the owner's device."""
    return pyotp.TOTP(factor.secret).provisioning_uri(name=factor.user.get_username(), issuer_name=ISSUER)


@transaction.atomic
def confirm_setup(factor: SecondFactor, code: str) -> list[str] | None:
    """Let a factor count once its first code is right; return the recovery codes, to be shown once, else None."""
    if factor.confirmed_at or not _accept_time_code(factor, code):
        return None
    if not SecondFactor.objects.filter(pk=factor.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
        return None
    return renew_recovery_codes(factor)


@transaction.atomic
def renew_recovery_codes(factor: SecondFactor) -> list[str]:
    """Make new recovery codes, in the place of all earlier ones, and return them; only their hashes are kept."""
    factor.recovery_codes.all().delete()
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(RecoveryCode(factor=factor, code_hash=_hash(code)) for code in codes)
    return [f"{code[:_HALF]}-{code[_HALF:]}" for code in codes]


def accept_code(factor: SecondFactor, code: str) -> bool:
    """Whether a code is right; each is accepted once, however many try it at the same moment.

    It is one of the device's, or a recovery code.
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
