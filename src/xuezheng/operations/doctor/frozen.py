"""Snapshots and issued reports: whether all that the database knows of are there, whole, and none besides."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils import timezone

from xuezheng import __version__
from xuezheng.core.data_folder import home
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.policy.entries import policies_digest
from xuezheng.records.models import ChainLink
from xuezheng.reports.releases import ReleaseError
from xuezheng.reports.releases.models import Version
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.freeze import SNAPSHOTS
from xuezheng.snapshots.snapshot import all_ids, withdrawal


@check("快照")
def snapshots(notes: Notes) -> str:
    """Whether every snapshot that was frozen is there, and what was not withdrawn is whole and of a day that has come."""
    known = dict(_frozen())
    present = all_ids()
    withdrawn = 0
    for name in present:
        if withdrawal(name):
            withdrawn += 1
            continue
        try:
            snapshot = Snapshot.open(name)
        except SnapshotError as damage:
            notes.find(str(damage))
            continue
        if snapshot.day > timezone.localdate():
            notes.find(
                f"快照{name}的日期还没有到，它会代替真实的数字显示。请撤回：xuezheng snapshot withdraw {name} --why 日期有误。"
            )
        if known and known.get(name) != snapshot.manifest["sha256"]:
            notes.find(
                f"快照{name}不是由本系统的数据库生成的。请查明来历；确认无用的，用“xuezheng snapshot withdraw”撤回。"
            )
    for name in sorted(known.keys() - set(present)):
        notes.find(f"快照{name}不见了。请从备份恢复数据文件夹中的snapshots。")
    checked = f"{len(present) - withdrawn}个，逐个核对无误"
    return f"{checked}；另有{withdrawn}个已撤回，未核对。" if withdrawn else f"{checked}。"


@check("签发的报告")
def released(notes: Notes) -> str:
    """Whether the file of every version is there and has its hash, and the folder holds no other."""
    versions = list(Version.objects.order_by("pk"))
    for version in versions:
        try:
            version.content()
        except ReleaseError as damage:
            notes.find(str(damage))
    known = {f"{version.sha256}.docx" for version in versions}
    for path in sorted((home() / "releases").glob("*.docx")):
        if path.name not in known:
            notes.find(f"releases里的{path.name}不属于任何一版报告。请查明来历后移走。")
    return f"{len(versions)}版，逐个文件核对无误。"


@check("政策文件")
def policies(notes: Notes) -> str:
    """Whether policy is what the last freeze of the same release read."""
    last = ChainLink.objects.filter(subject=SNAPSHOTS, event__release=__version__).order_by("-number").first()
    if last and last.event.get("policies") != policies_digest():
        notes.find(
            f"政策文件与{timezone.localtime(last.at):%Y-%m-%d %H:%M}生成快照时不同，而程序的版本没有变。请核对改动是否有依据；确认后重新生成快照。"
        )
    return "与最近一次生成快照时相同。" if last else "还没有用本版本生成过快照，无从比较。"


def _frozen() -> Iterator[tuple[str, str]]:
    """The snapshots that the chain knows, by id, with the hashes of their manifests."""
    for event in (
        ChainLink.objects.filter(subject=SNAPSHOTS).order_by("number").values_list("event", flat=True)
    ):
        if "frozen" in event:
            yield event["frozen"], event["sha256"]
