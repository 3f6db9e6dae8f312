"""The cast of autumn: the same people a grade further on."""

from collections import Counter

from xuezheng.demo.autumn import LEFT_ON, NEW_SCHOOL, TERM_START, autumn
from xuezheng.demo.district import district
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR

STAGES = (PRESCHOOL, PRIMARY, JUNIOR, SENIOR)


def by_person(cast):
    return {pupil.person: pupil for pupil in cast.pupils if pupil.left_on is None}


def test_nobody_is_enrolled_twice_and_no_id_number_is_used_twice():
    people = [pupil.person for pupil in autumn().pupils]
    assert len(set(people)) == len({person.id_number for person in people}) == len(people)


def test_everybody_of_spring_goes_on_or_has_left():
    told = {pupil.person for pupil in autumn().pupils}
    assert all(pupil.person in told for pupil in district().enrolled(*STAGES))
    gone = [pupil for pupil in autumn().pupils if pupil.left_on]
    assert {(pupil.stage, pupil.class_group.grade, pupil.left_on) for pupil in gone} == {(SENIOR, 3, LEFT_ON)}


def test_those_who_go_on_are_a_grade_further():
    spring = by_person(district())
    for person, pupil in by_person(autumn()).items():
        former = spring.get(person)
        if former and former.stage == pupil.stage:
            assert pupil.class_group.grade == former.class_group.grade + 1
            assert pupil.entered_on == former.entered_on
        else:
            assert pupil.entered_on == TERM_START
            assert former is None or STAGES.index(pupil.stage) == STAGES.index(former.stage) + 1


def test_the_new_kindergarten_has_opened_and_the_large_schools_are_still_too_large():
    sizes = Counter(pupil.school.name for pupil in autumn().enrolled(*STAGES))
    assert sizes[NEW_SCHOOL.name] == 81
    assert sizes["岩寺小学"] > 1500
    assert min(sizes["南山小学"], sizes["下街小学"]) > 600
    classes = Counter(pupil.class_group for pupil in autumn().enrolled(PRIMARY, JUNIOR))
    assert sum(size > 55 for size in classes.values()) == 2
