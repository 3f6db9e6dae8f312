"""The page layout of GB/T 9704-2012: page size, a grid of 22 lines of 28 characters, typefaces and page numbers."""

from collections.abc import Iterable
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Pt, RGBColor, Twips
from docx.text.paragraph import Paragraph
from docx.text.parfmt import ParagraphFormat
from docx.text.run import Run

FANGSONG, KAITI, HEITI, SONGTI, TITLE_SONG = "仿宋_GB2312", "楷体_GB2312", "黑体", "宋体", "方正小标宋简体"
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5, SIZE_SMALL_5 = (
    22.0,
    16.0,
    14.0,
    12.0,
    10.5,
    9.0,
)  # points: 二号 to 小五
LINE = 28.95  # points: 225 mm of text divided by 22 lines, a shade less so that 22 fit
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838  # twips: 210 and 297 mm
TEXT_WIDTH = 8844  # twips: 210 mm less the margins
TOP, BOTTOM, BINDING, FORE_EDGE = 2098, 1984, 1588, 1474  # twips: margins of 37, 35, 28 and 26 mm
RED = "FF0000"
# Added to each character of 三号 so that 28 fill a line. A grid of characters would say the same, but
# LibreOffice cannot read one that is narrower than its characters, and sets 14 to the line.
SPACING = -0.25

TITLE, BODY, TABLE, TABLE_HEAD, SMALL = "Title", "Normal", "表格", "表头", "附注"
HEADINGS = (TITLE, "Heading 1", "Heading 2", "Heading 3", "Heading 4")
#: The names of the styles of a table's rows and of its header row, by the size of the type in points.
TABLES = {
    SIZE_SMALL_4: (TABLE, TABLE_HEAD),
    SIZE_5: ("五号表格", "五号表头"),
    SIZE_SMALL_5: ("小五号表格", "小五号表头"),
}
CELL_MARGINS = 5.7  # points at both sides of a cell together
PLAIN, CAPTION, APPENDIX = "无缩进", "表题", "附件标识"
SERIAL, CORNER, ISSUER, NUMBER = "份号", "密级和紧急程度", "发文机关标志", "发文字号"
ADDRESSEE, ATTACHED, SIGNED, NOTE, IMPRINT = "主送机关", "附件说明", "署名和成文日期", "公文附注", "版记"

_LEFTOVERS = ("customXml", "stylesWithEffects", "thumbnail")  # parts of python-docx's own template


def new_document() -> Any:
    """Return an empty document with the page and the styles of an official document."""
    document = docx.Document()
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, rel in rels.items() if rel.reltype.endswith(_LEFTOVERS)]:
            del rels[key]
    _set_page(document)
    _set_styles(document)
    _set_page_numbers(document)
    return document


def apply_style(paragraph: Paragraph, style: str) -> Paragraph:
    """Set the style of a paragraph to one of the constants of this module, and return the paragraph.

    This is faster than python-docx, which searches all styles each time.
    """
    paragraph._p.style = None if style == BODY else style.replace(" ", "")
    return paragraph


def indent(paragraph_format: ParagraphFormat, side: str, characters: float, points: float) -> None:
    """Indent a paragraph on a ``side`` (``left``, ``right``, ``firstLine``, ``hanging``) by characters of ``points`` points.

    Word and WPS use the number of characters, other programs the length.
    """
    ind = paragraph_format.element.get_or_add_pPr().get_or_add_ind()
    ind.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
    ind.set(qn(f"w:{side}"), str(round(characters * points * 20)))


def style_names(document: Document) -> dict[str | None, str]:
    """Return the names of a document's styles by style id."""
    return {style.style_id: style.name for style in document.styles}


def typeface(run: Run, font: str) -> None:
    """Set the typeface of a run, for Latin and Chinese characters, to ``font``."""
    run.font.name = font
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def lower_footers(document: Document, distance: Length) -> None:
    """Set the distance of the first page's footer from the lower edge of the page.

    The page numbers stay in their place.
    """
    section = document.sections[0]
    lowered = Twips((section.footer_distance or Length(0)).twips - distance.twips)
    section.footer_distance = distance
    for footer in (section.footer, section.even_page_footer):
        footer.paragraphs[0].paragraph_format.space_after = lowered


def without_grid(document: Document) -> None:
    """Remove the grid of lines from a document.

    With a grid, LibreOffice places the text below a high header too low.
    """
    for grid in document.sections[0]._sectPr.iterchildren(qn("w:docGrid")):
        grid.set(qn("w:type"), "default")


def _set_page(document: Document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Twips(PAGE_WIDTH), Twips(PAGE_HEIGHT)
    section.top_margin, section.bottom_margin = Twips(TOP), Twips(BOTTOM)
    section.left_margin, section.right_margin = Twips(BINDING), Twips(FORE_EDGE)
    section.footer_distance = Twips(1434)  # puts the dashes 7 mm below the text
    # Official documents are printed on both sides: on the back of a sheet the binding is at the right.
    document.settings.element.find(qn("w:zoom")).addnext(OxmlElement("w:mirrorMargins"))
    grid = section._sectPr.find(qn("w:docGrid"))
    if grid is None:
        grid = OxmlElement("w:docGrid")
        section._sectPr.append(grid)
    grid.set(qn("w:type"), "lines")
    grid.set(qn("w:linePitch"), str(int(LINE * 20)))


def _set_styles(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.getparent().replace(
        defaults,
        parse_xml(
            f'<w:docDefaults {nsdecls("w")}><w:rPrDefault><w:rPr><w:lang w:val="en-US" w:eastAsia="zh-CN"/>'
            "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
        ),
    )
    _drop_foreign_styles(document)
    justify, centre, left = WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT
    _style(document, BODY, FANGSONG, SIZE_3, justify, first_line=2)
    _style(document, TITLE, TITLE_SONG, SIZE_2, centre, line=33)
    for name, font in zip(HEADINGS[1:], (HEITI, KAITI, FANGSONG, FANGSONG), strict=True):
        _style(document, name, font, SIZE_3, justify, first_line=2, keep=True)
    for name in (PLAIN, SERIAL, ADDRESSEE, ATTACHED, NOTE):
        _style(document, name, FANGSONG, SIZE_3, left)
    _style(document, CORNER, HEITI, SIZE_3, left)
    _style(document, ISSUER, TITLE_SONG, SIZE_2, centre)
    document.styles[ISSUER].font.color.rgb = RGBColor.from_string(RED)
    _style(document, NUMBER, FANGSONG, SIZE_3, centre)
    _style(document, SIGNED, FANGSONG, SIZE_3, WD_ALIGN_PARAGRAPH.RIGHT)
    _style(document, IMPRINT, FANGSONG, SIZE_4, left, line=24)
    _style(document, APPENDIX, HEITI, SIZE_3, left)
    _style(document, CAPTION, HEITI, SIZE_4, centre, keep=True)
    for size, (rows, head) in TABLES.items():
        _style(document, rows, FANGSONG, size, centre, line=size + 8)
        _style(document, head, HEITI, size, centre, line=size + 8, keep=True)
    _style(document, SMALL, FANGSONG, SIZE_5, left, line=16)
    _style(document, "Footer", SONGTI, SIZE_4, left, line=16)


def _drop_foreign_styles(document: Document) -> None:
    """Delete the styles that no official document uses: python-docx's template has 160, and each paragraph is searched for in all."""
    used = {BODY, *HEADINGS, "Header", "Footer", "Table Grid"}
    for style in list(document.styles):
        if style.name not in used and style.element.get(qn("w:default")) is None:
            style.delete()
    for pointer in list(document.styles.element.iter(qn("w:link"), qn("w:next"))):
        pointer.getparent().remove(pointer)


def _style(
    document: Document,
    name: str,
    font: str,
    size: float,
    align: Any,
    *,
    line: float = LINE,
    first_line: int = 0,
    keep: bool = False,
) -> None:
    """Define a style from scratch, without the template's colours, theme fonts and spacing.

    ``size`` and ``line`` are in points, ``first_line`` in characters; ``keep`` keeps the paragraph with the next.
    """
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    for part in [child for child in style.element if child.tag in (qn("w:rPr"), qn("w:pPr"))]:
        style.element.remove(part)
    level = HEADINGS.index(name) if name in HEADINGS else 0
    style.font.name, style.font.size = font, Pt(size)
    for script in ("eastAsia", "cs"):
        style.element.rPr.rFonts.set(qn(f"w:{script}"), font)
    paragraph = style.paragraph_format
    paragraph.alignment, paragraph.line_spacing = align, Pt(line)
    paragraph.space_before = paragraph.space_after = Pt(0)
    paragraph.widow_control, paragraph.keep_with_next = False, keep
    indent(paragraph, "firstLine", first_line, size)
    on_grid = size == SIZE_3
    style.element.rPr.find(qn("w:sz")).addprevious(_value("w:spacing", round(SPACING * 20) if on_grid else 0))
    for tag, value in (("w:autoSpaceDE", 0), ("w:autoSpaceDN", 0), ("w:snapToGrid", int(on_grid))):
        style.element.pPr.find(qn("w:spacing")).addprevious(_value(tag, value))
    if level:
        style.element.pPr.append(_value("w:outlineLvl", level - 1))


def _value(tag: str, value: int) -> Any:
    element = OxmlElement(tag)
    element.set(qn("w:val"), str(value))
    return element


def _set_page_numbers(document: Document) -> None:
    """Number the pages — 1 —: odd ones right, even ones left, one character from the edge."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side, align in (
        (section.footer, "right", WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, "left", WD_ALIGN_PARAGRAPH.LEFT),
    ):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style, paragraph.alignment = document.styles["Footer"], align
        indent(paragraph.paragraph_format, side, 1, SIZE_4)
        paragraph.paragraph_format.space_before = Pt(10.5)
        paragraph.add_run("— ")
        for element in _page_field():
            paragraph.add_run()._r.append(element)
        paragraph.add_run(" —")


def _page_field() -> Iterable[Any]:
    instruction = OxmlElement("w:instrText")
    instruction.text = "PAGE"
    shown = OxmlElement("w:t")
    shown.text = "1"
    for kind, element in (("begin", None), ("", instruction), ("separate", None), ("", shown), ("end", None)):
        if element is None:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        yield element
