"""Source checks (核实): a user records that the value and source of a version agree with the document.

A version is the value of a matter of policy from a day on (:class:`xuezheng.policy.entries.Version`).
"""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from xuezheng.policy import kept
from xuezheng.policy.declarations import PolicyError, matter
from xuezheng.policy.entries import Version
from xuezheng.policy.models import SourceCheck
from xuezheng.policy.proposals import SOURCE_LENGTHS, may_propose
from xuezheng.records.bulk import wait_in_line
from xuezheng.records.models import User


def record_check(key: str, pack: str, day: date, document: str, checked_on: date, user: User) -> SourceCheck:
    """Record that ``user`` compared a version of policy with a document and found that they agree.

    ``key`` is the key of a matter (``aid.boarder``), ``pack`` the code of a pack or 本局; the version is the
    one of this matter and pack that is in force on ``day``. ``document`` names the document (4 to 300
    characters), ``checked_on`` is the day of the comparison. Returns the new row. Raises :class:`PolicyError`
    if the user may not propose versions of the matter, there is no such version, it needs no check,
    ``checked_on`` is in the future, or the length of ``document`` is wrong.
    """
    document = document.strip()
    shortest, longest = SOURCE_LENGTHS
    if not shortest <= len(document) <= longest:
        raise PolicyError(f"请写明对照的是哪份文件（文号和条款），{shortest}至{longest}个字。")
    if checked_on > timezone.localdate():
        raise PolicyError(f"核对日期{checked_on}在今天之后。请核对日期。")
    with transaction.atomic():
        version = _version(key, pack, day, user)
        if version.verified:
            raise PolicyError("这一版的依据不是待核实的，不用登记。请刷新页面查看。")
        return _write(key, version, document, checked_on, user)


def withdraw_check(key: str, pack: str, day: date, user: User) -> SourceCheck:
    """Withdraw the check of a version, which then needs one again, and return the new row that records this.

    ``key``, ``pack`` and ``day`` identify the version as in :func:`record_check`. Raises :class:`PolicyError`
    if the user may not propose versions of the matter, there is no such version, or it was not checked.
    """
    with transaction.atomic():
        version = _version(key, pack, day, user)
        if version.check is None:
            raise PolicyError("这一版没有登记过核实。请刷新页面查看。")
        return _write(key, version, version.check.document, timezone.localdate(), user, withdrawn=True)


def _version(key: str, pack: str, day: date, user: User) -> Version:
    known = matter(key)
    if not may_propose(user, key):
        raise PolicyError("您不负责这项标准，不能登记核实。请由主管科室或办公室登记。")
    wait_in_line("policy")
    started = (
        version
        for line in kept.lines()
        for version in line.get(key, ())
        if version.pack == pack and version.first <= day
    )
    latest = max(started, key=lambda version: version.first, default=None)
    if latest is None:
        raise PolicyError(f"“{known.title}”没有这一版。请刷新页面查看。")
    return latest


def _write(
    key: str, version: Version, document: str, checked_on: date, user: User, withdrawn: bool = False
) -> SourceCheck:
    return SourceCheck.objects.create(
        key=key,
        pack=version.pack,
        first=version.first,
        content=kept.content_of(version),
        document=document,
        checked_on=checked_on,
        withdrawn=withdrawn,
        checked_by=user,
    )
