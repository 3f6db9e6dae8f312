"""What an import does to the registers: exactly what differs, with its origin, and nothing twice."""

from datetime import date

import pytest
from django.utils.timezone import localtime

from xuezheng.areas.aid.models import Award
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Batch, ClassGroup, Person, Pupil, School, User, registers

PUPILS, AWARDS = "学生名册", "资助发放名单"


@pytest.fixture
def entered(taken, workbook, pupils):
    return taken(workbook({PUPILS: pupils}, "学生.xlsx"))


def counts(outcome):
    return {s.sheet: (s.submitted, s.added, s.changed, s.unchanged, s.rejected) for s in outcome.sheets}


def histories():
    return {name: model.history.count() for name, model in registers().items()}


def test_new_rows_are_added_with_the_people_they_name(entered):
    assert counts(entered) == {PUPILS: (5, 5, 0, 0, 0)}
    assert str(entered.sheets[0]) == "学生名册：提交5 = 新增5 + 修改0 + 未变0 + 退回0"
    assert (Pupil.objects.count(), Person.objects.count()) == (5, 5)


def test_the_counts_are_kept_on_the_batch(entered):
    batch = Batch.objects.get(pk=entered.batch.pk)
    assert batch.file_name == "学生.xlsx"
    assert batch.sheets == [
        {"sheet": PUPILS, "submitted": 5, "added": 5, "changed": 0, "unchanged": 0, "rejected": 0}
    ]


def test_every_row_knows_its_file_sheet_and_row(entered, pupils):
    for number, row in enumerate(pupils, start=2):
        pupil = Pupil.objects.get(student_number_hash=keyed_hash(row[7]))
        for record in (pupil, pupil.person):
            assert (record.batch, record.source_sheet, record.source_row) == (entered.batch, PUPILS, number)


def test_the_history_tells_the_batch_and_who_sent_it(schools, taken, workbook, pupils):
    user = User.objects.create(username="经办", role="office")
    outcome = taken(workbook({PUPILS: pupils}), user=user)
    for model in (Pupil, Person):
        told = model.history.all()
        assert {(h.history_type, h.history_change_reason, h.history_user) for h in told} == {
            ("+", f"导入批次{outcome.batch.pk}", user)
        }
        assert told.count() == 5
    assert outcome.batch.made_by == user


def test_the_same_file_again_changes_nothing_and_says_so(entered, taken, tmp_path):
    before = histories()
    again = taken(tmp_path / "学生.xlsx")
    assert not again.saved
    assert counts(again) == {PUPILS: (5, 0, 0, 5, 0)}
    assert again.sentence() == (
        f"“学生.xlsx”与台账完全一致，没有任何变化（此文件已于{localtime(entered.batch.made_at):%Y-%m-%d}导入，批次{entered.batch.pk}）。"
    )
    assert histories() == before
    assert Batch.objects.count() == 2


def test_the_same_rows_in_another_file_change_nothing_either(entered, taken, workbook, pupils):
    again = taken(workbook({PUPILS: pupils[::-1]}, "另存.xlsx"))
    assert again.sentence() == "“另存.xlsx”与台账完全一致，没有任何变化。"


def test_one_changed_cell_is_one_changed_row_and_one_line_of_history(entered, taken, workbook, pupils, place):
    before = histories()
    pupils[3][place("就读方式")] = "住校"
    outcome = taken(workbook({PUPILS: pupils}, "改.xlsx"))
    assert counts(outcome) == {PUPILS: (5, 0, 1, 4, 0)}
    assert {name: now - before[name] for name, now in histories().items() if now != before[name]} == {
        "pupil": 1
    }
    pupil = Pupil.objects.get(student_number_hash=keyed_hash(pupils[3][7]))
    assert (pupil.boarding, pupil.source_row, pupil.batch) == ("boarder", 5, outcome.batch)
    new, old = pupil.history.all()
    assert (new.boarding, new.history_type, old.boarding) == ("boarder", "~", "day")
    assert Pupil.objects.filter(batch=entered.batch).count() == 4


def test_a_changed_cell_of_the_person_counts_the_row_as_changed(entered, taken, workbook, pupils, place):
    pupils[1][place("户籍区划代码")] = "110101"
    outcome = taken(workbook({PUPILS: pupils}, "改.xlsx"))
    assert counts(outcome) == {PUPILS: (5, 0, 1, 4, 0)}
    assert Person.objects.get(name="众生二").household_division == "110101"
    assert Pupil.objects.get(person__name="众生二").batch == entered.batch


def test_a_pupil_who_changes_class_is_the_same_pupil(entered, taken, workbook, pupils, place):
    key = Pupil.objects.get(person__name="众生一").pk
    pupils[0][place("班级名称")] = "八年级1班"
    taken(workbook({PUPILS: pupils}, "改.xlsx"))
    assert Pupil.objects.get(person__name="众生一").pk == key
    assert Pupil.objects.get(pk=key).class_group.name == "八年级1班"


@pytest.mark.parametrize(
    ("title", "value", "shown"),
    [
        ("姓名", "改名", "登记的内容"),
        ("性别", "女", "登记的“男”"),
        ("出生日期", "2010-03-02", "登记的“2010-03-01”"),
    ],
)
def test_what_is_settled_of_a_known_person_is_told_and_never_overwritten(
    entered, refused, workbook, pupils, place, title, value, shown
):
    pupils[2][place(title)] = value
    told = refused(workbook({PUPILS: pupils}, "改.xlsx"), confirm=True)
    assert any(
        f"第4行{'ABCDEFG'[place(title)]}列“{title}”：与台账中同一证件号{shown}不一致，不会自动覆盖" in text
        for text in told
    )
    person = Person.objects.get(id_number_hash=Person.objects.get(name="众生三").id_number_hash)
    assert (person.name, person.sex, person.birth_date) == ("众生三", "male", date(2010, 3, 1))


def test_a_blank_clears_what_the_sheet_is_about_by_consent_but_not_what_it_only_refers_to(
    entered, taken, refused, workbook, pupils, place
):
    pupils[0][place("户籍区划代码")] = ""
    pupils[0][place("离校日期")] = "2019-05-01"
    taken(workbook({PUPILS: pupils}, "改.xlsx"))
    pupils[0][place("离校日期")] = ""
    (told,) = refused(workbook({PUPILS: pupils}, "再改.xlsx"))
    assert "第2行L列“离校日期”：台账中有内容，这里是空的。" in told
    assert "可按“清空”读取，须经确认" in told
    taken(workbook({PUPILS: pupils}, "再改.xlsx"), confirm=True)
    pupil = Pupil.objects.get(person__name="众生一")
    assert pupil.left_on is None
    assert pupil.person.household_division == "349900"


def test_sheets_are_taken_in_by_what_they_depend_on_not_by_their_order(db, taken, workbook, small):
    titles = ["学生名册", "班级名册", "资助发放名单", "学校名册", "学期", "本地信息"]
    outcome = taken(workbook({title: small[title] for title in titles}))
    assert all(sheet.added == sheet.submitted for sheet in outcome.sheets)
    assert Award.objects.filter(person__pupil__isnull=False).count() == 10


def test_one_wrong_row_of_one_sheet_keeps_every_sheet_out(db, refused, workbook, small):
    small["资助发放名单"][5][10] = "六百"
    told = refused(workbook(small))
    assert len(told) == 1
    assert School.objects.count() == ClassGroup.objects.count() == 0


def test_a_name_that_another_school_has_is_told(schools, refused, workbook, small):
    rows = [["3134990009", *small["学校名册"][0][1:]]]
    (told,) = refused(workbook({"学校名册": rows}, "新校.xlsx"))
    assert "“学校名册”第2行B列“学校名称”：已被另一条记录使用（学校名称不能重复）。请核对。" in told


def test_a_name_that_two_rows_of_a_file_give_is_told(schools, refused, workbook, small):
    rows = [
        ["3134990008", "新校", *small["学校名册"][0][2:]],
        ["3134990009", "新校", *small["学校名册"][0][2:]],
    ]
    (told,) = refused(workbook({"学校名册": rows}, "新校.xlsx"))
    assert "第3行B列“学校名称”：已被另一条记录使用" in told


def test_a_student_number_that_another_pupil_has_is_told(entered, refused, workbook, pupils, place):
    number = "J" + pupils[0][place("身份证件号")]
    pupils[3][place("学籍号")] = pupils[4][place("学籍号")] = number
    (told,) = refused(workbook({PUPILS: pupils}, "改.xlsx"))
    assert "第6行H列“学籍号”：已被另一条记录使用（学籍号不能重复）" in told


def test_children_without_student_number_do_not_clash(schools, taken, workbook, small, citizen):
    child = small[PUPILS][-1]
    other = [*child[:2], "幼小妹", "女", "2013-06-01", "", citizen(2, "2013-06-01", "女"), "", *child[8:]]
    assert counts(taken(workbook({PUPILS: [child, other]})))[PUPILS] == (2, 2, 0, 0, 0)


def test_two_rows_that_name_one_new_person_add_one_person(schools, taken, workbook, small):
    awards = [row for row in small[AWARDS] if row[0] == "初小兰"]
    outcome = taken(workbook({AWARDS: awards}))
    assert counts(outcome)[AWARDS] == (3, 3, 0, 0, 0)
    assert Person.objects.get().sex == "female"


def test_a_wrong_row_beside_a_right_one_of_the_same_new_person_is_told_not_crashed_on(
    schools, refused, workbook, small
):
    awards = [row for row in small[AWARDS] if row[0] == "初小兰"]
    awards[0][9] = "一档"
    (told,) = refused(workbook({AWARDS: awards}))
    assert "第2行J列“资助档次”：“建档立卡学生资助”不分档次，档次应留空。" in told


def test_rows_that_tell_different_things_of_one_person_are_told(schools, refused, workbook, small, headings):
    title = "困难学生认定名单"
    row = small[title][0]
    rows = [[*row[:2], "349900", "建档立卡", *row[4:]], [*row[:2], "", "孤儿", *row[4:]],
            [*row[:2], "110101", "农村低保", *row[4:]]]  # fmt: skip
    (told,) = refused(workbook({title: rows}))
    assert "第4行C列“户籍区划代码”：与第2行同一身份证件号所填的不一致。请核对两行。" in told


def test_rows_that_name_one_new_person_differently_are_told(schools, refused, workbook, small):
    awards = [row for row in small[AWARDS] if row[0] == "初小兰"]
    awards[1][0] = "初小蓝"
    (told,) = refused(workbook({AWARDS: awards}))
    assert "第3行A列“姓名”：与第2行同一身份证件号所填的不一致。请核对两行。" in told


def test_a_name_that_begins_with_new_is_found_again(db, taken, workbook):
    rows = [["new campus", "教〔2019〕6号", "2019-04-01"]]
    taken(workbook({"民生工程项目": rows}))
    assert not taken(workbook({"民生工程项目": rows}, "又.xlsx")).saved


def test_without_a_citizens_id_number_sex_and_birth_date_must_be_filled(
    schools, refused, workbook, pupils, place
):
    pupils[0][place("身份证件类型")], pupils[0][place("身份证件号")] = "护照", "E1234567"
    pupils[0][place("学籍号")] = "J" + pupils[0][place("学籍号")][1:]
    pupils[0][place("性别")] = pupils[0][place("出生日期")] = ""
    told = refused(workbook({PUPILS: pupils}))
    assert any("第2行D列“性别”：" in text for text in told)
    assert any("第2行E列“出生日期”：" in text for text in told)


def test_a_blank_cell_does_not_put_a_default_over_what_is_registered(entered, taken, workbook, pupils, place):
    person = Pupil.objects.get(student_number_hash=keyed_hash(pupils[3][7])).person
    Person.objects.filter(pk=person.pk).update(id_type="hkmt")
    rows = [list(row) for row in pupils]
    rows[3][place("身份证件类型")] = None
    assert counts(taken(workbook({PUPILS: rows}))) == {PUPILS: (5, 0, 0, 5, 0)}
    person.refresh_from_db()
    assert person.id_type == "hkmt"
