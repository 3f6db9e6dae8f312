"""The changes between two versions of a report, number by number."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from docx.oxml.ns import qn

from xuezheng import registry
from xuezheng.core.number_text import typed_number
from xuezheng.figures import catalogue
from xuezheng.proofing import word_file
from xuezheng.reports.living.findings import paragraph_of, text_of
from xuezheng.reports.templates.prose import SENTENCE
from xuezheng.reports.word import document, marks
from xuezheng.reports.word.marks import CarriedMark
from xuezheng.snapshots import Snapshot, SnapshotError

_HEADING_NUMBER = re.compile(r"^\d+[.．]")
_NUMBER = "…"  # stands for a marked number where only the words count


class Why(Enum):
    """Why a number of a newer version was changed, added or removed; the values are shown to users."""

    SNAPSHOT = "快照不同"
    WORDING = "文字不同"
    BY_HAND = "手工写的"
    RESTORED = "由手工改回系统的数"


@dataclass(frozen=True)
class Change:
    """A number that differs between two versions: ``old`` is "" for an added one, ``new`` "" for a removed one.

    ``where`` is the sentence or table row around it. A number typed by hand, outside every mark, has the
    figure and label "".
    """

    figure: str
    label: str
    slice: Mapping[str, str]
    slice_label: str
    where: str
    old: str
    new: str
    why: Why


@dataclass(frozen=True)
class Changes:
    """All numbers that differ, in the order of the newer text with removed ones last, and the number of changed sentences.

    A sentence counts as changed if its words changed: not if only marked numbers did, nor if it only moved.
    """

    numbers: tuple[Change, ...]
    sentences: int


class _Text:
    """A version's text: its marked numbers by figure and slice, each with its sentence, and its sentences with marked numbers blanked."""

    def __init__(self, content: bytes) -> None:
        opened = word_file.open_document(io.BytesIO(content))
        carried = marks.carried(opened)
        self.snapshot_id = carried.snapshot_id
        enclosed = marks.enclosed(opened)
        self.numbers: dict[tuple[Any, ...], tuple[CarriedMark, str]] = {}
        marked: set[int] = set()
        occurrences: Counter[Any] = Counter()
        for mark in carried.marks:
            texts = enclosed.get(mark.bookmark, [])
            marked.update(map(id, texts))
            if mark.shown:
                what = mark.figure, *sorted(mark.slice.items())
                # The same number given three times is three numbers, the first, the second and the third.
                self.numbers[*what, occurrences[what]] = mark, _sentence_around(texts[0])
                occurrences[what] += 1
        self.sentences = Counter(_bare_sentences(opened, marked))


def changes(old: bytes, new: bytes) -> Changes:
    """Compare the Word files of two versions of a release, given as bytes, number by number.

    Marked numbers (linked to figures) are paired by figure and slice, numbers typed by hand by their
    sentence. Raises ``word_file.NotAReportError`` for bytes that are no Word file or have no marked numbers.
    """
    before, after = _Text(old), _Text(new)
    other_snapshot = before.snapshot_id != after.snapshot_id
    changes_found = [
        *_changed_and_added(before, after, other_snapshot),
        *_typed(after.sentences - before.sentences, added=True),
        *_dropped(before, after, other_snapshot),
        *_typed(before.sentences - after.sentences, added=False),
    ]
    gone, come = (
        (first.sentences - second.sentences).total() for first, second in ((before, after), (after, before))
    )
    return Changes(tuple(changes_found), max(gone, come))


def _changed_and_added(before: _Text, after: _Text, other_snapshot: bool) -> Iterator[Change]:
    for what, (mark, where) in after.numbers.items():
        was = before.numbers[what][0] if what in before.numbers else None
        if was is None or was.shown != mark.shown:
            old = was.shown or "" if was else ""
            yield _change(
                mark, where, old, mark.shown or "", _why(was, mark, other_snapshot), after.snapshot_id
            )


def _dropped(before: _Text, after: _Text, other_snapshot: bool) -> Iterator[Change]:
    for what, (mark, where) in before.numbers.items():
        if what not in after.numbers:
            why = Why.SNAPSHOT if other_snapshot else Why.WORDING
            yield _change(mark, where, mark.shown or "", "", why, before.snapshot_id)


def _typed(sentences: Counter[str], added: bool) -> Iterator[Change]:
    for sentence in sentences:
        if number := typed_number(_HEADING_NUMBER.sub("", sentence)):
            yield Change("", "", {}, "", sentence, *(("", number) if added else (number, "")), Why.BY_HAND)


def _why(was: CarriedMark | None, mark: CarriedMark, other_snapshot: bool) -> Why:
    if mark.shown != mark.text:
        return Why.BY_HAND
    if was and was.shown != was.text:
        return Why.RESTORED
    return Why.SNAPSHOT if other_snapshot else Why.WORDING


def _change(mark: CarriedMark, where: str, old: str, new: str, why: Why, snapshot_id: str) -> Change:
    return Change(mark.figure, mark.label, mark.slice, _slice_label(mark, snapshot_id), where, old, new, why)


def _slice_label(mark: CarriedMark, snapshot_id: str) -> str:
    """Return the label of a mark's slice in Chinese; its raw names and values where the figure or the snapshot is gone."""
    if not mark.slice:
        return ""
    try:
        snapshot = Snapshot.open(snapshot_id)
        dimensions = catalogue.figure(mark.figure).dimensions(snapshot)
        return " · ".join(dimensions[name].member(value) for name, value in mark.slice.items())
    except (registry.Unknown, SnapshotError, KeyError):
        return "、".join(f"{name}={value}" for name, value in mark.slice.items())


def _sentence_around(text: Any) -> str:
    """Return the sentence that holds a text element; within a table, the text of its row."""
    paragraph = paragraph_of(text)
    if paragraph is None:
        raise ValueError("a text stands in a paragraph")
    row = next(paragraph.iterancestors(qn("w:tr")), None)
    if row is not None:
        return " | ".join(text_of(cell) for cell in row.iter(qn("w:p")))
    place = 0
    for element in paragraph.iter(qn("w:t")):
        if element is text:
            break
        place += len(element.text or "")
    for sentence in SENTENCE.finditer(text_of(paragraph)):
        if sentence.end() > place:
            return sentence.group().strip()
    return text_of(paragraph)


def _bare_sentences(opened: Any, marked: set[int]) -> Iterator[str]:
    """Yield the sentences, cells and headings without the appendix, each marked number replaced by one placeholder character."""
    for paragraph in document.prose(opened):
        texts = paragraph.iter(qn("w:t"))
        bare = "".join(_NUMBER if id(text) in marked else text.text or "" for text in texts)
        # A number may be of several runs, as Word leaves them.
        bare = re.sub(f"{_NUMBER}+", _NUMBER, bare)
        yield from (sentence.strip() for sentence in SENTENCE.findall(bare) if sentence.strip(_NUMBER + " "))
