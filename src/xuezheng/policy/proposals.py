"""The bureau's own versions: one user proposes a version with a source, another approves it.

Every step is recorded.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import PurePath
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction

from xuezheng.policy import codes
from xuezheng.policy.declarations import CodeMatter, PolicyError, matter
from xuezheng.policy.entries import to_json
from xuezheng.policy.models import LocalVersion, VersionScan, VersionStep
from xuezheng.records.bulk import wait_in_line
from xuezheng.records.models import User
from xuezheng.records.permissions import may

State = LocalVersion.State
SOURCE_LENGTHS = (4, 300)  # characters: the shortest document number or decision, and what the register holds
SCAN_MEGABYTES = 10
_SCAN_NAME = 120  # characters
#: The types of scans that are taken, by the first bytes of the file.
_SCAN_TYPES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_EARLIEST, _LATEST = date(1990, 1, 1), date(2099, 12, 31)


class Scan(NamedTuple):
    """A scanned document as it was uploaded: its file name and its content."""

    name: str
    content: bytes


def may_propose(user: User, key: str) -> bool:
    """Return whether a user may propose versions of a matter of policy.

    ``key`` is its key (``aid.boarder``). The responsible section and the office may. Raises
    :class:`PolicyError` for a key that is not declared.
    """
    return may(user, "propose", "standard", section=matter(key).section)


def may_decide(user: User, version: LocalVersion) -> bool:
    """Return whether a user may approve, refuse or revoke a version of policy that the bureau sets itself.

    The responsible section, the office and leaders may, but never the user who proposed it.
    """
    oversees = may(user, "oversee", "standard", section=matter(version.key).section)
    return oversees and may(user, "decide", "standard", made_by=version.proposed_by_id)


def propose(
    key: str,
    first: date,
    value: Any,
    source: str,
    user: User,
    published_on: date | None = None,
    note: str = "",
    scan: Scan | None = None,
) -> LocalVersion:
    """Propose that a matter of policy has a value of the bureau's own from the day ``first`` on; returns the proposal.

    ``key`` is the key of the matter (``aid.boarder``), ``value`` is as people write it, money in yuan; None
    ends the bureau's own value on that day. ``source`` names the document or decision (4 to 300 characters),
    ``published_on`` is its date, ``scan`` its scanned document, ``note`` a remark for whoever decides.

    Raises :class:`PolicyError` if the user may not propose, ``first`` is not between 1990 and 2099, the value
    or source is invalid, another code of the list has the same label, a version of the same day is already
    proposed or approved, or the scan is larger than 10 MiB or of another type than PDF, JPEG and PNG. The
    value of a code must not be None.
    """
    known = matter(key)
    if not may_propose(user, key):
        raise PolicyError("您不负责这项标准，不能提出修改。请由主管科室或办公室提出。")
    source = source.strip()
    shortest, longest = SOURCE_LENGTHS
    if not shortest <= len(source) <= longest:
        raise PolicyError(f"请写明依据（文号或会议决定），{shortest}至{longest}个字。")
    if not _EARLIEST <= first <= _LATEST:
        raise PolicyError("施行日期过早或过晚。请核对年份。")
    kept_value = None if value is None else to_json(known.check(value))
    if isinstance(known, CodeMatter):
        if value is None:
            raise PolicyError("代码不能删去，只能停用：以前的数据还要读得出来。")
        _refuse_taken_label(known, str(value["label"]).strip())
    try:
        with transaction.atomic():
            version = LocalVersion.objects.create(
                key=key,
                first=first,
                value=kept_value,
                source=source,
                published_on=published_on,
                proposed_by=user,
            )
            VersionStep.objects.create(version=version, after=State.PROPOSED, by=user, note=note)
            if scan:
                _attach(version, scan)
    except IntegrityError:
        raise PolicyError(
            f"“{known.title}”自{first}起施行的一版已经提出或批准。请先撤回或撤销那一版，或换一个施行日期。"
        ) from None
    return version


def scan_type(content: bytes) -> str:
    """Return the media type of a scan, by its first bytes.

    Raises :class:`PolicyError` unless it is PDF, JPEG or PNG.
    """
    for beginning, media_type in _SCAN_TYPES.items():
        if content.startswith(beginning):
            return media_type
    raise PolicyError("文件扫描件须是PDF文件或JPG、PNG图片。请另存为其中一种后再上传。")


def _attach(version: LocalVersion, scan: Scan) -> None:
    if len(scan.content) > SCAN_MEGABYTES * 2**20:
        raise PolicyError(f"文件扫描件超过{SCAN_MEGABYTES}兆。请降低扫描的清晰度后再上传。")
    scan_type(scan.content)
    path = PurePath(scan.name.replace("\\", "/"))
    name = path.stem[: _SCAN_NAME - len(path.suffix)] + path.suffix
    VersionScan.objects.create(
        version=version,
        name=name[:_SCAN_NAME],
        content=scan.content,
        sha256=hashlib.sha256(scan.content).hexdigest(),
    )


def _refuse_taken_label(known: CodeMatter, label: str) -> None:
    """Raise :class:`PolicyError` where another code of the list has, had or is proposed to have the label: a workbook names codes by it."""
    listed = known.key.rpartition(".")[0]
    waiting = LocalVersion.objects.filter(state=State.PROPOSED, key__startswith=f"{listed}.").exclude(
        key=known.key
    )
    taken = codes.code_list(listed).by_label.get(label, known.code) != known.code
    if taken or waiting.filter(value__label=label).exists():
        raise PolicyError(f"已经有另一项叫“{label}”。请换一个名称，或修改那一项。")


def approve(version: LocalVersion, user: User) -> None:
    """Approve a proposed version of policy, whose value then applies from its first day on.

    Raises :class:`PolicyError` if the user may not decide, or the version is no longer proposed.
    """
    _step(version, user, State.PROPOSED, State.APPROVED, "")


def refuse(version: LocalVersion, user: User, note: str) -> None:
    """Refuse a proposed version of policy; ``note`` is the reason, 2 to 300 characters.

    Raises :class:`PolicyError` if the user may not decide, the version is no longer proposed, or the length
    is wrong.
    """
    _step(version, user, State.PROPOSED, State.REFUSED, _reason(note))


def revoke(version: LocalVersion, user: User, note: str) -> None:
    """Revoke an approved version of policy, as if it had never existed; snapshots keep the values that they recorded.

    ``note`` is the reason, 2 to 300 characters. Raises :class:`PolicyError` if the user may not decide, the
    version is not approved, or the length is wrong.
    """
    _step(version, user, State.APPROVED, State.REVOKED, _reason(note))


def withdraw(version: LocalVersion, user: User) -> None:
    """Withdraw a proposed version of policy as the user who proposed it.

    Raises :class:`PolicyError` for any other user, or if the version is no longer proposed.
    """
    if version.proposed_by_id != user.pk:
        raise PolicyError("只有提出的人可以撤回。")
    with transaction.atomic():
        _change(version, user, State.PROPOSED, State.WITHDRAWN, "", decided_by=None)


def _reason(note: str) -> str:
    note = note.strip()
    if not 2 <= len(note) <= 300:
        raise PolicyError("请写明原因，2至300个字。")
    return note


def _step(version: LocalVersion, user: User, before: Any, after: Any, note: str) -> None:
    if not may_decide(user, version):
        raise PolicyError("提出的人不能自己审批，须由主管科室、办公室的另一人或领导办理。")
    with transaction.atomic():
        _change(version, user, before, after, note, decided_by=user)


def _change(
    version: LocalVersion, user: User, before: Any, after: Any, note: str, decided_by: User | None
) -> None:
    """Record a step from one state to another; raises :class:`PolicyError` where somebody else has changed the state meanwhile."""
    wait_in_line("policy")
    changed = LocalVersion.objects.filter(pk=version.pk, state=before).update(
        state=after, decided_by=decided_by
    )
    if changed != 1:
        raise PolicyError("这一版已由别人办理。请刷新页面后查看。")
    VersionStep.objects.create(version=version, before=before, after=after, by=user, note=note)
    version.refresh_from_db()
    codes.forget()
