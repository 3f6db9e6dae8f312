"""What the forms of kindergartens, of the county and of the self-evaluation refuse."""

from decimal import Decimal

import pytest

from xuezheng.areas.preschool.models import CountyYear, Kindergarten, SelfEvaluation
from xuezheng.records.models import School

SCHOOL = School(name="某园", kind="111", runner="831")
PRIVATE = School(name="某民办园", kind="111", runner="999")


def form(**fields):
    usual = {
        "school": SCHOOL, "nature": "education", "principals": 1, "certified_principals": 1, "teachers": 9,
        "certified_teachers": 9, "building_area": Decimal(900), "activity_area": Decimal(900), "outdoor_area": Decimal(0),
    }  # fmt: skip
    return Kindergarten(year=2021, **{**usual, **fields})


@pytest.mark.parametrize(
    "record",
    [
        form(),
        form(certified_principals=0, certified_teachers=0),
        form(school=PRIVATE, nature="affordable"),
        CountyYear(year=2021),
        CountyYear(year=2021, valid=100, satisfied=100),
        CountyYear(year=2021, valid=0, satisfied=0),
        *(SelfEvaluation(year=2021, item=f"i{number:02}", result="basic") for number in (11, 12, 16, 17, 26, 27, 29)),
        SelfEvaluation(year=2021, item="i10", result="unqualified"),
    ],
)  # fmt: skip
def test_what_can_be_is_not_complained_of(record):
    assert list(record.contradictions()) == []


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (form(certified_principals=2), "certified_principals", "2大于园长数1"),
        (form(certified_teachers=10), "certified_teachers", "10大于专任教师数9"),
        (form(activity_area=Decimal("900.01")), "activity_area", "900.01大于建筑面积（平方米）900"),
        (form(school=PRIVATE), "nature", "举办者是民办"),
        (CountyYear(year=2021, valid=100, satisfied=101), "satisfied", "101多于有效问卷数100"),
        (CountyYear(year=2021, valid=100), "satisfied", "同时留空"),
        *((SelfEvaluation(year=2021, item=f"i{number:02}", result="basic"), "result", "没有“基本合格”")
          for number in (10, 13, 15, 18, 25, 28, 30, 36)),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in dict(record.contradictions())[field]


@pytest.mark.django_db
def test_a_school_without_kindergarten_classes_has_no_form():
    primary = School.objects.create(
        code="2199000001", name="某小学", kind="211", urban_rural="121", runner="831"
    )
    assert "附设幼儿班" in dict(form(school=primary).contradictions())["school"]
