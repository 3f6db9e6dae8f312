"""The checklist of a version: items that prevent its issue until they are explained, and items for information.

``CHECKS`` are functions from a version to its items. Items that depend only on the file and the snapshot are
computed once, when the version is made (:func:`examine`), since neither ever changes.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.timezone import localtime
from docx.oxml.ns import qn

from xuezheng.core.number_text import some_of
from xuezheng.core.periods import Period
from xuezheng.intake.expectations.deviations import period_field
from xuezheng.intake.expectations.findings import unexplained
from xuezheng.proofing import word_file
from xuezheng.records.fields import field_of
from xuezheng.records.models import Batch, Collection, Standing
from xuezheng.records.switches import is_used, unused
from xuezheng.reports.living.findings import Kind, text_of
from xuezheng.reports.living.verify import verify
from xuezheng.reports.releases import ReleaseError
from xuezheng.reports.releases.models import Explanation, Version
from xuezheng.reports.templates.evidence import Reason
from xuezheng.reports.word import marks
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.sheet import links

if TYPE_CHECKING:
    from xuezheng.reports.report import Report

# Kinds of findings that no explanation can mend: what the file says of itself cannot be believed.
_REFUSED = (Kind.SNAPSHOT, Kind.FORGED)


@dataclass(frozen=True)
class Item:
    """An item of the checklist: a doubt about a version, which a user explains before the report is issued.

    ``check`` is the Chinese name of the check that found it, ``told`` the message in Chinese; ``where``
    quotes the text around the place, ``paragraph`` is the text of its paragraph, both "" for the complete
    file. ``blocks`` is False for an item that is for information only and needs no explanation.
    """

    check: str
    told: str
    where: str = ""
    paragraph: str = ""
    blocks: bool = True

    @property
    def key(self) -> str:
        """A hash that identifies the item in all versions of its release; explanations refer to it.

        It is equal in versions with the same message at the same place.
        """
        return hashlib.sha256(f"{self.check}\n{self.where}\n{self.told}".encode()).hexdigest()


@dataclass(frozen=True)
class Entry:
    """An item of the checklist with its explanation, None where there is none."""

    item: Item
    explanation: Explanation | None

    @property
    def open(self) -> bool:
        """Whether the item prevents issue: it blocks and has no explanation."""
        return self.item.blocks and self.explanation is None


def examine(content: bytes, composed: Report, snapshot: Snapshot) -> list[dict[str, Any]]:
    """Return the checklist items that follow from a version's file alone, as JSON-serializable dicts of :class:`Item`.

    ``content`` are the bytes of the Word file, ``composed`` is the report composed from the same
    ``snapshot``. Raises :class:`ReleaseError` for a file in which the records of its numbers' sources were
    altered.
    """
    opened = word_file.open_document(io.BytesIO(content))
    items = [
        *_findings(content),
        *_unfinished(opened),
        *_left_out(composed),
        *_own_words(composed),
        *_missing_topics(composed),
        *_unused_topics(composed),
        *_unplaced(composed),
        *_unverified(opened, snapshot),
    ]
    return [asdict(item) for item in items]


def _findings(content: bytes) -> Iterator[Item]:
    for finding in verify(io.BytesIO(content)):
        if finding.kind in _REFUSED:
            raise ReleaseError(f"这份文件不能作为新的一版：{finding.message}")
        paragraph = "" if finding.paragraph is None else text_of(finding.paragraph)
        yield Item("数字核对", finding.message, finding.where, paragraph)


def _unfinished(opened: Any) -> Iterator[Item]:
    """Yield items for comments, also those of a refresh, and tracked changes, which would be issued with the file."""
    if comments := len(list(opened.comments)):
        yield Item("批注", f"文件中还有{comments}条批注。请处理后在Word或WPS中删去，再上传。")
    if next(opened.element.body.iter(qn("w:ins"), qn("w:del")), None) is not None:
        yield Item("修订", "文件中还有没有接受或拒绝的修订。请在Word或WPS中处理后再上传。")


def _left_out(composed: Report) -> Iterator[Item]:
    """Yield an item for each sentence that was left out; one whose numbers are all zero is for information only."""
    for sentence in composed.evidence.left_out:
        labels = f"（{'、'.join(sentence.labels)}）" if sentence.labels else ""
        message = f"{sentence.text}——{sentence.reason.value}{labels}。"
        yield Item(
            "没有写入的句子",
            message,
            sentence.heading,
            blocks=sentence.reason is not Reason.NOTHING_TO_REPORT,
        )


def _own_words(composed: Report) -> Iterator[Item]:
    """Yield an item for each sentence that rests on no record, or on a note of work without document and file."""
    for sentence in composed.evidence.own_words:
        reason = (
            f"工作纪实“{sentence.note}”没有文号和佐证材料" if sentence.note else "没有数字和工作纪实作依据"
        )
        yield Item("本局自己的话", f"{sentence.text}——{reason}。", sentence.heading, blocks=False)


def _missing_topics(composed: Report) -> Iterator[Item]:
    for topic in dict.fromkeys(composed.evidence.missing_topics):
        yield Item("工作纪实", f"栏目“{topic}”没有选定的工作纪实，没有写入。", blocks=False)


def _unused_topics(composed: Report) -> Iterator[Item]:
    for topic in composed.unused_topics:
        yield Item("工作纪实", f"选定写入报告的工作纪实“{topic}”没有写入：模板没有这个栏目。")


def _unplaced(composed: Report) -> Iterator[Item]:
    for addition in composed.unplaced:
        message = f"插入报告的“{addition.before}…”没有写入：报告没有“{addition.heading}”这一节。"
        yield Item("补充句", message)


def _unverified(opened: Any, snapshot: Snapshot) -> Iterator[Item]:
    """Yield an item on the policies behind the report's numbers whose source is not verified yet."""
    keys = {key for mark in marks.carried(opened).marks for key in mark.citations}
    doubtful = [
        policy["title"] for key, policy in snapshot.policies.items() if key in keys and not policy["verified"]
    ]
    if doubtful:
        message = f"报告的数字所依据的{len(doubtful)}项政策，出处还待核实：{some_of(doubtful)}。"
        yield Item("政策依据", message, blocks=False)


def as_examined(version: Version) -> Iterator[Item]:
    """Yield the items of the checklist that :func:`examine` found when the version was made."""
    for values in version.found:
        yield Item(**values)


def later_imports(version: Version) -> Iterator[Item]:
    """Yield a checklist item if imports were made or undone after the version's snapshot; it is for information only.

    A snapshot that is missing or withdrawn gives an item that blocks the issue.
    """
    try:
        frozen_at = Snapshot.open(version.snapshot_id).frozen_at
    except SnapshotError as fault:
        yield Item("快照", str(fault))
        return
    if frozen_at is None:
        return
    count = Batch.objects.filter(Q(made_at__gt=frozen_at) | Q(undone_at__gt=frozen_at)).count()
    if count:
        message = (
            f"快照{version.snapshot_id}生成于{localtime(frozen_at):%Y-%m-%d %H:%M}，此后台账又有{count}次导入或撤销。"
            "如与本报告有关，请先生成新快照，再重新生成报告。"
        )
        yield Item("快照", message, blocks=False)


def open_collections(version: Version) -> Iterator[Item]:
    """Yield a checklist item for each collection (填报任务) that is not closed and whose period overlaps the report's."""
    period = Period.parse(version.release.period)
    for collection in Collection.objects.filter(closed_on=None).prefetch_related(
        "submissions__school", "submissions__handed_in"
    ):
        if Period.parse(collection.period).overlaps(period):
            missing = [
                str(submission.school)
                for submission in collection.submissions.all()
                if submission.standing is not Standing.DONE
            ]
            waiting = f"，{len(missing)}所学校还没有上报（{some_of(missing)}）" if missing else ""
            yield Item("填报任务", f"填报任务“{collection}”还没有结束{waiting}。")


def unexplained_numbers(version: Version) -> Iterator[Item]:
    """Yield a checklist item for each sheet with unexplained numbers of the report's period.

    These are numbers that deviate from what the sheet declares to be expected. Sheets that declare nothing,
    and registers without a period, are not examined.
    """
    period = Period.parse(version.release.period)
    switched_off = unused()
    for sheet in sheet_catalogue.sheets().values():
        if not is_used(sheet.model, switched_off) or not sheet.expects or period_field(sheet.model) is None:
            continue
        rows = sheet.model.objects.of_period(period).select_related(*links(sheet.model)).order_by("pk")
        if deviations := unexplained(sheet, list(rows)):
            named = some_of(
                [
                    f"{deviation.record}的{field_of(deviation.record, deviation.path).verbose_name}"
                    for deviation in deviations
                ]
            )
            message = (
                f"“{sheet.title}”有{len(deviations)}个数与上期或同类学校相差较大，没有写明原因：{named}。"
            )
            yield Item("须说明的数", message)


Check = Callable[[Version], Iterable[Item]]
#: The checks of a version, in the order of the checklist. Other packages append checks of their own.
CHECKS: list[Check] = [as_examined, open_collections, unexplained_numbers, later_imports]


def checklist(version: Version) -> list[Entry]:
    """Return the checklist of a version: each item of all checks once, with the latest explanation of it.

    Items that block the issue of the report unless they are explained come first.
    """
    explanations = {
        explanation.item: explanation
        for explanation in version.release.explanations.select_related("made_by")
    }
    items = {item.key: item for check in CHECKS for item in check(version)}
    entries = [Entry(item, explanations.get(key)) for key, item in items.items()]
    return sorted(entries, key=lambda entry: not entry.item.blocks)
