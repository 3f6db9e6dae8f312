"""Two screenings are compared by the schools that took part in both: a rate of other schools is no change of the pupils."""

from datetime import date
from decimal import Decimal

import pytest

from xuezheng.areas.health.models import VisionScreening
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.figures.comparison import NOT_ALIKE, change, changes
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, School
from xuezheng.snapshots import freeze

SPRING, AUTUMN = Period.parse("2019H1"), Period.parse("2019H2")
RATE = figure("health.low_vision_rate")


@pytest.fixture
def schools(lone_district):
    return [
        School.objects.create(
            code=f"213499000{number}", name=f"{number}小", kind="211", urban_rural="220", runner="831"
        )
        for number in range(1, 4)
    ]


def screen(school, day, low, good, stage="primary"):
    """Screen new pupils of a school: so many with low vision, so many with good."""
    for vision in ["4.5"] * low + ["5.0"] * good:
        first = f"34990020100301{Person.objects.count():03}"
        person = Person.objects.create(
            name="某", id_number=first + id_check_digit(first), sex="male", birth_date=date(2010, 3, 1)
        )
        VisionScreening.objects.create(
            person=person, screened_on=day, school=school, stage=stage, grade=3, glasses="none",
            vision_right=Decimal(vision), vision_left=Decimal(vision),
        )  # fmt: skip


def test_a_rate_is_compared_for_the_schools_of_both_periods(schools):
    """Of all, 12 of 20 become 6 of 16, a fall; of the first school, 2 of 10 become 4 of 10, a rise."""
    first, second, third = schools
    screen(first, date(2019, 3, 12), low=2, good=8)
    screen(second, date(2019, 3, 13), low=10, good=0)
    screen(first, date(2019, 9, 12), low=4, good=6)
    screen(third, date(2019, 9, 13), low=2, good=4)
    freeze(date(2020, 1, 3))
    difference = change(RATE, SPRING, AUTUMN, {})
    assert (difference.old.text(), difference.new.text()) == ("60%", "37.5%")
    assert [answer.text() for answer in difference.alike] == ["20%", "40%"]
    assert difference.text == "（可比的1所学校）上升20个百分点"
    persons = change(figure("health.low_vision_pupils"), SPRING, AUTUMN, {})
    assert (persons.text, persons.rate) == ("（可比的1所学校）增加2人", "+100%")


def test_the_same_schools_are_compared_as_they_are(schools):
    for school in schools[:2]:
        screen(school, date(2019, 3, 12), low=1, good=3)
        screen(school, date(2019, 9, 12), low=2, good=2)
    freeze(date(2020, 1, 3))
    difference = change(RATE, SPRING, AUTUMN, {})
    assert (difference.text, difference.alike) == ("上升25个百分点", None)
    assert difference.old.value == Decimal(25)


def test_without_a_school_of_both_periods_nothing_is_told(schools):
    screen(schools[0], date(2019, 3, 12), low=1, good=3)
    screen(schools[1], date(2019, 9, 12), low=3, good=1)
    freeze(date(2020, 1, 3))
    difference = change(RATE, SPRING, AUTUMN, {})
    assert (difference.text, difference.rate, difference.difference) == ("", "", None)
    assert difference.reason == NOT_ALIKE


def test_a_school_that_screened_another_stage_is_not_the_same(schools):
    screen(schools[0], date(2019, 3, 12), low=1, good=3)
    screen(schools[0], date(2019, 9, 12), low=1, good=3)
    screen(schools[0], date(2019, 9, 12), low=4, good=0, stage="junior")
    freeze(date(2020, 1, 3))
    assert change(RATE, SPRING, AUTUMN, {}).text == "（可比的1所学校）持平"
    assert change(RATE, SPRING, AUTUMN, {"stage": "primary"}).text == "持平"


def test_each_member_of_a_dimension_is_compared_by_its_own_schools(schools):
    first, second, _ = schools
    screen(first, date(2019, 3, 12), low=1, good=3)
    screen(first, date(2019, 9, 12), low=2, good=2)
    screen(second, date(2019, 9, 12), low=4, good=0)
    freeze(date(2020, 1, 3))
    by_school = changes(RATE, SPRING, AUTUMN, {}, "school")
    assert by_school[str(first.pk)].text == "上升25个百分点"
    assert by_school[str(second.pk)].text == ""
    by_stage = changes(RATE, SPRING, AUTUMN, {}, "stage")
    assert by_stage["primary"].text == "（可比的1所学校）上升25个百分点"


def test_what_no_school_surveys_is_compared_as_it_is(schools):
    freeze(date(2020, 1, 3))
    assert not figure("enrolment.schools").surveyed
    assert (
        change(figure("enrolment.schools"), Period.parse("2020H1"), Period.parse("2020H1"), {}).text == "持平"
    )
