"""What we write goes in again by the same path, unchanged."""

import openpyxl
import pytest

from xuezheng.areas.aid.models import LivelihoodProject
from xuezheng.records.models import Person
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.reader import read_workbook
from xuezheng.workbooks.template import rule

FORMULAS = [
    "=1+1",
    "+86",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://a.b","点")',
    "http://a.b/c",
    "0123",
    "1E5",
    "{=1}",
]


def test_what_looks_like_a_formula_stays_the_text_that_it_is(db, taken, workbook):
    rows = [[name, "教〔2019〕5号", "2019-03-15"] for name in FORMULAS]
    path = workbook({"民生工程项目": rows})
    page = openpyxl.load_workbook(path)["民生工程项目"]
    assert [page.cell(line, 1).data_type for line in range(2, len(rows) + 2)] == ["s"] * len(rows)
    taken(path)
    assert set(LivelihoodProject.objects.values_list("name", flat=True)) == set(FORMULAS)
    assert not taken(path).saved


def test_a_rare_sign_of_a_name_comes_through_whole(schools, taken, workbook, pupils):
    pupils[0][2] = "𠮷䶮·买买提"
    taken(workbook({"学生名册": pupils}))
    assert Person.objects.filter(name="𠮷䶮·买买提").exists()


def test_every_cell_of_a_column_is_text_so_that_long_numbers_stay_whole(workbook, small):
    page = openpyxl.load_workbook(workbook({"学生名册": small["学生名册"]}))["学生名册"]
    assert all(page.column_dimensions[page.cell(1, c).column_letter].number_format == "@" for c in (1, 7))
    assert page["G2"].number_format == "@"
    assert page["G2"].value == small["学生名册"][0][6]


def test_a_template_offers_what_may_be_chosen(workbook):
    page = openpyxl.load_workbook(workbook({"学生名册": []}))["学生名册"]
    offered = {
        str(check.sqref).split(":")[0]: check.formula1 for check in page.data_validations.dataValidation
    }
    assert offered["D2"] == '"男,女"'
    assert offered["J2"] == '"走读,住校,借宿,其他"'


def test_a_long_list_of_choices_stands_in_a_sheet_of_its_own_that_is_not_taken_in(workbook, taken, db, small):
    path = workbook({title: small[title] for title in ("本地信息", "学期", "学校名册")})
    assert {s.sheet for s in taken(path).sheets} == {"本地信息", "学期", "学校名册"}


def test_a_template_tells_how_each_column_is_filled(workbook):
    book = openpyxl.load_workbook(workbook({"学生名册": [], "资助发放名单": []}))
    told = [[cell.value for cell in row] for row in book["填写说明"].iter_rows(min_row=2)]
    columns = [c for title in ("学生名册", "资助发放名单") for c in sheet_catalogue.sheet(title).columns]
    assert [row[1] for row in told] == [column.title for column in columns]
    assert [row[2] == "是" for row in told] == [column.required for column in columns]
    assert all(row[3] for row in told)
    assert book["学生名册"]["G1"].comment.text.startswith("必填。文本格式，身份证号18位")


def test_a_template_is_read_with_every_sheet_and_heading(workbook, headings):
    sheets = {sheet.name: sheet for sheet in read_workbook(workbook({"学生名册": []}))}
    assert sheets["学生名册"].row(0) == headings("学生名册")


@pytest.mark.parametrize("title", ["学生名册", "资助发放名单", "资金分配表"])
def test_the_way_to_fill_a_column_is_said_in_chinese(title):
    for column in sheet_catalogue.sheet(title).columns:
        assert any("\u4e00" <= sign <= "\u9fff" for sign in rule(column.field))


def test_a_workbook_that_cannot_be_written_leaves_nothing_behind(tmp_path, workbook):
    with pytest.raises(TypeError):
        workbook({"学期": [["2019春", object(), None]]})
    assert list(tmp_path.iterdir()) == []
