"""States, rates and clusters, on a few rows made up by hand."""

from datetime import date

import pytest

from xuezheng.areas.safety.models import (
    Accident,
    BullyingReport,
    Drill,
    DrowningMeasure,
    Hazard,
    HealthCheck,
    Outbreak,
)
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import School
from xuezheng.snapshots import freeze

H1, H2 = Period.parse("2019H1"), Period.parse("2019H2")
DAY = date(2019, 4, 1)


@pytest.fixture
def snapshot(lone_district):
    school = School.objects.create(
        code="2134990001", name="甲校", kind="211", urban_rural="220", runner="831"
    )
    for kind, seconds in (("fire", 100), ("earthquake", 130), ("violence", None)):
        Drill.objects.create(school=school, kind=kind, held_on=DAY, participants=50, seconds=seconds)
    for place, level, due, closed in (
        ("按期", "common", date(2019, 5, 1), date(2019, 5, 1)),
        ("逾期", "common", date(2019, 5, 1), date(2019, 7, 1)),
        ("未销", "serious", date(2019, 7, 4), None),
        ("在改", "common", date(2019, 7, 5), None),
    ):
        Hazard.objects.create(
            school=school, found_on=DAY, kind="fire", level=level, place=place, owner="某某", due_on=due, closed_on=closed
        )  # fmt: skip
    for number, reported, outcome, concluded in (
        ("1", DAY, "bullying", date(2019, 4, 11)),
        ("2", DAY, "bullying", date(2019, 4, 12)),
        ("3", date(2019, 6, 24), "", None),
        ("4", date(2019, 6, 25), "", None),
    ):
        BullyingReport.objects.create(
            number=number, school=school, stage="primary", reported_on=reported, source="pupil",
            form="verbal", outcome=outcome, concluded_on=concluded,
        )  # fmt: skip
    DrowningMeasure.objects.create(school=school, kind="education", day=DAY, reached=40)
    DrowningMeasure.objects.create(school=school, kind="patrol", day=DAY)
    HealthCheck.objects.create(school=school, kind="water", checked_on=DAY)
    for kind, mended in (("canteen", date(2019, 4, 9)), ("disease", None)):
        HealthCheck.objects.create(
            school=school, kind=kind, checked_on=DAY, problem="记录不全", due_on=date(2019, 4, 10), mended_on=mended
        )  # fmt: skip
    for disease, cases in (("flu", 10), ("chickenpox", 9)):
        Outbreak.objects.create(school=school, disease=disease, reported_on=DAY, cases=cases)
    Accident.objects.create(school=school, kind="sports", day=DAY, on_campus=True, injured=1)
    return freeze(date(2019, 7, 5))


def value(snapshot, key, period=H1, **slice_):
    return figure(f"safety.{key}").at(snapshot, period, **slice_).value


def test_hazards_are_told_by_their_state_on_the_day_of_freezing(snapshot):
    assert value(snapshot, "hazards_closed") == 2
    assert value(snapshot, "hazards_overdue", level="serious") == 1
    assert figure("safety.hazard_closed_rate").at(snapshot, H1).text() == "50%"
    # One was closed after the half-year's last day.
    assert value(snapshot, "open_hazards") == 3
    assert value(snapshot, "open_hazards", H2) == 2


def test_a_report_of_bullying_is_to_be_concluded_within_ten_days(snapshot):
    states = {
        part.slice["investigation"]: part.value
        for part in figure("safety.bullying_reports").per(snapshot, H1, "investigation")
    }
    assert states == {"in_time": 1, "late": 1, "overdue": 1, "open": 1}
    assert value(snapshot, "bullying_due") == 3
    assert figure("safety.bullying_in_time_rate").at(snapshot, H1).text() == "33.3%"
    assert value(snapshot, "bullying_confirmed") == 2
    assert "school" not in figure("safety.bullying_reports").by


def test_drills_count_those_who_took_part_and_the_time_to_get_out(snapshot):
    assert value(snapshot, "drills") == 3
    assert value(snapshot, "drill_participants") == 150
    assert figure("safety.evacuation_seconds").at(snapshot, H1).text() == "115秒"
    assert value(snapshot, "drills", H2) is None


def test_patrols_are_measures_that_reach_no_pupils(snapshot):
    assert value(snapshot, "drowning_measures") == 2
    assert value(snapshot, "drowning_reached") == 40


def test_health_problems_are_mended_or_not_and_clusters_begin_at_ten_cases(snapshot):
    assert value(snapshot, "health_problems") == 2
    assert figure("safety.health_mended_rate").at(snapshot, H1).text() == "50%"
    assert value(snapshot, "outbreak_cases") == 19
    assert value(snapshot, "clusters") == 1
    assert value(snapshot, "accidents", kind="drowning") == 0
    assert figure("safety.deaths").at(snapshot, H1).text("none") == "无"
