"""Turns rendered text into headings, paragraphs and tables; what nothing carries is left out and listed.

- A sentence, up to 。, may open with a lead that ends in ：, and lists items divided by ；. An item
  whose number has no data is left out; if the lead has none, or no item is left, the whole sentence goes.
- Within （…） the clauses divided by ，、； stand for themselves: one without data, or with zeros only,
  is left out, and a bracket without clauses vanishes. A sentence that loses all its numbers so goes too.
- A sentence without a number and a note (own words) stays only beside one that has them: in its paragraph, or,
  in a paragraph of own words alone, under its heading. Where the template itself has neither, as in a notice, it stays.
- A sentence all of whose numbers a note of work writes already goes: nothing is reported twice.
- A table row of which no number has data is left out; a single cell without data, or that has still to be filled in, shows —. The amounts
  of a table are in one unit.
- A heading with nothing below it goes, and the numbers of the headings close up.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from xuezheng.core.number_text import WAN_FROM_FEN, chinese
from xuezheng.reports.model import AnswerKey, Block, Chart, Heading, Mark, Paragraph, Runs, Table, answer_key
from xuezheng.reports.templates.evidence import Blank, Evidence, LeftOut, NoSource, OwnWords, Reason, Source
from xuezheng.reports.templates.inserts import TOKEN, Inserts, Number
from xuezheng.reports.templates.language import ReportTemplateError

if TYPE_CHECKING:
    from xuezheng.figures import Answer

#: Matches a sentence of a paragraph with its full stop, or the text after the last full stop.
SENTENCE = re.compile(r"[^。！？]*[。！？]|[^。！？]+$")
_BRACKET = re.compile(r"（([^（）]*)）")
_HEADING = re.compile(r"(#{1,5})\s+(.*)")
_CLOSING = re.compile("[特专]此[^。]{1,16}。")
_NUMERALS = "[一二三四五六七八九十]+"
_HEADING_NUMBERS = {1: f"{_NUMERALS}、", 2: f"（{_NUMERALS}）", 3: r"\d+[.．]", 4: r"（\d+）"}


@dataclass(frozen=True)
class _Draft:
    """A block while its text still holds tokens; ``level`` is None unless it is a heading.

    ``sentences`` are those of a paragraph; ``requests`` says whether its template asked for numbers or notes. A ``closing``
    is a formula such as 特此报告, which claims nothing.
    """

    level: int | None
    text: str
    rows: list[list[str]] | None = None
    sentences: tuple[_Sentence, ...] = ()
    requests: bool = True
    closing: bool = False

    @property
    def has_evidence(self) -> bool:
        """Whether the block rests on numbers or records."""
        if self.level is not None:
            return False
        return bool((self.rows or self.text) and not self.closing) or any(
            sentence.has_evidence for sentence in self.sentences
        )


@dataclass(frozen=True)
class _Sentence:
    """A kept sentence, and whether it rests on a number or a record."""

    text: str
    has_evidence: bool


@dataclass
class _Stretch:
    """The blocks below one heading, up to the next."""

    heading: _Draft | None
    blocks: list[_Draft] = field(default_factory=list)


class Editor:
    """Turns the rendered text of one report into blocks, and leaves out sentences without data or evidence.

    ``inserts`` has the values of the tokens in the text. After :meth:`blocks`, ``evidence`` lists what was
    left out and which sentences are based on no record.
    """

    def __init__(self, inserts: Inserts) -> None:
        self.evidence = Evidence()
        self._inserts = inserts
        self._marks = itertools.count(1)
        self._gaps: dict[AnswerKey, Answer] = {}
        self._heading = ""

    @property
    def gaps(self) -> tuple[Answer, ...]:
        """The answers without data that the text would have stated, each once, in reading order."""
        return tuple(self._gaps.values())

    def blocks(self, text: str) -> tuple[Block, ...]:
        """Return the blocks of a rendered text, without what is left out.

        Raises :class:`ReportTemplateError` for a table whose rows have different numbers of cells.
        """
        for note, error in self._inserts.unknown_in_notes:
            self._leave_out(note.text, Reason.UNKNOWN_FIGURE, (error,))
        stretches = [_Stretch(None)]
        for lines in _chunks(text):
            if (block := self._edited(lines)) is None:
                continue
            if block.level is not None:
                stretches.append(_Stretch(block))
            else:
                stretches[-1].blocks.append(block)
        kept = [block for stretch in stretches for block in self._supported(stretch)]
        filled = [block for place, block in enumerate(kept) if _has_content(kept, place)]
        finished = (self._finished(block) for block in _renumbered(filled))
        return tuple(block for block in finished if not isinstance(block, Chart) or block.answers)

    def _edited(self, lines: list[str]) -> _Draft | None:
        if heading := _HEADING.match(lines[0]):
            self._heading = self._inserts.readable(heading.group(2))
            return _Draft(len(heading.group(1)) - 1, heading.group(2).strip())
        if lines[-1].startswith("|"):
            return self._edited_table(lines)
        text = "".join(line.strip() for line in lines)
        if TOKEN.fullmatch(text) and isinstance(self._inserts[text], Chart):
            return _Draft(None, text)
        if _CLOSING.fullmatch(text):
            return _Draft(None, text, requests=False, closing=True)
        requests = any(self._inserts.numbers_in(text)) or any(self._inserts.sources_in(text))
        return _Draft(None, "", sentences=tuple(self._sentences(text)), requests=requests)

    def _edited_table(self, lines: list[str]) -> _Draft | None:
        caption = "".join(line for line in lines if not line.startswith("|"))
        head, *rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in lines
            if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)
        ]
        if any(len(row) != len(head) for row in rows):
            raise ReportTemplateError(f"报告模板的表格“{caption or head[0]}”各行列数与表头不同")
        filled = []
        for row in rows:
            if not self._inserts.has_unused("|".join(row)) and self._has_data(row):
                filled.append([row[0], *(self._without_blanks(cell, row[0]) for cell in row[1:])])
        return _Draft(None, caption, [head, *filled]) if filled else None

    def _without_blanks(self, cell: str, row: str) -> str:
        """Return a cell's text; — for one that has still to be filled in, which is listed by the name of its row."""
        if blanks := self._inserts.blanks_in(cell):
            self._leave_out(f"{row} {cell}", Reason.TO_FILL, blanks)
            return "—"
        return cell

    def _supported(self, stretch: _Stretch) -> Iterator[_Draft]:
        """Yield a heading and its blocks without own words that nothing beside them supports."""
        heading = self._inserts.readable(stretch.heading.text) if stretch.heading else ""
        if stretch.heading:
            yield stretch.heading
        requests = any(block.requests for block in stretch.blocks)
        supported = not requests or any(block.has_evidence for block in stretch.blocks)
        for block in stretch.blocks:
            if block.rows or block.text:
                yield block
            elif block.has_evidence if block.requests else supported:
                if block.sentences:
                    self._list_own_words(heading, block)
                    yield replace(block, text="".join(sentence.text for sentence in block.sentences))
            else:
                for sentence in block.sentences:
                    text = self._inserts.readable(sentence.text)
                    self.evidence.left_out.append(LeftOut(heading, text, Reason.UNSUPPORTED))

    def _list_own_words(self, heading: str, block: _Draft) -> None:
        for sentence in block.sentences:
            sources = [
                source for source in self._inserts.sources_in(sentence.text) if isinstance(source, Source)
            ]
            weak = next((source.title for source in sources if not source.documented), "")
            has_number = any(self._inserts.numbers_in(sentence.text))
            if not sentence.has_evidence or (weak and not has_number):
                text = self._inserts.readable(sentence.text)
                self.evidence.own_words.append(OwnWords(heading, text, weak))

    def _leave_out(self, text: str, reason: Reason, labels: tuple[str, ...] = ()) -> None:
        self.evidence.left_out.append(LeftOut(self._heading, self._inserts.readable(text), reason, labels))

    def _has_data(self, row: list[str]) -> bool:
        """Whether a row of a table has a number with data, or asks for none; one of blanks alone is listed."""
        text = "|".join(row)
        numbers, blanks = list(self._inserts.numbers_in(text)), self._inserts.blanks_in("".join(row[1:]))
        self._lacks(text)
        if blanks and all(number.absent for number in numbers):
            self._leave_out(" ".join(row), Reason.TO_FILL, blanks)
            return False
        return not numbers or not all(number.absent for number in numbers)

    def _lacks(self, text: str) -> tuple[str, ...]:
        """Return the labels of the numbers in the text that have no data; such answers are recorded as gaps."""
        absent = [number.answer for number in self._inserts.numbers_in(text) if number.absent]
        for answer in absent:
            self._gaps.setdefault(answer_key(answer), answer)
        return tuple(dict.fromkeys(answer.label for answer in absent))

    def _sentences(self, text: str) -> Iterator[_Sentence]:
        for sentence in SENTENCE.findall(text):
            for source in self._inserts.sources_in(sentence):
                if isinstance(source, NoSource):
                    self.evidence.missing_topics.append(source.topic)
            if kept := self._sentence(sentence):
                numbers = any(self._inserts.numbers_in(kept))
                sources = any(isinstance(source, Source) for source in self._inserts.sources_in(kept))
                yield _Sentence(kept, numbers or sources)

    def _sentence(self, sentence: str) -> str:
        if self._inserts.has_unused(sentence) or self._is_in_a_note(sentence):
            return ""
        if blanks := self._inserts.blanks_in(sentence):
            self._leave_out(sentence, Reason.TO_FILL, blanks)
            return ""
        body, end = (sentence[:-1], sentence[-1]) if sentence[-1] in "。！？" else (sentence, "")
        had_numbers = any(self._inserts.numbers_in(body))
        body = _BRACKET.sub(self._bracket, body)
        lead, colon, listed = body.rpartition("：")
        items = [item for item in listed.split("；") if self._inserts.readable(item)]
        kept = [item for item in items if not self._lacks(item)]
        missing = self._lacks(lead)
        if not items and not lead:
            return ""
        if not kept or missing:
            labels = missing + tuple(label for item in items for label in self._lacks(item))
            self._leave_out(sentence, Reason.NO_DATA, tuple(dict.fromkeys(labels)))
            return ""
        for item in items:
            if labels := self._lacks(item):
                self._leave_out(item, Reason.NO_DATA, labels)
        edited = lead + colon + "；".join(kept) + end
        if had_numbers and not any(self._inserts.numbers_in(edited)):
            absent = self._lacks(sentence)
            self._leave_out(sentence, Reason.NO_DATA if absent else Reason.NOTHING_TO_REPORT, absent)
            return ""
        return edited

    def _is_in_a_note(self, sentence: str) -> bool:
        """Whether a sentence of the template has only numbers that notes of work write in their own sentences."""
        if any(self._inserts.sources_in(sentence)):
            return False
        numbers = {answer_key(number.answer) for number in self._inserts.numbers_in(sentence)}
        return bool(numbers) and numbers <= self._inserts.in_notes

    def _bracket(self, match: re.Match[str]) -> str:
        """Edit the clauses of a bracket; one that has no number is left as it is."""
        if not any(self._inserts.numbers_in(match.group(1))):
            return match.group()
        kept = waiting = last = ""
        for clause, separator in re.findall(r"([^，、；]*)([，、；]|$)", match.group(1)):
            waiting += clause
            numbers = list(self._inserts.numbers_in(waiting))
            if separator and not numbers:
                # 校长、副校长7人 is one clause: words without a number belong to the number after them.
                waiting += separator
                continue
            if not self._lacks(waiting) and not all(number.is_zero for number in numbers):
                kept += (last if kept else "") + waiting
            last, waiting = separator, ""
        return f"（{kept}）" if kept else ""

    def _finished(self, draft: _Draft) -> Block:
        if draft.rows:
            unit = self._money_unit([cell for row in draft.rows for cell in row])
            rows = tuple(tuple(self._runs(cell, unit) for cell in row) for row in draft.rows)
            return Table(self._runs(draft.text), rows)
        if TOKEN.fullmatch(draft.text) and isinstance(chart := self._inserts[draft.text], Chart):
            return chart
        runs = self._runs(draft.text)
        return Paragraph(runs) if draft.level is None else Heading(draft.level, runs)

    def _money_unit(self, cells: list[str]) -> str:
        """Return the style in which all amounts of a table are written, so that they have one unit."""
        amounts = (
            int(number.answer.value or 0)
            for cell in cells
            for number in self._inserts.numbers_in(cell)
            if number.answer.is_money
        )
        return "short_wan" if any(abs(amount) >= WAN_FROM_FEN for amount in amounts) else "yuan"

    def _runs(self, text: str, money_unit: str = "") -> Runs:
        runs: list[str | Mark] = []
        for piece in re.split(f"({TOKEN.pattern})", text):
            run = self._inserts[piece] if TOKEN.fullmatch(piece) else piece
            if isinstance(run, Chart):
                raise ReportTemplateError(f"图“{run.caption}”应单独成段，前后各空一行。")
            if isinstance(run, Source | NoSource):
                continue
            if isinstance(run, Blank):
                run = f"〔待填：{run.text}〕"
            if isinstance(run, Number):
                style = run.style
                if money_unit and run.answer.is_money and style in ("short", "none short"):
                    style = style.replace("short", money_unit)
                runs.append(Mark(f"xz_{next(self._marks):04}", style, run.answer, run.rows))
            elif runs and isinstance(runs[-1], str):
                runs[-1] += run
            elif run:
                runs.append(run)
        return tuple(runs)


def _chunks(text: str) -> Iterator[list[str]]:
    """Yield the lines of each heading, paragraph or table (with the caption above it)."""
    chunk: list[str] = []
    for line in [*text.splitlines(), ""]:
        if chunk and (not line.strip() or _HEADING.match(line)):
            yield chunk
            chunk = []
        if _HEADING.match(line):
            yield [line]
        elif line.strip():
            chunk.append(line)


def _has_content(drafts: list[_Draft], place: int) -> bool:
    level = drafts[place].level
    if not level:
        return True
    below = itertools.takewhile(lambda draft: draft.level is None or draft.level > level, drafts[place + 1 :])
    return any(draft.level is None and not draft.closing for draft in below)


def _renumbered(drafts: list[_Draft]) -> Iterator[_Draft]:
    counts = dict.fromkeys(_HEADING_NUMBERS, 0)
    for draft in drafts:
        if draft.level and (typed := re.match(_HEADING_NUMBERS[draft.level], draft.text)):
            counts[draft.level] += 1
            counts.update({level: 0 for level in counts if level > draft.level})
            number = counts[draft.level]
            words = chinese(number)
            written = {1: f"{words}、", 2: f"（{words}）", 3: f"{number}.", 4: f"（{number}）"}[draft.level]
            draft = _Draft(draft.level, written + draft.text[typed.end() :].strip())
        yield draft
