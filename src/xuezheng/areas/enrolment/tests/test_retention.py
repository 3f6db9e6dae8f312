"""The five counts of retention on their limits, and each rate by every formula."""

from datetime import date

import pytest

from xuezheng.areas.enrolment.models import Retention
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.policy.current import recorded
from xuezheng.policy.entries import to_json
from xuezheng.records.models import School
from xuezheng.snapshots import freeze
from xuezheng.snapshots.manifest import policy_entries

COUNTS = {"entered": 200, "arrived": 10, "departed": 15, "died": 1, "graduated": 194}


def school(kind="311"):
    return School(code="3134990001", name="一中", kind=kind, urban_rural="121", runner="831")


def problems(span="junior", kind="311", **counts):
    row = Retention(school=school(kind), span=span, year=2019, **{**COUNTS, **counts})
    return [sentence for _, sentence in row.contradictions()]


@pytest.mark.parametrize(("graduated", "count"), [(193, 0), (194, 0), (195, 1)])
def test_no_more_leave_than_ever_came(db, graduated, count):
    assert len(problems(graduated=graduated)) == count


def test_over_nine_years_the_graduates_are_of_another_school(db):
    assert problems("compulsory", entered=0) == []
    assert problems("compulsory", "211", graduated=0) == []


def test_a_primary_school_has_no_junior_retention(db):
    assert problems(kind="211") == ["小学不办初中。请核对学校和学段。"]


@pytest.mark.parametrize(
    ("formula", "text"),
    # (194 − 10 + 15) ÷ 199; 194 ÷ (200 + 10 − 1 − 15); 194 ÷ 200
    [("分子加减转学", "100%"), ("分母加减转学", "100%"), ("不计转学", "97%")],
)
def test_the_rate_follows_the_formula_of_policy(lone_district, formula, text):
    place = school()
    place.save()
    Retention.objects.create(school=place, span="junior", year=2019, **COUNTS)
    entries = policy_entries(["enrolment.retention_formula"])
    [version] = entries["enrolment.retention_formula"]["values"]
    version[1] = to_json({"junior": formula, "compulsory": "不计转学"})
    with recorded(entries):
        snapshot = freeze(date(2019, 7, 5))
        period = Period.parse("2019H1")
        assert figure("enrolment.junior_retention_rate").at(snapshot, period).text() == text
    assert figure("enrolment.compulsory_retention_rate").at(snapshot, period).text() == "无数据"
