"""A number says which of the schools that were asked for its rows had not reported."""

from datetime import date

import pytest

from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.figures import catalogue, coverage
from xuezheng.records.models import School, Submission
from xuezheng.snapshots import freeze
from xuezheng.workbooks import sheet_catalogue

SPRING, AUTUMN = Period.parse("2019H1"), Period.parse("2019H2")
PUPILS, AWARDS = "enrolment.pupils", "aid.registered_poor_pupils"


@pytest.fixture
def schools(lone_district):
    told = {"kind": "211", "urban_rural": "111", "runner": "831"}
    return [School.objects.create(code=f"213499000{n}", name=f"第{n}小学", **told) for n in (1, 2, 3)]


def told(snapshot, key, period):
    found = coverage(snapshot, [catalogue.figure(key)], period)
    return found and (found.requested, found.missing)


def test_schools_that_were_asked_and_have_not_reported_are_named(schools):
    opened = collecting.open_collection(
        "名册", SPRING, "enrolment", [sheet_catalogue.sheet("学生名册")], schools, date(2019, 6, 20)
    )
    first, *_ = Submission.objects.filter(collection=opened).order_by("school")
    collecting.report(first, None)
    snapshot = freeze(date(2019, 7, 5))
    assert told(snapshot, PUPILS, SPRING) == (3, ("第2小学", "第3小学"))
    assert str(coverage(snapshot, [catalogue.figure(PUPILS)], SPRING)) == (
        "要求填报的3所学校中，2所尚未上报（第2小学、第3小学），其数据可能不全。"
    )
    # Another period, and a figure of other rows, are not concerned.
    assert told(snapshot, PUPILS, AUTUMN) is None
    assert told(snapshot, AWARDS, SPRING) is None


def test_a_figure_is_covered_when_all_have_reported_and_when_nobody_was_asked(schools):
    assert told(freeze(date(2019, 7, 4)), PUPILS, SPRING) is None
    opened = collecting.open_collection(
        "名册", SPRING, "enrolment", [sheet_catalogue.sheet("学生名册")], schools, date(2019, 6, 20)
    )
    for submission in opened.submissions.all():
        collecting.report(submission, None)
    assert told(freeze(date(2019, 7, 5)), PUPILS, SPRING) is None


def test_a_school_that_was_asked_twice_has_to_answer_both(schools):
    for title in ("名册", "名册补报"):
        opened = collecting.open_collection(
            title, SPRING, "enrolment", [sheet_catalogue.sheet("学生名册")], schools[:1], date(2019, 6, 20)
        )
    collecting.report(opened.submissions.get(), None)
    assert told(freeze(date(2019, 7, 5)), PUPILS, SPRING) == (1, ("第1小学",))
