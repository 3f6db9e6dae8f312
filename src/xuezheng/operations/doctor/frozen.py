"""The checks of what must not change: snapshots, computed answers, issued reports and policies."""

from __future__ import annotations

from collections.abc import Iterator
from random import SystemRandom

from django.utils import timezone

from xuezheng import __version__
from xuezheng.core.data_folder import home
from xuezheng.figures.batches import usual_questions
from xuezheng.figures.computation import stored_answers
from xuezheng.figures.computation.answering import compute
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.policy.current import policies_digest
from xuezheng.policy.models import LocalVersion, VersionScan
from xuezheng.records.models import ChainLink
from xuezheng.reports.releases import ReleaseError
from xuezheng.reports.releases.models import Version
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.freeze import SNAPSHOTS
from xuezheng.snapshots.snapshot import all_ids, withdrawal

#: So many stored answers are computed anew.
_ANSWERS_CHECKED = 20


@check("快照")
def snapshots(notes: Notes) -> str:
    """Check that every recorded snapshot exists, and that those not withdrawn are intact and not of a future day.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
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


@check("算好的指标")
def answers(notes: Notes) -> str:
    """Compute a random sample of the answers stored for the newest snapshot again, and compare them.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    try:
        snapshot = Snapshot.latest()
    except SnapshotError:
        return "没有可抽查的快照。"
    stored = stored_answers.read(snapshot, usual_questions(snapshot))
    chosen = SystemRandom().sample(list(stored), min(len(stored), _ANSWERS_CHECKED))
    computed = compute(snapshot, chosen)
    if wrong := [question for question in chosen if computed[question] != stored[question]]:
        notes.find(
            f"为快照{snapshot.id}存下的指标结果，抽查{len(chosen)}项，有{len(wrong)}项与重新计算的不一致。"
            "doctor --repair 会删去存下的结果，以后用到时重新计算。",
            lambda: stored_answers.discard(snapshot),
        )
    return f"快照{snapshot.id}存有{len(stored)}项常用的结果，抽查{len(chosen)}项。"


@check("签发的报告")
def released(notes: Notes) -> str:
    """Check that the file of every version of a release exists and has its hash, and that the folder has no other files.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
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


@check("政策标准")
def policies(notes: Notes) -> str:
    """Check the bureau's own policy versions, and that policies are those of the last snapshot.

    Each version must have the status to which its recorded steps lead, and its scan must be unchanged.
    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    versions = _follow_steps(notes)
    for scan in VersionScan.objects.select_related("version").order_by("pk").iterator(chunk_size=1):
        if not scan.is_intact():
            notes.find(f"本局标准“{scan.version}”的依据扫描件与上传时不同。请从备份恢复数据库。")
    last = ChainLink.objects.filter(subject=SNAPSHOTS, event__release=__version__).order_by("-number").first()
    checked = f"本局标准{versions}项，与办理记录相符；"
    if last is None:
        return checked + "还没有用本版本生成过快照，现行标准无从比较。"
    if ChainLink.objects.filter(subject__startswith="policy.", number__gt=last.number).exists():
        return checked + "最近一次生成快照以后标准有过改动，已记入校验链，未与快照比较。"
    if last.event.get("policies") != policies_digest():
        notes.find(
            f"现行标准与{timezone.localtime(last.at):%Y-%m-%d %H:%M}生成快照时不同，而没有采用或批准过新的标准。请核对改动是否有依据；确认后重新生成快照。"
        )
    return checked + "现行标准与最近一次生成快照时相同。"


def _follow_steps(notes: Notes) -> int:
    """Check the state of each of the bureau's own policy versions against its steps, and return their number."""
    versions = LocalVersion.objects.order_by("pk").prefetch_related("steps")
    for version in versions:
        steps = list(version.steps.all())
        if [step.before for step in steps] != ["", *(step.after for step in steps[:-1])] or (
            not steps or steps[-1].after != version.state
        ):
            notes.find(f"本局标准“{version}”的状态与办理记录不符。请核对这一项的来历。")
        elif any(
            step.after == LocalVersion.State.APPROVED and step.by_id == version.proposed_by_id
            for step in steps
        ):
            notes.find(f"本局标准“{version}”由提出的人自己批准。请查明原因，由另一人重新审批。")
    return len(versions)


def _frozen() -> Iterator[tuple[str, str]]:
    """Yield the id and the manifest's hash of each snapshot that the chain records."""
    for event in (
        ChainLink.objects.filter(subject=SNAPSHOTS).order_by("number").values_list("event", flat=True)
    ):
        if "frozen" in event:
            yield event["frozen"], event["sha256"]
