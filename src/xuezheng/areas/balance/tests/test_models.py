"""What the school conditions form refuses."""

from decimal import Decimal

import pytest

from xuezheng.areas.balance.models import Facilities, StageCondition
from xuezheng.records.models import School

SCHOOL = School(name="某校", kind="312")


def facilities(**fields):
    areas = {"teaching_area": Decimal(500), "indoor_sports_area": Decimal(50), "sports_area": Decimal(700)}
    return Facilities(school=SCHOOL, year=2019, **{**areas, **fields})


def condition(**fields):
    usual = {
        "stage": "primary", "pupils": 90, "classes": 2, "largest_class": 45, "teachers": 6,
        "associate": 2, "bachelor": 3, "master": 1, "backbone": 1,
        "pe_teachers": 1, "music_teachers": 1, "art_teachers": 0,
    }  # fmt: skip
    return StageCondition(school=SCHOOL, year=2019, **{**usual, **fields})


@pytest.mark.parametrize(
    "record",
    [
        facilities(),
        facilities(indoor_sports_area=Decimal(500)),
        condition(),
        condition(stage="junior", backbone=6, art_teachers=4),
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert list(record.faults()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (facilities(indoor_sports_area=Decimal("500.01")), "indoor_sports_area", "大于教学及辅助用房面积"),
        (condition(stage="senior"), "stage", "九年一贯制学校不办高中"),
        (condition(doctor=1), "associate", "各学历专任教师之和7多于专任教师数6"),
        (condition(art_teachers=5), "pe_teachers", "体育、音乐、美术专任教师之和7"),
        (condition(backbone=7), "backbone", "骨干教师数7多于"),
        (condition(pupils=91), "largest_class", "2个班、每班不超过45人，容不下在校生91人"),
    ],
)
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.faults())[field]


def test_records_are_called_as_people_call_them():
    assert str(facilities()) == "某校 2019年"
    assert str(condition()) == "某校 小学 2019年"
