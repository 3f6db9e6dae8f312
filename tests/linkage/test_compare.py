"""A row beside a person: what is the same, and how the rest differs, without telling a number."""

from datetime import date

import pytest

from xuezheng.linkage.compare import compare
from xuezheng.linkage.models import ListRow
from xuezheng.records.models import ClassGroup, Person, Pupil, School

PUPIL = Pupil(class_group=ClassGroup(school=School(name="云岭区甲小学"), stage="primary"))


@pytest.fixture
def person(number):
    return Person(name="王子涵", id_number=number(3), sex="male", birth_date=date(2010, 3, 1))


def line(person, title, pupil=PUPIL, **told):
    row = ListRow(**{"name": "王子涵", **told})
    return next(it for it in compare(row, person, pupil) if it.title == title)


@pytest.mark.parametrize(
    ("name", "same", "note"),
    [
        ("王子涵", True, ""),
        ("王 子涵", True, "写法不同"),
        ("王梓涵", False, "读音相同"),
        ("王子晨", False, "第3字不同"),
        ("覃大壮", False, ""),
        ("王子", False, ""),
    ],
)
def test_names(person, name, same, note):
    assert line(person, "姓名", name=name)[3:] == (same, note)


def test_numbers_are_masked_and_told_apart_by_places(person, number):
    of = number(3)
    told = {
        of: (True, ""),
        f" {of[:10]} {of[10:]}": (True, "写法不同，号码相同"),
        f"{of[:6]}{of[8:17]}": (True, "十五位旧号"),
        f"{of[:6]}{of[8:16]}7": (False, "十五位旧号"),
        f"{of[:9]}7{of[10:]}": (False, "第10位不同"),
        of[:12]: (False, "12位，不完整"),
        "": (None, ""),
        "9" * 18: (False, "多位不同"),
    }
    for written, (same, note) in told.items():
        found = line(person, "身份证件号", id_number=written)
        assert (found.same, found.note) == (same, note), written
        assert of[6:14] not in found.listed + found.known + found.note


def test_what_the_list_does_not_tell_is_not_compared(person):
    assert [it.same for it in compare(ListRow(name="王子涵"), person, PUPIL)] == [True, *[None] * 7]
    assert line(person, "学校", pupil=None, school_name="甲小学").same is None


def test_a_school_is_the_same_by_part_of_its_name(person):
    assert line(person, "学校", school_name="甲小学").same
    assert line(person, "学校", school_name="乙小学").same is False


def test_guardian_and_village_are_compared_with_what_earlier_lists_told(person):
    row = ListRow(name="王子涵", guardian="王建帼", village="上坞村")
    *_, guardian, village = compare(row, person, PUPIL, ("王建国", "上坞村"))
    assert (guardian.known, guardian.same, guardian.note) == ("王建国", False, "读音相同")
    assert (village.known, village.same) == ("上坞村", True)


def test_days_sex_and_stage(person):
    assert line(person, "出生日期", birth_date=date(2010, 1, 3)).same is False
    assert line(person, "性别", sex="female").same is False
    assert line(person, "学段", stage="primary").same is True
    assert line(person, "学段", stage="junior").same is False
