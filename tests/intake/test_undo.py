"""An import is undone whole, and the registers are as they were; or it is not, and every row that hinders is told."""

import hashlib
from threading import Barrier, Thread

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xuezheng.intake import UndoRefused, import_workbook, undo
from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Batch, Person, Pupil, Record, School, User, registers

PUPILS, AWARDS, SCHOOLS, CLASSES = "学生名册", "资助发放名单", "学校名册", "班级名册"
PROVENANCE = {field.attname for field in Record._meta.fields}


def state(provenance=False):
    """A hash over every row of every register: equal if and only if they hold the same."""
    told = hashlib.sha256()
    for name, model in sorted(registers().items()):
        fields = [f.attname for f in model._meta.concrete_fields if provenance or f.attname not in PROVENANCE]
        for row in model.objects.order_by("pk").values_list(*fields):
            told.update(repr((name, row)).encode())
    return told.hexdigest()


def refusal(number, **kind):
    before = state(provenance=True)
    with pytest.raises(UndoRefused) as raised:
        undo(number, **kind)
    assert state(provenance=True) == before
    return raised.value


@pytest.fixture
def entered(taken, workbook, pupils):
    return taken(workbook({PUPILS: pupils}, "学生.xlsx"))


def test_everything_that_an_import_added_is_removed(schools, taken, workbook, small):
    before = state(provenance=True)
    outcome = taken(workbook({title: small[title] for title in (PUPILS, AWARDS, "教职工名册")}))
    undone = undo(outcome.batch.pk)
    assert state(provenance=True) == before
    assert undone.removed == sum(m.history.filter(history_type="-").count() for m in registers().values())
    assert undone.sentence().startswith(f"批次{outcome.batch.pk}“上报.xlsx”已撤销：删去当时新增的")
    assert not Person.objects.exists()


def test_a_whole_district_is_undone(db, taken, workbook, small):
    before = state()
    outcome = taken(workbook(small))
    undo(outcome.batch.pk)
    assert state() == before
    assert not any(model.objects.exists() for model in registers().values())


def test_what_an_import_changed_is_as_before_with_its_origin(entered, taken, workbook, pupils, place):
    before = state(provenance=True)
    pupils[0][place("就读方式")] = "住校"
    pupils[1][place("户籍区划代码")] = "110101"
    pupils[2][place("班级名称")] = "八年级1班"
    outcome = taken(workbook({PUPILS: pupils}, "改.xlsx"))
    undone = undo(outcome.batch.pk)
    # The pupil in another class has an event of that, which goes again.
    assert (undone.removed, undone.restored) == (1, 3)
    assert state(provenance=True) == before


def test_the_batch_stays_marked_by_whom_and_when(entered):
    user = User.objects.create(username="办公室", role="office")
    undo(entered.batch.pk, user)
    batch = Batch.objects.get(pk=entered.batch.pk)
    assert batch.undone_by == user
    assert batch.undone_at > batch.made_at
    told = set(Pupil.history.filter(history_type="-").values_list("history_change_reason", "history_user"))
    assert told == {(f"撤销批次{batch.pk}", user.pk)}


def test_an_import_is_undone_once(entered):
    undo(entered.batch.pk)
    assert "撤销。" in str(refusal(entered.batch.pk))
    assert str(refusal(9999)) == "没有批次9999。请核对批次号。"


def test_the_same_file_goes_in_again_after_the_undo(schools, taken, workbook, pupils):
    path = workbook({PUPILS: pupils}, "学生.xlsx")
    first = taken(path)
    undo(first.batch.pk)
    again = taken(path)
    assert again.earlier is None
    assert again.sheets == first.sheets
    assert Pupil.objects.count() == 5


def test_a_row_that_a_later_import_changed_is_told_with_its_batch(entered, taken, workbook, pupils, place):
    pupils[3][place("就读方式")] = "借宿"
    later = taken(workbook({PUPILS: pupils}, "改.xlsx")).batch.pk
    told = refusal(entered.batch.pk)
    assert str(told).endswith("没有撤销：有1处后来有了变化，台账没有任何改动。")
    assert [str(it) for it in told.obstacles] == [
        f"“学生.xlsx”“学生名册”第5行：后来有更改（就读方式），来自批次{later}。请先撤销批次{later}。"
    ]


def test_imports_are_undone_one_after_the_other_back_to_the_first(entered, taken, workbook, pupils, place):
    before = state(provenance=True)
    numbers = []
    for way in ("借宿", "住校", "其他"):
        pupils[3][place("就读方式")] = way
        numbers.append(taken(workbook({PUPILS: pupils}, f"{way}.xlsx")).batch.pk)
    for number in reversed(numbers):
        undo(number)
    assert state(provenance=True) == before
    undo(entered.batch.pk)
    assert not Person.objects.exists()


def test_a_row_that_was_changed_by_hand_is_told_with_who_and_why(entered):
    user = User.objects.create(username="小王")
    person = Person.objects.get(name="众生二")
    person.name = "众生贰"
    person._history_user, person._change_reason = user, "对照户口簿349900201003010519更正"
    person.save()
    (told,) = refusal(entered.batch.pk).obstacles
    assert (told.sheet, told.row) == (PUPILS, 3)
    assert told.message.startswith("后来有更改（姓名），由小王于20")
    assert told.message.endswith(
        "所改，原因：对照户口簿349***********0519更正。如仍要撤销，请先在该记录页面改回。"
    )


def test_a_hand_that_changed_nothing_hinders_nothing(entered):
    for person in Person.objects.all():
        person.save()
    undo(entered.batch.pk)
    assert not Person.objects.exists()


def test_a_change_that_no_history_tells_is_found_all_the_same(entered):
    Pupil.objects.filter(person__name="众生一").update(boarding="other")
    (told,) = refusal(entered.batch.pk).obstacles
    assert told.message == "后来有更改（就读方式），没有更改记录可查。请联系管理员。"


def test_what_stood_there_without_a_history_comes_back_too(entered, taken, workbook, pupils, place):
    Pupil.objects.filter(person__name="众生一").update(left_on="2019-01-31")
    Pupil.objects.filter(person__name="众生二").get().history.all().delete()
    before = state(provenance=True)
    for row in pupils[:2]:
        row[place("就读方式")] = "住校"
    undo(taken(workbook({PUPILS: pupils}, "改.xlsx"), confirm=True).batch.pk)
    assert state(provenance=True) == before


def test_no_history_is_added_for_what_its_history_tells(entered, taken, workbook, pupils, place):
    pupils[0][place("就读方式")] = "住校"
    taken(workbook({PUPILS: pupils}, "改.xlsx"))
    assert Pupil.objects.get(person__name="众生一").history.count() == 2


def test_a_row_to_which_a_later_import_points_is_told(entered, taken, workbook, small):
    later = taken(workbook({"困难学生认定名单": small["困难学生认定名单"]}, "困难.xlsx")).batch.pk
    (told,) = refusal(entered.batch.pk).obstacles
    assert (told.sheet, told.row) == (PUPILS, 2)
    assert told.message == f"后来有1条“困难类别”指向这一行加入的记录。请先撤销批次{later}。"
    undo(later)
    undo(entered.batch.pk)


def test_a_row_to_which_a_user_points_is_told(db, taken, workbook, small):
    outcome = taken(workbook({title: small[title] for title in ("本地信息", "学期", SCHOOLS)}))
    User.objects.create(username="经办", school=School.objects.get(name="云岭中学"))
    (told,) = refusal(outcome.batch.pk).obstacles
    assert told.message == "后来有1条“用户”指向这一行加入的记录。请先改正或移走这些用户。"


def test_a_record_that_moved_away_does_not_hold_what_it_came_from(schools, taken, workbook, small):
    staff = [list(row) for row in small["教职工名册"]]
    new = [["2134990005", "云岭三小", "小学", "村庄", "县级教育部门", "", ""]]
    first = taken(workbook({SCHOOLS: new}, "新校.xlsx")).batch.pk
    taken(workbook({"教职工名册": staff}, "教职工.xlsx"))
    before = state(provenance=True)
    staff[0][2] = "2134990005"
    moved = taken(workbook({"教职工名册": staff}, "转入.xlsx")).batch.pk
    assert len(refusal(first).obstacles) == 1
    staff[0][2] = "3434990002"
    back = taken(workbook({"教职工名册": staff}, "转出.xlsx")).batch.pk
    undo(first)
    (told,) = refusal(back).obstacles
    assert told.message == "原来的“学校”已不在台账中，无法恢复。请联系管理员。"
    assert len(refusal(moved).obstacles) == 1
    assert state(provenance=True) != before


def test_a_class_of_which_an_event_tells_stays(schools, taken, workbook, pupils, place):
    new = [["3134990001", "三年级2班", "小学", "3", ""]]
    first = taken(workbook({CLASSES: new}, "新班.xlsx")).batch.pk
    numbers = []
    for group in ("三年级1班", "三年级2班", "三年级1班"):
        pupils[0][place("班级名称")] = group
        numbers.append(taken(workbook({PUPILS: pupils[:1]}, f"{group}{len(numbers)}.xlsx")).batch.pk)
    # One event led to the class, one away from it.
    messages = [told.message for told in refusal(first).obstacles]
    assert messages == [
        f"后来有1条“学籍异动”指向这一行加入的记录。请先撤销批次{number}。" for number in numbers[1:]
    ]
    for number in reversed(numbers):
        undo(number)
    undo(first)


def test_a_name_that_another_has_taken_since_is_told(schools, taken, workbook, small):
    rows = [list(small[SCHOOLS][0])]
    rows[0][1] = "云岭新校"
    renamed = taken(workbook({SCHOOLS: rows}, "更名.xlsx")).batch.pk
    taken(workbook({SCHOOLS: [["3134990009", *small[SCHOOLS][0][1:]]]}, "同名.xlsx"))
    (told,) = refusal(renamed).obstacles
    assert told.message == "原来的“学校名称”后来已由另一条记录使用，无法恢复。请先核对那条记录。"


@pytest.mark.django_db(transaction=True)
def test_many_undos_at_once_undo_once(small, workbook, taken):
    first = taken(
        workbook({title: small[title] for title in ("本地信息", "学期", SCHOOLS, CLASSES)}, "学校.xlsx")
    )
    before = state()
    number = taken(workbook({PUPILS: small[PUPILS]}, "学生.xlsx")).batch.pk
    together, done, refused, failures = Barrier(5), [], [], []

    def take_back():
        together.wait()
        try:
            done.append(undo(number))
        except UndoRefused as refusal:
            refused.append(refusal)
        except Exception as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [Thread(target=take_back) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (len(done), len(refused)) == (1, 4)
    assert state() == before
    undo(first.batch.pk)


ROWS = st.lists(
    st.tuples(
        st.integers(0, 11),
        st.sampled_from(["走读", "住校", "借宿"]),
        st.sampled_from(["三年级1班", "八年级1班"]),
        st.sampled_from(["", "349900", "110101"]),
    ),
    min_size=1,
    max_size=8,
    unique_by=lambda row: row[0],
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(imports=st.lists(ROWS, min_size=1, max_size=4))
def test_whatever_was_imported_the_undo_of_all_leads_back_step_by_step(
    schools, small, workbook, place, imports
):
    with transaction.atomic():
        steps = []
        for number, rows in enumerate(imports):
            sheet = []
            for order, way, group, division in rows:
                row = list(small[PUPILS][order])
                row[place("就读方式")], row[place("班级名称")], row[place("户籍区划代码")] = (
                    way,
                    group,
                    division,
                )
                sheet.append(row)
            before = state(provenance=True)
            outcome = import_workbook(workbook({PUPILS: sheet}, f"{number}.xlsx"), confirm=True)
            assert not outcome.refused
            if outcome.saved:
                steps.append((outcome.batch.pk, before))
        for number, before in reversed(steps):
            undo(number)
            assert state(provenance=True) == before
        transaction.set_rollback(True)


def test_all_hashes_are_kept_in_step(entered, taken, workbook, pupils, place):
    pupils[0][place("学籍号")] = "J" + pupils[0][place("身份证件号")]
    undo(taken(workbook({PUPILS: pupils}, "改.xlsx")).batch.pk)
    pupil = Pupil.objects.get(person__name="众生一")
    assert pupil.student_number_hash == keyed_hash(pupil.student_number)
    assert pupil.student_number.startswith("G")
