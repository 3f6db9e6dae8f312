"""The section's figures, on forms of a few schools."""

from datetime import date
from decimal import Decimal

import ibis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.areas.balance.models import Facilities, StageCondition
from xuezheng.core.periods import Period
from xuezheng.figures import Absence
from xuezheng.figures.catalogue import figure
from xuezheng.records.models import School
from xuezheng.rules.columns import rule_columns
from xuezheng.snapshots import freeze

PERIOD = Period.parse("2019H1")


def school(order, kind="211"):
    return School.objects.create(
        code=f"213499{order:04}", name=f"学校{order}", kind=kind, urban_rural="220", runner="831"
    )


def enter(school, pupils, **things):
    """Enter a school's forms: pupils by stage, and what it has; teachers are plenty."""
    has = {"teaching_area": 0, "indoor_sports_area": 0, "sports_area": 0, "equipment": 0, "media_rooms": 0}
    Facilities.objects.create(school=school, year=2019, music_rooms=1, art_rooms=1, **{**has, **things})
    for stage, number in pupils.items():
        StageCondition.objects.create(
            school=school, year=2019, stage=stage, pupils=number, grades=6, classes=1, largest_class=number,
            teachers=number, associate=0, bachelor=number, master=0, backbone=number,
            pe_teachers=number, music_teachers=0, art_teachers=0,
        )  # fmt: skip


@pytest.fixture
def frozen(lone_district):
    return lambda: freeze()


def at(snapshot, key, **slice_):
    return figure(f"balance.{key}").at(snapshot, PERIOD, **slice_)


def test_the_published_example_of_the_coefficient_comes_out(frozen):
    # Books of five schools, here as yuan of equipment: printed 0.52, exactly 0.515257; unweighted it were 0.488771.
    for order, (pupils, books) in enumerate([(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)]):
        enter(school(order), {"primary": pupils}, equipment=books * 100)
    snapshot = frozen()
    assert float(at(snapshot, "equipment_variation", stage="primary").value) == pytest.approx(
        0.515257, abs=1e-6
    )
    assert at(snapshot, "equipment_per_pupil", stage="primary").text() == "6.33元"
    limit = at(snapshot, "equipment_variation").citations
    assert "balance.variation_limit" in [citation.key for citation in limit]


def test_what_stages_have_in_common_is_shared_by_their_weights(frozen):
    enter(school(1, "312"), {"primary": 166, "junior": 210}, equipment=23_226_00)
    snapshot = frozen()
    primary, junior = (at(snapshot, "equipment_value", stage=stage).value for stage in ("primary", "junior"))
    assert (primary, junior) == (9711_63, 13514_37)
    assert at(snapshot, "equipment_per_pupil", stage="primary").number() == Decimal("58.50")
    assert at(snapshot, "equipment_per_pupil", stage="junior").number() == Decimal("64.35")


def test_schools_that_are_not_evaluated_are_in_no_figure(frozen):
    plenty = {"teaching_area": 9000, "sports_area": 9000, "equipment": 10**9, "media_rooms": 99}
    enter(school(1), {"primary": 45}, **plenty)
    enter(school(2, "218"), {"primary": 49}, **plenty)
    enter(school(3, "514"), {"junior": 60}, **plenty)
    enter(school(4), {"primary": 46}, equipment=1)
    snapshot = frozen()
    assert at(snapshot, "schools_judged").value == 2
    assert at(snapshot, "schools_passing").value == 1
    assert at(snapshot, "passing_rate").text() == "50%"
    assert at(snapshot, "schools_judged", equipment_level="below").value == 1
    assert at(snapshot, "schools_with_large_classes").value == 1
    assert at(snapshot, "pupils_judged").value == 91
    assert at(snapshot, "degree_per_100").text() == "100人"


def test_a_year_without_forms_has_no_data(frozen):
    enter(school(1), {"primary": 45})
    snapshot = frozen()
    answer = figure("balance.schools_judged").at(snapshot, Period.parse("2018H2"))
    assert answer.absence == Absence.NO_DATA


@given(st.tuples(st.integers(0, 3000), st.integers(0, 3000), st.integers(0, 3000)).filter(any))
@settings(max_examples=20, deadline=None)
def test_the_shares_of_a_schools_stages_make_up_the_whole(pupils):
    (share,) = [rule for rule in rule_columns("balance_stagecondition") if rule.name == "share"]
    stages = ("primary", "junior", "senior")
    rows = [
        {"stage": stage, "year": 2019, "pupils": number, **{f"{s}_pupils": n for s, n in zip(stages, pupils, strict=True)}}
        for stage, number in zip(stages, pupils, strict=True)
    ]  # fmt: skip
    table = ibis.memtable(rows)
    result = table.select(share=share.apply(table, "990101", date(2019, 7, 5)).expression)
    assert sum(result.to_pyarrow()["share"].to_pylist()) == pytest.approx(1)
