"""The sentences of a report that differ between two snapshots."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from xuezheng.core.periods import Period
from xuezheng.reports.compose import compose
from xuezheng.reports.model import Heading, Mark, Paragraph, Run, Runs, Table, answer_key, text_of
from xuezheng.reports.report import Report
from xuezheng.reports.templates.catalogue import main_report, templates
from xuezheng.snapshots import Snapshot

_ENDS = re.compile(r"(?<=[。！？])")
_BETWEEN_CELLS = " | "


@dataclass(frozen=True)
class Piece:
    """A part of a sentence that is the same in both versions or, with ``changed``, is only in this one."""

    text: str
    changed: bool


@dataclass(frozen=True)
class SentenceChange:
    """A sentence of a report, or row of a table, that differs, cut into pieces.

    ``heading`` is the heading above it. ``before`` is empty for a new sentence, ``after`` for one that is
    left out.
    """

    heading: str
    before: tuple[Piece, ...]
    after: tuple[Piece, ...]

    @property
    def before_text(self) -> str:
        """The sentence before the change; "" for a new one."""
        return "".join(piece.text for piece in self.before)

    @property
    def after_text(self) -> str:
        """The sentence after the change; "" for one that is left out."""
        return "".join(piece.text for piece in self.after)


@dataclass(frozen=True)
class _Sentence:
    heading: str
    runs: Runs

    @property
    def key(self) -> tuple[object, ...]:
        """The content of the sentence apart from the values of its numbers, by which sentences are matched."""
        return tuple(answer_key(run.answer) if isinstance(run, Mark) else run for run in self.runs)


def changed_sentences(before: Snapshot, after: Snapshot, period: Period) -> list[SentenceChange]:
    """Return the sentences of the main report for a period that differ between two snapshots, in reading order.

    [] where no report template is in use. Raises what :func:`xuezheng.reports.compose.compose` raises.
    """
    if not templates():
        return []
    report = main_report()
    return _differing(*(compose(report, snapshot, period) for snapshot in (before, after)))


def _differing(before: Report, after: Report) -> list[SentenceChange]:
    """The sentences that differ between two reports from one template, in reading order."""
    old, new = list(_sentences(before)), list(_sentences(after))
    matcher = SequenceMatcher(
        None, [sentence.key for sentence in old], [sentence.key for sentence in new], autojunk=False
    )
    changes = []
    for _, start, end, begin, stop in matcher.get_opcodes():
        for place in range(max(end - start, stop - begin)):
            was = old[start + place] if start + place < end else None
            will = new[begin + place] if begin + place < stop else None
            if was is None or will is None or text_of(was.runs) != text_of(will.runs):
                changes.append(_change(was, will))
    return changes


def _sentences(report: Report) -> Iterator[_Sentence]:
    heading = ""
    for block in report.blocks:
        if isinstance(block, Heading):
            heading = text_of(block.runs)
            yield _Sentence(heading, block.runs)
        elif isinstance(block, Table):
            yield _Sentence(heading, block.caption)
            yield from (_Sentence(heading, _row(cells)) for cells in block.rows)
        elif isinstance(block, Paragraph):
            yield from (_Sentence(heading, runs) for runs in _divided(block.runs))


def _row(cells: Sequence[Runs]) -> Runs:
    runs: list[Run] = []
    for cell in cells:
        runs += [*([_BETWEEN_CELLS] if runs else []), *cell]
    return tuple(runs)


def _divided(runs: Runs) -> Iterator[Runs]:
    """Divide the runs of a paragraph where sentences end."""
    sentence: list[Run] = []
    for run in runs:
        for part in _ENDS.split(run) if isinstance(run, str) else [run]:
            if part:
                sentence.append(part)
            if isinstance(part, str) and _ENDS.search(part):
                yield tuple(sentence)
                sentence = []
    if sentence:
        yield tuple(sentence)


def _change(was: _Sentence | None, will: _Sentence | None) -> SentenceChange:
    old, new = ([_text(run) for run in sentence.runs] if sentence else [] for sentence in (was, will))
    if was and will and was.key == will.key:
        kept = [old_piece == new_piece for old_piece, new_piece in zip(old, new, strict=True)]
        same_old = same_new = kept
    else:
        blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
        same_old = _covered(len(old), [(block.a, block.size) for block in blocks])
        same_new = _covered(len(new), [(block.b, block.size) for block in blocks])
    present = will or was
    return SentenceChange(present.heading if present else "", _pieces(old, same_old), _pieces(new, same_new))


def _covered(length: int, blocks: Sequence[tuple[int, int]]) -> list[bool]:
    return [any(start <= place < start + size for start, size in blocks) for place in range(length)]


def _pieces(texts: Sequence[str], same: Sequence[bool]) -> tuple[Piece, ...]:
    return tuple(Piece(text, not kept) for text, kept in zip(texts, same, strict=True))


def _text(run: Run) -> str:
    return run.text if isinstance(run, Mark) else run
