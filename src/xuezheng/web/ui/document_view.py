"""A Word document as a page shows it: headings, paragraphs and tables, with links on numbers, and messages."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from docx.oxml.ns import qn

from xuezheng.figures import catalogue
from xuezheng.proofing import word_file
from xuezheng.reports.living.findings import text_of
from xuezheng.reports.word import marks
from xuezheng.reports.word.layout import HEADINGS, style_names
from xuezheng.web.answers.addresses import figure_address

MessagesByText = dict[str, list[str]]
Run = tuple[str, str]
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Passage:
    """A paragraph (``level`` 0), a heading (``level`` from 1), or a table (``rows`` of cells) of a document.

    Runs are pairs of a text and the address of the figure that it states, "" for other text. ``messages`` are
    Chinese sentences about the passage; ``own`` is True for passages of the user's section.
    """

    runs: Runs = ()
    level: int = 0
    rows: tuple[tuple[Runs, ...], ...] = ()
    messages: list[str] = field(default_factory=list)
    own: bool = False


def of_document(
    opened: Any, messages_by_text: MessagesByText, own: Collection[Any] = ()
) -> tuple[list[Passage], list[str]]:
    """Return the passages of a Word file, and the messages about texts that the document does not contain.

    ``opened`` is a python-docx document. ``messages_by_text`` has lists of messages by the text of the
    paragraph that they are about; ``own`` are the body elements that belong to the user's section.
    """
    left = dict(messages_by_text)
    passages = list(_passages(opened, left, own))
    return passages, [message for messages in left.values() for message in messages]


def _passages(opened: Any, left: MessagesByText, own: Collection[Any]) -> Iterator[Passage]:
    appendix, links, styles = word_file.appendix(opened), _links(opened), style_names(opened)
    for block in opened.element.body:
        paragraphs = [paragraph for paragraph in block.iter(qn("w:p")) if text_of(paragraph).strip()]
        if block in appendix or not paragraphs:
            continue
        messages = [message for paragraph in paragraphs for message in left.pop(text_of(paragraph), [])]
        if block.tag == qn("w:tbl"):
            yield Passage(rows=tuple(_rows(block, links)), messages=messages, own=block in own)
        else:
            style = styles.get(block.style, "") if block.tag == qn("w:p") else ""
            level = HEADINGS.index(style) + 1 if style in HEADINGS else 0
            yield Passage(_runs(block, links), level, (), messages, block in own)


def _links(opened: Any) -> dict[Any, str]:
    """Return the addresses of figures by the text elements of the document that contain their numbers."""
    carried, enclosed = marks.carried(opened), marks.enclosed(opened)
    return {
        text: figure_address(mark.figure, carried.period, mark.slice)
        for mark in carried.marks
        if mark.figure in catalogue.figures()
        for text in enclosed.get(mark.bookmark, ())
    }


def _runs(element: Any, links: Mapping[Any, str]) -> Runs:
    return tuple((text.text or "", links.get(text, "")) for text in element.iter(qn("w:t")))


def _rows(table: Any, links: Mapping[Any, str]) -> Iterator[tuple[Runs, ...]]:
    for row in table.iter(qn("w:tr")):
        yield tuple(_runs(cell, links) for cell in row.iter(qn("w:tc")))
