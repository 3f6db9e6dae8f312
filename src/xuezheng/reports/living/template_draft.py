"""A draft template from a Word report written elsewhere: its headings and paragraphs, with the numbers as proposed figures.

No typed digit of the old report survives: a number is a figure that a person has confirmed, or a blank whose sentence is left out until it is filled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import IO, TYPE_CHECKING, Any

from docx.oxml.ns import qn

from xuezheng.core.number_text import STYLES
from xuezheng.proofing import word_file
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.living.matching import Match, Sureness, match
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
    """A number of the old report: its place in the paragraph, and the figure that it may state; ``figure`` is "" where there is none.

    ``insert`` is what the template would have, ``sureness`` the Chinese word for how sure the match is, ``confident`` whether it is proposed as confirmed.
    """

    start: int
    end: int
    text: str
    figure: str = ""
    label: str = ""
    insert: str = ""
    sureness: str = ""
    confident: bool = False


@dataclass(frozen=True)
class Passage:
    """A heading or paragraph of the old report; ``level`` is that of a heading, 0 for the title, and None for prose."""

    level: int | None
    text: str
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What a Word report gives a template; ``tables`` counts the tables, which are not taken."""

    passages: tuple[Passage, ...]
    tables: int

    def as_object(self) -> dict[str, Any]:
        """Return a JSON-serializable dict, from which :func:`read_draft` makes the draft again."""
        return asdict(self)


def read_draft(values: dict[str, Any]) -> Draft:
    """Return the draft that ``as_object`` wrote."""
    passages = (
        Passage(passage["level"], passage["text"], tuple(Proposal(**each) for each in passage["proposals"]))
        for passage in values["passages"]
    )
    return Draft(tuple(passages), values["tables"])


def draft_template(path: Path | IO[bytes], snapshot: Snapshot, period: Period) -> Draft:
    """Read the headings and paragraphs of a Word file and match its numbers with the figures of a snapshot and period.

    Raises ``word_file.NotAReportError``.
    """
    opened = word_file.open_document(path)
    styles = style_names(opened)
    body = opened.element.body
    lines = [
        (text_of(paragraph).strip(), _style(paragraph, styles)) for paragraph in body.iterchildren(qn("w:p"))
    ]
    lines = [(text, style) for text, style in lines if text]
    levels = [_level(text, style, place == 0) for place, (text, style) in enumerate(lines)]
    texts = ["" if level is not None else text for (text, _), level in zip(lines, levels, strict=True)]
    proposals: dict[int, list[Proposal]] = {}
    for matched in match(texts, snapshot, period):
        proposals.setdefault(matched.paragraph, []).append(_proposal(matched, texts[matched.paragraph]))
    passages = (
        Passage(level, text, tuple(proposals.get(place, ())))
        for place, ((text, _), level) in enumerate(zip(lines, levels, strict=True))
    )
    return Draft(tuple(passages), len(list(body.iterchildren(qn("w:tbl")))))


def source_of(
    draft: Draft, confirmed: Collection[tuple[int, int]], period: Period, district: dict[str, str]
) -> str:
    """Return the source of a template: the numbers ``confirmed``, as (passage, proposal) counted from 0, are figures, the others blanks.

    The period of the old report, and the district's and the bureau's names, become words that follow the report's own.
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
        text, end = "", 0
        for number, proposal in enumerate(passage.proposals):
            text += _worded(passage.text[end : proposal.start].translate(_MARKS), words)
            chosen = bool(proposal.insert) and (place, number) in confirmed
            text += proposal.insert if chosen else _blank(proposal.text)
            end = proposal.end
        lines.append(text + _worded(passage.text[end:].translate(_MARKS), words))
    return "\n\n".join(lines) + "\n"


def insert_of(answer: Answer, style: str | None = None) -> str:
    """Return the mark of the template language that writes an answer's figure in its slice."""
    parts = [f'"{answer.figure}"', *([f'style="{style}"'] if style else [])]
    parts += [f'{name}="{value}"' for name, value in answer.slice.items()]
    return f"{{{{ n({', '.join(parts)}) }}}}"


def _proposal(matched: Match, text: str) -> Proposal:
    start, end = matched.token.start, matched.token.end
    if matched.sureness is None:
        return Proposal(start, end, text[start:end])
    answer = matched.candidates[0].answer
    label = f"{answer.label}{'（' + answer.slice_label + '）' if answer.slice_label else ''}"
    return Proposal(
        start,
        end,
        text[start:end],
        answer.figure,
        label,
        insert_of(answer, _style_of(answer, text[start:end])),
        matched.sureness.value,
        matched.sureness in _CONFIDENT,
    )


def _style_of(answer: Answer, text: str) -> str | None:
    """Return the style in which the old report writes the number; None for the usual one, or where no style gives its text."""
    for style in (None, "short", *STYLES):
        try:
            if answer.text(style) == text:
                return None if style == "short" else style
        except ValueError:
            continue
    return None


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
