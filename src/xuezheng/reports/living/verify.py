"""Verifying an edited report: against the snapshot from which it was made, and against the current registers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from docx.oxml.ns import qn

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Figure, FigureError, catalogue
from xuezheng.figures.ratio import parts_of
from xuezheng.proofing import word_file
from xuezheng.records.models import Batch, District
from xuezheng.reports.living.findings import Finding, Kind, paragraph_of, quoted
from xuezheng.reports.model import Mark, fitting
from xuezheng.reports.word import chart_drawing, document, marks
from xuezheng.reports.word.layout import HEADINGS, style_names
from xuezheng.reports.word.letterhead import without_own_digits
from xuezheng.reports.word.marks import Carried, CarriedMark
from xuezheng.snapshots import Snapshot, SnapshotError

_NAMED = 3  # batches named in one finding
Texts = dict[str, list[Any]]


def verify(path: Path | str | IO[bytes], now: Snapshot | None = None) -> list[Finding]:
    """Return the differences between an edited Word report and its snapshot; an empty list where there are none.

    Differences are, for example, marked numbers (linked to a figure) that were changed or removed by hand,
    and numbers typed outside every mark. ``now`` is a later snapshot, or the current registers
    (``snapshots.live``), with which every number is compared as well. Raises ``word_file.NotAReportError``
    for a file that is no Word file or has no marked numbers.
    """
    opened = word_file.open_document(path)
    carried, texts = marks.carried(opened), marks.enclosed(opened)
    findings = [*_by_hand(opened, carried, texts), *_typed(opened, carried, texts)]
    try:
        snapshot = _own_snapshot(carried)
    except SnapshotError as fault:
        return [Finding(Kind.SNAPSHOT, "", str(fault)), *findings]
    period = Period.parse(carried.period)
    findings += _forged(carried, texts, snapshot, period)
    findings += [
        Finding(Kind.CHANGED, "", message, paragraph=paragraph)
        for paragraph, message in chart_drawing.altered(opened, snapshot, period)
    ]
    if now is not None:
        findings += _outdated(carried, texts, snapshot, now, period)
    return findings


def _by_hand(opened: Any, carried: Carried, texts: Texts) -> Iterator[Finding]:
    """Yield findings for marks that were deleted or doubled, and for marked numbers changed by hand."""
    starts = Counter(start.get(qn("w:name")) for start in opened.element.body.iter(qn("w:bookmarkStart")))
    for mark in carried.marks:
        where = _where(mark, texts)
        if starts[mark.bookmark] > 1:
            message = f"“{mark.label}”的标记出现了{starts[mark.bookmark]}次。请只保留一处。"
            yield Finding(
                Kind.DOUBLED, where, message, mark.figure, mark.text, mark.shown or "", _place(mark, texts)
            )
        elif not mark.shown:
            message = f"“{mark.label}”（{mark.text}）的标记已被删除，这个数不再受核对。"
            yield Finding(Kind.REMOVED, "", message, mark.figure, mark.text)
        elif mark.shown != mark.text:
            message = (
                f"“{mark.label}”应为{mark.text}，被手工改成了{mark.shown}。请改回，或改正台账后重新生成。"
            )
            yield Finding(
                Kind.CHANGED, where, message, mark.figure, mark.text, mark.shown, _place(mark, texts)
            )


def _typed(opened: Any, carried: Carried, texts: Texts) -> Iterator[Finding]:
    """Yield findings for numbers in the prose outside every mark; days, document numbers and headings are exempt."""
    marked = {id(text) for mark in carried.marks for text in texts.get(mark.bookmark, ())}
    styles = style_names(opened)
    for paragraph in document.prose(opened):
        style = styles.get(paragraph.style, "")
        if style in HEADINGS:
            continue
        # Whatever a mark encloses is some number, so that “第…届” and “…年” around it stay what they are.
        bare = "".join("…" if id(text) in marked else text.text or "" for text in paragraph.iter(qn("w:t")))
        if number := typed_number(without_own_digits(style, bare)):
            message = f"“{number}”是手工写的数，没有出处。请改用报告中带标记的数，或在台账中登记后引用。"
            yield Finding(Kind.TYPED, quoted(paragraph, number), message, new=number, paragraph=paragraph)


def _own_snapshot(carried: Carried) -> Snapshot:
    district = District.objects.first()
    if district is None or district.code != carried.district:
        raise SnapshotError(
            f"这份报告属于区划代码为{carried.district}的另一地区，不是本地的报告，无法与本地台账核对。"
        )
    return Snapshot.open(carried.snapshot_id)


def _forged(carried: Carried, texts: Texts, snapshot: Snapshot, period: Period) -> Iterator[Finding]:
    """Yield findings for numbers whose record in the file differs from the file's own snapshot."""
    for mark in carried.marks:
        answer = _answer(snapshot, period, mark)
        text_now = answer if isinstance(answer, str) else _text(answer, mark)
        if text_now != mark.text:
            message = f"文件中记录“{mark.label}”为{mark.text}，快照{snapshot.id}却是{text_now}。文件的出处记录被改动过。"
            yield Finding(
                Kind.FORGED,
                _where(mark, texts),
                message,
                mark.figure,
                mark.text,
                text_now,
                _place(mark, texts),
            )


def _outdated(
    carried: Carried, texts: Texts, snapshot: Snapshot, now: Snapshot, period: Period
) -> Iterator[Finding]:
    """Yield findings for numbers that have another value in ``now``, with the imports that changed them."""
    causes: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for mark in carried.marks:
        if all(snapshot.has_same_table(now, part.table.table_name()) for part in _parts(mark.figure)):
            continue
        before, after = (_answer(source, period, mark) for source in (snapshot, now))
        if isinstance(before, str) or isinstance(after, str) or before.value == after.value:
            continue
        figure_slice = mark.figure, tuple(mark.slice.items())
        if figure_slice not in causes:
            causes[figure_slice] = _causes(mark, snapshot, now, period)
        old, new = mark.text, _text(after, mark)
        if new == old:
            continue  # as the report rounds it, the number still holds
        message = f"“{mark.label}”在报告中是{old}，按现在的台账是{new}{causes[figure_slice]}。请决定是否重新生成或刷新报告。"
        yield Finding(Kind.OUTDATED, _where(mark, texts), message, mark.figure, old, new, _place(mark, texts))


def _parts(key: str) -> list[Figure]:
    """Return the figures that a figure is computed from, itself if it is no ratio; empty for an unknown key."""
    try:
        figure = catalogue.figure(key)
    except registry.Unknown:
        return []
    return parts_of(figure)


def _answer(snapshot: Snapshot, period: Period, mark: CarriedMark) -> Answer | str:
    """Return a snapshot's answer for a mark, or a Chinese sentence why there is none."""
    try:
        answer = catalogue.figure(mark.figure).at(snapshot, period, **mark.slice)
    except (registry.Unknown, FigureError, SnapshotError) as fault:
        return str(fault)
    return answer.reason or answer


def _text(answer: Answer, mark: CarriedMark) -> str:
    return Mark(mark.bookmark, fitting(mark.style, answer), answer).text


def _causes(mark: CarriedMark, snapshot: Snapshot, now: Snapshot, period: Period) -> str:
    """Return a Chinese clause naming the imports that the differing rows came with; "" if there are none."""
    batches: dict[str, None] = {}
    by_hand = False
    for part in _parts(mark.figure):
        old, new = (part.rows(source, period, **mark.slice) for source in (snapshot, now))
        before, after = ({str(row): row for row in rows.table.to_pylist()} for rows in (old, new))
        ids = {row["id"] for key, row in {**before, **after}.items() if (key in before) != (key in after)}
        touched = part.table._base_manager.filter(pk__in=ids)
        for batch in Batch.objects.filter(pk__in=touched.values("batch")).order_by("-pk"):
            batches[f"“{batch.file_name}”（批次{batch.pk}）"] = None
        by_hand = by_hand or touched.count() < len(ids) or touched.filter(batch=None).exists()
    named = list(batches)[:_NAMED] + (["手工更改"] if by_hand else [])
    return f"，变动来自{'、'.join(named)}" if named else ""


def _place(mark: CarriedMark, texts: Texts) -> Any:
    """Return the paragraph element that holds a mark now; None if the mark is gone."""
    mark_texts = texts.get(mark.bookmark)
    return paragraph_of(mark_texts[0]) if mark_texts else None


def _where(mark: CarriedMark, texts: Texts) -> str:
    return quoted(_place(mark, texts), mark.shown or "")
