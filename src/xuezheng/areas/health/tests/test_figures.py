"""The section's figures at the limits of its policy, on a few rows made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from xuezheng.areas.health.models import CounsellingCase, FitnessTest, MealDay, VisionScreening
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, School
from xuezheng.snapshots import freeze

PERIOD = Period.parse("2019H1")


@pytest.fixture
def school(lone_district):
    return School.objects.create(code="2134990001", name="甲小", kind="211", urban_rural="220", runner="831")


def someone(born=date(2010, 3, 1)):
    first = f"349900{born:%Y%m%d}{Person.objects.count():03}"
    return Person.objects.create(
        name="某", id_number=first + id_check_digit(first), sex="male", birth_date=born
    )


def screen(school, vision=None, refraction=None, glasses="none", born=date(2010, 3, 1)):
    """Screen somebody new; ``vision`` and ``refraction`` are written as on the form: ``4.9 5.0``, ``-0.25/-0.50 0/0``."""
    fields = {}
    for side, value in zip(("right", "left"), (vision or "").split(), strict=False):
        fields[f"vision_{side}"] = Decimal(value)
    for side, value in zip(("right", "left"), (refraction or "").split(), strict=False):
        sphere, cylinder = value.split("/")
        fields |= {f"sphere_{side}": Decimal(sphere), f"cylinder_{side}": Decimal(cylinder)}
    record = VisionScreening(
        person=someone(born), screened_on=date(2019, 3, 12), school=school, stage="primary", grade=3,
        glasses=glasses, **fields,
    )  # fmt: skip
    record.full_clean()
    record.save()


def parts(snapshot, key, dimension):
    answers = figure(f"health.{key}").per(snapshot, PERIOD, dimension)
    return {answer.slice[dimension]: answer.value for answer in answers}


def test_eyesight_is_graded_by_the_worse_eye(school):
    for vision in ("5.0 5.0", "5.2 4.9", "4.8 5.0", "5.0 4.6", "4.5 4.8", "0 5.0", "5.0"):
        screen(school, vision)
    snapshot = freeze(date(2019, 7, 5))
    grades = {"normal": 1, "mild": 1, "moderate": 2, "severe": 2}
    assert parts(snapshot, "vision_graded_pupils", "vision_grade") == grades
    assert figure("health.low_vision_rate").at(snapshot, PERIOD).text() == "83.3%"
    assert figure("health.screened_pupils").at(snapshot, PERIOD).value == 7


def test_a_pupil_is_myopic_beyond_half_a_dioptre_and_not_at_it(school):
    screen(school, "4.9 5.0", "-0.25/-0.50 0.00/0.00")  # -0.500: not myopic
    screen(school, "4.9 5.0", "-0.50/-0.25 0.00/0.00")  # -0.625: myopic
    screen(school, "5.0 5.0", "-0.75/0.00 0.00/0.00")  # sees well: not myopic
    screen(school, "4.8 4.8", "-0.75/0.00")  # one eye cannot be judged
    screen(school, "5.0 5.0", glasses="ok_lens")  # myopic all the same
    screen(school, "4.0 4.0", "-2.00/0.00 -2.00/0.00", born=date(2013, 3, 13))  # five years old: not judged
    screen(school, "4.0 4.0", "-2.75/-0.50 0.00/0.00")  # -3.000: low
    screen(school, "4.0 4.0", "-3.00/-0.25 -6.00/0.00")  # -6.000: moderate
    screen(school, "4.0 4.0", "-3.00/-0.25 -6.00/-0.25")  # -6.125: high
    snapshot = freeze(date(2019, 7, 5))
    assert figure("health.myopia_judged_pupils").at(snapshot, PERIOD).value == 7
    degrees = {"low": 2, "moderate": 1, "high": 1, "": 1}
    assert parts(snapshot, "myopic_pupils", "myopia_degree") == degrees
    answer = figure("health.myopia_rate").at(snapshot, PERIOD)
    assert answer.text() == "71.4%"
    assert answer.undecided == 2
    assert tuple(
        citation.clauses[0][1]
        for key in ("health.myopia_equivalent", "health.myopia_comparison")
        for citation in answer.citations
        if citation.key == key
    ) == ("-0.50D", "小于界限")


def test_fitness_is_graded_at_ninety_eighty_and_sixty(school):
    for score in ("90.0", "89.9", "80.0", "79.9", "60.0", "59.9"):
        FitnessTest.objects.create(
            person=someone(), school_year="2018-2019", tested_on=date(2018, 10, 16), school=school,
            stage="primary", grade=3, score=Decimal(score),
        )  # fmt: skip
    snapshot = freeze(date(2020, 1, 10))
    grades = {"excellent": 1, "good": 2, "passed": 2, "failed": 1}
    assert parts(snapshot, "fitness_tested", "fitness_grade") == grades
    assert figure("health.fitness_good_rate").at(snapshot, PERIOD).text() == "50%"
    assert figure("health.fitness_pass_rate").at(snapshot, PERIOD).text() == "83.3%"
    assert figure("health.fitness_tested").at(snapshot, Period.parse("2019H2")).value is None


def test_meals_are_paid_at_the_rate_of_their_own_day(school):
    MealDay.objects.create(school=school, day=date(2021, 8, 31), pupils=10, meals=13)
    MealDay.objects.create(school=school, day=date(2021, 9, 1), pupils=10, meals=10)
    snapshot = freeze(date(2021, 12, 31))
    answer = figure("health.nutrition_amount").at(snapshot, Period.parse("2021H2"))
    assert answer.text() == "102元"
    assert [text for _, text in answer.citations[0].clauses] == ["4元", "5元"]


def test_cases_count_by_the_day_of_the_talk(school):
    for day, status in (("2018-12-31", "closed"), ("2019-01-01", "open"), ("2019-06-30", "closed")):
        CounsellingCase.objects.create(number=day, day=day, grade=7, theme="study", status=status)
    snapshot = freeze(date(2019, 7, 5))
    assert figure("health.counselling_cases").at(snapshot, PERIOD).value == 2
    assert figure("health.counselling_open").at(snapshot, PERIOD).value == 1
