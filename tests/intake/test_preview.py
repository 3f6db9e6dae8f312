"""A preview tells what an import would do, row by row, and does none of it."""

import pytest

from xuezheng.intake import import_workbook, preview_workbook
from xuezheng.intake.preview import Difference, fingerprint
from xuezheng.records.identifiers import masked
from xuezheng.records.models import Pupil, School, User

PUPILS, AWARDS = "学生名册", "资助发放名单"


@pytest.fixture
def entered(taken, workbook, pupils):
    return taken(workbook({PUPILS: pupils}, "学生.xlsx"))


@pytest.fixture
def mixed(entered, pupils, small, place, workbook):
    """One row of each kind: wrong, doubtful, new, changed, unchanged."""
    new = [list(row) for row in small[PUPILS][5:8]]
    new[0][place("就读方式")] = "骑车"
    new[1][place("入学日期")] = "2016/9/1"
    changed = list(pupils[0])
    changed[place("班级名称")], changed[place("就读方式")], changed[place("户籍区划代码")] = (
        "八年级1班",
        "住校",
        "110101",
    )
    changed[place("学籍号")] = "J" + changed[place("身份证件号")]
    return workbook({PUPILS: [*new, changed, pupils[1]]}, "混.xlsx")


def test_each_row_has_its_kind_and_the_registers_stay(mixed, refused):
    refused(mixed)
    outcome = preview_workbook(mixed)
    assert not outcome.saved
    (sheet,) = outcome.previews
    assert [(row.number, row.kind) for row in sheet.rows] == [
        (2, "rejected"), (3, "doubtful"), (4, "added"), (5, "changed"), (6, "unchanged"),
    ]  # fmt: skip
    assert outcome.sheets[0].rejected == 2
    assert Pupil.objects.count() == 5


def test_a_changed_cell_is_told_before_and_after_with_numbers_masked(mixed, pupils, place):
    row = preview_workbook(mixed).previews[0].rows[3]
    number = masked(pupils[0][place("学籍号")])
    assert set(row.differences) == {
        Difference("班级", "三年级1班", "八年级1班"),
        Difference("就读方式", "走读", "住校"),
        Difference("户籍区划代码", "349900", "110101"),
        Difference("学籍号", number, f"J{number[1:]}"),
    }


def test_no_number_that_identifies_a_person_stands_in_a_preview(mixed, pupils, place):
    told = repr(preview_workbook(mixed).previews)
    assert all(row[place("身份证件号")] not in told for row in pupils)
    assert "众生一" in told


def test_the_wrong_cells_of_a_row_are_told(mixed, place):
    rows = preview_workbook(mixed).previews[0].rows
    assert [row.wrong for row in rows[:3]] == [(place("就读方式"),), (place("入学日期"),), ()]


def test_with_consent_doubtful_rows_are_shown_as_they_are_read(mixed):
    rows = preview_workbook(mixed, confirm=True).previews[0].rows
    assert [row.kind for row in rows] == ["rejected", "added", "added", "changed", "unchanged"]


def test_what_the_user_may_not_see_is_not_told(entered, pupils, place, workbook):
    """A clerk may move an own pupil into an own class, and never learns the name of a class elsewhere."""
    school = School.objects.get(name="云岭学校")
    clerk = User.objects.create(username="经办", role="clerk", school=school)
    pupils[0][place("班级名称")] = "八年级1班"
    path = workbook({PUPILS: pupils}, "改.xlsx")
    (told,) = preview_workbook(path, clerk).previews[0].rows[0].differences
    assert told == Difference("班级", "三年级1班", "八年级1班")
    clerk.school = School.objects.get(name="云岭中学")
    (told,) = preview_workbook(path, clerk).previews[0].rows[0].differences
    assert told == Difference("班级", "（不在您的查看范围）", "（不在您的查看范围）")


def test_a_sheet_that_cannot_be_laid_out_has_no_rows_but_its_problems(schools, raw_workbook):
    outcome = preview_workbook(raw_workbook({PUPILS: [["甲", "乙"], ["丙", "丁"]]}))
    assert [sheet.rows for sheet in outcome.previews] == [[]]
    assert "找不到表头" in outcome.problems[0].message


def test_the_import_that_a_preview_showed_is_done(schools, pupils, workbook):
    path = workbook({PUPILS: pupils})
    expected = fingerprint(preview_workbook(path).previews)
    assert import_workbook(path, expected=expected).saved


def test_an_import_that_would_do_something_else_by_now_is_given_up(entered, pupils, place, workbook):
    pupils[0][place("就读方式")] = "住校"
    path = workbook({PUPILS: pupils}, "改.xlsx")
    expected = fingerprint(preview_workbook(path).previews)
    pupil = Pupil.objects.get(person__name="众生一")
    pupil.boarding = "lodger"
    pupil.save()
    outcome = import_workbook(path, expected=expected)
    assert (outcome.saved, outcome.outdated, outcome.refused) == (False, True, False)
    assert Pupil.objects.get(pk=pupil.pk).boarding == "lodger"
