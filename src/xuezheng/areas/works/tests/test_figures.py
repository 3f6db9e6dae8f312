"""The works office's figures, on a few projects made by hand."""

from datetime import date

import pytest

from xuezheng.areas.works.models import ExamCentre, Milestone, Project, SmartApplication
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import School
from xuezheng.snapshots import freeze

FIRST, SECOND = Period.parse("2019H1"), Period.parse("2019H2")


def build(code, kind="repair", school=None, listed="2019-01-01", **steps):
    """Register a project; each step has its planned and, if reached, its real day."""
    project = Project.objects.create(
        code=code, name=code, kind=kind, school=school, listed_on=listed, budget=100_00
    )
    for step, days in steps.items():
        planned, _, real = days.partition(" ")
        Milestone.objects.create(project=project, step=step, planned_on=planned, real_on=real or None)
    return project


@pytest.fixture
def school(lone_district):
    return School.objects.create(code="2134990001", name="甲小", kind="211", urban_rural="220", runner="831")


def value(snapshot, period, key, **slice_):
    return figure(f"works.{key}").at(snapshot, period, **slice_).value


def test_a_delivered_project_counts_in_its_half_year_and_no_more_afterwards(school):
    build("OLD", listed="2018-01-01", delivered="2018-12-31 2018-12-31")
    build("MAY", delivered="2019-05-20 2019-05-20")
    build("AUG", started="2019-02-01 2019-02-01", delivered="2019-08-31 2019-08-31")
    build("NEW", listed="2019-08-01")
    summer, winter = freeze(date(2019, 7, 5)), freeze(date(2020, 1, 10))
    assert value(summer, FIRST, "projects") == 2
    assert value(summer, FIRST, "projects", state="delivered") == 1
    assert value(summer, FIRST, "projects", state="under_construction", code="AUG") == 1
    assert value(winter, SECOND, "projects", state="delivered") == 1
    assert value(winter, SECOND, "projects", state="delivered", code="AUG") == 1
    assert value(winter, SECOND, "projects", code="MAY") == 0
    assert value(winter, SECOND, "projects", state="planned") == 1
    assert value(winter, FIRST, "projects_delivered") == 1


def test_repairs_are_told_by_schools_and_only_while_they_are_under_way(school):
    for code in ("R1", "R2"):
        build(code, school=school, started="2019-06-30 2019-06-30", delivered="2019-08-31 2019-08-20")
    build("T", kind="track", school=school, started="2019-06-30 2019-06-30")
    summer, winter = freeze(date(2019, 7, 5)), freeze(date(2020, 1, 10))
    assert value(summer, FIRST, "repairs_under_way") == 1
    assert value(winter, SECOND, "repairs_under_way") == 0
    assert value(winter, SECOND, "repairs_delivered") == 1


def test_milestones_are_late_once_their_day_is_over(school):
    build("A", tendered="2019-05-31 2019-05-31", started="2019-06-30 2019-07-02", delivered="2019-07-05")
    build("B", tendered="2019-06-30")
    snapshot = freeze(date(2019, 7, 5))
    assert value(snapshot, FIRST, "milestones_due") == 3
    assert figure("works.milestones_on_time_rate").at(snapshot, FIRST).text() == "33.3%"
    assert value(snapshot, FIRST, "milestones_overdue") == 1
    assert value(snapshot, FIRST, "milestones_due", progress="late") == 1


def test_a_project_whose_days_run_backwards_is_told(school):
    build("A", tendered="2019-05-31 2019-05-31", started="2019-06-30 2019-05-30")
    build("B", tendered="2019-05-31 2019-05-31")
    snapshot = freeze(date(2019, 7, 5))
    assert value(snapshot, FIRST, "disordered_projects") == 1


def test_a_campus_is_smart_with_its_platform_accepted_and_a_centre_counts_in_use(school):
    SmartApplication.objects.create(
        school=school, application="platform", built_on="2019-06-30", used_since="2019-09-02", users=7
    )
    SmartApplication.objects.create(school=school, application="office", built_on="2019-06-30")
    ExamCentre.objects.create(school=school, rooms=30, finished_on="2019-05-16", used_since="2019-06-07")
    ExamCentre.objects.create(school=school, rooms=20, finished_on="2019-06-16")
    snapshot = freeze(date(2020, 1, 10))
    assert value(snapshot, FIRST, "smart_campus_schools") == 1
    assert value(snapshot, FIRST, "smart_campus_schools_in_use") is None
    assert value(snapshot, SECOND, "smart_campus_schools_in_use") == 1
    assert figure("works.smart_use_rate").at(snapshot, SECOND).text() == "50%"
    assert value(snapshot, SECOND, "smart_users") == 7
    assert value(snapshot, FIRST, "exam_centres_finished") == 1
    assert value(snapshot, FIRST, "exam_rooms") == 30
