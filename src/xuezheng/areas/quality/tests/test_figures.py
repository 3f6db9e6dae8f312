"""The section's figures, on two classes of a grade."""

from datetime import date
from decimal import Decimal

import pytest

from xuezheng.areas.quality.models import ExamResult, Mentoring, Studio, StudioTask, TeachingAssignment
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import Person, School, Term
from xuezheng.snapshots import freeze

BEFORE, PERIOD, LATER = Period.parse("2018H1"), Period.parse("2019H1"), Period.parse("2019H2")
GRADE = {"stage": "junior", "grade": 1, "subject": "chinese"}


def person(order):
    return Person.objects.create(
        name=f"人{order}", id_type="passport", id_number=f"E{order}", sex="male", birth_date=date(1980, 1, 1)
    )


@pytest.fixture
def frozen(lone_district):
    """Freeze after entering a class's marks next to a class of 80 and 100; teachers are mentored after each year."""

    def make(*scores):
        school = School.objects.create(
            code="3134990001", name="某校", kind="311", urban_rural="220", runner="831"
        )
        term = Term.objects.create(code="2018春", starts_on=date(2018, 2, 26), ends_on=date(2018, 6, 29))
        people = iter([person(order) for order in range(20)])
        for class_name, marks in (("七年级1班", scores), ("七年级2班", (80, 100))):
            for score in marks:
                result = ExamResult(
                    person=next(people),
                    term=term,
                    school=school,
                    class_name=class_name,
                    score=Decimal(score),
                    **GRADE,
                )
                result.complete()
                result.save()
            teacher = next(people)
            assignment = TeachingAssignment.objects.create(
                person=teacher, school_year="2017-2018", school=school, class_name=class_name, **GRADE
            )
            Mentoring.objects.create(
                assignment=assignment, mentor=next(people), since=date(2018, 9, 12), until=date(2019, 8, 31)
            )
        studio = Studio.objects.create(
            name="工作室",
            level="city",
            stage="junior",
            subject="chinese",
            person=teacher,
            school=school,
            founded_on=date(2019, 3, 28),
        )
        StudioTask.objects.create(
            studio=studio, title="送教", kind="outreach", due_on=date(2019, 6, 20), done_on=date(2019, 7, 2)
        )
        return freeze(date(2019, 12, 31))

    return make  # fmt: skip


def value(snapshot, key, period=PERIOD, **slice_):
    return figure(f"quality.{key}").at(snapshot, period, **slice_).value


def test_the_teacher_of_a_class_just_below_the_limit_is_flagged(frozen):
    # The classes average 66.5 and 90, all 78.25; 85 percent of that is 66.5125.
    snapshot = frozen(66, 67)
    assert value(snapshot, "teachers_flagged", BEFORE) == 1
    assert value(snapshot, "teachers_mentored") == 1
    assert value(snapshot, "teachers_mentored", LATER) is None
    assert value(snapshot, "mentors") == 2
    cited = [citation.key for citation in figure("quality.teachers_mentored").at(snapshot, PERIOD).citations]
    assert cited == ["quality.anomaly_share"]


def test_a_class_just_above_the_limit_is_no_anomaly(frozen):
    # 67 and 90 average 78.5 together; 85 percent of that is 66.725.
    snapshot = frozen(67, 67)
    assert value(snapshot, "teachers_flagged", BEFORE) is None
    assert value(snapshot, "teachers_mentored") is None


def test_marks_are_told_by_their_limits(frozen):
    snapshot = frozen(72, 71, 102)
    assert value(snapshot, "exam_takers", BEFORE) == 5
    assert value(snapshot, "exam_passed", BEFORE) == 4
    assert value(snapshot, "exam_excellent", BEFORE) == 1
    assert figure("quality.exam_pass_rate").at(snapshot, BEFORE).text() == "80%"
    assert figure("quality.exam_average").at(snapshot, BEFORE).text() == "85分"
    assert value(snapshot, "exam_takers", PERIOD) is None


def test_a_task_is_late_while_its_day_is_over_and_it_is_not_done(frozen):
    snapshot = frozen(80)
    assert value(snapshot, "studio_tasks_late", PERIOD) == 1
    assert value(snapshot, "studio_tasks_late", LATER) is None
    assert value(snapshot, "studio_tasks_done", LATER) == 1


def test_no_figure_tells_of_a_single_pupil():
    for key in ("exam_takers", "exam_average", "exam_passed", "exam_excellent"):
        assert set(figure(f"quality.{key}").by) == {"subject", "stage", "grade", "school"}
