"""A document of wide tables is turned to landscape: its tables fill the new width, and a column is as wide as its rows need."""

from datetime import date

from docx.oxml.ns import qn

from xuezheng.reports.model import Paragraph, Table
from xuezheng.reports.word import landscape
from xuezheng.reports.word.document import plain


def test_pages_are_turned_and_tables_fill_them():
    rows = ((("名称",), ("一个很长很长的栏目名称",)), (("第一实验小学东校区",), ("6.05",)))
    document = plain(
        "申报表", "某县教育局", date(2019, 12, 31), [Paragraph(("说明。",)), Table(("表",), rows)]
    )
    landscape.turn(document)
    (section,), (table,) = document.sections, document.tables
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    widths = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    between = (section.page_width - section.left_margin - section.right_margin) / 635
    assert abs(sum(widths) - between) < between * 0.01
    assert widths[0] > widths[1]
    cells = [[int(cell.tcPr.tcW.get(qn("w:w"))) for cell in row.tc_lst] for row in table._tbl.tr_lst]
    assert cells == [widths, widths]
