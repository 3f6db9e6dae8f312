"""The section's figures, on a few rows made by hand."""

from datetime import date
from decimal import Decimal

import pytest

from xuezheng.areas.activities.models import Edition, Entry, FarmPlot, LabourCourse, StudyTour, Visit, Visitor
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, Prize, School, Term
from xuezheng.snapshots import freeze

FIRST, SECOND = Period.parse("2019H1"), Period.parse("2019H2")


@pytest.fixture
def school(lone_district):
    return School.objects.create(code="2134990001", name="甲小", kind="211", urban_rural="220", runner="831")


def someone():
    first = f"34990019800101{Person.objects.count():03}"
    return Person.objects.create(
        name="某", id_number=first + id_check_digit(first), sex="male", birth_date=date(1980, 1, 1)
    )


def value(snapshot, period, key, **slice_):
    return figure(f"activities.{key}").at(snapshot, period, **slice_).value


def test_an_event_is_told_by_its_edition_in_the_half_year_in_which_it_began(school):
    for number, day in ((4, "2019-06-30"), (5, "2019-07-01")):
        edition = Edition.objects.create(
            event="football_league", number=number, held_on=day, level="district"
        )
        Entry.objects.create(edition=edition, school=school, stage="primary", pupils=18)
    Edition.objects.create(event="story_fair", number=25, held_on="2019-05-01", level="district")
    snapshot = freeze(date(2020, 1, 10))
    answer = figure("activities.edition").at(snapshot, FIRST, event="football_league")
    assert answer.text("nth") == "第四届"
    assert value(snapshot, SECOND, "edition", event="football_league") == 5
    assert figure("activities.edition").at(snapshot, FIRST, event="story_fair").text("nth") == "第25届"
    assert value(snapshot, FIRST, "events") == 2
    assert value(snapshot, FIRST, "event_pupils") == 18
    assert value(snapshot, FIRST, "event_schools", event="football_league") == 1


def test_a_pupil_who_wins_twice_is_one_pupil_and_staff_and_other_sections_do_not_count(school):
    winner, other_person = someone(), someone()
    usual = {"school": school, "level": "city", "rank": "first", "awarded_on": date(2019, 5, 1)}
    for contest in ("演讲", "讲故事"):
        Prize.objects.create(section="activities", contest=contest, person=winner, winner="pupil", **usual)
    Prize.objects.create(section="activities", contest="演讲", person=other_person, winner="staff", **usual)
    Prize.objects.create(section="health", contest="书写", person=other_person, winner="pupil", **usual)
    snapshot = freeze(date(2019, 7, 5))
    assert value(snapshot, FIRST, "pupils_awarded", level="city") == 1
    assert value(snapshot, FIRST, "pupil_prizes") == 2


def test_a_tour_fits_the_theme_of_its_stage(school):
    for day, theme in ((10, "local"), (11, "local"), (12, "province_country")):
        StudyTour.objects.create(
            school=school, stage="primary", day=date(2019, 4, day), theme=theme, destination="某地", pupils=30
        )
    snapshot = freeze(date(2019, 7, 5))
    answer = figure("activities.study_tour_fit_rate").at(snapshot, FIRST)
    assert answer.text() == "66.7%"
    assert answer.citations[0].key == "activities.tour_theme"
    assert "小学乡土乡情" in answer.citations[0].clauses[0][1]
    assert value(snapshot, FIRST, "study_tour_pupils", fit="other") == 30


def test_plots_cover_the_schools_but_not_the_kindergartens(school):
    for code, kind in (("2134990002", "211"), ("1134990003", "111")):
        School.objects.create(code=code, name=code, kind=kind, urban_rural="220", runner="831")
    for name, area in (("园", "0.50"), ("茶园", "1.25")):
        FarmPlot.objects.create(school=school, name=name, area=Decimal(area), crops="茶叶")
    snapshot = freeze(date(2019, 7, 5))
    assert figure("activities.farm_coverage").at(snapshot, FIRST).text() == "50%"
    assert figure("activities.farm_area").at(snapshot, FIRST).text() == "1.75亩"


def test_courses_belong_to_their_term(school):
    for code, first, last in (("2019春", (2, 25), (6, 28)), ("2019秋", (9, 2), (12, 31))):
        term = Term.objects.create(code=code, starts_on=date(2019, *first), ends_on=date(2019, *last))
        LabourCourse.objects.create(
            school=school, term=term, course="竹编", kind="bamboo", hours=16, pupils=40
        )
    snapshot = freeze(date(2020, 1, 10))
    assert value(snapshot, FIRST, "labour_courses") == 1
    assert value(snapshot, SECOND, "labour_pupils", kind="bamboo") == 40


def test_whoever_goes_twice_counts_twice_among_the_visits_and_once_among_the_teachers(school):
    teacher = someone()
    for title, day, place in (
        ("甲", 1, "mountain_school"),
        ("乙", 2, "mountain_school"),
        ("丙", 3, "hangzhou"),
    ):
        visit = Visit.objects.create(
            title=title, day=date(2019, 4, day), direction="out", destination=place, partner="某校"
        )
        Visitor.objects.create(visit=visit, person=teacher, school=school)
    Visit.objects.create(
        title="丁", day=date(2019, 4, 4), direction="in", destination="hangzhou", partner="某校", guests=9
    )
    snapshot = freeze(date(2019, 7, 5))
    assert value(snapshot, FIRST, "visitors") == 3
    assert value(snapshot, FIRST, "visitors", destination="mountain_school") == 2
    assert value(snapshot, FIRST, "mountain_school_visitors") == 1
    assert value(snapshot, FIRST, "guests") == 9
    assert value(snapshot, FIRST, "visits", direction="out") == 3
