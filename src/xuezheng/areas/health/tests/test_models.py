"""What cannot be true of meals, a screening, a fitness test."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from xuezheng.areas.health.models import (
    CounsellingCase,
    FitnessTest,
    MealDay,
    NutritionPupil,
    VisionScreening,
)
from xuezheng.records.models import Person, School

PUPIL = Person(name="甲", birth_date=date(2010, 3, 12))


def meals(**fields):
    return MealDay(**{"school": School(kind="211"), "day": date(2019, 3, 4), "pupils": 20, **fields})


def screening(**fields):
    usual = {"person": PUPIL, "screened_on": date(2019, 3, 12), "stage": "primary", "grade": 3}
    return VisionScreening(**{**usual, "glasses": "none", **fields})


def fitness(**fields):
    usual = {"stage": "junior", "grade": 2, "school_year": "2018-2019", "tested_on": date(2018, 9, 1)}
    return FitnessTest(**{**usual, **fields})


def faults(record):
    record.complete()
    return dict(record.faults())


@pytest.mark.parametrize(
    "record",
    [
        meals(meals=20),
        meals(meals=40),
        NutritionPupil(school=School(kind="312")),
        screening(),
        screening(sphere_right=Decimal("-0.25"), cylinder_right=Decimal(0)),
        screening(screened_on=date(2015, 3, 12), grade=1),
        fitness(),
        fitness(tested_on=date(2019, 8, 31)),
    ],
)
def test_what_can_be_is_not_complained_of(record):
    assert faults(record) == {}


@pytest.mark.parametrize(
    ("record", "field", "sentence"),
    [
        (meals(meals=19), "meals", "供餐应为20至40份"),
        (meals(meals=41), "meals", "供餐应为20至40份"),
        (meals(meals=20, school=School(kind="342")), "school", "不含高级中学"),
        (NutritionPupil(school=School(kind="111")), "school", "不含幼儿园"),
        (screening(grade=7), "grade", "小学的年级应为1至6"),
        (screening(screened_on=date(2015, 3, 11)), "screened_on", "不在5至27周岁之间"),
        (screening(screened_on=date(2038, 3, 12)), "screened_on", "不在5至27周岁之间"),
        (screening(screened_on=date(2009, 3, 12)), "screened_on", "不在5至27周岁之间"),
        (screening(sphere_left=Decimal(1)), "cylinder_left", "左眼的球镜和柱镜应同时填写"),
        (screening(cylinder_right=Decimal(0)), "cylinder_right", "右眼的球镜和柱镜应同时填写"),
        (fitness(grade=4), "grade", "初中的年级应为1至3"),
        (fitness(school_year="2018-2020"), "school_year", "两个年份应相连"),
        (fitness(tested_on=date(2018, 8, 31)), "tested_on", "不在2018-2019学年"),
        (fitness(tested_on=date(2019, 9, 1)), "tested_on", "不在2018-2019学年"),
    ],
)
def test_what_cannot_be_is_told_at_the_field(record, field, sentence):
    assert sentence in faults(record)[field]


@pytest.mark.parametrize(
    ("day", "age"),
    [(date(2019, 3, 11), 8), (date(2019, 3, 12), 9), (date(2020, 2, 29), 9), (date(2020, 3, 12), 10)],
)
def test_the_age_is_that_of_the_day_of_screening(day, age):
    record = screening(screened_on=day)
    record.complete()
    assert record.age == age


@pytest.mark.parametrize(
    ("model", "field", "right", "wrong"),
    [
        (VisionScreening, "vision_right", ("0", "3.3", "5.6"), ("3.2", "5.7", "-1", "1.0")),
        (VisionScreening, "sphere_left", ("-30", "30"), ("-30.25", "30.25")),
        (VisionScreening, "cylinder_right", ("-15", "15"), ("-15.25", "15.25")),
        (FitnessTest, "score", ("0", "120"), ("-0.1", "120.1")),
        (CounsellingCase, "grade", ("1", "12"), ("0", "13")),
    ],
)
def test_values_lie_in_the_windows_of_the_national_forms(model, field, right, wrong):
    checked = model._meta.get_field(field)
    for value in right:
        checked.run_validators(Decimal(value))
    for value in wrong:
        with pytest.raises(ValidationError):
            checked.run_validators(Decimal(value))


def test_nobody_but_the_section_sees_a_case_and_no_case_names_a_pupil():
    assert CounsellingCase.confidential
    fields = {field.name for field in CounsellingCase._meta.concrete_fields}
    assert fields == {
        "id", "batch", "source_sheet", "source_row", "number", "day", "grade", "theme", "status",
    }  # fmt: skip
