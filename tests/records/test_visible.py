"""Who sees which rows."""

import pytest

from xuezheng.areas.aid.models import Award, LivelihoodProject
from xuezheng.areas.enrolment.models import ExamCandidate
from xuezheng.records.models import (
    ClassGroup,
    District,
    Person,
    PersonCategory,
    Pupil,
    School,
    StaffMember,
    Term,
    User,
    registers,
)

Role = User.Role


@pytest.fixture
def user(district):
    def make(role, section="", school=None, **kind):
        own = School.objects.get(name=school) if school else None
        return User(username="某", role=role, section=section, school=own, **kind)

    return make


def seen(model, user):
    return model.objects.visible_to(user).count()


def test_the_office_sees_every_row(user):
    someone = user(Role.OFFICE)
    for model in registers().values():
        assert seen(model, someone) == model.objects.count()


def test_an_administrator_sees_nobody_s_records(user):
    for model in registers().values():
        assert not (model.personal or model.confidential) or seen(model, user(Role.ADMINISTRATOR)) == 0


@pytest.mark.parametrize("role", list(Role))
def test_everyone_sees_the_district_its_terms_and_projects(user, role):
    assert [seen(model, user(role)) for model in (District, Term, LivelihoodProject)] == [1, 3, 1]


def test_a_section_sees_the_people_and_its_own_registers(user):
    aid = user(Role.SECTION, section="aid")
    assert seen(Person, aid) == Person.objects.count()
    assert seen(Award, aid) == Award.objects.count()


def test_a_section_sees_no_persons_of_other_sections(user):
    assert seen(ExamCandidate, user(Role.SECTION, section="aid")) == 0
    assert seen(Award, user(Role.SECTION, section="enrolment")) == 0
    assert seen(Award, user(Role.SECTION)) == 0


def test_a_leader_sees_schools_and_classes_but_no_single_person(user):
    leader = user(Role.LEADER)
    for model in registers().values():
        assert seen(model, leader) == (0 if model.personal else model.objects.count())


def test_a_clerk_sees_the_rows_of_the_own_school_only(user):
    clerk = user(Role.CLERK, school="云岭中学")
    assert [school.name for school in School.objects.visible_to(clerk)] == ["云岭中学"]
    assert {group.school.name for group in ClassGroup.objects.visible_to(clerk)} == {"云岭中学"}
    assert {pupil.class_group.school.name for pupil in Pupil.objects.visible_to(clerk)} == {"云岭中学"}
    assert {award.school.name for award in Award.objects.visible_to(clerk)} == {"云岭中学"}
    assert {person.name for person in Person.objects.visible_to(clerk)} == {
        f"高生{sign}" for sign in "一二三四"
    }
    assert seen(PersonCategory, clerk) == 0


def test_a_clerk_sees_a_row_once_though_the_way_to_the_school_has_several(user):
    clerk = user(Role.CLERK, school="云岭学校")
    persons = list(Person.objects.visible_to(clerk))
    pupils = Pupil.objects.filter(class_group__school=clerk.school).count()
    assert (
        len(persons) == len(set(persons)) == pupils + StaffMember.objects.filter(school=clerk.school).count()
    )


def test_a_clerk_without_a_school_sees_nothing_of_schools(user):
    clerk = user(Role.CLERK)
    for model in registers().values():
        assert seen(model, clerk) == (model.objects.count() if model.open_to_all else 0)


def test_what_is_narrowed_before_stays_narrowed(user):
    clerk = user(Role.CLERK, school="云岭中学")
    assert Pupil.objects.filter(person__sex="female").visible_to(clerk).count() == 2
