"""The section's figures, on a few people whose service lies at the boundaries."""

from datetime import date

import pytest

from xuezheng.areas.staffing.models import (
    DegreeStudy,
    Profile,
    Recruit,
    RecruitmentPlan,
    Rotation,
    SchoolQuota,
)
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import Person, School, StaffMember
from xuezheng.snapshots import freeze

SPRING, AUTUMN = Period.parse("2019H1"), Period.parse("2019H2")
DAY = date(2018, 8, 31)
PLACE = {"kind": "211", "urban_rural": "220", "runner": "831"}


def person(order):
    return Person.objects.create(
        name=f"人{order}", id_type="passport", id_number=f"E{order}", sex="male", birth_date=date(1974, 8, 1)
    )


def serve(who, *posts):
    """Enter posts: school, post, first day, last day."""
    for school, post, since, until in posts:
        StaffMember.objects.create(
            person=who, school=school, post=post, post_from=date(*since), post_until=until and date(*until)
        )


def review(who, school, **fields):
    Rotation.objects.create(person=who, school=school, school_year="2018-2019", assessed_on=DAY, **fields)


@pytest.fixture
def snapshot(lone_district):
    first_school, second_school = (
        School.objects.create(code=f"213499000{n}", name=f"{n}小", **PLACE) for n in (1, 2)
    )  # fmt: skip
    people = [person(order) for order in range(8)]
    # Six years to the day, moved on the next; a backbone teacher.
    serve(
        people[0],
        (first_school, "teacher", (2012, 9, 1), (2018, 8, 31)),
        (second_school, "teacher", (2018, 9, 1), None),
    )
    # A day less than six years, not moved.
    serve(people[1], (first_school, "teacher", (2012, 9, 2), None))
    # Long here but for a year elsewhere; moved out of turn.
    serve(
        people[2],
        (first_school, "teacher", (2001, 9, 1), (2012, 8, 31)),
        (second_school, "teacher", (2012, 9, 1), (2013, 8, 31)),
        (first_school, "teacher", (2013, 9, 1), (2018, 8, 31)),
        (second_school, "teacher", (2018, 9, 1), None),
    )
    # A head of two terms who was a teacher of the school before; and one of a single term.
    serve(
        people[3],
        (first_school, "teacher", (2000, 9, 1), (2012, 8, 31)),
        (first_school, "head", (2012, 9, 1), None),
    )
    serve(
        people[4],
        (second_school, "teacher", (2000, 9, 1), (2015, 8, 31)),
        (second_school, "vice_head", (2015, 9, 1), None),
    )
    # Due, and went to the bureau: no exchange. Due, and moved a year later: of the next school year.
    serve(
        people[5], (first_school, "teacher", (2000, 9, 1), (2018, 8, 31)), (None, "clerk", (2018, 9, 1), None)
    )
    serve(
        people[6],
        (first_school, "teacher", (2000, 9, 1), (2019, 8, 31)),
        (second_school, "teacher", (2019, 9, 1), None),
    )
    for order, who in enumerate(people[:7]):
        review(who, second_school if order == 4 else first_school, volunteered=order in (0, 1))
    for order, backbone_on in ((0, DAY), (2, date(2018, 9, 1))):
        Profile.objects.create(
            person=people[order],
            degree="associate",
            title="none",
            backbone="district",
            backbone_on=backbone_on,
        )
    # A head who came by a senior title only after the day of the quota.
    Profile.objects.create(person=people[3], degree="bachelor", title="senior", title_on=date(2018, 12, 20))
    SchoolQuota.objects.create(
        school=first_school, school_year="2018-2019", set_on=DAY,
        establishment=4, senior_posts=1, middle_posts=2, junior_posts=1, rotation_places=1,
    )  # fmt: skip
    plan = RecruitmentPlan.objects.create(
        year=2019, code="1", post="school", subject="chinese", places=2, announced_on=date(2019, 5, 10)
    )
    for who in (people[6], people[7]):
        Recruit.objects.create(plan=plan, person=who, notified_on=date(2019, 8, 1))
    DegreeStudy.objects.create(
        person=people[0], degree="bachelor", institution="某校", enrolled_on=date(2016, 3, 1), finished_on=date(2019, 7, 1)
    )  # fmt: skip
    return freeze(date(2020, 1, 10))


def value(snapshot, key, period=SPRING, **slice_):
    return figure(f"staffing.{key}").at(snapshot, period, **slice_).value


def test_those_due_have_served_their_years_unbroken_to_the_day(snapshot):
    assert value(snapshot, "due_to_rotate") == 4
    assert value(snapshot, "due_to_rotate", post="head") == 1
    assert value(snapshot, "due_to_rotate", post="teacher") == 3


def test_those_moved_took_a_post_at_another_school_within_the_year(snapshot):
    assert value(snapshot, "rotated") == 2
    assert figure("staffing.rotated_rate").at(snapshot, SPRING).text() == "50%"
    assert value(snapshot, "rotated", AUTUMN) is None


def test_backbone_teachers_are_those_who_were_so_before_they_moved(snapshot):
    assert value(snapshot, "rotated_backbone") == 1
    assert figure("staffing.rotated_backbone_rate").at(snapshot, SPRING).text() == "50%"


def test_a_years_limits_are_cited(snapshot):
    cited = {citation.key for citation in figure("staffing.due_to_rotate").at(snapshot, SPRING).citations}
    assert cited == {
        "staffing.teacher_years",
        "staffing.head_terms",
        "staffing.term_of_office",
        "staffing.vice_head_counts",
    }


def test_a_quota_is_compared_with_who_was_in_post_on_its_day(snapshot):
    # Of the seven, one head and five teachers were still there on the last day of August.
    assert value(snapshot, "establishment_filled") == 6
    assert value(snapshot, "schools_over_establishment") == 1
    assert value(snapshot, "senior_vacancies") == 1
    assert value(snapshot, "schools_oversubscribed") == 1


def test_recruits_are_in_post_when_the_register_of_staff_says_so(snapshot):
    assert value(snapshot, "recruits_planned", post="school") == 2
    assert value(snapshot, "recruits_in_post") == 1
    assert figure("staffing.recruits_in_post_rate").at(snapshot, AUTUMN).text() == "50%"
    assert value(snapshot, "recruits_joined", SPRING) is None
    assert value(snapshot, "recruits_joined", AUTUMN) == 1


def test_studies_stand_until_the_degree_is_there(snapshot):
    assert value(snapshot, "degree_studying", SPRING) == 1
    assert value(snapshot, "degree_studying", AUTUMN) is None
    assert value(snapshot, "degrees_raised", AUTUMN) == 1


def test_teachers_past_the_age_limit_need_not_raise_their_degree(snapshot):
    assert value(snapshot, "teachers", AUTUMN) == 3
    assert value(snapshot, "degree_due", AUTUMN) == 0
