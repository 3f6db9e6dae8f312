"""A draft of a report template from a Word report written elsewhere, with figures proposed for its numbers.

No digit of the Word report gets into the template: a number becomes a figure that a person has confirmed, or
a blank whose sentence is left out of reports until it is filled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, dataclass, replace
from typing import IO, TYPE_CHECKING, Any

from docx.oxml.ns import qn

from xuezheng.core.number_text import STYLES, chinese
from xuezheng.proofing import word_file
from xuezheng.proofing.grids import Table
from xuezheng.proofing.reading import grid_of
from xuezheng.reports.living import table_numbers
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.living.matching import Match, Sureness, match
from xuezheng.reports.living.table_numbers import TableNumber
from xuezheng.reports.word.layout import style_names

if TYPE_CHECKING:
    from pathlib import Path

    from xuezheng.core.periods import Period
    from xuezheng.figures import Answer
    from xuezheng.snapshots import Snapshot

_LONGEST_HEADING = 40  # signs
_NUMBERED = (
    (1, re.compile(r"[一二三四五六七八九十]+、")),
    (2, re.compile(r"（[一二三四五六七八九十]+）")),
    (3, re.compile(r"[0-9]+[.．、]")),
    (4, re.compile(r"（[0-9]+）")),
)
_ORDINALS = ("序号", "编号", "行次")
_NUMBER_OF_TABLE = re.compile(r"^表\s*[0-9一二三四五六七八九十]+(?:[-.．][0-9]+)*[\s：:、]*")
_GRADE = re.compile("(?<![0-9])[1-9](?=年级)")
_UNIT_LINE = re.compile(r"[（(]?\s*(?:金额)?单位[:：]\s*\S{1,12}?\s*[)）]?")
_STYLED = re.compile(r"(?:heading|标题)\s*([1-4])", re.IGNORECASE)
#: Digits that count nothing, such as dates and document numbers, with the words around them.
_DIGITS = re.compile(
    r"〔[0-9]{4}〕第?[0-9]+号|[0-9０-９]+(?:年(?:[0-9０-９]+月)?(?:[0-9０-９]+[日号])?|月(?:[0-9０-９]+[日号])?)?"
)
#: What would be a mark of the language or of the layout.
_MARKS = str.maketrans({"{": "｛", "}": "｝", "|": "｜", "#": "＃"})
_CONFIDENT = (Sureness.SURE, Sureness.LIKELY)


@dataclass(frozen=True)
class Proposal:
    """A number of the Word report with the figure that it may state.

    ``start`` and ``end`` (excluded) are its offsets in the paragraph or cell. ``figure`` is the key of the
    figure, "" where none matches; ``label`` is its Chinese name with the slice, and ``insert`` the template
    expression that states it. ``sureness`` is the Chinese word for how sure the match is; ``confident``
    is True where it is sure or likely, and the page then shows the proposal with its box ticked. A number of
    a table is in the cell (``row``, ``column``) from 0, and ``name`` names the cell by its row and heading
    (小学·学生数); in prose these are -1, -1 and "".
    """

    start: int
    end: int
    text: str
    figure: str = ""
    label: str = ""
    insert: str = ""
    sureness: str = ""
    confident: bool = False
    row: int = -1
    column: int = -1
    name: str = ""


@dataclass(frozen=True)
class Passage:
    """A heading, paragraph or table of a Word report from which a template is drafted.

    ``level`` is that of a heading, 0 for the title, and None for a paragraph or table. ``proposals`` are the
    figures that its numbers may state. A table has ``cells``, rows of texts of equal length with its headings
    first; its ``text`` is the caption.
    """

    level: int | None
    text: str
    proposals: tuple[Proposal, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Draft:
    """The draft of a template: its passages in reading order.

    ``registers`` is the number of tables that were left out because they are too long for a report.
    """

    passages: tuple[Passage, ...]
    registers: int = 0

    def as_object(self) -> dict[str, Any]:
        """Return the draft as a JSON-serializable dict, which :func:`read_draft` reads."""
        return asdict(self)


def read_draft(values: dict[str, Any]) -> Draft:
    """Return the draft of a dict that :meth:`Draft.as_object` wrote; raises ``KeyError`` for another dict."""
    passages = (
        Passage(
            passage["level"],
            passage["text"],
            tuple(Proposal(**each) for each in passage["proposals"]),
            tuple(map(tuple, passage["cells"])),
        )
        for passage in values["passages"]
    )
    return Draft(tuple(passages), values["registers"])


def draft_template(path: Path | IO[bytes], snapshot: Snapshot, period: Period) -> Draft:
    """Draft a report template from a Word file: match its numbers with the figures of a snapshot and period.

    ``path`` may also be an open binary file. A person then confirms the proposed figures, and
    :func:`source_of` writes the template. Raises ``word_file.NotAReportError`` where it is no Word file.
    """
    opened = word_file.open_document(path)
    styles = style_names(opened)
    blocks: list[_Block] = []
    registers = 0
    for element in opened.element.body.iterchildren(qn("w:p"), qn("w:tbl")):
        if element.tag == qn("w:p"):
            if text := text_of(element).strip():
                level = _level(text, _style(element, styles), not blocks)
                blocks.append(_Block(Passage(level, text), [text if level is None else ""]))
        elif (grid := grid_of(element)) and len(grid) > table_numbers.LONGEST:
            registers += 1
        elif any(any(line) for line in grid):
            units, caption = _take(blocks, _is_unit), _take(blocks, _is_caption)
            blocks.append(_table(Table(f"{caption}（{units.strip('（）()')}）" if units else caption, grid)))
    matched: dict[int, list[Match]] = {}
    for each in match([text for block in blocks for text in block.texts], snapshot, period):
        matched.setdefault(each.paragraph, []).append(each)
    passages, first = [], 0
    for block in blocks:
        matches = [matched.get(first + place, []) for place in range(len(block.texts))]
        passages.append(replace(block.passage, proposals=tuple(block.proposals(matches))))
        first += len(block.texts)
    return Draft(tuple(passages), registers)


@dataclass(frozen=True)
class _Block:
    """A passage before its numbers are matched: the ``texts`` in which they are; for a table, one for each of its ``numbers``."""

    passage: Passage
    texts: list[str]
    numbers: tuple[TableNumber, ...] | None = None

    def proposals(self, matches: list[list[Match]]) -> Iterator[Proposal]:
        """Yield the proposals from the matches in each text."""
        if self.numbers is None:
            for each in matches[0]:
                start, end = each.token.start, each.token.end
                yield _proposal(each, start, self.texts[0][start:end])
            return
        for number, in_sentence in zip(self.numbers, matches, strict=True):
            cell = Proposal(0, len(number.text), number.text)
            for each in in_sentence:
                if number.is_in(each.token.start, each.token.end):
                    cell = _proposal(each, 0, number.text, _bare_style(number))
            yield replace(cell, row=number.row, column=number.column, name=number.name)


def _take(blocks: list[_Block], fits: Callable[[Passage], bool]) -> str:
    """Take the last block away if it fits, and return its text."""
    return blocks.pop().passage.text if blocks and fits(blocks[-1].passage) else ""


def _is_unit(passage: Passage) -> bool:
    """Whether a line gives the unit of the table below."""
    return passage.level is None and bool(_UNIT_LINE.fullmatch(passage.text))


def _is_caption(passage: Passage) -> bool:
    return (
        passage.level is None
        and 0 < len(passage.text) <= _LONGEST_HEADING
        and passage.text[-1] not in "。！？；：，"
    )


def _table(table: Table) -> _Block:
    """Return the passage of a table; several rows of headings become one, and places in it are those of the passage."""
    first = max(table.head - 1, 0)
    columns = [column for column, heading in enumerate(table.headings) if heading not in _ORDINALS]
    lines = [
        tuple(_in_chinese(line[column]) if column < len(line) else "" for column in columns)
        for line in table.grid[first:]
    ]
    if table.head:
        lines[0] = tuple(table.headings[column] for column in columns)
    numbers = tuple(
        replace(number, row=number.row - first, column=columns.index(number.column))
        for number in table_numbers.table_numbers(table)
        if number.column in columns
    )
    caption = _NUMBER_OF_TABLE.sub("", table.title)
    return _Block(
        Passage(None, caption, cells=tuple(lines)), [number.sentence for number in numbers], numbers
    )


def source_of(
    draft: Draft, confirmed: Collection[tuple[int, int]], period: Period, district: dict[str, str]
) -> str:
    """Return the source text of the template that a draft describes.

    ``confirmed`` has the numbers for which a person confirmed the proposed figure, as (index of the passage,
    index of the proposal in it) from 0: they become figures, all others blanks to be filled in. The label of
    ``period`` and the names in ``district`` (``name``, ``bureau_name``) become template expressions.
    """
    words = {period.label: "period", district["bureau_name"]: "bureau", district["name"]: "district"}
    lines = []
    for place, passage in enumerate(draft.passages):
        if passage.level is not None:
            numbered = next(
                (numeral for _, number in _NUMBERED if (numeral := number.match(passage.text))), None
            )
            start = numbered.end() if numbered else 0
            heading = _worded(passage.text[start:].translate(_MARKS), words)
            lines.append(f"{'#' * (passage.level + 1)} {passage.text[:start]}{heading}")
            continue
        chosen = {number for passage_, number in confirmed if passage_ == place}
        lines.append(
            _table_source(passage, chosen, words) if passage.cells else _prose(passage, chosen, words)
        )
    return "\n\n".join(lines) + "\n"


def _prose(passage: Passage, chosen: Collection[int], words: dict[str, str]) -> str:
    text, end = "", 0
    for number, proposal in enumerate(passage.proposals):
        text += _worded(passage.text[end : proposal.start].translate(_MARKS), words)
        text += proposal.insert if proposal.insert and number in chosen else _blank(proposal.text)
        end = proposal.end
    return text + _worded(passage.text[end:].translate(_MARKS), words)


def _table_source(passage: Passage, chosen: Collection[int], words: dict[str, str]) -> str:
    """Return the lines of a table: between bars, the headings first."""
    numbers = {
        (proposal.row, proposal.column): (number in chosen and proposal.insert) or _blank(proposal.text)
        for number, proposal in enumerate(passage.proposals)
    }
    lines = [
        [
            numbers.get((row, column)) or _worded(" ".join(text.split()).translate(_MARKS), words)
            for column, text in enumerate(line)
        ]
        for row, line in enumerate(passage.cells)
    ]
    rows = [f"| {' | '.join(line)} |" for line in lines]
    caption = _worded(passage.text.translate(_MARKS), words)
    return "\n".join([caption, *rows] if caption else rows)


def insert_of(answer: Answer, style: str | None = None) -> str:
    """Return the template expression that states an answer's figure in its slice, such as ``{{ n("enrolment.pupils") }}``.

    ``style`` is a style of ``xuezheng.core.number_text``, None for the usual one.
    """
    parts = [f'"{answer.figure}"', *([f'style="{style}"'] if style else [])]
    parts += [f'{name}="{value}"' for name, value in answer.slice.items()]
    return f"{{{{ n({', '.join(parts)}) }}}}"


def _proposal(matched: Match, start: int, text: str, otherwise: str | None = None) -> Proposal:
    """Return the proposal for a number that the old report writes as ``text``; ``otherwise`` is the style where none gives just that text."""
    end = start + len(text)
    if matched.sureness is None:
        return Proposal(start, end, text)
    answer = matched.candidates[0].answer
    label = f"{answer.label}{'（' + answer.slice_label + '）' if answer.slice_label else ''}"
    insert = insert_of(answer, _style_of(answer, text, otherwise))
    confident = matched.sureness in _CONFIDENT
    return Proposal(start, end, text, answer.figure, label, insert, matched.sureness.value, confident)


def _bare_style(number: TableNumber) -> str | None:
    """Return the style of a cell whose heading gives the unit; None for the usual style, which writes the unit."""
    return {"": None, "万元": "bare_short_wan"}.get(number.unit, "bare")


def _style_of(answer: Answer, text: str, otherwise: str | None) -> str | None:
    """Return the style in which the old report writes the number, None for the usual one; ``otherwise`` where no style gives its text."""
    for style in (None, "short", *STYLES):
        try:
            if answer.text(style) == text:
                return None if style == "short" else style
        except ValueError:
            continue
    return otherwise


def _in_chinese(label: str) -> str:
    """Return the name of a row with a grade in Chinese, since a template has no digits."""
    return _GRADE.sub(lambda digits: chinese(int(digits.group())), label)


def _style(paragraph: Any, styles: dict[str | None, str]) -> str:
    return styles.get(paragraph.style, "") if paragraph.style else ""


def _level(text: str, style: str, first: bool) -> int | None:
    """Return the level of a heading, by its style or its number; the first line is the title if it is no sentence."""
    if text[-1] in "。！？；：" or len(text) > _LONGEST_HEADING:
        return None
    if first or style.lower() in ("title", "标题"):
        return 0
    for level, number in _NUMBERED:
        if number.match(text):
            return level
    styled = _STYLED.fullmatch(style)
    return int(styled[1]) if styled else None


def _worded(text: str, words: dict[str, str]) -> str:
    """Return a text with the names in ``words`` as words of the template language, and digits that remain as blanks."""
    pattern = re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))

    def pieces() -> Iterator[str]:
        end = 0
        for name in pattern.finditer(text):
            yield bare(text[end : name.start()])
            yield f"{{{{ {words[name.group()]} }}}}"
            end = name.end()
        yield bare(text[end:])

    def bare(piece: str) -> str:
        return _DIGITS.sub(lambda digits: _blank(digits.group()), piece)

    return "".join(pieces())


def _blank(text: str) -> str:
    cleaned = re.sub(r"[\"'\\{}%]", "", text)
    return f'{{{{ blank("{cleaned}") }}}}'
