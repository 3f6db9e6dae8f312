"""The section's figures, on a class list made up of a few rows."""

from datetime import date

import pytest

from xuezheng.areas.enrolment.models import ExamCandidate
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import ClassGroup, Person, Pupil, School
from xuezheng.snapshots import freeze

PERIOD = Period.parse("2019H1")
PLACE = {"urban_rural": "220", "runner": "831"}


def enter(school, group, count):
    """Enter pupils into a class; their numbers go on from those before."""
    for order in range(Person.objects.count(), Person.objects.count() + count):
        first = f"349900201003{order % 28 + 1:02}{order:02}1"
        person = Person.objects.create(
            name="某某", id_number=first + id_check_digit(first), sex="male", birth_date=date(2010, 3, 1)
        )
        Pupil.objects.create(
            person=person,
            student_number=f"J{person.id_number}",
            class_group=group,
            boarding="boarder" if order % 2 else "day",
            entered_on=date(2016, 9, 1),
        )
    return school


@pytest.fixture
def snapshot(lone_district):
    for order, sizes in enumerate([(56, 2), (4,), ()]):
        school = School.objects.create(code=f"213499000{order}", name=f"{order}小", kind="211", **PLACE)
        for number, size in enumerate(sizes):
            group = ClassGroup.objects.create(school=school, name=f"{number}班", stage="primary", grade=1)
            enter(school, group, size)
    ExamCandidate.objects.create(person=Person.objects.first(), track="arts", exam_on=date(2019, 6, 7))
    return freeze(date(2019, 7, 5))


def test_classes_are_told_by_size_and_the_share_of_oversize_ones(snapshot):
    assert figure("enrolment.oversize_classes").at(snapshot, PERIOD).value == 1
    assert figure("enrolment.oversize_rate").at(snapshot, PERIOD).text() == "33.3%"
    (citation, _) = figure("enrolment.oversize_classes").at(snapshot, PERIOD).citations
    assert "56" in citation.clauses[0][1]


def test_pupils_and_boarders_are_counted_on_the_last_day(snapshot):
    assert figure("enrolment.pupils").at(snapshot, PERIOD).value == 62
    assert figure("enrolment.boarders").at(snapshot, PERIOD).value == 31
    assert figure("enrolment.pupils").at(snapshot, Period.parse("2016-08")).value is None


def test_schools_vary_by_pupils_a_class_and_one_without_classes_does_not_count(snapshot):
    # 29 a class for 58 pupils, 4 for 4: mean 1698/62, variance (58·29² + 4·4²)/62 − mean².
    mean = (58 * 29 + 4 * 4) / 62
    expected = ((58 * 29**2 + 4 * 4**2) / 62 - mean**2) ** 0.5 / mean
    assert float(figure("enrolment.class_size_variation").at(snapshot, PERIOD).value) == pytest.approx(
        expected
    )


def test_candidates_count_in_the_half_year_of_their_exam(snapshot):
    assert figure("enrolment.exam_candidates").at(snapshot, PERIOD).value == 1
    assert figure("enrolment.exam_candidates").at(snapshot, Period.parse("2018H2")).value is None
