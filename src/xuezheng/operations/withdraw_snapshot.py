"""Withdrawing a snapshot that must not be used, such as one of a wrong day."""

from __future__ import annotations

from xuezheng.core.atomic_files import write_whole
from xuezheng.operations import OperationRefused
from xuezheng.records.models import ChainLink
from xuezheng.reports.releases.models import Version
from xuezheng.snapshots.freeze import SNAPSHOTS
from xuezheng.snapshots.snapshot import WITHDRAWN, all_ids, snapshots_folder, withdrawal

_LONGEST = 200  # characters of a reason


def withdraw_snapshot(name: str, reason: str) -> None:
    """Withdraw the snapshot with the id ``name``, so that it is no longer used, and record the reason in the hash chain.

    Its files stay, and creating a snapshot of the same data again makes it usable. ``reason`` is cut to 200
    characters. Raises :class:`OperationRefused` where the reason is empty, there is no such snapshot, it was
    withdrawn before, or an issued report is based on it.
    """
    reason = " ".join(reason.split())[:_LONGEST]
    if not reason:
        raise OperationRefused("请用--why写明撤回的原因，如“日期有误”。")
    if name not in all_ids():
        raise OperationRefused(f"没有快照“{name}”。现有：{'、'.join(all_ids()) or '（无）'}。")
    if before := withdrawal(name):
        raise OperationRefused(f"快照“{name}”已经撤回（{before}）。")
    version = Version.objects.filter(snapshot_id=name, release__issued_at__isnull=False).first()
    if version is not None:
        raise OperationRefused(
            f"已印发的{version.release.reported_period}报告以快照“{name}”为准，不能撤回。没有作任何改动。"
        )
    ChainLink.objects.note(SNAPSHOTS, {"withdrawn": name, "reason": reason})
    write_whole(snapshots_folder() / name / WITHDRAWN, reason.encode())
