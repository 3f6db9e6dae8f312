"""Refreshing an edited report: its marked numbers are replaced by those of another period, its words stay as they are.

A marked number is linked to a figure by a bookmark. Sentences that no longer fit the numbers are not
rewritten: they are listed, and get a Word comment for the editor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from docx.document import Document
from docx.oxml.ns import qn
from lxml.etree import _Element as Element

from xuezheng import registry
from xuezheng.core.periods import Period
from xuezheng.figures import FigureError, catalogue
from xuezheng.proofing import word_file
from xuezheng.reports.compose import of_marks
from xuezheng.reports.living.findings import Finding, Kind, paragraph_of, quoted, text_of
from xuezheng.reports.model import NO_NUMBER, Mark, fitting
from xuezheng.reports.report import Report
from xuezheng.reports.templates.language import chinese_date
from xuezheng.reports.word import chart_drawing, document, marks
from xuezheng.reports.word.growing_tables import fit_rows
from xuezheng.reports.word.marks import Carried, CarriedMark

if TYPE_CHECKING:
    from xuezheng.snapshots import Snapshot

_DIRECTIONS = ("增长", "增加", "上升", "提高", "下降", "减少", "降低")
_BEFORE_A_NUMBER = 6  # characters before a number in which a word of direction belongs to it


@dataclass(frozen=True)
class Refreshed:
    """A refreshed Word document with its findings: the places that an editor has to correct by hand.

    ``marks`` is the number of marked numbers that were written anew, ``changed`` how many of them have
    another text than before.
    """

    document: Document
    marks: int
    changed: int
    findings: tuple[Finding, ...]

    def save(self, path: Path | str) -> None:
        """Write the Word file atomically: a reader of ``path`` gets the old file or the complete new one."""
        document.save(self.document, path)


def refresh(path: Path | str | IO[bytes], snapshot: Snapshot, period: Period) -> Refreshed:
    """Replace the marked numbers of an edited Word report by the values of their figures in a snapshot and period.

    Charts and the appendix of sources are renewed too; tables with a row for each member of a dimension grow
    and shrink. Sentences that no longer fit get a comment and a finding. The file at ``path`` is not written:
    save the result. Raises ``word_file.NotAReportError`` for a file that is no Word file or has no marked
    numbers.
    """
    opened = word_file.open_document(path)
    carried, findings = fit_rows(opened, marks.carried(opened), snapshot, period)
    enclosed = marks.enclosed(opened)
    kept: list[Mark] = []
    for mark in carried.marks:
        texts = enclosed.get(mark.bookmark, [])
        if not "".join(text.text or "" for text in texts):
            findings.append(_removed(mark))
            continue
        try:
            answer = catalogue.figure(mark.figure).at(snapshot, period, **mark.slice)
        except (registry.Unknown, FigureError) as fault:
            findings.append(_unanswered(mark, texts, str(fault)))
            continue
        new = Mark(mark.bookmark, fitting(mark.style, answer), answer, mark.rows_of)
        findings += _misfits(mark, new, texts)
        _write(texts, new.text)
        kept.append(new)
    findings += _stale_words(opened, carried, period)
    for paragraph, sentence in chart_drawing.renew(opened, snapshot, period):
        findings.append(Finding(Kind.NO_DATA, "", sentence, paragraph=paragraph))
    _comment(opened, findings)
    report = of_marks(carried.template, snapshot, period, kept)
    _renew_sources(opened, report)
    marks.attach(opened, report)
    before = {mark.bookmark: mark.text for mark in carried.marks}
    changed = sum(before[mark.bookmark] != mark.text for mark in kept)
    return Refreshed(opened, len(kept), changed, tuple(findings))


def _write(texts: list[Any], new: str) -> None:
    """Replace a number: its first text element, with its formatting, takes the new one; the other elements are emptied."""
    texts[0].text = new
    for text in texts[1:]:
        text.text = ""


def _removed(mark: CarriedMark) -> Finding:
    return Finding(
        Kind.REMOVED,
        "",
        f"“{mark.label}”（原为{mark.text}）的标记已不在文中，没有更新。如仍要用这个数，请从新生成的报告中复制。",
        mark.figure,
        mark.text,
    )


def _unanswered(mark: CarriedMark, texts: list[Any], reason: str) -> Finding:
    paragraph = paragraph_of(texts[0])
    return Finding(
        Kind.NO_DATA,
        quoted(paragraph, mark.text),
        f"“{mark.label}”没有更新，仍是原来的数：{reason}",
        mark.figure,
        mark.text,
        "",
        paragraph,
    )


def _misfits(mark: CarriedMark, new: Mark, texts: list[Any]) -> Iterator[Finding]:
    """Yield a finding where the sentence around a number no longer fits the new number: no data, edited by hand, zero, wrong direction."""
    paragraph = paragraph_of(texts[0])
    shown = mark.shown or mark.text

    def finding(kind: Kind, message: str) -> Finding:
        return Finding(kind, quoted(paragraph, shown), message, new.figure, shown, new.text, paragraph)

    value = new.answer.value
    if value is None:
        if mark.text != NO_NUMBER:
            no_data = f"“{mark.label}”在{new.answer.period.label}{new.answer.text()}。请改写或删去这一句。"
            yield finding(Kind.NO_DATA, no_data)
        return
    if shown != mark.text:
        yield finding(
            Kind.CHANGED,
            f"“{mark.label}”原由系统写作{mark.text}，被手工改成{shown}，现已更新为{new.text}。请核对。",
        )
    if value == 0 and not (new.style or "").startswith("none") and mark.value not in ("0", "None"):
        yield finding(Kind.ZERO, f"“{mark.label}”变为{new.text}。请看这一句是否还通顺。")
    if paragraph is not None and (word := _wrong_direction(texts[0], paragraph, value)):
        yield finding(Kind.DIRECTION, f"“{mark.label}”现为{new.text}，与前面的“{word}”方向相反。请改写。")


def _wrong_direction(first: Any, paragraph: Element, value: Any) -> str:
    """Return the word of direction (such as 增长) just before a number below zero, which contradicts its sign; "" if none."""
    if value >= 0:
        return ""
    before = ""
    for text in paragraph.iter(qn("w:t")):
        if text is first:
            break
        before += text.text or ""
    near = before[-_BEFORE_A_NUMBER:]
    return next((word for word in _DIRECTIONS if word in near), "")


def _stale_words(opened: Any, carried: Carried, period: Period) -> Iterator[Finding]:
    """Yield a finding for each paragraph that still names the old period or the day of the old snapshot."""
    before = Period.parse(carried.period)
    if before == period:
        return
    frozen_on = chinese_date(date.fromisoformat(carried.snapshot_day))
    terms = [Period.parse(code).label for code in before.terms]
    words = [before.label, *terms, frozen_on, chinese_date(before.end)]
    for paragraph in document.prose(opened):
        text = text_of(paragraph)
        for word in dict.fromkeys(words):
            if word in text:
                yield Finding(
                    Kind.STALE_WORDS,
                    quoted(paragraph, word),
                    f"这里写着“{word}”，数字已更新为{period.label}的。请核对时间和叙述。",
                    paragraph=paragraph,
                )


def _comment(opened: Any, findings: list[Finding]) -> None:
    """Add the message of each finding as a comment to its paragraph in an opened Word document; skip findings that have no paragraph."""
    for finding in findings:
        runs = [] if finding.paragraph is None else list(finding.paragraph.iter(qn("w:r")))
        if runs:
            document.comment(opened, [runs[0], runs[-1]], finding.message)


def _renew_sources(opened: Any, report: Report) -> None:
    """Replace the appendix of sources by a new one; a report whose appendix was deleted stays without."""
    old = word_file.appendix(opened)
    if not old:
        return
    body = opened.element.body
    before = list(body)
    ids = [marks.bookmark_number(start) for start in body.iter(qn("w:bookmarkStart"))]
    document.append_sources(opened, report, marks.Bookmarks(max(ids) + 1))
    new = [element for element in body if element not in before]
    for element in new:
        old[0].addprevious(element)
    for element in old:
        body.remove(element)
