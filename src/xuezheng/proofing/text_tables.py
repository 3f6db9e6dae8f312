"""Finding the tables in plain text, Markdown and HTML, and the paragraphs around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree, html

Grid = tuple[tuple[str, ...], ...]
_RULE = re.compile(r"[\s|:：+\-—=]+")
_CELLS = 3  # between bars or tabs: a line of fewer cells is no row of a table
_NO_TEXT = ("script", "style", "head", "noscript", "template")
_LINES = frozenset(
    [
        "p",
        "div",
        "li",
        "br",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "td",
        "th",
        "caption",
        "section",
        "article",
    ]
)
_WIDEST = 63  # columns that one cell may span


def split_tables(text: str) -> tuple[tuple[str, ...], tuple[tuple[str, Grid], ...]]:
    """Divide a plain text or Markdown into paragraphs and tables, and return both: (paragraphs, tables).

    A paragraph is a line that is not blank. A table is a tuple (title, rows), a row a tuple of cell texts: at
    least two consecutive lines of at least three cells, divided by bars or tabs. Its title is the first 30
    characters of the paragraph before it, "" without one.
    """
    paragraphs: list[str] = []
    tables: list[tuple[str, Grid]] = []
    rows: list[tuple[str, ...]] = []
    for line in [*text.splitlines(), ""]:
        cells = _cells(line)
        if len(cells) >= _CELLS:
            rows.append(cells)
        elif rows and "|" in line and _RULE.fullmatch(line):
            continue
        else:
            if len(rows) > 1:
                tables.append((paragraphs[-1][:30] if paragraphs else "", tuple(rows)))
            else:
                paragraphs += [" ".join(cells) for cells in rows]
            rows = []
            if line.strip():
                paragraphs.append(line.strip())
    return tuple(paragraphs), tuple(tables)


def _cells(line: str) -> tuple[str, ...]:
    sign = "|" if "|" in line else "\t"
    if sign == "|" and _RULE.fullmatch(line):
        return ()
    return tuple(cell.strip() for cell in line.strip().strip("|").split(sign)) if sign in line else ()


def read_html(content: str) -> tuple[tuple[str, ...], tuple[tuple[str, Grid], ...]]:
    """Return (paragraphs, tables) of an HTML page, where a table is (title, rows of cell texts).

    A table's title is its caption, or else what precedes it, cut after 30 characters; cells that span columns
    are repeated. Both are empty for a page without text, or one that cannot be parsed.
    """
    try:
        page: Any = html.document_fromstring(
            content.encode("utf-8"), parser=html.HTMLParser(encoding="utf-8", huge_tree=False)
        )
    except (etree.LxmlError, ValueError):
        return (), ()
    for element in list(page.iter(*_NO_TEXT)):
        element.drop_tree()
    tables: list[tuple[str, Grid]] = []
    for element in list(page.iter("table")):
        if next(element.iterancestors("table"), None) is None:
            tables.append((_title(element), _grid(element)))
            tail, parent = element.tail, element.getparent()
            if parent is not None:
                replacement = etree.SubElement(parent, "br")
                replacement.tail = tail
                parent.replace(element, replacement)
    lines = "".join(_texts(page)).split("\n")
    return tuple(re.sub(r"\s+", " ", line).strip() for line in lines if line.strip()), tuple(tables)


def _title(table: Any) -> str:
    caption = table.find("caption")
    if caption is not None:
        return "".join(caption.itertext()).strip()[:30]
    before = table.getprevious()
    return (
        "".join(before.itertext()).strip()[:30] if before is not None and isinstance(before.tag, str) else ""
    )


def _grid(table: Any) -> Grid:
    rows = []
    for row in table.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            span = cell.get("colspan", "1")
            text = re.sub(r"\s+", " ", "".join(cell.itertext())).strip()
            cells += [text] * (min(int(span), _WIDEST) if span.isascii() and span.isdigit() else 1)
        rows.append(tuple(cells))
    return tuple(rows)


def _texts(element: Any) -> Iterator[str]:
    """Yield the texts of a page in reading order, with a line break where a block begins or ends."""
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        yield "\n" if tag in _LINES else ""
        if event == "start":
            yield (node.text or "") if tag else ""
        else:
            yield (node.tail or "") if node is not element else ""
