"""Turns rendered text into headings, paragraphs and tables; parts without data are left out.

- A sentence, up to 。, may open with a lead that ends in ：, and lists items divided by ；. An item
  whose number has no data is left out; if the lead has none, or no item is left, the whole sentence goes.
- Within （…） the clauses divided by ，、； stand for themselves: one without data, or with zeros only,
  is left out, and a bracket without clauses vanishes.
- A table row of which no number has data is left out; a single cell without data shows —.
- A heading with nothing below it goes, and the numbers of the headings close up.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xuezheng.core.number_text import chinese
from xuezheng.reports.model import AnswerKey, Block, Chart, Heading, Mark, Paragraph, Runs, Table, answer_key
from xuezheng.reports.templates.inserts import TOKEN, Inserts, Number
from xuezheng.reports.templates.language import ReportTemplateError

if TYPE_CHECKING:
    from xuezheng.figures import Answer

#: A sentence of a paragraph, or what stands after the last one.
SENTENCE = re.compile(r"[^。！？]*[。！？]|[^。！？]+$")
_BRACKET = re.compile(r"（([^（）]*)）")
_HEADING = re.compile(r"(#{1,5})\s+(.*)")
_NUMERALS = "[一二三四五六七八九十]+"
_HEADING_NUMBERS = {1: f"{_NUMERALS}、", 2: f"（{_NUMERALS}）", 3: r"\d+[.．]", 4: r"（\d+）"}


@dataclass(frozen=True)
class _Draft:
    """A block while its text still holds tokens; ``level`` is None unless it is a heading."""

    level: int | None
    text: str
    rows: list[list[str]] | None = None


class Editor:
    """Turns the rendered text of one report into blocks; ``gaps`` are the answers without data, whose text was left out."""

    def __init__(self, inserts: Inserts) -> None:
        self._inserts = inserts
        self._marks = itertools.count(1)
        self._gaps: dict[AnswerKey, Answer] = {}

    @property
    def gaps(self) -> tuple[Answer, ...]:
        """The answers without data, each once."""
        return tuple(self._gaps.values())

    def blocks(self, text: str) -> tuple[Block, ...]:
        """Return the blocks of a rendered template."""
        kept = [block for lines in _chunks(text) if (block := self._edited(lines))]
        filled = [block for place, block in enumerate(kept) if _has_content(kept, place)]
        finished = (self._finished(block) for block in _renumbered(filled))
        return tuple(block for block in finished if not isinstance(block, Chart) or block.answers)

    def _edited(self, lines: list[str]) -> _Draft | None:
        if heading := _HEADING.match(lines[0]):
            return _Draft(len(heading.group(1)) - 1, heading.group(2).strip())
        if lines[-1].startswith("|"):
            return self._edited_table(lines)
        prose = self._sentences("".join(line.strip() for line in lines))
        return _Draft(None, prose) if prose else None

    def _edited_table(self, lines: list[str]) -> _Draft | None:
        caption = "".join(line for line in lines if not line.startswith("|"))
        head, *rows = [
            [cell.strip() for cell in line.strip().strip("|").split("|")]
            for line in lines
            if line.startswith("|") and not re.fullmatch(r"[|\s:-]+", line)
        ]
        if any(len(row) != len(head) for row in rows):
            raise ReportTemplateError(f"报告模板的表格“{caption or head[0]}”各行列数与表头不同")
        rows = [row for row in rows if self._has_data("|".join(row))]
        return _Draft(None, caption, [head, *rows]) if rows else None

    def _has_data(self, text: str) -> bool:
        numbers = list(self._inserts.numbers_in(text))
        self._lacks(text)
        return not numbers or not all(number.absent for number in numbers)

    def _lacks(self, text: str) -> bool:
        """Whether a number in the text has no data; such answers are recorded as gaps."""
        absent = [number.answer for number in self._inserts.numbers_in(text) if number.absent]
        for answer in absent:
            self._gaps.setdefault(answer_key(answer), answer)
        return bool(absent)

    def _sentences(self, text: str) -> str:
        return "".join(self._sentence(sentence) for sentence in SENTENCE.findall(text))

    def _sentence(self, sentence: str) -> str:
        body, end = (sentence[:-1], sentence[-1]) if sentence[-1] in "。！？" else (sentence, "")
        body = _BRACKET.sub(self._bracket, body)
        lead, colon, listed = body.rpartition("：")
        items = [item for item in listed.split("；") if item.strip() and not self._lacks(item)]
        if not items or self._lacks(lead):
            return ""
        return lead + colon + "；".join(items) + end

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
            rows = tuple(tuple(self._runs(cell) for cell in row) for row in draft.rows)
            return Table(self._runs(draft.text), rows)
        if TOKEN.fullmatch(draft.text) and isinstance(chart := self._inserts[draft.text], Chart):
            return chart
        runs = self._runs(draft.text)
        return Paragraph(runs) if draft.level is None else Heading(draft.level, runs)

    def _runs(self, text: str) -> Runs:
        runs: list[str | Mark] = []
        for piece in re.split(f"({TOKEN.pattern})", text):
            run = self._inserts[piece] if TOKEN.fullmatch(piece) else piece
            if isinstance(run, Chart):
                raise ReportTemplateError(f"图“{run.caption}”应单独成段，前后各空一行。")
            if isinstance(run, Number):
                runs.append(Mark(f"xz_{next(self._marks):04}", run.style, run.answer, run.rows))
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
    return any(draft.level is None for draft in below)


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
