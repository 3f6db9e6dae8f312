"""The forecast of pupils and places: the vectors of the field's rules, limits, what is unknown, and what is only supposed."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuezheng.areas.enrolment.procedures.forecast import Forecast, Scenario, forecasts
from xuezheng.areas.enrolment.procedures.forecast_inputs import Capacity, Inputs, Settings
from xuezheng.areas.enrolment.procedures.ratio_method import (
    BackTest,
    BirthCount,
    Chain,
    Feed,
    PastError,
    back_test,
    cohort,
    project,
    round_half_up,
    warning_level,
)

LIMITS = {
    "red": Fraction(1),
    "orange": Fraction("0.95"),
    "yellow": Fraction("0.85"),
    "surplus": Fraction("0.5"),
}
SETTINGS = Settings(6, 9, 3, 3, LIMITS)


def school_year(first, births):
    """The births from 1 September of a year to 31 August of the next."""
    return BirthCount(date(first, 9, 1), date(first + 1, 8, 31), births)


def calendar_year(year, births):
    return BirthCount(date(year, 1, 1), date(year, 12, 31), births)


def test_the_vector_of_a_county():
    """Births of three school years, rates of three past years; rounded at the end only."""
    births = [school_year(2015, 500), school_year(2016, 500), school_year(2017, 500)]
    births += [school_year(2018, 420), school_year(2019, 390), school_year(2020, 340)]
    feed = Feed({year: cohort(births, year, 6, 9) for year in range(2022, 2028)})
    entered = {(1, 2022): 470, (1, 2023): 480, (1, 2024): 475}
    projection = project(Chain(1, entered, lambda origin: feed), 2024, 3)
    assert [came / base for came, base in projection.rates[0].years.values()] == [
        Fraction("0.94"), Fraction("0.96"), Fraction("0.95"),
    ]  # fmt: skip
    assert projection.rates[0].value == Fraction("0.95")
    assert [projection.entrants(year) for year in (2025, 2026, 2027)] == [399, Fraction("370.5"), 323]
    assert [round_half_up(projection.entrants(year)) for year in (2025, 2026, 2027)] == [399, 371, 323]
    use = [projection.entrants(year) / 360 for year in (2025, 2026, 2027)]
    assert [warning_level(share, LIMITS) for share in use] == ["red", "red", "yellow"]
    assert round(float(use[2]), 3) == 0.897
    assert projection.entrants(2028) is None
    assert projection.gaps[2028] == "没有登记可推算的人数"


def test_calendar_years_are_cut_at_a_third_and_two_thirds():
    """1 883 and 1 765 of ten thousand were born in 2016 and 2017; 1 877.88 entered in 2023."""
    births = cohort([calendar_year(2016, 18_830_000), calendar_year(2017, 17_650_000)], 2023, 6, 9)
    assert births == Fraction(18_830_000, 3) + Fraction(2 * 17_650_000, 3)
    assert round_half_up(births / 10_000) == 1804
    assert round(float(18_778_800 / births), 3) == 1.041


def test_births_by_month_by_year_and_by_school_year_come_together():
    months = [
        BirthCount(date(2016, month, 1), date(2016, month, 30 if month != 12 else 31), 10)
        for month in (9, 10, 11, 12)
    ]
    assert cohort([*months, calendar_year(2017, 120)], 2023, 6, 9) == 40 + 80
    assert cohort([school_year(2016, 77)], 2023, 6, 9) == 77


def test_missing_and_doubled_births_are_unknown_and_say_so():
    assert cohort([], 2023, 6, 9) == "2016年9月的出生人口没有登记"
    assert cohort([calendar_year(2016, 12)], 2023, 6, 9) == "2017年1月的出生人口没有登记"
    assert (
        cohort([school_year(2016, 12), calendar_year(2017, 12)], 2023, 6, 9)
        == "2017年1月的出生人口登记了两次"
    )
    # A registered zero is a number.
    assert cohort([school_year(2016, 0)], 2023, 6, 9) == 0


@pytest.mark.parametrize(
    ("pupils", "level"),
    [
        (1001, "red"), (1000, "orange"), (999, "orange"), (951, "orange"), (950, "orange"), (949, "yellow"),
        (851, "yellow"), (850, "yellow"), (849, "ample"), (501, "ample"), (500, "ample"), (499, "surplus"), (0, "surplus"),
    ],
)  # fmt: skip
def test_levels_at_their_limits(pupils, level):
    assert warning_level(Fraction(pupils, 1000), LIMITS) == level


@pytest.mark.parametrize(("number", "rounded"), [("370.5", 371), ("370.49", 370), ("0.5", 1), ("0", 0)])
def test_halves_go_up(number, rounded):
    assert round_half_up(Fraction(number)) == rounded


def error(origin, year, forecast, actual):
    return PastError(origin, year, Fraction(forecast), Fraction(actual))


def test_an_interval_is_as_wide_as_the_largest_past_error_and_needs_enough_of_them():
    test = BackTest((error(2015, 2016, 100, 110), error(2016, 2017, 100, 92), error(2015, 2017, 100, 150)))
    assert test.interval(Fraction(200), 1, fewest=3) is None
    assert test.interval(Fraction(200), 1, fewest=2) == (180, 220)
    assert test.interval(Fraction(200), 2, fewest=1) == (100, 300)
    assert test.interval(Fraction(200), 3, fewest=0) is None
    assert (test.count(1), test.mean_share(1), test.largest_share(1)) == (
        2,
        Fraction("0.09"),
        Fraction("0.1"),
    )


def test_a_forecast_of_the_past_uses_what_was_known_then():
    """Births are always 100; entrants 90, 90, 90, then 100: in 2018 the method would have said 90."""
    feed = Feed({year: Fraction(100) for year in range(2015, 2026)})
    entered = {(1, 2015): 90, (1, 2016): 90, (1, 2017): 90, (1, 2018): 90, (1, 2019): 100}
    test = back_test(Chain(1, entered, lambda origin: feed), 2019, 3, "entrants")
    assert [(each.origin, each.year, each.forecast, each.actual) for each in test.errors] == [
        (2017, 2018, 90, 90), (2017, 2019, 90, 100), (2018, 2019, 90, 100),
    ]  # fmt: skip


def test_grades_move_up_by_their_mean_rates():
    rolls = {(1, 2018): 100, (2, 2018): 80, (1, 2019): 100, (2, 2019): 90, (1, 2020): 120, (2, 2020): 110}
    projection = project(Chain(2, rolls, lambda origin: Feed({2021: Fraction(50)})), 2020, 3)
    # 90 ÷ 100 and 110 ÷ 100; of the first grade no rate is known.
    assert projection.rates[1].value == 1
    assert projection.numbers[2, 2021] == 120
    assert projection.entrants(2021) is None
    assert projection.roll(2021) is None
    assert projection.gaps[2021] == "2018—2020年没有可计算的入学率"
    assert projection.gaps[2022] == "没有登记可推算的人数"


def test_a_grade_that_nobody_reaches_stays_empty_and_is_no_gap():
    rolls = {(grade, year): 10 * (grade == 1) for grade in (1, 2, 3) for year in (2018, 2019, 2020)}
    feed = Feed({year: Fraction(10) for year in range(2018, 2022)})
    assert project(Chain(3, rolls, lambda origin: feed), 2020, 3).roll(2021) == 10


EAST, WEST, JUNIOR = 1, 2, 3


def inputs(**changed):
    """Two primary schools of one grade with a community each, and the junior school that takes their pupils."""
    years = range(2015, 2021)
    content = {
        "base": 2020,
        "first_counted": 2021,
        "settings": SETTINGS,
        "schools": {EAST: "东小学", WEST: "西小学", JUNIOR: "初级中学"},
        "source": "register",
        "sources": ("register",),
        "births": {
            "东村": [school_year(year - 7, 100) for year in range(2015, 2027)],
            "西村": [school_year(year - 7, 40) for year in range(2015, 2027)],
        },
        "zones": {("primary", "东村"): EAST, ("primary", "西村"): WEST},
        "feeders": {JUNIOR: frozenset({EAST, WEST})},
        "rolls": {
            (EAST, "primary"): {(1, year): 90 for year in years},
            (WEST, "primary"): {(1, year): 50 for year in years},
            (JUNIOR, "junior"): {(1, year): 133 for year in years},
        },
        "places": {
            (EAST, "primary"): {2020: Capacity(2, 45)},
            (WEST, "primary"): {2020: Capacity(2, 45), 2023: Capacity(1, 45)},
        },
    }
    return Inputs(**content | changed)


def rolls_of(forecast):
    return {line.year: line.roll for line in forecast.coming if line.roll is not None}


def test_a_school_is_forecast_from_its_zone_and_a_junior_school_from_its_primaries():
    east = Forecast(inputs(), "primary", EAST)
    assert rolls_of(east) == dict.fromkeys(range(2021, 2027), 90)
    assert east.coming[0].level == "orange"  # 90 ÷ 90
    assert east.coming[6].gap == "入学的孩子还没有全部出生"
    junior = Forecast(inputs(), "junior", JUNIOR)
    assert rolls_of(junior) == dict.fromkeys(range(2021, 2028), 133)  # 140 × 0.95
    assert junior.coming[7].gap == "入学的孩子还没有全部出生"
    assert {line.places_gap for line in junior.coming} == {"初级中学没有登记学位"}
    county = Forecast(inputs(), "primary")
    assert rolls_of(county) == dict.fromkeys(range(2021, 2027), 140)


def test_planned_places_apply_from_their_year_and_the_last_ones_go_on():
    west = Forecast(inputs(), "primary", WEST)
    assert {line.year: line.places for line in west.lines if line.year in (2020, 2022, 2023, 2030)} == {
        2020: 90, 2022: 90, 2023: 45, 2030: 45,
    }  # fmt: skip
    assert west.lines[0].places is None
    assert west.lines[0].places_gap == "西小学没有登记学位"
    assert west.worst.level == "red"  # 50 ÷ 45
    assert west.worst.year == 2023


def test_what_is_missing_is_unknown_with_its_reason():
    without_births = Forecast(inputs(births={}), "primary", EAST)
    assert {line.gap for line in without_births.coming[:1]} == {"东村2014年9月的出生人口没有登记"}
    assert rolls_of(without_births) == {}
    assert without_births.worst is None
    assert Forecast(inputs(births={}), "primary").coming[0].gap == "没有登记出生人口"
    assert Forecast(inputs(zones={}), "primary", EAST).coming[0].gap == "没有登记学区划片"
    assert Forecast(inputs(feeders={}), "junior", JUNIOR).coming[0].gap == "没有登记对口的小学"
    without_places = Forecast(inputs(places={}), "primary", EAST)
    assert without_places.coming[0].roll == 90
    assert (without_places.coming[0].places, without_places.coming[0].level) == (None, "")


def test_the_list_has_the_county_first_and_then_the_schools_with_pupils():
    assert [forecast.title for forecast in forecasts(inputs())] == [
        "全部学校 小学", "全部学校 初中", "东小学 小学", "西小学 小学", "初级中学 初中",
    ]  # fmt: skip


def test_places_a_class_size_and_a_boundary_may_be_assumed():
    def east_school_with(**scenario):
        return Forecast(inputs(), "primary", EAST, Scenario(**scenario))

    more = {
        line.year: line.places
        for line in east_school_with(added=30, from_year=2022).lines
        if line.year in (2020, 2021, 2022)
    }
    assert more == {2020: 90, 2021: 90, 2022: 120}
    assert [line.places for line in east_school_with(class_size=50).lines[5:7]] == [90, 100]
    both = east_school_with(moved={"西村": EAST})
    # 140 children at the school's own rate of 0.9; the past stays as it was.
    assert both.now.roll == 90
    assert both.coming[0].roll == 126
    left = Forecast(inputs(), "primary", WEST, Scenario(moved={"西村": EAST}))
    assert left.coming[0].gap == "没有登记学区划片"
    junior = Forecast(inputs(), "junior", JUNIOR, Scenario(moved={"东村": 0}))
    assert junior.coming[0].roll == 133
    assert junior.coming[1].gap == "没有登记学区划片"


@st.composite
def any_inputs(draw):
    """Inputs with any births, pupils and places of the two primary schools, some missing."""
    numbers = st.integers(0, 200)
    births = {
        village: [school_year(year - 7, draw(numbers)) for year in range(2015, draw(st.integers(2016, 2028)))]
        for village in ("东村", "西村")
    }
    rolls = {
        (school, "primary"): {
            (grade, year): draw(numbers)
            for grade in (1, 2)
            for year in range(draw(st.integers(2014, 2020)), 2021)
        }
        for school in (EAST, WEST)
    }
    places = draw(
        st.dictionaries(st.integers(2015, 2030), st.builds(Capacity, st.integers(0, 9), st.integers(1, 60)))
    )
    return inputs(births=births, rolls=rolls, places={(EAST, "primary"): places})


@given(any_inputs(), st.sampled_from([None, EAST, WEST]), st.integers(0, 2030))
def test_supposing_nothing_is_the_forecast(content, school, from_year):
    own = {community: owner for (_, community), owner in content.zones.items()}
    for nothing in (Scenario(), Scenario(from_year=from_year), Scenario(moved=own)):
        assert (
            Forecast(content, "primary", school, nothing).lines == Forecast(content, "primary", school).lines
        )


@given(any_inputs(), st.integers(1, 500))
def test_more_places_never_make_a_level_more_urgent(content, added):
    order = ["red", "orange", "yellow", "ample", "surplus"]
    before = Forecast(content, "primary", EAST).coming
    after = Forecast(content, "primary", EAST, Scenario(added=added)).coming
    for line, changed in zip(before, after, strict=True):
        assert line.roll == changed.roll
        if line.level:
            assert order.index(changed.level) >= order.index(line.level)
