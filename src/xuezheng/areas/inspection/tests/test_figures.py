"""Scores, grades and what is to be mended, on a few rows made up by hand."""

from datetime import date

import pytest

from xuezheng.areas.inspection.models import (
    Evaluation,
    Finding,
    Indicator,
    IndicatorScore,
    InstitutionCheck,
    KindergartenVisit,
    TrainingInstitution,
)
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import School
from xuezheng.snapshots import freeze

H1, H2 = Period.parse("2019H1"), Period.parse("2019H2")
DAY = date(2019, 4, 1)


@pytest.fixture
def snapshot(lone_district):
    schools = [
        School.objects.create(
            code=f"213499000{order}", name=f"{order}校", kind="211", urban_rural="220", runner="831"
        )
        for order in range(3)
    ]
    party, safety = (
        Indicator.objects.create(
            code=topic, year=2019, scope="school", topic=topic, title=topic, weight=weight
        )
        for topic, weight in (("party", 40), ("safety", 60))
    )
    # 90.0 is excellent, 89.4 good; the third is not done.
    for school, scores in zip(schools, ((90, 90), (90, 89), (100, None)), strict=True):
        evaluation = Evaluation.objects.create(school=school, year=2019, evaluated_on=DAY)
        for indicator, score in zip((party, safety), scores, strict=True):
            if score is not None:
                IndicatorScore.objects.create(evaluation=evaluation, indicator=indicator, score=score)
    for issue, due, mended in (
        ("按期", date(2019, 5, 1), date(2019, 5, 1)),
        ("逾期", date(2019, 5, 1), date(2019, 5, 2)),
        ("未改", date(2019, 7, 4), None),
        ("在改", date(2019, 7, 5), None),
    ):
        Finding.objects.create(
            school=schools[0], found_on=DAY, kind="regular", topic="safety", issue=issue, due_on=due, mended_on=mended
        )  # fmt: skip
    for aspect, problem in (("safety", ""), ("fees", "没有公示"), ("care", ""), ("staff", "")):
        KindergartenVisit.objects.create(
            school=schools[0], visited_on=DAY, aspect=aspect, passed=not problem, problem=problem
        )
    for name, until, closed in (
        ("有证", date(2019, 7, 5), None),
        ("过期", date(2019, 7, 4), None),
        ("无证", None, None),
        ("已停", None, date(2019, 6, 30)),
    ):
        institution = TrainingInstitution.objects.create(
            name=name, kind="arts", licence="号" if until else "", licensed_until=until,
            opened_on=date(2018, 9, 1), closed_on=closed,
        )  # fmt: skip
        InstitutionCheck.objects.create(
            institution=institution, checked_on=DAY, problem="none" if until else "unlicensed",
            prepaid_months={"有证": 3, "过期": 4}.get(name), due_on=None if until else date(2019, 6, 1),
        )  # fmt: skip
    return freeze(date(2019, 7, 5))


def value(snapshot, key, period=H1, **slice_):
    return figure(f"inspection.{key}").at(snapshot, period, **slice_).value


def test_scores_are_weighted_and_grades_follow_at_the_boundary(snapshot):
    schools = {school.name: str(school.pk) for school in School.objects.all()}
    assert value(snapshot, "evaluation_score", school=schools["0校"]) == 90
    assert float(value(snapshot, "evaluation_score", school=schools["1校"])) == 89.4
    assert value(snapshot, "evaluation_score", school=schools["2校"]) is None
    grades = {
        part.slice["grade"]: part.value for part in figure("inspection.evaluated_schools").per(snapshot, H1, "grade")
    }  # fmt: skip
    assert grades == {"excellent": 1, "good": 1, "pending": 1}
    assert figure("inspection.excellent_rate").at(snapshot, H1).text() == "33.3%"
    assert value(snapshot, "pending_evaluations") == 1


def test_a_topics_score_is_the_mean_by_weight(snapshot):
    assert float(value(snapshot, "topic_score", topic="party")) == 93.3
    assert float(value(snapshot, "topic_score", topic="safety")) == 89.5
    assert value(snapshot, "indicator_weight", scope="school") == 100


def test_findings_are_told_by_their_state_on_the_day_of_freezing(snapshot):
    assert value(snapshot, "findings") == 4
    assert value(snapshot, "findings_mended") == 2
    assert value(snapshot, "findings_overdue") == 1
    assert figure("inspection.mended_rate").at(snapshot, H1).text() == "50%"
    assert value(snapshot, "findings", H2) is None


def test_visits_pass_or_fail_by_aspect(snapshot):
    assert figure("inspection.visit_pass_rate").at(snapshot, H1).text() == "75%"
    assert value(snapshot, "visits_failed", aspect="fees") == 1
    assert value(snapshot, "kindergartens_visited") == 1


def test_institutions_stand_until_closed_and_their_licence_holds_through_its_last_day(snapshot):
    assert value(snapshot, "institutions") == 3
    assert value(snapshot, "unlicensed_institutions", standing="expired") == 1
    assert value(snapshot, "unlicensed_institutions") == 2
    assert value(snapshot, "institutions_closed") == 1
    assert value(snapshot, "overcharging_institutions") == 1
    assert value(snapshot, "institution_problems", check_state="overdue") == 2
    assert value(snapshot, "institution_problems_mended") == 0
