"""The head (版头) of an official document by GB/T 9704-2012, with the red rule of a report or notice or the rules of a letter."""

from __future__ import annotations

from datetime import date

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm, Pt, Twips
from docx.text.paragraph import Paragraph

from xuezheng.reports.word import layout
from xuezheng.reports.word.letterhead import Kind, Letterhead

_FROM_TEXT_TOP = 35  # mm from the upper edge of the text to the name in red
_FROM_PAGE_TOP = 30  # mm from the upper edge of the page to that name on a letter
_RULE_WIDTH = 170  # mm of the two rules of a letter
_RULE_FROM_FOOT = 20  # mm from the lower edge of the page to the second of them
_UNDER = 4  # mm from a text to the red rule below it
_CORNER_LINES = 3
_LEADING = 1.1  # the line of the name in red, in heights of its characters
_RISE = 0.02  # how far the characters stand below the top of such a line, in their own heights
_BELOW_CHARACTERS = 6  # points from the foot of a character of 三号 to the foot of its line
_SEVEN_EIGHTHS = (
    4.5  # points above a line of 三号, so that its characters stand 7/8 of their height below the edge
)


def add(document: Document, head: Letterhead, bureau: str, day: date) -> None:
    """Add the elements above the title to a new document, followed by two blank lines.

    ``bureau`` is the name in red, after which a report or notice has 文件; ``day`` gives the year of a document
    number that is still blank.
    """
    if head.kind is Kind.LETTER:
        _letter(document, head, bureau, day)
    else:
        _red_head(document, head, f"{bureau}文件", day)
    for _ in range(2):
        document.add_paragraph(style=layout.PLAIN)


def _red_head(document: Document, head: Letterhead, name: str, day: date) -> None:
    corner = _corner(head)
    for style, text in corner + [(layout.PLAIN, "")] * (_CORNER_LINES - len(corner)):
        document.add_paragraph(text, style=style)
    issuer = document.add_paragraph(style=layout.ISSUER)
    size = _name(issuer, name, 48)
    lines = _CORNER_LINES * layout.LINE
    issuer.paragraph_format.space_before = Pt(Mm(_FROM_TEXT_TOP).pt - lines - _RISE * size)
    for _ in range(2):
        document.add_paragraph(style=layout.PLAIN)
    number = document.add_paragraph(style=layout.NUMBER)
    if head.signer:
        number.alignment = WD_ALIGN_PARAGRAPH.LEFT
        character_width = round(layout.SIZE_3 * 20)
        number.paragraph_format.tab_stops.add_tab_stop(Twips(character_width))
        number.paragraph_format.tab_stops.add_tab_stop(
            Twips(layout.TEXT_WIDTH - character_width), WD_TAB_ALIGNMENT.RIGHT
        )
        number.add_run(f"\t{head.numbered(day)}\t签发人：")
        layout.typeface(number.add_run(head.signer), layout.KAITI)
    else:
        number.add_run(head.numbered(day))
    _rule(number, "single", 12, Mm(_UNDER).pt - _BELOW_CHARACTERS)


def _letter(document: Document, head: Letterhead, name: str, day: date) -> None:
    section = document.sections[0]
    section.different_first_page_header_footer = True
    section.header_distance = Mm(_FROM_PAGE_TOP)
    header, footer = section.first_page_header, section.first_page_footer
    issuer = header.paragraphs[0]
    issuer.style = layout.ISSUER
    size = _name(issuer, name, 40)
    upper, lower = header.add_paragraph(style=layout.PLAIN), footer.paragraphs[0]
    lower.style = layout.PLAIN
    upper.paragraph_format.space_before = Pt(Mm(_UNDER).pt - (_LEADING - 1 + _RISE) * size - 1)
    for paragraph, kind in ((upper, "thickThinSmallGap"), (lower, "thinThickSmallGap")):
        paragraph.paragraph_format.line_spacing = Pt(1)
        overhang = Twips(-(round(Mm(_RULE_WIDTH).twips) - layout.TEXT_WIDTH) // 2)
        paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = overhang
        _rule(paragraph, kind, 24, 0)
    layout.lower_footers(document, Mm(_RULE_FROM_FOOT))
    layout.without_grid(document)
    corner = _corner(head)
    number = document.add_paragraph(style=layout.NUMBER)
    number.alignment = WD_ALIGN_PARAGRAPH.LEFT
    number.paragraph_format.space_before = Pt(_SEVEN_EIGHTHS)
    number.paragraph_format.tab_stops.add_tab_stop(Twips(layout.TEXT_WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    first = number.add_run(corner[0][1] if corner else "")
    if corner and corner[0][0] == layout.CORNER:
        layout.typeface(first, layout.HEITI)
    number.add_run(f"\t{head.numbered(day)}")
    for style, text in corner[1:]:
        document.add_paragraph(text, style=style)


def _corner(head: Letterhead) -> list[tuple[str, str]]:
    """Return the (style, text) lines of the upper left corner: copy number, secrecy, urgency."""
    lines = [(layout.SERIAL, head.serial), (layout.CORNER, head.secrecy), (layout.CORNER, head.urgency)]
    return [(style, text) for style, text in lines if text]


def _name(paragraph: Paragraph, name: str, largest: float) -> float:
    """Write the name in red as large as one line allows, at most ``largest`` points; return its size in points."""
    size = min(largest, layout.TEXT_WIDTH / 20 // len(name))
    paragraph.add_run(name).font.size = Pt(size)
    paragraph.paragraph_format.line_spacing = Pt(size * _LEADING)
    return size


def _rule(paragraph: Paragraph, kind: str, eighths: int, points: float) -> None:
    """Draw a red rule below a paragraph, ``eighths`` of a point thick and ``points`` away; ``kind`` is Word's name of a border."""
    border = f'<w:bottom w:val="{kind}" w:sz="{eighths}" w:space="{round(points)}" w:color="{layout.RED}"/>'
    style = paragraph._p.get_or_add_pPr().pStyle
    if style is None:
        raise ValueError("a rule is drawn below a paragraph that has a style")
    style.addnext(parse_xml(f"<w:pBdr {nsdecls('w')}>{border}</w:pBdr>"))
