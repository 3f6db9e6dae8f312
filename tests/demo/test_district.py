"""The demonstration's cast: the same at every run, and consistent."""

from collections import Counter
from datetime import date

import pytest

from xuezheng.demo.district import LAST_DAY, TERM_START, build, district
from xuezheng.demo.people import DISTRICT, OTHER_PROVINCES, SAME_PROVINCE
from xuezheng.demo.schools import JUNIOR, PLANS, PRESCHOOL, PRIMARY, SENIOR, UNIVERSITY
from xuezheng.records.code_lists import code_list
from xuezheng.records.identifiers import (
    birth_date_of,
    check_citizen_id,
    check_division,
    check_school_code,
    check_student_number,
    sex_of,
)
from xuezheng.records.models import Pupil, Sex, Stage


def everybody():
    cast = district()
    return [
        *(pupil.person for pupil in cast.pupils),
        *(away.person for away in cast.absent),
        *cast.candidates,
    ]


def sizes(*stages):
    return Counter(pupil.class_group for pupil in district().enrolled(*stages))


def test_two_builds_are_equal():
    assert build() == build() == district()


@pytest.mark.parametrize(
    ("stage", "pupils"), [(PRESCHOOL, 2304), (PRIMARY, 6101), (JUNIOR, 3095), (SENIOR, 3500)]
)
def test_pupils_on_the_last_day(stage, pupils):
    assert len(district().enrolled(stage)) == pupils


def test_the_reports_number_of_compulsory_pupils():
    assert len(district().enrolled(PRIMARY, JUNIOR)) == 9196


def test_some_left_during_the_term_and_are_not_counted():
    left = [pupil.left_on for pupil in district().pupils if pupil.left_on]
    assert len(left) >= 20
    assert all(TERM_START < day < LAST_DAY for day in left)


def test_every_school_has_the_pupils_of_its_plan():
    found = Counter((pupil.school.name, pupil.stage) for pupil in district().pupils if pupil.left_on is None)
    planned = Counter()
    for plan in PLANS:
        for intake in (*plan.intakes, *filter(None, [plan.attached])):
            planned[plan.name, intake.stage] += intake.pupils
    assert found == planned


def test_school_and_class_sizes_that_the_plan_for_the_next_half_year_names():
    schools = Counter(pupil.school.name for pupil in district().enrolled(PRIMARY, JUNIOR))
    assert schools["岩寺小学"] > 1500
    assert schools["南山小学"] > 600
    assert schools["下街小学"] > 600
    assert sorted(size for size in sizes(PRIMARY, JUNIOR).values() if size > 55) == [57, 57, 58, 67]
    assert all(size <= 35 for size in sizes(PRESCHOOL).values())
    assert all(size <= 55 for size in sizes(SENIOR).values())


def test_id_numbers_are_valid_unique_and_agree_with_the_person():
    people = everybody()
    assert len({person.id_number for person in people}) == len(people)
    for person in people:
        check_citizen_id(person.id_number)
        assert birth_date_of(person.id_number) == person.born
        assert Sex(sex_of(person.id_number)).label == person.sex
        assert person.id_number.startswith(person.household)


def test_divisions_are_fictitious():
    assert {person.household for person in everybody()} == {DISTRICT, *SAME_PROVINCE, *OTHER_PROVINCES}
    assert {away.study_division for away in district().absent} <= {*SAME_PROVINCE, *OTHER_PROVINCES}
    for division in (DISTRICT, *SAME_PROVINCE, *OTHER_PROVINCES):
        check_division(division)
        assert division[:2] in ("97", "98", "99")
        assert (division[:2] == "99") == (division not in OTHER_PROVINCES)


def test_names_vary():
    names = Counter(person.name for person in everybody())
    assert len(names) > len(everybody()) * 0.7
    assert names.most_common(1)[0][1] < 20
    assert any("·" in name for name in names)
    assert any(name.startswith("欧阳") for name in names)


def test_student_numbers():
    for pupil in district().pupils:
        if pupil.stage == PRESCHOOL:
            assert pupil.student_number is None
        else:
            check_student_number(pupil.student_number)
            assert pupil.student_number == f"G{pupil.person.id_number}"


def test_ages_fit_grades_of_the_school_year():
    years_before = {PRESCHOOL: -3, PRIMARY: 0, JUNIOR: 6, SENIOR: 9}
    late = 0
    for pupil in district().pupils:
        years = years_before[pupil.stage] + pupil.class_group.grade
        # In grade 1 of primary school: six years old by 31 August 2018.
        latest = date(2013 - years, 8, 31)
        assert date(latest.year - 2, 8, 31) < pupil.person.born <= latest
        late += pupil.person.born <= date(latest.year - 1, 8, 31)
    assert 0 < late < len(district().pupils) * 0.05


def test_those_who_entered_did_so_before_they_left():
    for pupil in district().pupils:
        assert pupil.entered_on in (date(2019 - pupil.class_group.grade, 9, 1), TERM_START)
        assert pupil.left_on is None or pupil.left_on > pupil.entered_on


def test_boarders():
    boarders = Counter(
        (pupil.stage, pupil.school.urban_rural) for pupil in district().pupils if pupil.boarding == "住校"
    )
    assert boarders[JUNIOR, "乡中心区"] > 300
    assert boarders[PRIMARY, "乡中心区"] > 105
    assert not any(stage == PRESCHOOL for stage, _ in boarders)


def test_schools_and_classes_are_as_the_registers_want_them():
    cast = district()
    assert len({school.code for school in cast.schools}) == len(cast.schools) == 40
    assert len({(group.school.code, group.name) for group in cast.classes}) == len(cast.classes)
    assert Counter(school.kind for school in cast.schools)["幼儿园"] == 15
    for school in cast.schools:
        check_school_code(school.code)
        assert school.code[2:4] == "99"
        assert school.urban_rural in code_list("policy.urban_rural").by_label
        assert school.runner in code_list("policy.runner").by_label
        assert (school.senior_grade or "市示范高中") in code_list("policy.senior_grade").by_label
    stages = {
        kind.label: {Stage(stage).label for stage in kind.properties()["stages"]}
        for kind in code_list("policy.school_kind").codes.values()
    }
    for group in cast.classes:
        assert group.attached == (group.stage not in stages[group.school.kind])
    assert {PRESCHOOL, PRIMARY, JUNIOR, SENIOR, UNIVERSITY} == set(Stage.labels)
    assert {pupil.boarding for pupil in cast.pupils} <= set(Pupil.Boarding.labels)


def test_those_who_study_elsewhere_are_in_no_school_of_the_district():
    cast = district()
    assert len(cast.absent) == 148
    assert all(away.person.household == DISTRICT for away in cast.absent)
    assert not {away.school_name for away in cast.absent} & {school.name for school in cast.schools}
