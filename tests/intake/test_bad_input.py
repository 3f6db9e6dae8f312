"""Each way in which a sheet is wrong has a sentence of its own, with place and remedy; nothing is saved."""

from datetime import date

import openpyxl
import pytest

from xuezheng.intake import import_workbook
from xuezheng.records.fields import MoneyField
from xuezheng.records.models import Person, Pupil, School
from xuezheng.workbooks.cells import reader


def test_a_missing_column_is_named(refused, typed, pupils, headings, place):
    gone = place("就读方式")
    heads = headings("学生名册")
    del heads[gone]
    (told,) = refused(typed([row[:gone] + row[gone + 1 :] for row in pupils], heads))
    assert told == "“学生名册”第1行：缺少“就读方式”列。请从模板补上这一列并填写。"


def test_a_missing_column_that_may_stay_blank_is_no_error_and_changes_nothing(
    taken, typed, workbook, pupils, headings, place
):
    taken(typed([row[:-1] for row in pupils], headings("学生名册")[:-1]))
    left = [*pupils[0][:-1], "2019-03-01"]
    taken(workbook({"学生名册": [left]}))
    outcome = taken(typed([row[:-1] for row in pupils], headings("学生名册")[:-1]))
    assert outcome.sheets[0].unchanged == 5
    assert Pupil.objects.get(person__name=left[place("姓名")]).left_on == date(2019, 3, 1)


def test_a_heading_in_other_words_is_confirmed_as_a_mapping(typed, headings, place):
    heads = headings("学生名册")
    heads[place("身份证件号")] = "身份证号"
    [form] = import_workbook(typed(heads=heads)).mappings
    assert form.template == "学生名册"
    assert [column["path"] for column in form.columns if column["heading"] == "身份证号"] == [
        "person.id_number"
    ]


def test_a_heading_that_resembles_one_is_taken_for_it_by_consent(refused, taken, typed, headings, place):
    heads = headings("学生名册")
    heads[place("就读方式")] = "就读的方式"
    (told,) = refused(typed(heads=heads))
    assert told.startswith("“学生名册”第1行J列“就读的方式”：模板中没有这一列，像是“就读方式”。")
    assert taken(typed(heads=heads), confirm=True).sheets[0].added == 5


def test_a_heading_whose_cells_are_something_else_is_not_taken_for_one_it_resembles(
    typed, pupils, headings, place
):
    heads = headings("学生名册")
    heads[place("就读方式")] = "就读的方式"
    for row in pupils:
        row[place("就读方式")] = "13900000000"
    problems = import_workbook(typed(pupils, heads)).problems
    assert {problem.message for problem in problems if problem.reading is None} == {
        "缺少“就读方式”列。请从模板补上这一列并填写。"
    }


def test_a_heading_of_something_else_is_left_out_only_by_consent(refused, taken, typed, pupils, headings):
    path = typed([[*row, "无"] for row in pupils], [*headings("学生名册"), "备注"])
    (told,) = refused(path)
    assert told.startswith("“学生名册”第1行M列“备注”：模板中没有这一列。请删去")
    assert "可按“不导入此列”读取，须经确认。" in told
    assert taken(path, confirm=True).sheets[0].added == 5


def test_a_heading_that_stands_twice_is_told(refused, typed, pupils, headings):
    (told,) = refused(typed([[*row, row[2]] for row in pupils], [*headings("学生名册"), "姓名"]))
    assert told == "“学生名册”第1行M列“姓名”：这一列出现了两次。请只保留一列。"


def test_titles_above_the_headings_are_read_over_only_by_consent(refused, taken, typed):
    path = typed(above=[["云岭区2019年学生名册"], ["填报单位：云岭学校"]])
    (told,) = refused(path)
    assert told.startswith("“学生名册”第2行填的是“填报单位：云岭学校”，")
    assert "表头上方多了2行标题。请删去标题行，让表头在第1行。" in told
    assert "可按第3行为表头读取，须经确认。" in told
    assert taken(path, confirm=True).sheets[0].added == 5
    assert Pupil.objects.order_by("source_row").first().source_row == 4


def test_a_sum_in_the_last_row_is_left_out_only_by_consent(refused, taken, typed, pupils):
    path = typed([*pupils, ["合 计", "", "5人"]])
    (told,) = refused(path)
    assert told.startswith("“学生名册”第7行填的是“合 计”，是合计行，不是数据。请删去合计行。")
    assert "可按“不导入此行”读取，须经确认。" in told
    outcome = taken(path, confirm=True)
    assert (outcome.sheets[0].submitted, outcome.sheets[0].added) == (5, 5)


def test_full_width_digits_are_read_only_by_consent(refused, taken, typed, pupils, place):
    pupils[2][place("入学日期")] = "２０１６-09-01"
    pupils[3][place("户籍区划代码")] = "３４９９００"
    path = typed(pupils)
    told = refused(path)
    assert len(told) == 2
    assert "“学生名册”第5行I列“户籍区划代码”填的是“３４９９００”，含全角的数字或字母。请改用半角" in told[0]
    assert "可按“349900”读取，须经确认。" in told[0]
    assert "第4行K列“入学日期”" in told[1]
    assert taken(path, confirm=True).sheets[0].added == 5
    assert set(Person.objects.values_list("household_division", flat=True)) == {"349900"}


def test_blanks_around_a_value_are_read_over_only_by_consent(refused, taken, typed, pupils, place):
    pupils[0][place("姓名")] = " 众生一\u3000"
    path = typed(pupils)
    (told,) = refused(path)
    assert "第2行C列“姓名”填的是“ 众生一\u3000”，前后有多余的空格。请删去空格。可按“众生一”读取" in told
    taken(path, confirm=True)
    assert Person.objects.filter(name="众生一").exists()


@pytest.mark.parametrize(
    "spelling", ["2016/9/1", "2016.9.1", "2016年9月1日", "20160901", "2016-9-1", "42614"]
)  # fmt: skip
def test_other_spellings_of_a_date_are_read_only_by_consent(refused, taken, typed, pupils, place, spelling):
    pupils[1][place("入学日期")] = spelling
    path = typed(pupils)
    (told,) = refused(path)
    assert told.startswith(f"“学生名册”第3行K列“入学日期”填的是“{spelling}”，日期")
    assert "“2019-02-25”" in told
    assert "可按2016-09-01读取，须经确认。" in told
    taken(path, confirm=True)
    assert {f"{day}" for day in Pupil.objects.values_list("entered_on", flat=True)} == {"2016-09-01"}


@pytest.mark.parametrize(
    ("spelling", "sentence"),
    [("2016-02-30", "没有这一天"), ("一六年九月", "无法识别这个日期"), ("9/1/2016", "无法识别这个日期")],
)
def test_what_is_no_date_is_refused_with_or_without_consent(
    refused, typed, pupils, place, spelling, sentence
):
    pupils[1][place("入学日期")] = spelling
    path = typed(pupils)
    for confirm in (False, True):
        (told,) = refused(path, confirm=confirm)
        assert f"第3行K列“入学日期”填的是“{spelling}”，{sentence}" in told


def test_an_id_number_kept_as_a_number_has_lost_its_last_digits(refused, typed, pupils, place):
    pupils[4][place("身份证件号")] = 349900201003010519
    for confirm in (False, True):
        told = [text for text in refused(typed(pupils), confirm=confirm) if "G列" in text]
        assert len(told) == 1
        assert told[0].startswith("“学生名册”第6行G列“身份证件号”填的是“3.4")
        assert "长号码被存成了数字，第16位起的数字已经丢失、无法恢复。" in told[0]
        assert "请先把整列设为“文本”格式，再照原件重新填写。" in told[0]


def test_a_wrong_check_digit_is_told_without_showing_the_number(refused, typed, pupils, place):
    number = pupils[0][place("身份证件号")]
    wrong = number[:17] + ("0" if number[17] != "0" else "1")
    pupils[0][place("身份证件号")] = wrong
    pupils[0][place("学籍号")] = "J" + number
    (told,) = refused(typed(pupils))
    assert told.startswith("“学生名册”第2行G列“身份证件号”")
    assert "校验位不对，号码中至少有一位填错。请对照户口簿或身份证逐位核对。" in told
    assert wrong not in told


def test_an_id_number_of_a_wrong_form_is_shown_masked(refused, typed, pupils, place):
    pupils[0][place("学籍号")] = "G1234567890123456"
    (told,) = refused(typed(pupils))
    assert "第2行H列“学籍号”填的是“G12**********3456”，学籍号应为19位" in told


def test_a_school_that_is_not_registered_is_told(refused, typed, pupils, place):
    pupils[0][place("学校标识码")] = "3134999999"
    told = refused(typed(pupils))
    assert told == [
        "“学生名册”第2行A列“学校标识码”：“学校”台账中没有学校标识码为“3134999999”的记录。"
        "请核对学校标识码；如是新的，须先导入学校。"
    ]


def test_a_class_that_the_school_does_not_have_is_told(refused, typed, pupils, place):
    pupils[0][place("班级名称")] = "九年级9班"
    (told,) = refused(typed(pupils))
    assert "第2行B列“班级名称”：“班级”台账中没有班级名称为“九年级9班”的记录" in told


def test_a_row_that_stands_twice_is_told_with_both_places(refused, typed, pupils):
    (told,) = refused(typed([*pupils, pupils[0]]))
    assert told.startswith("“学生名册”第7行：与第2行重复（同一人员）。请只保留一行。")


def test_a_blank_that_must_be_filled_is_told(refused, typed, pupils, place):
    pupils[3][place("就读方式")] = ""
    (told,) = refused(typed(pupils))
    assert told == "“学生名册”第5行J列“就读方式”：必填，不能为空。请补填。"


def test_a_choice_that_is_not_offered_is_told_with_those_that_are(refused, typed, pupils, place):
    pupils[3][place("就读方式")] = "骑车"
    (told,) = refused(typed(pupils))
    assert "第5行J列“就读方式”填的是“骑车”，不在可选项内。请从下拉框选择：走读、住校、借宿、其他。" in told


def test_what_contradicts_itself_is_told_at_the_cell(refused, typed, pupils, place):
    pupils[0][place("离校日期")] = "2010-01-01"
    pupils[1][place("性别")] = "女"
    told = refused(typed(pupils))
    assert any("第2行L列“离校日期”：离校日期早于入学日期2016-09-01" in text for text in told)
    assert any("第3行D列“性别”：与身份证件号第17位所示的“男”不一致" in text for text in told)


def test_an_invisible_sign_is_told(refused, typed, pupils, place):
    pupils[0][place("姓名")] = "众\x07生"
    (told,) = refused(typed(pupils))
    assert "第2行C列“姓名”" in told
    assert "含有看不见的字符。请清除该单元格后重新填写。" in told


def test_every_problem_of_every_row_is_told_at_once(refused, typed, pupils, place):
    pupils[0][place("性别")] = "男孩"
    pupils[0][place("就读方式")] = "骑车"
    pupils[1][place("入学日期")] = "某日"
    pupils[4][place("学校标识码")] = "123"
    told = refused(typed(pupils))
    assert len(told) == 4
    assert all(
        any(text.startswith(f"“学生名册”第{place}列") for text in told)
        for place in ("2行D", "2行J", "3行K", "6行A")
    )


def test_a_sheet_without_headings_is_told_what_they_should_be(refused, pupils, raw_workbook, headings):
    (told,) = refused(raw_workbook({"学生名册": [["甲", "乙"], ["丙", "丁"]]}))
    assert told.startswith("“学生名册”：前20行里找不到表头。请使用下载的模板，表头应为：学校标识码、班级名称")


def test_a_sheet_with_headings_only_is_told(refused, typed):
    (told,) = refused(typed([]))
    assert told == "“学生名册”第1行：表头下面没有数据。请填写后再导入；不需要这张表就删去它。"


def test_a_sheet_of_an_unknown_name_is_told_where_the_names_are(refused, schools, raw_workbook):
    (told,) = refused(raw_workbook({"Sheet1": [["甲", "乙"], ["丙", "丁"]]}), confirm=True)
    assert told.startswith("“Sheet1”：不是系统的表，也没有与它相近的模板。")
    assert "见填报页“下载模板”" in told
    assert len(told) < 100


def test_an_unknown_sheet_beside_known_ones_is_left_out_only_by_consent(
    refused, taken, pupils, raw_workbook, headings
):
    path = raw_workbook({"学生名册": [headings("学生名册"), *pupils], "备查": [["草稿"]]})
    (told,) = refused(path)
    assert told.startswith("“备查”：不是系统的表")
    assert "可按“不导入此表”读取，须经确认。" in told
    assert taken(path, confirm=True).sheets[0].added == 5


def test_consent_covers_readings_but_no_error(refused, typed, pupils, place):
    pupils[0][place("入学日期")] = "2016/9/1"
    pupils[1][place("就读方式")] = "骑车"
    path = typed(pupils)
    assert len(refused(path)) == 2
    assert len(refused(path, confirm=True)) == 1


def test_an_error_of_a_formula_is_not_taken_for_a_blank(refused, typed, pupils, place):
    path = typed()
    book = openpyxl.load_workbook(path)
    book["学生名册"].cell(3, place("离校日期") + 1, "=NA()").value = "#N/A"
    book.save(path)
    (told,) = refused(path)
    assert told.startswith("“学生名册”第3行L列“离校日期”填的是“#N/A”，是公式算出的错误值，不是内容。")


def test_an_id_number_in_a_wrong_column_is_masked_too(refused, typed, pupils, place):
    rows = [list(row) for row in pupils]
    number = rows[1][place("身份证件号")]
    rows[1][place("性别")] = number
    (told,) = refused(typed(rows))
    assert number not in told
    assert f"填的是“{number[:3]}***********{number[-4:]}”" in told


@pytest.mark.parametrize("amount", ["9" * 20, "9" * 5000])
def test_an_amount_beyond_all_money_is_told(amount):
    told = reader(MoneyField())(amount)
    assert told.problem.startswith("不是金额")


def test_a_sign_that_nobody_sees_is_told():
    assert "看不见" in reader(School._meta.get_field("name"))("某\u200b校").problem


def test_a_row_with_one_wrong_cell_is_checked_to_its_end(refused, typed, pupils, place):
    rows = [list(row) for row in pupils]
    rows[1][place("就读方式")] = "骑车"
    rows[1][place("出生日期")] = "2001-01-01"
    boarding, birth = sorted(refused(typed(rows)), key=lambda told: "出生日期" in told)
    assert "“就读方式”填的是“骑车”" in boarding
    assert "“出生日期”" in birth
    assert "不一致" in birth


def test_an_id_number_in_a_title_above_the_headings_is_masked_too(refused, typed, pupils, place):
    number = pupils[0][place("身份证件号")]
    (told,) = refused(typed(above=[[f"填报人身份证号{number}"]]))
    assert number[:14] not in told
    assert f"填报人身份证号{number[:3]}***********{number[-4:]}" in told
