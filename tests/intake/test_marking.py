"""The sender's own workbook back: wrong cells filled and commented, a summary first, all else as it was."""

import zipfile
from copy import copy

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from xuezheng.intake import import_workbook, marking, write_marked
from xuezheng.workbooks.template import SUMMARY

PUPILS = "学生名册"
YELLOW = "00FFE699"


@pytest.fixture
def wrong(typed, pupils, place):
    """A workbook with an error, a reading and a row that stands twice."""
    pupils[0][place("就读方式")] = "骑车"
    pupils[1][place("入学日期")] = "2016/9/1"
    return typed([*pupils, pupils[3]])


@pytest.fixture
def mark(tmp_path):
    def write(path, **kind):
        outcome = import_workbook(path, **kind)
        assert outcome.refused
        out = tmp_path / "标注.xlsx"
        write_marked(path, outcome, out)
        return openpyxl.load_workbook(out)

    return write


def lines(book):
    return [[cell.value for cell in row] for row in book[SUMMARY].iter_rows()]


def marks(page):
    return {cell.coordinate for row in page.iter_rows() for cell in row if cell.fill.fgColor.rgb == YELLOW}


def test_wrong_cells_are_filled_and_commented_and_the_summary_is_first(schools, wrong, mark):
    book = mark(wrong)
    assert book.sheetnames == [SUMMARY, PUPILS]
    page = book[PUPILS]
    assert marks(page) == {"J2", "K3", "A7"}
    assert page["J2"].comment.text == "不在可选项内。请从下拉框选择：走读、住校、借宿、其他。"
    assert page["K3"].comment.text.endswith("可按2016-09-01读取，须经确认。")
    assert page["A7"].comment.text.startswith("与第5行重复")
    told = lines(book)
    assert told[0][0] == "“学生.xlsx”未导入：有2处错误、1处须确认，台账没有任何改动。"
    assert told[3] == ["表", "位置", "填的内容", "问题与改法"]
    assert told[4][:3] == [PUPILS, "第2行J列“就读方式”", "骑车"]
    assert book[SUMMARY]["B5"].hyperlink.location == "'学生名册'!J2"
    assert book.active.title == SUMMARY


def test_everything_else_is_untouched(schools, wrong, mark):
    book = openpyxl.load_workbook(wrong)
    page = book[PUPILS]
    page["C2"].font, page["C2"].fill = (
        Font(bold=True, color="FF0000FF"),
        PatternFill("solid", fgColor="FF00FF00"),
    )
    page["C3"].comment = Comment("请王老师核对", "李")
    page["J2"].comment = Comment("问过家长", "李")
    page.column_dimensions["D"].width, page.row_dimensions[4].hidden = 33, True
    page.freeze_panes = "B2"
    book.create_sheet("备查").append(["草稿", 3.5, "=SUM(B1:B1)"])
    book.save(wrong)
    before = {
        cell.coordinate: (cell.value, cell.data_type, copy(cell.font))
        for row in page.iter_rows()
        for cell in row
    }
    after = mark(wrong)
    page = after[PUPILS]
    for coordinate, told in before.items():
        cell = page[coordinate]
        assert (cell.value, cell.data_type, cell.font) == told
    assert page["C2"].fill.fgColor.rgb == "FF00FF00"
    assert page["C3"].comment.text == "请王老师核对"
    assert page["J2"].comment.text.endswith("\n原批注：问过家长")
    assert (page.column_dimensions["D"].width, page.row_dimensions[4].hidden, page.freeze_panes) == (
        33,
        True,
        "B2",
    )
    assert after["备查"]["C1"].value == "=SUM(B1:B1)"
    assert any("表中有公式" in str(row[0]) for row in lines(after))


def test_what_looks_like_a_formula_stays_text(schools, wrong, mark):
    book = openpyxl.load_workbook(wrong)
    for place in ("C4", "J2"):
        book[PUPILS][place].value = "=1+1"
        book[PUPILS][place].data_type = "s"
    book.save(wrong)
    after = mark(wrong)
    assert [(after[PUPILS][it].value, after[PUPILS][it].data_type) for it in ("C4", "J2")] == [
        ("=1+1", "s")
    ] * 2
    assert (after[SUMMARY]["C5"].value, after[SUMMARY]["C5"].data_type) == ("=1+1", "s")
    assert not any("表中有公式" in str(row[0]) for row in lines(after))


def test_the_marked_file_goes_in_once_it_is_mended(schools, wrong, mark, tmp_path, taken):
    book = mark(wrong)
    page = book[PUPILS]
    page["J2"], page["K3"] = "走读", "2016-09-01"
    page.delete_rows(7)
    path = tmp_path / "改好.xlsx"
    book.save(path)
    assert taken(path).sheets[0].added == 5


def test_marks_of_an_earlier_round_are_taken_off(schools, wrong, mark, tmp_path):
    book = mark(wrong)
    book[PUPILS]["J2"] = "走读"
    again = tmp_path / "再报.xlsx"
    book.save(again)
    book = mark(again)
    assert book.sheetnames == [SUMMARY, PUPILS]
    assert marks(book[PUPILS]) == {"K3", "A7"}
    assert book[PUPILS]["J2"].comment is None
    assert book[PUPILS]["K3"].comment.text.count("可按") == 1


def test_what_cannot_be_kept_is_said(schools, wrong, mark):
    book = openpyxl.load_workbook(wrong)
    chart = BarChart()
    chart.add_data(Reference(book[PUPILS], min_col=1, max_col=1, min_row=1, max_row=5))
    book[PUPILS].add_chart(chart, "P2")
    book.save(wrong)
    with zipfile.ZipFile(wrong, "a") as parts:
        parts.writestr("xl/vbaProject.bin", b"\0")
        parts.writestr("xl/media/image1.png", b"\0")
    told = [row[0] for row in lines(mark(wrong))]
    assert "原文件中的宏、图表（可能走样）、图片未能保留，请以自己的原件为准。" in told


def test_a_merged_cell_is_marked_where_it_shows(schools, wrong, mark):
    book = openpyxl.load_workbook(wrong)
    book[PUPILS].merge_cells("I2:J2")
    book.save(wrong)
    page = mark(wrong)[PUPILS]
    assert "I2" in marks(page)


def test_numbers_that_identify_people_stand_masked_in_summary_and_comments(
    schools, typed, pupils, place, mark
):
    number = pupils[0][place("身份证件号")]
    pupils[0][place("学籍号")] = number
    book = mark(typed(pupils))
    told = repr(lines(book)) + repr([cell.comment.text for cell in book[PUPILS][2] if cell.comment])
    assert number not in told
    assert book[PUPILS]["G2"].value == number


def test_of_a_large_file_only_the_wrong_rows_come_back(schools, wrong, mark, monkeypatch, headings):
    monkeypatch.setattr(marking, "ROWS_LIMIT", 5)
    book = mark(wrong)
    assert "文件超过5行，这里只列出有问题的行" in book[SUMMARY]["A2"].value
    page = book[PUPILS]
    assert [page.cell(row, 1).value for row in (1, 2, 3, 4)] == ["原行号", 2, 3, 7]
    assert [cell.value for cell in page[1]][1:] == headings(PUPILS)
    assert page["K2"].value == "骑车"
    assert page["K2"].fill.fgColor.rgb == "FFFFE699"
    assert "不在可选项内" in page["K2"].comment.text
    assert page.max_row == 4


def test_a_file_that_cannot_be_marked_gives_back_its_wrong_rows(schools, wrong, mark, monkeypatch):
    monkeypatch.setattr(marking, "SECONDS_LIMIT", 0.001)
    book = mark(wrong)
    assert "原文件的格式无法在原处标注" in book[SUMMARY]["A2"].value
    assert book[PUPILS].max_row == 4


def test_of_a_csv_the_wrong_rows_come_back(schools, pupils, headings, place, mark, tmp_path):
    pupils[1][place("就读方式")] = "骑车"
    path = tmp_path / "上报.csv"
    path.write_bytes("".join(f"{','.join(row)}\n" for row in [headings(PUPILS), *pupils]).encode("gb18030"))
    book = mark(path, confirm=True)
    assert lines(book)[1][0].startswith("原文件的格式无法在原处标注")
    assert [cell.value for cell in book["上报"][2]][:4] == [3, *pupils[1][:3]]


def test_nothing_is_left_where_it_cannot_be_written(schools, wrong, tmp_path, monkeypatch):
    outcome = import_workbook(wrong)
    monkeypatch.setattr(marking, "run_limited", lambda *told, **kind: 1 / 0)
    before = set(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError):
        write_marked(wrong, outcome, tmp_path / "标注.xlsx")
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize("title", ["学生名册", "Sheet'1"])
def test_a_sheet_as_a_whole_is_told_in_the_summary(schools, raw_workbook, mark, title):
    book = mark(raw_workbook({title: [["甲", "乙"], ["丙", "丁"]]}))
    assert lines(book)[4][:2] == [title, "整张表"]
