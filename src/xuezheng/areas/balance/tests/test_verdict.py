"""The verdict on resources equals what pandas computes independently, at every limit and for the published examples."""

from dataclasses import replace
from fractions import Fraction

import pandas as pd
import pytest

from xuezheng.areas.balance.procedures.gaps import fill_every_gap, gaps, pushes
from xuezheng.areas.balance.procedures.resources import INDICATORS, Resources
from xuezheng.areas.balance.procedures.verdict import Level, judge
from xuezheng.areas.balance.tests.counties import LIMITS, STANDARDS, county, enough, school, stage
from xuezheng.figures import Status

REACHED = {Status.MET, Status.NOT_MET, Status.UNREPORTED}
SHARED = ["rooms_per_pupil", "sports_per_pupil", "equipment_per_pupil", "media_per_100"]
WEIGHTS = {"primary": 1.0, "junior": 1.1, "senior": 1.32}


def table_of(resources):
    """The county's forms as a table: a row for each school and stage, shared things as the school reported them."""
    rows = []
    for key, form in resources.schools.items():
        for name, each in form.stages.items():
            teachers = {column: float(number) for column, number in each.teachers.items()}
            shared = {column: float(form.shared[column]) if form.shared else None for column in SHARED}
            rows.append(
                {"school": key, "kind": form.kind, "stage": name, "pupils": each.pupils, **teachers, **shared}
            )
    return pd.DataFrame(rows)


def judged_by_pandas(table):
    """Return each school's state and each coefficient's state, written with pandas from the rule alone."""
    table["weight"] = table["stage"].map(WEIGHTS) * table["pupils"]
    part = table["weight"] / table.groupby("school")["weight"].transform("sum")
    for column in SHARED:
        table[column] = table[column] * part
    table = table[table["stage"] != "senior"]
    table = table[~((table["kind"] == "218") & (table["pupils"] < 50))].copy()
    levels = pd.DataFrame(index=table.index)
    for column, (primary, junior) in LIMITS.items():
        factor = 100 if column.endswith("100") else 1
        table[column] = table[column] * factor / table["pupils"]
        limit = table["stage"].map({"primary": float(primary), "junior": float(junior)})
        levels[column] = (table[column] >= limit - 1e-7).astype("Float64") + (
            table[column] >= limit * 0.85 - 1e-7
        )
        levels[column] = levels[column].mask(table[column].isna())
    reached, below, unknown = (levels == 2).sum(axis=1), (levels == 0).sum(axis=1), levels.isna().sum(axis=1)
    failed = (below > 0) | (reached + unknown < 6)
    table["state"] = "达到"
    table.loc[unknown > 0, "state"] = "没有报告"
    table.loc[failed, "state"] = "没有达到"
    variations = {}
    for name, group in table.groupby("stage"):
        for column in LIMITS:
            known = group[group[column].notna()]
            mean = (known[column] * known["pupils"]).sum() / known["pupils"].sum() if len(known) else 0
            square = (
                (known["pupils"] * (known[column] - mean) ** 2).sum() / known["pupils"].sum()
                if len(known)
                else 0
            )
            variations[name, column] = (square**0.5 / mean if mean else None, len(known) == len(group))
    return table.set_index(["school", "stage"])["state"].to_dict(), variations


@pytest.mark.parametrize("seed", range(220))
def test_verdicts_of_generated_counties_are_those_of_pandas(seed):
    spread = (0.84, 1.6) if seed % 2 else (0.3, 2.6)
    resources = county(3 + seed % 12, seed, spread, silent=0.15 if seed % 5 == 0 else 0.0)
    verdict = judge(resources, STANDARDS)
    schools, variations = judged_by_pandas(table_of(resources))
    assert {each.row.place: each.status.value for each in verdict.schools} == schools
    for each in verdict.variations:
        value, complete = variations.get((each.stage, each.indicator.key), (None, False))
        if value is None:
            assert each.status is Status.UNREPORTED
            continue
        assert each.value == pytest.approx(value, rel=1e-9)
        limit = {"primary": 0.5, "junior": 0.45}[each.stage]
        expected = (Status.MET if value <= limit else Status.NOT_MET) if complete else Status.UNREPORTED
        assert each.status is expected


def test_generated_counties_have_every_state():
    verdicts = [judge(county(6, seed, (1.0, 1.6), silent=0.2), STANDARDS) for seed in range(20)]
    verdicts += [judge(county(6, seed, (0.3, 2.6)), STANDARDS) for seed in range(20)]
    assert {each.status for verdict in verdicts for each in verdict.schools} == REACHED
    assert {each.status for verdict in verdicts for each in verdict.variations} == REACHED


def test_the_published_example_of_the_coefficient():
    # Books of five schools as media rooms: printed 0.52, exactly 0.515257; unweighted 0.488771, of a sample 0.546462.
    numbers = [(45, 279), (37, 137), (89, 935), (76, 160), (55, 402)]
    schools = {key: enough(pupils, media=books) for key, (pupils, books) in enumerate(numbers, start=1)}
    (variation,) = [
        each for each in judge(Resources(2019, schools), STANDARDS).variations
        if (each.stage, each.indicator.key) == ("primary", "media_per_100")
    ]  # fmt: skip
    assert variation.value == pytest.approx(0.515257, abs=5e-7)
    assert float(variation.mean) == pytest.approx(633.4437, abs=1e-4)
    assert variation.status is Status.NOT_MET


def test_the_published_example_of_shares():
    combined = school("312", {"primary": stage(166, 9, 9, 9), "junior": stage(210, 9, 9, 9)}, 0, 0, 23_226, 0)
    primary, junior = Resources(2019, {1: combined}).rows(STANDARDS)
    assert primary.amounts["equipment_per_pupil"] == Fraction(23_226) * 166 / 397
    assert float(primary.amounts["equipment_per_pupil"]) == pytest.approx(9711.63, abs=0.01)
    assert float(junior.amounts["equipment_per_pupil"]) == pytest.approx(13514.37, abs=0.01)


@pytest.mark.parametrize(
    ("rooms", "level"),
    [
        ("450", Level.REACHED),
        ("450.01", Level.REACHED),
        ("449.99", Level.NEAR),
        ("382.5", Level.NEAR),
        ("382.49", Level.BELOW),
    ],
)
def test_a_value_at_just_above_and_just_below_the_limits(rooms, level):
    (judged,) = judge(Resources(2019, {1: enough(rooms=Fraction(rooms))}), STANDARDS).schools
    assert judged.cells[3].level is level
    assert judged.status is (Status.NOT_MET if level is Level.BELOW else Status.MET)


def test_six_of_seven_and_no_fewer():
    six = enough(rooms=Fraction("382.5"))
    five = replace(six, shared={**six.shared, "sports_per_pupil": Fraction("637.5")})
    states = [judge(Resources(2019, {1: form}), STANDARDS).schools[0].status for form in (six, five)]
    assert states == [Status.MET, Status.NOT_MET]


def test_a_coefficient_exactly_at_its_limit_is_within_it():
    # Two schools of as many pupils: the coefficient is half their difference divided by their mean.
    def variation(high):
        schools = {1: enough(equipment=200_000), 2: enough(equipment=high)}
        return next(
            each
            for each in judge(Resources(2019, schools), STANDARDS).variations
            if each.indicator.key == "equipment_per_pupil"
        )

    assert variation(600_000).square == Fraction(1, 4)
    assert variation(600_000).status is Status.MET
    assert variation(600_001).status is Status.NOT_MET


def test_fifty_pupils_make_a_teaching_point_count():
    points = {
        1: replace(enough(49), kind="218"), 2: replace(enough(50), kind="218"), 3: replace(enough(100), kind="514"),
    }  # fmt: skip
    assert [row.school for row in Resources(2019, points).rows(STANDARDS)] == [2]


def test_the_gap_is_what_brings_each_indicator_to_its_limits():
    resources = county(12, 7, (0.4, 1.4))
    verdict = judge(resources, STANDARDS)
    lacking = gaps(verdict)
    assert lacking
    for gap in lacking:
        spot = (gap.row.school, "" if gap.indicator.shared else gap.row.stage, gap.indicator.key)
        unit = 1 if gap.indicator.integer else Fraction(1, 100)

        def level(amount, spot=spot, gap=gap):
            after = judge(resources.with_added({spot: amount}), STANDARDS)
            school_after = next(each for each in after.schools if each.row.place == gap.row.place)
            return school_after.cells[INDICATORS.index(gap.indicator)].level

        assert level(gap.to_limit) is Level.REACHED
        assert level(gap.to_floor) in (Level.NEAR, Level.REACHED)
        if gap.row.pupils < 10_000 and gap.indicator.integer:
            assert level(gap.to_limit - unit) is not Level.REACHED
    after = judge(resources.with_added(fill_every_gap(verdict)), STANDARDS)
    assert all(each.reached == 7 for each in after.schools)


def test_what_a_school_adds_to_a_coefficient_in_closed_form():
    resources = county(8, 3)
    for variation in judge(resources, STANDARDS).variations:
        parts = pushes(variation)
        if not parts:
            continue
        assert sum(push.part for push in parts) == 1
        assert parts[0].part == max(push.part for push in parts)
        values = {row.place: float(row.value(variation.indicator)) for row in variation.rows}
        first = parts[0]
        others = [row for row in variation.rows if row != first.row]
        if others:
            mean = sum(values[row.place] * row.pupils for row in others) / sum(row.pupils for row in others)
            values[first.row.place] = mean
            square = (
                sum(row.pupils * (values[row.place] - mean) ** 2 for row in variation.rows) / variation.pupils
            )
            assert first.without == pytest.approx(square**0.5 / mean, rel=1e-9)


def test_what_was_not_reported_is_neither_met_nor_failed():
    silent = replace(enough(name="没有填"), shared=None)
    verdict = judge(Resources(2019, {1: enough(), 2: silent}), STANDARDS)
    assert [each.status for each in verdict.schools] == [Status.MET, Status.UNREPORTED]
    assert not verdict.passes
    states = {each.indicator.key: each.status for each in verdict.variations if each.stage == "primary"}
    assert states["degree_per_100"] is Status.MET
    assert states["media_per_100"] is Status.UNREPORTED
    # Where an indicator that is known fails, nothing that is missing can help.
    poor = replace(enough(backbone=0), shared=None)
    assert judge(Resources(2019, {1: poor}), STANDARDS).schools[0].status is Status.NOT_MET
