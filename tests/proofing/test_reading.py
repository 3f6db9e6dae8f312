"""What is read of a file: what a reader of the paper sees, each number once."""

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from xuezheng.proofing import audit
from xuezheng.proofing.reading import Source, UnreadableError, read

W = nsdecls("w")
MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def p(text):
    return f"<w:p>{run(text)}</w:p>"


def run(text):
    return f"<w:r><w:t>{text}</w:t></w:r>"


def cell(inner):
    return f"<w:tc><w:tcPr/>{inner}</w:tc>"


@pytest.fixture
def reading(tmp_path):
    """Read a Word file whose body is some XML."""

    def read_body(body, *, notes=None):
        document = docx.Document()
        for element in parse_xml(f"<w:body {W} {MC}>{body}</w:body>"):
            document.element.body.insert_element_before(element, "w:sectPr")
        if notes is not None:
            part = Part(
                PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), document.part.package
            )
            document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
        path = tmp_path / "report.docx"
        document.save(path)
        return read(path)

    return read_body


def test_deleted_and_moved_text_does_not_count_but_inserted_text_does(reading):
    deleted = f'<w:del w:id="1">{run("9").replace("w:t>", "w:delText>")}</w:del>'
    inserted = f'<w:ins w:id="2">{run("12人")}</w:ins>'
    moved = f'<w:moveFrom w:id="3">{run("，女30人")}</w:moveFrom>'
    assert reading(f"<w:p>{run('教师')}{deleted}{inserted}{moved}</w:p>").paragraphs == ("教师12人",)


def test_a_text_box_is_read_once_and_apart_from_its_paragraph(reading):
    box = f"<w:txbxContent>{p('盒中3人')}</w:txbxContent>"
    drawing = f'<w:r><mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
    assert reading(f"<w:p>{run('文中5人')}{drawing}</w:p>").paragraphs == ("文中5人", "盒中3人")


def test_content_controls_hold_paragraphs_rows_and_cells(reading):
    def control(inner):
        return f"<w:sdt><w:sdtContent>{inner}</w:sdtContent></w:sdt>"

    row = f"<w:tr>{cell(p('一小'))}{control(cell(p('18')))}</w:tr>"
    source = reading(control(p("全区5所")) + f"<w:tbl>{control(row)}</w:tbl>")
    assert source == Source(("全区5所",), (("全区5所", (("一小", "18"),)),))


def test_a_table_in_a_cell_is_a_table_of_its_own(reading):
    inner = f"<w:tbl><w:tr>{cell(p('7'))}</w:tr></w:tbl>"
    tables = reading(f"<w:tbl><w:tr>{cell(p('外') + inner + p(''))}</w:tr></w:tbl>").tables
    assert [grid for _, grid in tables] == [(("外",),), (("7",),)]


def test_a_row_that_was_deleted_does_not_count_and_one_may_begin_later(reading):
    gone = f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell(p("旧"))}</w:tr>'
    late = f'<w:tr><w:trPr><w:gridBefore w:val="2"/></w:trPr>{cell(p("3"))}</w:tr>'
    [(_, grid)] = reading(f"<w:tbl>{gone}{late}</w:tbl>").tables
    assert grid == (("", "", "3"),)


def test_a_cell_cannot_span_more_columns_than_word_allows(reading):
    wide = f'<w:tc><w:tcPr><w:gridSpan w:val="99999999"/></w:tcPr>{p("宽")}</w:tc>'
    [(_, grid)] = reading(f"<w:tbl><w:tr>{wide}</w:tr></w:tbl>").tables
    assert len(grid[0]) == 63


def test_numbers_on_both_sides_of_a_tab_are_two(reading):
    assert reading(f"<w:p>{run('12人')}<w:r><w:tab/></w:r>{run('13人')}</w:p>").paragraphs == ("12人\t13人",)


def test_the_codes_of_fields_are_not_read_but_their_results_are(reading):
    field = '<w:r><w:instrText>=SUM(ABOVE) 99</w:instrText></w:r><w:fldSimple w:instr="PAGE 7">' + run("5人")
    assert reading(f"<w:p>{run('合计')}{field}</w:fldSimple></w:p>").paragraphs == ("合计5人",)


def test_footnotes_are_audited_too(reading):
    text = "学生20人，其中男生12人、女生9人。"
    source = reading(p("正文"), notes=f"<w:footnotes {W}><w:footnote>{p(text)}</w:footnote></w:footnotes>")
    assert source.paragraphs == ("正文", text)
    assert len(audit(source).discrepancies) == 1


def test_footnotes_that_are_no_xml_are_told(reading):
    with pytest.raises(UnreadableError, match="脚注"):
        reading(p("正文"), notes="<w:footnotes")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_any_usual_encoding(tmp_path, encoding):
    path = tmp_path / "report.txt"
    path.write_text("全区学校40所。\n教师1200人。", encoding)
    assert read(path).paragraphs == ("全区学校40所。", "教师1200人。")


def test_a_heading_over_several_columns_counts_for_each(tmp_path):
    grid = (
        ("2021年资助人数与金额统计表", "", "", "", ""),
        ("学段", "春季", "", "秋季", ""),
        ("", "人数", "金额", "人数", "金额"),
        ("小学", "30", "600", "32", "640"),
        ("初中", "20", "500", "21", "525"),
        ("合计", "50", "1100", "53", "1156"),
    )
    [slip] = audit(Source((), (("表", grid),))).discrepancies
    assert slip.where == "表：“合计”行，“秋季·金额”列"
