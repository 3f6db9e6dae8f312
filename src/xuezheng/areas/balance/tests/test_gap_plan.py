"""The least-cost plan: no other plan is cheaper, every plan passes, and the same inputs give the same plan."""

import itertools
import json
from fractions import Fraction

import pytest

from xuezheng.areas.balance.procedures import linear_model
from xuezheng.areas.balance.procedures.gap_plan import NoPlan, Options, cost_of, plan
from xuezheng.areas.balance.procedures.gaps import fill_every_gap
from xuezheng.areas.balance.procedures.plan_record import compute, read_inputs, write_inputs
from xuezheng.areas.balance.procedures.resources import Resources
from xuezheng.areas.balance.procedures.verdict import judge
from xuezheng.areas.balance.tests.counties import COSTS, STANDARDS, county, enough
from xuezheng.figures import Status


def cheapest(resources, spots, most, costs):
    """Return the least cost of all combinations of whole additions at some spots that pass, by trying every one."""
    best = None
    for amounts in itertools.product(*(range(top + 1) for top in most)):
        additions = {spot: Fraction(amount) for spot, amount in zip(spots, amounts, strict=True) if amount}
        cost = cost_of(additions, {}, costs)
        if (best is None or cost < best) and judge(resources.with_added(additions), STANDARDS).passes:
            best = cost
    return best


@pytest.mark.parametrize(
    ("schools", "most"),
    [
        # What is lacking at each of three schools, and how many of what is tried there.
        (({"backbone": 0, "media": 1}, {}, {}), {(1, "backbone_per_100"): 2, (1, "media_per_100"): 4, (2, "backbone_per_100"): 2, (3, "backbone_per_100"): 1}),
        (({"backbone": 0}, {"media": 0, "backbone": 0}, {}), {(1, "backbone_per_100"): 3, (2, "backbone_per_100"): 3, (2, "media_per_100"): 3, (3, "backbone_per_100"): 2}),
        (({"degree": 2, "backbone": 0}, {"arts": 0}, {"media": 2}), {(1, "degree_per_100"): 3, (1, "backbone_per_100"): 2, (2, "arts_per_100"): 2, (3, "media_per_100"): 4}),
        # All pass, but schools differ too much.
        (({}, {"media": 20}, {"backbone": 3}), {(1, "media_per_100"): 7, (3, "media_per_100"): 14, (1, "backbone_per_100"): 1}),
    ],
)  # fmt: skip
def test_a_small_plan_costs_what_the_best_of_all_combinations_costs(schools, most):
    pupils = (100, 100, 200)
    forms = {key: enough(pupils[key - 1], f"学校{key}", **lacks) for key, lacks in enumerate(schools, 1)}
    resources = Resources(2019, forms)
    spots = [(school, "" if key == "media_per_100" else "primary", key) for school, key in most]
    made = plan(resources, STANDARDS, COSTS, Options(transfers=False))
    assert made.is_proven
    assert made.verdict.passes
    assert set(made.additions) <= set(spots)
    assert made.cost == cheapest(resources, spots, most.values(), COSTS)


def test_every_plan_passes_and_costs_no_more_than_filling_every_gap_where_that_passes():
    compared = 0
    for seed in range(12):
        resources = county(8, seed, pupils=(60, 900))
        made = plan(resources, STANDARDS, COSTS, Options())
        assert judge(resources.with_added(added(made)), STANDARDS).passes
        assert made.is_proven
        assert sum(made.moves.values()) == 0
        fixed = plan(resources, STANDARDS, COSTS, Options(transfers=False))
        assert made.cost <= fixed.cost * Fraction("1.0001")
        filled = fill_every_gap(judge(resources, STANDARDS))
        if judge(resources.with_added(filled), STANDARDS).passes:
            compared += 1
            assert fixed.cost <= cost_of(filled, {}, COSTS) * Fraction("1.0001")
    assert compared


def added(made):
    total = dict(made.additions)
    for spot, number in made.moves.items():
        total[spot] = total.get(spot, Fraction(0)) + number
    return total


def test_a_search_that_ends_by_its_nodes_gives_a_plan_that_passes_and_states_its_gap(monkeypatch):
    resources = county(24, 3, spread=(0.3, 4.0))  # from a third of the standard to four times it
    best = plan(resources, STANDARDS, COSTS, Options(transfers=False))
    monkeypatch.setattr(linear_model, "_NODES", 0)
    made = plan(resources, STANDARDS, COSTS, Options(transfers=False))
    assert made.verdict.passes
    assert made.bound <= best.goal <= made.goal + 1
    assert made.goal * (1 - made.gap) == pytest.approx(made.bound)
    assert made.is_proven == (made.gap <= 1e-4)
    again = plan(resources, STANDARDS, COSTS, Options(transfers=False))
    assert (again.additions, again.bound) == (made.additions, made.bound)


def test_teachers_are_moved_before_others_are_hired():
    resources = Resources(2019, {1: enough(name="多", backbone=3), 2: enough(name="少", backbone=0)})
    made = plan(resources, STANDARDS, COSTS, Options())
    assert made.cost == 0
    assert made.moves == {(1, "primary", "backbone_per_100"): -1, (2, "primary", "backbone_per_100"): 1}
    hired = plan(resources, STANDARDS, COSTS, Options(transfers=False))
    assert hired.additions == {(2, "primary", "backbone_per_100"): 1}
    assert hired.cost == 20_000


def test_schools_that_all_pass_may_still_differ_too_much():
    resources = Resources(2019, {1: enough(1000), 2: enough(1000, equipment=20_000_000)})
    verdict = judge(resources, STANDARDS)
    assert all(each.status is Status.MET for each in verdict.schools)
    assert not verdict.passes
    assert fill_every_gap(verdict) == {}
    made = plan(resources, STANDARDS, COSTS, Options())
    # (10 − x)/(10 + x) ≤ 1/2 gives x ≥ 10/3 of 2000 yuan.
    assert float(made.cost) == pytest.approx(20_000_000 / 3 - 2_000_000, rel=1e-4)
    assert made.verdict.passes


def test_what_stages_share_is_added_to_the_school_as_a_whole():
    resources = county(10, 5)
    made = plan(resources, STANDARDS, COSTS, Options())
    assert {stage for _, stage, key in made.additions if key == "rooms_per_pupil"} <= {""}


def test_ceilings_that_are_too_low_are_a_refusal():
    resources = Resources(2019, {1: enough(backbone=0)})
    assert plan(resources, STANDARDS, COSTS, Options(money=Fraction(20_000))).cost == 20_000
    with pytest.raises(NoPlan, match="在限额以内没有"):
        plan(resources, STANDARDS, COSTS, Options(money=Fraction(19_999)))
    with pytest.raises(NoPlan, match="在限额以内没有"):
        plan(resources, STANDARDS, COSTS, Options(new_teachers=0))
    with pytest.raises(NoPlan, match="只靠设施补不上"):
        plan(resources, STANDARDS, COSTS, Options(transfers=False, teachers=False))


def test_nothing_is_planned_on_what_was_not_reported():
    resources = county(6, 1, silent=0.9)
    with pytest.raises(NoPlan, match="没有填报“学校办学条件表”"):
        plan(resources, STANDARDS, COSTS, Options())


def test_the_same_inputs_give_the_same_text():
    inputs = write_inputs(county(9, 11, pupils=(60, 900)), STANDARDS, COSTS, Options())
    assert write_inputs(*read_inputs(inputs)) == inputs
    result = compute(inputs)
    assert compute(inputs) == result
    assert set(json.loads(result)["plans"]) == {"chosen", "no_transfers", "facilities"}
