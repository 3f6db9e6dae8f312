"""What schools' workbooks look like: each habit is read, silently where there is one reading, else by consent."""

import os
import subprocess
import zipfile
from datetime import date

import openpyxl
import pytest
import xlsxwriter
from tests.intake.hostile.formats import ods
from tests.machine import OFFICE, require

from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.intake import import_workbook, preview_workbook
from xuezheng.records.models import Person, Pupil, School, Submission
from xuezheng.workbooks import sheet_catalogue

PUPILS, CLASSES, TERMS = "学生名册", "班级名册", "学期"


@pytest.fixture
def drawn(pupils, headings, tmp_path):
    """Draw the pupils' sheet cell by cell: ``draw(page, book, heads, rows)``."""

    def write(draw, name="学生.xlsx", title=PUPILS):
        path = tmp_path / name
        book = xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"})
        draw(book.add_worksheet(title), book, headings(PUPILS), [list(row) for row in pupils])
        book.close()
        return path

    return write


def fill(page, rows, top=0, left=0):
    for number, row in enumerate(rows, start=top):
        page.write_row(number, left, row)


def only_readings(path, count=None):
    """Nothing is wrong with a file, but these things want consent."""
    outcome = preview_workbook(path)
    assert all(it.reading is not None for it in outcome.problems), [str(it) for it in outcome.problems]
    assert count is None or len(outcome.problems) == count
    return [str(problem) for problem in outcome.problems]


def all_taken(taken, path, count=5, **kind):
    outcome = taken(path, **kind)
    assert (outcome.sheets[0].submitted, outcome.sheets[0].added) == (count, count)
    return outcome


def test_a_title_merged_over_all_columns(drawn, taken):
    def draw(page, book, heads, rows):
        page.merge_range(0, 0, 0, len(heads) - 1, "云岭区2019年春季学期学生名册")
        page.merge_range(1, 0, 1, 3, "填报单位：云岭学校")
        fill(page, [heads, *rows], top=2)

    path = drawn(draw)
    (told,) = only_readings(path)
    assert "可按第3行为表头读取" in told
    all_taken(taken, path, confirm=True)


def test_headings_in_two_rows_some_merged_over_both(drawn, taken):
    def draw(page, book, heads, rows):
        page.merge_range(0, 2, 0, 5, "学生基本信息")
        for place, heading in enumerate(heads):
            if 2 <= place <= 5:
                page.write(1, place, heading)
            else:
                page.merge_range(0, place, 1, place, heading)
        fill(page, rows, top=2)

    path = drawn(draw)
    (told,) = only_readings(path)
    assert "可按第2行为表头读取" in told
    all_taken(taken, path, confirm=True)


def test_headings_with_blanks_line_breaks_stars_and_other_brackets(typed, taken, headings, place):
    heads = [f"★{heading}" for heading in headings(PUPILS)]
    heads[place("姓名")] = "姓　 名"
    heads[place("身份证件号")] = "*身份证\n件号 "
    all_taken(taken, typed(heads=heads))


def test_hidden_rows_and_columns_are_taken_in_by_consent(drawn, taken, place):
    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(place("出生日期"), place("出生日期"), None, None, {"hidden": True})

    path = drawn(draw)
    assert [row.number for row in preview_workbook(path).previews[0].rows] == [2, 3, 4, 5, 6]
    rows, columns = only_readings(path, 2)
    assert "第3行是隐藏的，或者被筛选掉了" in rows
    assert "E列是隐藏的" in columns
    all_taken(taken, path, confirm=True)


def test_a_table_that_begins_further_down_and_to_the_right(drawn, taken):
    path = drawn(lambda page, book, heads, rows: fill(page, [heads, *rows], top=2, left=1))
    (told,) = only_readings(path)
    assert "可按第3行为表头读取" in told
    all_taken(taken, path, confirm=True)


def test_sheets_in_any_order(db, small, workbook, taken):
    titles = (PUPILS, CLASSES, "学校名册", TERMS, "本地信息")
    outcome = taken(workbook({title: small[title] for title in titles}))
    assert [sheet.sheet for sheet in outcome.sheets][-1] == PUPILS
    assert Pupil.objects.count() == len(small[PUPILS])


def test_running_numbers_and_remarks_are_kept_aside_by_consent(typed, taken, pupils, headings):
    rows = [[number, *row, "已核对"] for number, row in enumerate(pupils, start=1)]
    path = typed(rows, ["序号", *headings(PUPILS), "备注"])
    told = only_readings(path, 2)
    assert all("可按“不导入此列”读取" in text for text in told)
    all_taken(taken, path, confirm=True)


def test_a_chart_sheet_and_a_hidden_sheet_beside(drawn, taken):
    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": f"={PUPILS}!$A$1:$A$3"})
        book.add_chartsheet("统计图").set_chart(chart)
        old = book.add_worksheet("去年")
        old.write(0, 0, "旧表")
        old.hide()

    path = drawn(draw)
    (told,) = only_readings(path)
    assert told.startswith("“去年”：不是系统的表")
    all_taken(taken, path, confirm=True)


@pytest.mark.parametrize("total", ["合计", "总  计", "合计：5人", "本页小计", "全校合计"])
def test_sums_at_the_end_are_left_out_by_consent(typed, taken, pupils, total):
    path = typed([*pupils, ["", "", total, "5"]])
    (told,) = only_readings(path)
    assert "是合计行，不是数据" in told
    all_taken(taken, path, confirm=True)


def test_sums_in_between_are_left_out_by_consent(typed, taken, pupils):
    path = typed([*pupils[:2], ["小计", "", "2人"], *pupils[2:], ["小计", "", "3人"], ["合计", "", "5人"]])
    told = only_readings(path, 3)
    assert told[0].startswith("“学生名册”第4行填的是“小计”")
    all_taken(taken, path, confirm=True)


@pytest.mark.parametrize(
    "footer",
    [
        ["填表人：张三", "", "审核人：李四", "", "填表日期：2019年9月1日"],
        ["单位负责人（签字）:", "", "经办人:"],
        ["校长：", "", "（公章）"],
        ["", "注：本表一式两份。"],
        ["备注1：寄宿生须注明。"],
    ],
)
def test_what_is_signed_or_noted_below_is_left_out_by_consent(typed, taken, pupils, footer):
    path = typed([*pupils, [], footer])
    (told,) = only_readings(path)
    assert "第8行" in told
    assert "是表下的落款或说明，不是数据。请删去这一行。可按“不导入此行”读取" in told
    all_taken(taken, path, confirm=True)


def test_a_full_row_is_data_whatever_it_is_called_but_its_name_is_asked_about(typed, taken, pupils, place):
    pupils[3][place("姓名")] = "共计"
    (told,) = only_readings(typed(pupils))
    assert "像是合计、表头或说明里的字，不是姓名" in told
    all_taken(taken, typed(pupils), confirm=True)
    assert Person.objects.filter(name="共计").exists()


def test_blank_rows_between(typed, taken, pupils):
    all_taken(taken, typed([pupils[0], [], ["", " "], *pupils[1:]]))


def test_headings_repeated_on_each_page(typed, taken, pupils, headings):
    path = typed([*pupils[:3], headings(PUPILS), *pupils[3:]])
    (told,) = only_readings(path)
    assert told.startswith("“学生名册”第5行")
    assert "是重复的表头" in told
    all_taken(taken, path, confirm=True)


def test_cells_merged_down_a_column_stand_for_each_row(drawn, taken, place):
    way = place("就读方式")

    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        page.merge_range(1, way, 5, way, rows[0][way])

    path = drawn(draw)
    (told,) = only_readings(path)
    assert "第2行J列“就读方式”填的是“走读”，第2至6行合并成了一格。请取消合并，逐行填写。" in told
    assert "可按每行都填“走读”读取" in told
    all_taken(taken, path, confirm=True)
    assert set(Pupil.objects.values_list("boarding", flat=True)) == {"day"}


def test_blanks_within_a_name(typed, taken, pupils, place):
    pupils[0][place("姓名")] = "张　三"
    path = typed(pupils)
    (told,) = only_readings(path)
    assert "字与字之间有空格。请删去空格。可按“张三”读取" in told
    all_taken(taken, path, confirm=True)
    assert Person.objects.filter(name="张三").exists()


def test_a_small_x_at_the_end_of_an_id_number(typed, taken, small, place, citizen):
    number = next(it for it in (citizen(order) for order in range(30, 99)) if it.endswith("X"))
    row = list(small[PUPILS][0])
    row[place("身份证件号")], row[place("学籍号")] = number.lower(), f"g{number}".upper()
    path = typed([row])
    (told,) = only_readings(path)
    assert "号码末位是小写的x" in told
    assert number[:17] not in told
    all_taken(taken, path, 1, confirm=True)


@pytest.mark.parametrize("form", ["'{}", '="{}"', " {}", "{}\u00a0"])
def test_signs_that_keep_a_number_whole(separated, taken, pupils, place, form):
    number = pupils[0][place("身份证件号")]
    pupils[0][place("身份证件号")] = form.format(number)
    path = separated("gb18030", rows=pupils)
    (told,) = only_readings(path)
    assert number not in told
    all_taken(taken, path, confirm=True)


def test_numbers_kept_as_numbers_and_numbers_kept_as_text(typed, taken, pupils, place):
    for row in pupils:
        row[place("学校标识码")] = int(row[place("学校标识码")])
        row[place("户籍区划代码")] = float(row[place("户籍区划代码")])
    all_taken(taken, typed(pupils))


def test_days_that_excel_keeps_as_days(typed, taken, pupils, place):
    pupils[0][place("入学日期")] = date(2016, 9, 1)
    all_taken(taken, typed(pupils))
    assert set(Pupil.objects.values_list("entered_on", flat=True)) == {date(2016, 9, 1)}


def test_a_formula_counts_as_what_it_shows(drawn, taken, place):
    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        page.write_formula(1, place("就读方式"), '="走"&"读"', None, "走读")

    all_taken(taken, drawn(draw))


def test_a_sheet_of_another_name_is_known_by_its_headings(drawn, taken):
    path = drawn(lambda page, book, heads, rows: fill(page, [heads, *rows]), title="Sheet1")
    (told,) = only_readings(path)
    assert told.startswith("“Sheet1”：表名不是系统的表名，表头与“学生名册”一致。请把表名改为“学生名册”。")
    all_taken(taken, path, confirm=True)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["区", "县", "市", "旗"])
def test_a_template_that_names_the_kind_of_place_is_read_as_ours(raw_workbook, word):
    sheet = sheet_catalogue.sheet("本地信息")
    outcome = import_workbook(
        raw_workbook(
            {
                f"本{word}信息": [
                    [column.title for column in sheet.columns],
                    ["349900", "云岭区", "云岭区教育局"],
                ]
            }
        )
    )
    assert outcome.saved
    assert outcome.problems == []


def test_sheets_of_each_class_with_the_headings_of_one_template_are_read_as_one(
    schools, raw_workbook, taken, pupils, headings
):
    sheets = {"一班": [headings(PUPILS), *pupils[:2]], "二班": [headings(PUPILS), *pupils[2:]]}
    outcome = all_taken(taken, raw_workbook(sheets))
    assert [(layout.template, layout.sheets) for layout in outcome.layouts] == [(PUPILS, ["一班", "二班"])]


def test_two_sheets_with_the_same_rows_are_not_taken_twice(schools, raw_workbook, pupils, headings):
    rows = [headings(PUPILS), *pupils]
    outcome = import_workbook(raw_workbook({"一班": rows, "备份": rows}))
    assert outcome.refused
    assert all("重复" in problem.message for problem in outcome.problems)


def test_a_copy_beside_the_sheet_itself_is_left_out_by_consent(taken, raw_workbook, pupils, headings):
    rows = [headings(PUPILS), *pupils]
    path = raw_workbook({PUPILS: rows, "学生名册 (2)": rows})
    (told,) = only_readings(path)
    assert "可按“不导入此表”读取" in told
    all_taken(taken, path, confirm=True)


@pytest.fixture(scope="session")
def old_format(tmp_path_factory):
    """Turn a workbook into an .xls by LibreOffice."""
    require(*OFFICE)
    folder = tmp_path_factory.mktemp("xls")

    def convert(path):
        profile = f"-env:UserInstallation=file://{folder}/profile"
        words = ["soffice", profile, "--headless", "--convert-to", "xls", "--outdir", folder, path]
        subprocess.run(words, check=True, capture_output=True, env={**os.environ, "HOME": str(folder)})
        return (folder / path.name).with_suffix(".xls")

    return convert


def test_xls_also_under_the_names_of_others(typed, taken, old_format, tmp_path):
    content = old_format(typed()).read_bytes()
    assert content.startswith(b"\xd0\xcf\x11\xe0")
    for name in ("学生.xls", "学生.et", "学生.xlsx", "学生.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        only_readings(path, 0)
    all_taken(taken, path)


@pytest.mark.parametrize("name", ["学生.xls", "学生.et", "学生.xlsm", "学生.csv", "学生"])
def test_xlsx_under_another_name(typed, taken, tmp_path, name):
    path = typed().rename(tmp_path / name)
    all_taken(taken, path)


def test_ods(pupils, headings, taken, tmp_path):
    def cell(text):
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in [headings(PUPILS), *pupils]
    )
    path = tmp_path / "学生.ods"
    path.write_bytes(ods(f'<table:table table:name="{PUPILS}">{rows}</table:table>'))
    all_taken(taken, path)


@pytest.fixture
def separated(pupils, headings, tmp_path):
    """Write the pupils' sheet as a text file."""

    def write(encoding, name=f"{PUPILS}.csv", by=",", rows=pupils, ending="\r\n"):
        path = tmp_path / name
        text = "".join(by.join(row) + ending for row in [headings(PUPILS), *rows])
        path.write_bytes(text.encode(encoding))
        return path

    return write


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("by", [",", "\t"])
def test_csv(separated, taken, encoding, by):
    all_taken(taken, separated(encoding, by=by))
    assert Person.objects.filter(name="众生一").exists()


def test_csv_of_a_name_that_is_not_a_sheets_is_known_by_its_headings(separated, taken):
    path = separated("gb18030", name="云岭学校 上报.csv")
    (told,) = only_readings(path)
    assert told.startswith("“云岭学校 上报”：表名不是系统的表名，表头与“学生名册”一致")
    all_taken(taken, path, confirm=True)


def test_csv_with_quotes_commas_and_a_row_cut_short(separated, taken, pupils, place):
    pupils[0][place("姓名")] = '"众生,一"'
    pupils[1] = pupils[1][:-1]
    all_taken(taken, separated("utf-8", rows=pupils, ending="\n"), confirm=True)
    assert Person.objects.filter(name="众生,一").exists()


def test_csv_of_rare_signs(separated, taken, pupils, place):
    pupils[0][place("姓名")] = "𠮷䶮"
    all_taken(taken, separated("gb18030", rows=pupils))
    assert Person.objects.filter(name="𠮷䶮").exists()


def test_csv_answers_a_collection(district, separated, small):
    collection = collecting.open_collection(
        "秋季",
        Period.parse("2019H2"),
        "enrolment",
        [sheet_catalogue.sheet(PUPILS)],
        School.objects.all(),
        date(2019, 9, 20),
    )
    submission = Submission.objects.get(collection=collection, school__name="云岭学校")
    outcome = preview_workbook(separated("gb18030", name="上报.csv"), submission=submission)
    assert [it.reading for it in outcome.problems] == [f"“{PUPILS}”"]
    assert outcome.sheets[0].unchanged == 5


def test_a_macro_and_a_picture_are_no_obstacle(typed, taken, tmp_path):
    path = typed()
    with zipfile.ZipFile(path, "a") as package:
        package.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0")
        package.writestr("xl/media/image1.png", b"\x89PNG")
    all_taken(taken, path.rename(tmp_path / "学生.xlsm"))


def test_comments_are_left_out_by_consent(typed, taken):
    path = typed()
    book = openpyxl.load_workbook(path)
    book[PUPILS]["A2"].comment = openpyxl.comments.Comment("请核对", "校长")
    book.save(path)
    (told,) = only_readings(path)
    assert "第2行有批注，系统不读批注" in told
    all_taken(taken, path, confirm=True)
    book[PUPILS]["A2"].comment = openpyxl.comments.Comment("系统标出的问题", "学政")
    book.save(path)
    assert only_readings(path) == []
