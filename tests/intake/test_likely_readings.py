"""What offices really send is read once a kind is confirmed, and never silently: other words, codes, months, names, spellings, rows that are no data."""

import openpyxl
import pytest
from django.utils import timezone
from tests.conftest import NINE_YEAR, citizen_id, named
from tests.intake.hostile.formats import ods
from tests.intake.test_habits import PUPILS, all_taken, drawn, fill, old_format, only_readings  # noqa: F401 - fixtures

from xuezheng.areas.enrolment.models import ExamCandidate
from xuezheng.intake import import_workbook, preview_workbook
from xuezheng.records.models import Person, Pupil
from xuezheng.workbooks.problems import problem_kinds


@pytest.mark.parametrize(
    ("title", "texts", "message", "reading"),
    [
        ("性别", ["1"] * 5, "不是下拉框里的写法", "“男”"),
        ("性别", ["男性", "1", "01", "男生", "M"], "不是下拉框里的写法", "“男”"),
        ("就读方式", ["走读生"] * 5, "不是下拉框里的写法", "“走读”"),
        ("入学日期", ["2016年9月"] * 5, "只有年月，没有日", "“2016-09-01”"),
        (
            "入学日期",
            ["2016.09", "2016-9", "2016/9", "201609", "2016年9月"],
            "只有年月，没有日",
            "“2016-09-01”",
        ),
        ("入学日期", ["2016级"] * 5, "写的是年级，没有月日", "“2016-09-01”"),
        ("学校标识码", ["云岭学校"] * 5, "填的是学校名称", f"“{NINE_YEAR}”"),
        ("班级名称", ["三年级（1）班"] * 5, "与“班级名册”不同", "“三年级1班”"),
        (
            "班级名称",
            ["三（1）班", "3.1班", "三1班", "三年级一班", "三年级 1 班"],
            "与“班级名册”不同",
            "“三年级1班”",
        ),
        ("姓名", ["王 小 明", "王 小明", "李　四", "欧阳 锋", "司马 相 如"], "字与字之间有空格", None),
    ],
)
def test_a_column_in_other_words_is_asked_about_once_and_then_read(typed, taken, pupils, place, title, texts, message, reading):  # fmt: skip
    expected = [list(row) for row in pupils]
    for row, text in zip(pupils, texts, strict=True):
        row[place(title)] = text
    outcome = preview_workbook(typed(pupils))
    assert len(problem_kinds(outcome.problems)) == 1
    assert outcome.problems[0].title == title
    assert all(message in problem.message for problem in outcome.problems)
    if reading:
        assert {problem.reading for problem in outcome.problems} == {reading}
    all_taken(taken, typed(pupils), confirm=True)
    if title != "姓名":
        first = Pupil.objects.get(person__name=expected[0][place("姓名")])
        assert (first.person.sex, str(first.entered_on), first.class_group.name) == (
            "male",
            "2016-09-01",
            "三年级1班",
        )


@pytest.mark.parametrize(
    ("title", "text", "words"),
    [
        ("性别", "9", "不在可选项内"),
        ("入学日期", "2016年13月", "无法识别这个日期"),
        ("入学日期", "2016.1", "无法识别这个日期"),  # January, or October without its zero
        ("学校标识码", "学校", "应为10位数字"),
        ("班级名称", "九年级9班", "台账中没有班级名称为"),
    ],
)
def test_what_may_mean_several_things_stays_an_error(typed, pupils, place, title, text, words):
    pupils[2][place(title)] = text
    [problem] = [each for each in preview_workbook(typed(pupils)).problems if each.reading is None]
    assert words in problem.message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (["以下空白"], "写在表末的话"),
        (["（以下无正文）"], "写在表末的话"),
        (["", "", "校长签字", "", "", "（盖章）"], "落款或说明"),
        (["经办人：", "", "", "2019年3月1日"], "落款或说明"),
        (["填表人", "张三"], "落款或说明"),
        (["三年级1班"], "像是小标题"),
        (["三年级1班", "", "", "共20人"], "像是小标题"),
    ],
)
@pytest.mark.parametrize("at", [0, 3, 5])
def test_rows_that_are_no_data_are_left_out_by_consent(typed, taken, pupils, row, words, at):
    path = typed([*pupils[:at], row, *pupils[at:]])
    (question,) = only_readings(path)
    assert f"第{at + 2}行" in question
    assert words in question
    all_taken(taken, path, confirm=True)


def test_a_row_of_data_with_one_gap_is_still_told_as_it_is(typed, pupils, place):
    pupils[1][place("性别")] = pupils[1][place("就读方式")] = ""
    assert [problem.title for problem in preview_workbook(typed(pupils)).problems] == ["就读方式"]


@pytest.mark.parametrize(
    ("name", "is_asked"),
    [
        ("王小明1", True), ("王小明A", True), ("王", True), ("王\ue000明", True), ("合计", True), ("姓名", True), ("王*明", True),
        ("王明", False), ("欧阳锋", False), ("阿依古丽·买买提", False), ("𠮷明", False), ("〇小明", False),
    ],
)  # fmt: skip
def test_a_name_that_is_hardly_one_is_asked_about_before_a_person_is_added(typed, taken, pupils, place, name, is_asked):  # fmt: skip
    pupils[0][place("姓名")] = name
    outcome = preview_workbook(typed(pupils))
    assert bool(outcome.problems) == is_asked
    assert all(problem.reading for problem in outcome.problems)
    all_taken(taken, typed(pupils), confirm=True)
    # A person who is known is not asked about again.
    assert preview_workbook(typed(pupils)).problems == []
    assert Person.objects.filter(name=name).exists()


@pytest.mark.parametrize(
    ("entered", "words"),
    [("2010-02-28", "不晚于这名学生的出生日期"), ("2010-03-01", "不晚于"), ("2010-03-02", ""), ("2108-09-01", "像是写错了年份")],
)  # fmt: skip
def test_a_day_of_entry_before_birth_or_far_ahead_is_refused(typed, pupils, place, entered, words):
    pupils[0][place("入学日期")] = entered
    messages = [problem.message for problem in preview_workbook(typed(pupils)).problems]
    assert all(words in message for message in messages)
    assert bool(messages) == bool(words)


def test_a_day_of_entry_a_year_ahead_is_still_taken(typed, pupils, place):
    day = timezone.localdate()
    for days, count in ((366, 0), (367, 1)):
        pupils[0][place("入学日期")] = str(day + timezone.timedelta(days))
        assert len(preview_workbook(typed(pupils)).problems) == count


def test_a_namesake_in_the_class_under_another_number_is_asked_about(typed, taken, pupils, place):
    taken(typed())
    number = citizen_id(77, "2010-03-01")
    twin = [*pupils[0]]
    twin[place("身份证件号")], twin[place("学籍号")] = number, f"G{number}"
    another = [*twin]
    another[place("姓名")], another[place("身份证件号")] = named(78), citizen_id(78, "2010-03-01")
    another[place("学籍号")] = f"G{another[place('身份证件号')]}"
    (question,) = only_readings(typed([twin]))
    assert [str(problem) for problem in import_workbook(typed([twin, another])).problems] == [question]
    assert "本班在读的学生中有同名的" in question
    assert pupils[0][place("身份证件号")] not in question
    taken(typed([twin]), confirm=True)
    assert Pupil.objects.filter(person__name=pupils[0][place("姓名")]).count() == 2


def test_a_hidden_sheet_is_taken_in_by_consent_alone(typed, taken, tmp_path):
    book = openpyxl.load_workbook(typed())
    book[PUPILS].sheet_state = "hidden"
    book.create_sheet("说明").append(["请填写"])
    book.save(tmp_path / "隐藏.xlsx")
    question = only_readings(tmp_path / "隐藏.xlsx", 2)
    assert any("这张表在工作簿里是隐藏的" in sentence for sentence in question)
    all_taken(taken, tmp_path / "隐藏.xlsx", confirm=True)


def test_what_is_hidden_in_an_old_workbook_is_told(drawn, taken, place, old_format, tmp_path):  # noqa: F811
    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        page.set_row(2, None, None, {"hidden": True})
        page.set_column(place("出生日期"), place("出生日期"), None, None, {"hidden": True})
        page.write_comment(4, 0, "请核对")

    path = old_format(drawn(draw))
    rows, columns, comments = only_readings(path, 3)
    assert "第3行是隐藏的" in rows
    assert "E列是隐藏的" in columns
    assert "第5行有批注" in comments
    all_taken(taken, path, confirm=True)


def test_what_is_hidden_in_an_open_document_is_told(typed, pupils, headings, tmp_path):
    def row(texts, more=""):
        cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts)  # fmt: skip
        return f"<table:table-row{more}>{cells}</table:table-row>"

    hidden = '<table:table-column table:number-columns-repeated="4"/><table:table-column table:visibility="collapse"/>'
    rows = [
        row(headings(PUPILS)),
        row(pupils[0]),
        row(pupils[1], ' table:visibility="filter"'),
        row(pupils[2]),
    ]
    path = tmp_path / "学生.ods"
    path.write_bytes(ods(f'<table:table table:name="{PUPILS}">{hidden}{"".join(rows)}</table:table>'))
    question = only_readings(path, 2)
    assert "第3行是隐藏的" in question[0]
    assert "E列是隐藏的" in question[1]


def test_rows_struck_through_are_taken_in_by_consent_alone(drawn, taken):  # noqa: F811
    def draw(page, book, heads, rows):
        fill(page, [heads, *rows])
        struck = book.add_format({"font_strikeout": True})
        for place, text in enumerate(rows[2]):
            page.write(3, place, text, struck)

    path = drawn(draw)
    (question,) = only_readings(path)
    assert "第4行画了删除线" in question
    all_taken(taken, path, confirm=True)


def test_an_error_value_is_no_blank_in_an_open_document(taken, typed, pupils, headings, tmp_path):
    taken(typed([[*pupils[0][:-1], "2019-03-01"]]))

    def cells(texts):
        return "".join(f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts)  # fmt: skip

    error = (
        '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
        'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" calcext:value-type="error">'
        "<text:p>#N/A</text:p></table:table-cell>"
    )
    rows = f"<table:table-row>{cells(headings(PUPILS))}</table:table-row><table:table-row>{cells(pupils[0][:-1])}{error}</table:table-row>"
    path = tmp_path / "学生.ods"
    path.write_bytes(ods(f'<table:table table:name="{PUPILS}">{rows}</table:table>'))
    [problem] = preview_workbook(path).problems
    assert (problem.title, problem.value) == ("离校日期", "#N/A")
    assert "公式算出的错误值" in problem.message


def test_an_error_value_is_no_blank_in_an_old_workbook(taken, typed, pupils, old_format, tmp_path):  # noqa: F811
    taken(typed([[*pupils[0][:-1], "2019-03-01"]]))
    book = openpyxl.load_workbook(typed(pupils[:1]))
    sheet = book[PUPILS]
    sheet.cell(
        2, sheet.max_column if sheet.cell(1, sheet.max_column).value == "离校日期" else 12
    ).value = "=NA()"
    book.save(tmp_path / "错误值.xlsx")
    path = old_format(tmp_path / "错误值.xlsx")
    assert path.read_bytes().startswith(b"\xd0\xcf\x11\xe0")
    [problem] = preview_workbook(path).problems
    assert (problem.title, problem.value) == ("离校日期", "#N/A")


def test_electives_that_are_not_chosen_yet_stay_blank(schools, raw_workbook, taken):
    heads = ["姓名", "身份证件号", "学校标识码", "科类", "考试日期"]
    number = citizen_id(5, "2001-01-09")
    taken(raw_workbook({"高考报名册": [heads, ["高生甲", number, "", "物理类", "2027-06-07"]]}))
    assert ExamCandidate.objects.get().first_elective == ""
    more = [*heads, "再选科目一", "再选科目二"]
    path = raw_workbook({"高考报名册": [more, ["高生甲", number, "", "物理类", "2027-06-07", "化学", ""]]})
    [problem] = import_workbook(path).problems
    assert "须填两门不同的再选科目" in problem.message
