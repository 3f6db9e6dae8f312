"""The Word document of a report: its text, its signature, and an appendix with the source of every number."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Twips
from docx.table import Table as WordTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from xuezheng.core.atomic_files import write_whole
from xuezheng.proofing.word_file import APPENDIX_BOOKMARK, appendix
from xuezheng.reports.model import Block, Chart, Heading, Mark, Runs, Table, answer_key, text_of
from xuezheng.reports.templates.language import chinese_date
from xuezheng.reports.word import chart_drawing, ending, layout, masthead
from xuezheng.reports.word.marks import Bookmarks, attach
from xuezheng.reports.word.title_lines import breaks, width

if TYPE_CHECKING:
    from xuezheng.figures import Answer, Citation
    from xuezheng.reports.report import Report

APPENDIX_TITLE = "数字出处一览表"
_NARROWEST, _WIDEST, _SLACK = 4.0, 14.0, 0.3  # characters of a column; what is wider stands in several lines
APPENDIX_WIDTHS = (5044, 2300, 1500)  # twips: slice, value, rows


class Sources(Enum):
    """Where a Word document shows the sources of its numbers: in an appendix, in comments, or nowhere.

    A hidden part of the file records them in any case.
    """

    APPENDIX = "appendix"
    COMMENTS = "comments"
    NONE = "none"


def write_report(report: Report, path: Path | str, sources: Sources = Sources.APPENDIX) -> None:
    """Write the Word file of a report to ``path``.

    The file is replaced at once: other programs see the old file or the complete new one.
    """
    save(build(report, sources), path)


def build(report: Report, sources: Sources = Sources.APPENDIX) -> Any:
    """Return the python-docx document of a report in the layout of official documents, ready to be saved.

    Its numbers are bookmarked, and a hidden part of the file records their sources; ``sources`` says where
    these are also shown.
    """
    document = layout.new_document()
    properties = document.core_properties
    properties.title, properties.author = report.title, report.district["bureau_name"]
    properties.comments, properties.created = "", datetime.now(UTC)
    bookmarks = Bookmarks()
    head = report.head
    bureau = (head and head.issuer) or report.district["bureau_name"]
    if head:
        masthead.add(document, head, bureau, report.day)
    for block in report.blocks:
        if isinstance(block, Table):
            _table(document, block, bookmarks)
        elif isinstance(block, Chart):
            chart_drawing.add(document, block)
        elif isinstance(block, Heading) and block.level == 0:
            _title(document, block.runs, report, bookmarks)
        else:
            style = layout.HEADINGS[block.level] if isinstance(block, Heading) else layout.BODY
            _fill(layout.apply_style(document.add_paragraph(), style), block.runs, bookmarks)
    own = (APPENDIX_TITLE,) if sources is Sources.APPENDIX else ()
    signed_on = head.day if head and head.day else report.day
    ending.sign(document, bureau, signed_on, head, (*(head.attachments if head else ()), *own))
    if sources is Sources.APPENDIX:
        append_sources(document, report, bookmarks)
    if head:
        ending.imprint(document, head, bureau, report.day)
    if sources is Sources.COMMENTS:
        _comment_sources(document, report)
    attach(document, report)
    return document


def plain(title: str, issuer: str, signed_on: date, blocks: Iterable[Block]) -> Any:
    """Return an official document without marked numbers, such as a notice with names: title, blocks and signature.

    A marked number is linked to a figure. ``issuer`` is the name under which the document is signed,
    ``signed_on`` the day.
    """
    document = layout.new_document()
    properties = document.core_properties
    properties.title, properties.author = title, issuer
    properties.comments, properties.created = "", datetime.now(UTC)
    document.add_paragraph(title, style=layout.TITLE)
    document.add_paragraph(style=layout.PLAIN)
    bookmarks = Bookmarks()
    for block in blocks:
        if isinstance(block, Table):
            _table(document, block, bookmarks)
        elif isinstance(block, Chart):
            chart_drawing.add(document, block)
        else:
            _fill(layout.apply_style(document.add_paragraph(), layout.BODY), block.runs, bookmarks)
    ending.sign(document, issuer, signed_on, None, ())
    return document


def save(document: Document, path: Path | str) -> None:
    """Write a document to ``path``.

    The file is replaced at once: other programs see the old file or the complete new one.
    """
    content = BytesIO()  # a file that cannot be written to the end would upset the archive's own clearing up
    document.save(content)
    write_whole(Path(path), content.getvalue())


def _title(document: Document, runs: Runs, report: Report, bookmarks: Bookmarks) -> None:
    """Add the title, broken into lines between words, and the addressee."""
    names = [
        *report.district.values(),
        report.period.label,
        *(run.text for run in runs if isinstance(run, Mark)),
    ]
    lines = breaks(text_of(runs), names)
    _fill(document.add_paragraph(style=layout.TITLE), _broken(runs, lines), bookmarks)
    document.add_paragraph(style=layout.PLAIN)
    if report.head and report.head.to:
        document.add_paragraph(f"{report.head.to.rstrip('：:')}：", style=layout.ADDRESSEE)


def _broken(runs: Runs, places: tuple[int, ...]) -> Runs:
    """Return the runs of a text with a line break before each of the offsets ``places``."""
    start, broken = 0, []
    for run in runs:
        text = text_of((run,))
        inside = [place - start for place in places if start <= place < start + len(text)]
        start += len(text)
        if isinstance(run, Mark):
            broken += ["\n"] * len(inside) + [run]
        else:
            broken.append("\n".join(text[a:b] for a, b in itertools.pairwise((0, *inside, len(text)))))
    return tuple(broken)


def _fill(paragraph: Paragraph, runs: Runs, bookmarks: Bookmarks) -> None:
    for run in runs:
        if isinstance(run, Mark):
            bookmarks.open(run.bookmark, paragraph)
            paragraph.add_run(run.text)
            bookmarks.close(paragraph)
        else:
            paragraph.add_run(run)


def _table(document: Document, table: Table, bookmarks: Bookmarks) -> None:
    if table.caption:
        _fill(document.add_paragraph(style=layout.CAPTION), table.caption, bookmarks)
    columns = zip(*table.rows, strict=True)
    longest = [max(width(text_of(cell)) for cell in column) for column in columns]
    needed, (body, top) = _fitted(longest)
    grid = _grid(document, [int(layout.TEXT_WIDTH * points / sum(needed)) for points in needed])
    for number, row in enumerate(table.rows):
        cells = _row(grid, body if number else top, head=number == 0)
        if number and row[0] == table.rows[number - 1][0]:
            grid.cell(number - 1, 0).merge(grid.cell(number, 0))
            cells, row = cells[1:], row[1:]
        for cell, runs in zip(cells, row, strict=True):
            _fill(cell, runs, bookmarks)
    document.add_paragraph(style=layout.PLAIN)


def _fitted(longest: list[float]) -> tuple[list[float], tuple[str, str]]:
    """Return the points that each column needs, and the styles of rows and header row, for the largest type that fits the page.

    ``longest`` is the width of the longest text of each column, in full characters.
    """
    characters = [min(_WIDEST, max(_NARROWEST, text + _SLACK)) for text in longest]
    tried = {size: [count * size + layout.CELL_MARGINS for count in characters] for size in layout.TABLES}
    smallest = min(tried)
    size = next((size for size, needed in tried.items() if sum(needed) <= layout.TEXT_WIDTH / 20), smallest)
    return tried[size], layout.TABLES[size]


def _grid(document: Document, widths: Iterable[int]) -> Any:
    """Add a ruled table without rows, of fixed widths in twips."""
    widths = list(widths)
    table = document.add_table(0, len(widths), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    margin = round(layout.CELL_MARGINS * 10)
    margins = f'<w:left w:w="{margin}" w:type="dxa"/><w:right w:w="{margin}" w:type="dxa"/>'
    inside = parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>")
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(inside)
    for column, twips in zip(table.columns, widths, strict=True):
        column.width = Twips(twips)
    return table


def _row(table: WordTable, style: str, *, head: bool = False) -> list[Any]:
    """Add a row that no page break divides; return the empty paragraph of each cell."""
    widths = tuple(column.get(qn("w:w")) for column in table._tbl.tblGrid)
    row = copy.deepcopy(_empty_row(widths, style, head))
    table._tbl.append(row)
    return [Paragraph(paragraph, table) for paragraph in row.iter(qn("w:p"))]


@cache
def _empty_row(widths: tuple[str, ...], style: str, head: bool) -> Any:
    """Return the row that all rows like it are copied from: python-docx takes a second to build the hundreds in a report."""
    cells = "".join(
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/><w:vAlign w:val="center"/></w:tcPr><w:p/></w:tc>'
        for width in widths
    )
    properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if head else ''}</w:trPr>"
    row = parse_xml(f"<w:tr {nsdecls('w')}>{properties}{cells}</w:tr>")
    for paragraph in row.iter(qn("w:p")):
        layout.apply_style(Paragraph(paragraph, None), style)  # type: ignore[arg-type]  # in no document yet
    return row


def _comment_sources(document: Document, report: Report) -> None:
    """Add a comment to each number: its definition, number of rows, snapshot and policies."""
    runs = {
        start.get(qn("w:name")): start.getnext()
        for start in document.element.body.iter(qn("w:bookmarkStart"))
    }
    for mark in report.marks:
        answer = mark.answer
        lines = [
            f"{answer.label}{'（' + answer.slice_label + '）' if answer.slice_label else ''}：{answer.text()}",
            f"口径：{answer.definition}",
            f"依据{answer.row_count}条记录，快照{answer.snapshot_id}。",
            *(f"政策：{_cited(citation)}" for citation in answer.citations),
        ]
        comment(document, [runs[mark.bookmark]], "\n".join(lines))


def comment(document: Document, runs: list[Any], text: str) -> None:
    """Add a Word comment by the author 学政 to the text from the first to the last of some run elements."""
    ends = [Run(run, document.element.body) for run in runs]
    document.add_comment(ends, text, author="学政", initials="学")


def append_sources(document: Document, report: Report, bookmarks: Bookmarks) -> None:
    """Add the appendix of sources (数字出处一览表) to the end of a document.

    It lists each figure of ``report`` with its definition and policies, and below it each slice that the
    report states with value and number of records. ``bookmarks`` numbers the bookmark around the appendix.
    """
    start = document.add_paragraph(style=layout.APPENDIX)
    start.paragraph_format.page_break_before = True
    bookmarks.open(APPENDIX_BOOKMARK, start)
    start.add_run(_appendix_label(document))
    document.add_paragraph(style=layout.PLAIN)
    document.add_paragraph(APPENDIX_TITLE, style=layout.TITLE)
    answers = {answer_key(mark.answer): mark.answer for mark in report.marks}
    frozen = f"数据截止日：{chinese_date(report.day)}（快照{report.snapshot_id}）"
    document.add_paragraph(f"统计期：{report.period.label}。{frozen}。", style=layout.SMALL)
    table = _grid(document, APPENDIX_WIDTHS)
    _write(_row(table, layout.TABLE_HEAD, head=True), "指标与分项", "数值", "记录数")
    by_figure = itertools.groupby(sorted(answers.values(), key=_order(report)), lambda answer: answer.figure)
    for number, (_, group) in enumerate(by_figure, 1):
        slices = list(group)
        _describe(table, number, slices)
        for answer in slices:
            cells = _row(table, layout.TABLE)
            _write(cells, answer.slice_label or "合计", answer.text(), f"{answer.row_count}条")
    bookmarks.close(document.add_paragraph(style=layout.SMALL))


def _appendix_label(document: Document) -> str:
    """Return the label above the appendix, with the serial number that the list of attachments gives it."""
    listed = "\n".join(paragraph.text for paragraph in document.paragraphs)
    match = re.search(rf"^(?:附件：)?([0-9]+)\.{APPENDIX_TITLE}$", listed, re.MULTILINE)
    return f"附件{match.group(1)}" if match else "附件"


def prose(document: Document) -> Iterator[Any]:
    """Yield the paragraph elements of the body, including those of tables, without the appendix of sources."""
    appendix_elements = appendix(document)
    for element in document.element.body:
        if element not in appendix_elements:
            yield from element.iter(qn("w:p"))


def _write(cells: list[Any], *texts: str) -> None:
    for cell, text in zip(cells, texts, strict=True):
        cell.add_run(text)


def _order(report: Report) -> Any:
    """Return a sort key: figures in the order in which the report first gives them."""
    first = {key: place for place, key in reversed(list(enumerate(mark.figure for mark in report.marks)))}
    return lambda answer: first[answer.figure]


def _describe(table: WordTable, number: int, answers: list[Answer]) -> None:
    """Add a row across the table with a figure's name, definition and policies; ``number`` is its serial number."""
    answer = answers[0]
    lines = [f"{number}. {answer.label}（{answer.unit}）", f"口径：{answer.definition}"]
    policies = dict.fromkeys(_cited(citation) for answer in answers for citation in answer.citations)
    lines += [f"依据：{'；'.join(policies)}。"] if policies else []
    first, *rest = _row(table, layout.SMALL)
    cell = _Cell(first._p.getparent(), table)
    cell._tc.grid_span = 1 + len(rest)
    for paragraph in rest:
        first._p.getparent().getparent().remove(paragraph._p.getparent())
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), "F2F2F2")
    cell._tc.get_or_add_tcPr().append(shade)
    for place, line in enumerate(lines):
        paragraph = first if place == 0 else layout.apply_style(cell.add_paragraph(), layout.SMALL)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(line).bold = True if place == 0 else None


def _cited(citation: Citation) -> str:
    doubt = "，待核实" if not citation.verified else ""
    return f"{citation.title}（{citation.source}{doubt}）"
