"""Findings of a refresh or verification of a report: where each is, what differs, and the remedy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from docx.oxml.ns import qn
from lxml.etree import _Element as Element

_AROUND = 18  # characters of a paragraph shown on each side of what was found


class Kind(Enum):
    """The kinds of findings; the values are the ``kind`` of a finding in JSON.

    A marked number is one that is linked to a figure by a bookmark.
    """

    CHANGED = "changed"  # a marked number was changed by hand
    REMOVED = "removed"  # a mark is gone
    DOUBLED = "doubled"  # a mark stands twice
    TYPED = "typed"  # a number stands outside every mark
    SNAPSHOT = "snapshot"  # the snapshot is missing, broken or another district's
    FORGED = "forged"  # what the file says of a number is not what its snapshot says
    OUTDATED = "outdated"  # the registers say something else by now
    NO_DATA = "no_data"  # the figure has no data in the new period
    ZERO = "zero"  # the figure became zero
    DIRECTION = "direction"  # a word such as 增长 stands beside a number that fell
    ROWS = "rows"  # rows came to a table or went from it
    STALE_WORDS = "stale_words"  # the text still names the old period


@dataclass(frozen=True)
class Finding:
    """A difference found in a report.

    ``where`` quotes the text around it, ``message`` is a Chinese sentence with the remedy, ``figure`` the key
    of the figure. ``old`` and ``new`` are numbers as text. All these are "" where there is none.
    ``paragraph`` is the Word element that gets a comment, None for a finding about the complete file.
    """

    kind: Kind
    where: str
    message: str
    figure: str = ""
    old: str = ""
    new: str = ""
    #: The paragraph of the document to which a comment is added; not part of :meth:`as_object`.
    paragraph: Element | None = None

    def __str__(self) -> str:
        return f"{self.where}：{self.message}" if self.where else self.message

    def as_object(self) -> dict[str, str]:
        """Return a JSON-serializable dict of the fields.

        ``kind`` is its value, and the paragraph is left out.
        """
        return {
            "kind": self.kind.value,
            "where": self.where,
            "message": self.message,
            "figure": self.figure,
            "old": self.old,
            "new": self.new,
        }


def paragraph_of(element: Element | None) -> Element | None:
    """Return the Word paragraph element (``w:p``) that contains an element, or is it.

    None where there is none.
    """
    while element is not None and element.tag != qn("w:p"):
        element = element.getparent()
    return element


def text_of(paragraph: Element) -> str:
    """Return the text of a Word paragraph element."""
    return "".join(text.text or "" for text in paragraph.iter(qn("w:t")))


def quoted(paragraph: Element | None, words: str = "") -> str:
    """Return an excerpt of a Word paragraph with 18 characters on each side of the first occurrence of ``words``.

    Text that is cut off is replaced by …. Without ``words``, or where they do not occur, the excerpt is the
    beginning of the paragraph; "" for None.
    """
    if paragraph is None:
        return ""
    text = text_of(paragraph)
    place = max(text.find(words), 0) if words else 0
    start, end = max(place - _AROUND, 0), place + len(words) + _AROUND
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"
