"""Secretaries, stars, grades and coverage, on a few rows made up by hand."""

from datetime import date

import pytest

from xuezheng.areas.party.models import (
    BranchElection,
    IntegrityTask,
    Member,
    MemberGrading,
    MemberSchool,
    Organisation,
    OrganisationRating,
    PlatformUse,
)
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, School, StaffMember
from xuezheng.snapshots import freeze

H1, H2 = Period.parse("2019H1"), Period.parse("2019H2")


def person(order):
    first = f"3499001980{order + 1:02}01{order:02}1"
    return Person.objects.create(
        name=f"第{order}人",
        id_number=first + id_check_digit(first),
        sex="male",
        birth_date=date(1980, order + 1, 1),
    )


def branch(name, school, secretary, rank="head", kind="branch"):
    made = Organisation.objects.create(
        name=name, kind=kind, secretary=secretary, secretary_rank=rank, founded_on=date(2019, 1, 1)
    )
    if school:
        MemberSchool.objects.create(organisation=made, school=school)
    return made


@pytest.fixture
def snapshot(lone_district):
    public, second_public, private = (
        School.objects.create(
            code=f"213499000{order}", name=f"{order}校", kind="211", urban_rural="220", runner=runner
        )
        for order, runner in enumerate(["831", "831", "999"])
    )
    people = [person(order) for order in range(5)]
    posts = [
        (public, "head"),
        (second_public, "vice_head"),
        (private, "teacher"),
        (None, "clerk"),
        (public, "teacher"),
    ]
    for who, (school, post) in zip(people, posts, strict=True):
        until = date(2019, 3, 31) if who is people[4] else None
        StaffMember.objects.create(
            person=who, school=school, post=post, post_from=date(2015, 9, 1), post_until=until
        )
    first = branch("一支部", public, people[0])
    second = branch("二支部", second_public, people[1], "deputy")
    branch("三联合支部", private, people[2], "other", "joint_branch")
    branch("机关支部", None, people[3])
    for organisation, score in ((first, "95.0"), (second, "94.9")):
        OrganisationRating.objects.create(
            organisation=organisation, year=2019, score=score, rated_on=date(2019, 6, 1)
        )
    for who, score in zip(people[:3], ("90.0", "89.9", "59.9"), strict=True):
        member = Member.objects.create(person=who, organisation=first, joined_on=date(2010, 7, 1))
        MemberGrading.objects.create(member=member, year=2019, score=score, rated_on=date(2019, 6, 1))
    for day, guided in ((date(2016, 3, 1), False), (date(2019, 4, 1), True)):
        BranchElection.objects.create(organisation=first, held_on=day, guided=guided)
    BranchElection.objects.create(organisation=second, held_on=date(2016, 6, 1))
    # The last one had left by April; the third, of the private school, is listed but does not use it.
    for who, days in zip(people, (20, 1, 0, 5, 9), strict=True):
        school = StaffMember.objects.get(person=who).school
        PlatformUse.objects.create(person=who, school=school, month=date(2019, 4, 1), days=days)
    for order, (due, done) in enumerate([(1, 1), (2, 9), (3, None)]):
        IntegrityTask.objects.create(
            title=f"任务{order}", kind="talk", owner="party", assigned_on=date(2019, 1, 1),
            due_on=date(2019, 6, due), done_on=done and date(2019, 6, done),
        )  # fmt: skip
    return freeze(date(2019, 7, 5))


def value(snapshot, key, period=H1, **slice_):
    return figure(f"party.{key}").at(snapshot, period, **slice_).value


def test_a_public_schools_secretary_must_be_its_head_and_a_private_ones_of_middle_rank(snapshot):
    assert value(snapshot, "secretaries_due") == 3
    assert value(snapshot, "secretaries_fit") == 1
    assert value(snapshot, "secretaries_unfit", sector="public") == 1
    assert value(snapshot, "secretaries_unfit", sector="private") == 1
    assert figure("party.secretaries_unfit").at(snapshot, H1).undecided == 0


def test_stars_and_grades_follow_from_the_score_at_the_boundary(snapshot):
    assert [value(snapshot, "rated_organisations", stars=star) for star in "543"] == [1, 1, 0]
    grades = [value(snapshot, "graded_members", grade=grade) for grade in ("pioneer", "qualified", "warned")]
    assert grades == [1, 1, 1]
    cited = {
        citation.key for citation in figure("party.graded_members").at(snapshot, H1, grade="warned").citations
    }
    assert cited == {"party.pioneer_score", "party.qualified_score"}


def test_coverage_counts_those_in_post_that_month_with_the_private_schools_apart(snapshot):
    assert figure("party.platform_coverage").at(snapshot, H1).text() == "100%"
    assert value(snapshot, "platform_staff") == 3
    assert figure("party.platform_coverage_all").at(snapshot, H1).text() == "75%"
    assert value(snapshot, "platform_days") == 6.5


def test_only_the_latest_election_tells_whether_the_term_is_over(snapshot):
    assert value(snapshot, "branch_elections_guided") == 1
    assert value(snapshot, "terms_expired") == 1


def test_joint_branches_count_in_the_half_year_of_their_founding(snapshot):
    assert value(snapshot, "joint_branches_founded") == 1
    assert value(snapshot, "joint_branches_founded", H2) is None


def test_tasks_are_told_by_their_state_on_the_day_of_freezing(snapshot):
    states = {
        part.slice["state"]: part.value for part in figure("party.integrity_tasks").per(snapshot, H1, "state")
    }
    assert states == {"in_time": 1, "late": 1, "overdue": 1}
    assert figure("party.integrity_done_rate").at(snapshot, H1).text() == "66.7%"
