"""Plans of zones as a problem: the solver against all assignments, contiguity, locks, overload to the child, the same plan every time, the map."""

import random
from dataclasses import replace
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xuezheng.areas.enrolment.pages.zone_map import draw, fills, letters
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.zoning.frozen import read_problem, write_problem
from xuezheng.areas.enrolment.procedures.zoning.geometry import nearest_neighbours, straight_metres
from xuezheng.areas.enrolment.procedures.zoning.problem import (
    Problem,
    ZoneCommunity,
    ZoneSchool,
    ZoneSettings,
    measure,
)
from xuezheng.areas.enrolment.procedures.zoning.reasons import breaches, explain
from xuezheng.areas.enrolment.procedures.zoning.solver import solve

SETTINGS = ZoneSettings(0, 1500, 1.0, 2, 100, 50)


def line(children, places, *, last=(), settings=SETTINGS, metres=None, siblings=None):
    """Communities and schools on one street running east: a community every 500 metres, the schools at its ends."""
    degree = 500 / straight_metres((118.0, 0.0), (119.0, 0.0))
    points = [(118 + degree * place, 0.0) for place in range(len(children))]
    sites = [points[0], points[-1], *points[1:-1]][: len(places)]
    communities = tuple(
        ZoneCommunity(place + 1, f"社区{'甲乙丙丁戊己庚'[place]}", points[place], number, "摸底", (last[place],) if last else ())
        for place, number in enumerate(children)
    )  # fmt: skip
    schools = tuple(
        ZoneSchool(at + 1, f"学校{'东西南北'[at]}", sites[at], number, "计划")
        for at, number in enumerate(places)
    )
    metres = metres or tuple(tuple(round(straight_metres(point, site)) for site in sites) for point in points)
    return Problem(
        "primary", 2026, communities, schools, metres, settings, siblings=siblings or {}, last_year=2025
    )


def having_places(problem):
    """The schools for which communities may be planned."""
    every = range(len(problem.schools))
    return [at for at in every if problem.schools[at].places > 0] or list(every)


def is_attached(problem, assignment, place):
    """Whether a community is its school's or nearest to it, or a neighbour nearer to the school belongs to it, written down once more."""
    school, metres = assignment[place], problem.metres
    if metres[place][school] == min(metres[place][at] for at in having_places(problem)) or metres[place][
        school
    ] == min(row[school] for row in metres):
        return True
    points = [about.point for about in problem.communities]
    neighbours = nearest_neighbours(points, problem.settings.neighbours)[place]
    nearer = [each for each in neighbours if metres[each][school] < metres[place][school]]
    if not nearer:
        every = [each for each in range(len(metres)) if metres[each][school] < metres[place][school]]
        nearer = [min(every, key=lambda each: (straight_metres(points[place], points[each]), each))]
    return any(assignment[each] == school for each in nearer)


def worth(problem, assignment):
    """The objectives of an assignment in the order of their rank, counted by hand."""
    conditions, loads, beyond, cost = problem.settings, [0] * len(problem.schools), 0, 0
    for place, school in enumerate(assignment):
        about = problem.communities[place]
        loads[school] += about.children
        beyond += about.children * (problem.metres[place][school] > conditions.limit_metres)
        cost += max(1, about.children) * problem.metres[place][school]
        if about.last and school not in about.last:
            cost += max(1, about.children) * conditions.change_metres
        for (of, at), number in problem.siblings.items():
            cost += number * conditions.sibling_metres * (of == place and at != school)
    most = [each.places * (100 + conditions.overload_percent) // 100 for each in problem.schools]
    return sum(max(0, load - limit) for load, limit in zip(loads, most, strict=True)), beyond, cost


def best(problem, locked):
    """The worth of the best of all assignments that keep the rules."""
    plans = product(range(len(problem.schools)), repeat=len(problem.communities))
    return min(
        worth(problem, plan)
        for plan in plans
        if all(plan[place] == school for place, school in locked.items())
        and all(place in locked or school in having_places(problem) for place, school in enumerate(plan))
        and all(place in locked or is_attached(problem, plan, place) for place in range(len(plan)))
    )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**9), st.integers(2, 6), st.integers(2, 3), st.integers(0, 2))
def test_no_assignment_is_better_than_the_plan(seed, communities, schools, locks):
    rng = random.Random(seed)
    points = [(118 + rng.uniform(0, 0.03), 29 + rng.uniform(0, 0.03)) for _ in range(communities + schools)]
    children = [rng.randrange(0, 40) for _ in range(communities)]
    places = [rng.choice([0, rng.randrange(1, 80), rng.randrange(1, 80)]) for _ in range(schools)]
    metres = tuple(
        tuple(round(1.3 * straight_metres(points[place], site)) for site in points[communities:])
        for place in range(communities)
    )
    problem = Problem(
        "primary",
        2026,
        tuple(
            ZoneCommunity(place, f"社区{place}", points[place], children[place], "", tuple(rng.sample(range(schools), rng.randrange(0, 2))))
            for place in range(communities)
        ),
        tuple(ZoneSchool(at, f"学校{at}", points[communities + at], places[at], "") for at in range(schools)),
        metres,
        ZoneSettings(rng.choice([0, 10]), 2000, 1.3, 2, rng.choice([0, 300]), 200),
        siblings={(rng.randrange(communities), rng.randrange(schools)): rng.randrange(1, 5)},
    )  # fmt: skip
    locked = {rng.randrange(communities): rng.randrange(schools) for _ in range(locks)}
    solution = solve(problem, locked)
    assert solution.proven
    measures = measure(problem, solution.assignment)
    assert measures.order == worth(problem, solution.assignment) == best(problem, locked)
    assert measures.order == tuple(level.value for level in solution.levels)
    assert all(solution.assignment[place] == school for place, school in locked.items())
    assert set(measures.detached) <= set(locked)
    assert {place for place in range(communities) if not is_attached(problem, solution.assignment, place)} == set(measures.detached)  # fmt: skip
    assert solve(problem, locked) == solution


def test_a_school_takes_the_last_child_and_not_one_more():
    exact = line([10, 10, 10, 10], [20, 20])
    assert solve(exact, {}).assignment == (0, 0, 1, 1)
    assert measure(exact, solve(exact, {}).assignment).overload == (0, 0)
    over = line([10, 11, 10, 10], [20, 20])
    plan = solve(over, {})
    measures = measure(over, plan.assignment)
    assert plan.proven
    assert measures.excess == 1
    assert next(breaches(over, measures)) in ("学校东超出1人。", "学校西超出1人。")
    # One more place: nothing is over, and nothing is reported.
    assert measure(line([10, 11, 10, 10], [21, 20]), (0, 0, 1, 1)).excess == 0


def test_permitted_overload_counts_to_the_child():
    permitted = replace(SETTINGS, overload_percent=5)
    problem = line([10, 11, 10, 10], [20, 20], settings=permitted)
    assert problem.capacities == (21, 21)
    assert measure(problem, (0, 0, 1, 1)).excess == 0
    assert "超出学位1人，在允许的范围内" in explain(problem, (0, 0, 1, 1), measure(problem, (0, 0, 1, 1)), 0)
    assert measure(line([10, 12, 10, 10], [20, 20], settings=permitted), (0, 0, 1, 1)).excess == 1


def test_children_at_the_limit_are_within_and_a_metre_further_beyond():
    metres = ((100, 1500), (100, 1501))
    problem = line([3, 4], [9, 9], metres=metres)
    assert measure(problem, (1, 0)).beyond == 0
    assert measure(problem, (1, 1)).beyond == 4


def test_a_community_behind_another_is_not_jumped_over():
    """The farthest community fits the full school better than those between, but would be an island."""
    problem = line([10, 10, 10, 5, 10], [25, 100], last=(0, 0, 0, 0, 1))
    island = (0, 0, 1, 0, 1)
    assert measure(problem, island).detached == (3,)
    assert measure(problem, island).excess == 0
    plan = solve(problem, {})
    assert measure(problem, plan.assignment).detached == ()
    assert plan.assignment == (0, 0, 1, 1, 1)
    # A person may decide otherwise: the lock is kept and what it breaks is said.
    by_hand = solve(problem, {3: 0})
    assert by_hand.assignment[3] == 0
    assert measure(problem, by_hand.assignment).detached in ((), (3,))


def test_a_locked_community_stays_where_it_breaks_something():
    problem = line([10, 10], [20, 20])
    plan = solve(problem, {0: 1, 1: 0})
    assert plan.assignment == (1, 0)


def test_a_change_must_be_worth_its_metres():
    """A child may walk 100 metres further before a zone changes: at equal cost or less it stays."""
    for farther, expected in ((99, 0), (101, 1)):
        metres = ((500 + farther, 500), (900, 100))
        problem = line([10, 10], [50, 50], last=(0, 1), metres=metres)
        assert solve(problem, {}).assignment[0] == expected


def test_siblings_keep_a_community_with_their_school():
    metres = ((520, 500), (900, 100))
    assert solve(line([1, 10], [50, 50], metres=metres), {}).assignment[0] == 1
    assert solve(line([1, 10], [50, 50], metres=metres, siblings={(0, 0): 1}), {}).assignment[0] == 0


def test_nothing_is_planned_for_a_school_without_places_unless_a_person_locks_it():
    problem = line([10, 10, 10], [20, 0])
    assert solve(problem, {}).assignment == (0, 0, 0)
    assert solve(problem, {2: 1}).assignment == (0, 0, 1)
    assert solve(line([10, 10], [0, 0]), {}).assignment == (0, 1)


def test_a_community_without_children_goes_to_a_school_nearby():
    assert solve(line([0, 10, 0], [50, 50]), {}).assignment[::2] == (0, 1)


def test_the_gap_is_stated_where_the_work_does_not_suffice():
    rng = random.Random(5)
    children = [rng.randrange(10, 60) for _ in range(60)]
    points = [(118 + rng.uniform(0, 0.05), 29 + rng.uniform(0, 0.05)) for _ in children]
    sites = [(118 + rng.uniform(0, 0.05), 29 + rng.uniform(0, 0.05)) for _ in range(20)]
    problem = Problem(
        "primary",
        2026,
        tuple(ZoneCommunity(each, f"社区{each}", points[each], children[each], "") for each in range(60)),
        tuple(ZoneSchool(at, f"学校{at}", site, sum(children) // 20, "") for at, site in enumerate(sites)),
        tuple(tuple(round(straight_metres(point, site)) for site in sites) for point in points),
        SETTINGS,
    )
    solution = solve(problem, {}, work=0.3)
    assert not solution.proven
    assert all(level.bound <= level.value for level in solution.levels)
    assert measure(problem, solution.assignment).order == tuple(level.value for level in solution.levels)
    assert solve(problem, {}, work=0.3) == solution


@given(
    st.lists(st.tuples(st.sampled_from([73.0, 118.0, 118.0, 118.00001, 136.0]), st.sampled_from([3.0, 29.0, 29.5, 54.0])), min_size=1, max_size=9),
    st.integers(1, 4),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_places_in_one_point_on_one_line_or_far_away_are_planned_and_drawn(points, schools):
    """Whatever coordinates the registers admit: every community has a plan, and the map is well-formed."""
    sites = (points * schools)[:schools]
    problem = Problem(
        "primary",
        2026,
        tuple(ZoneCommunity(each, f"<社区&\"{each}\">", point, each, "") for each, point in enumerate(points)),
        tuple(ZoneSchool(at, "学校</svg><script>", site, 5, "") for at, site in enumerate(sites)),
        tuple(tuple(round(straight_metres(point, site)) for site in sites) for point in points),
        SETTINGS,
    )  # fmt: skip
    assert measure(problem, problem.nearest).detached == ()
    solution = solve(problem, {}, work=0.2)
    assert len(solution.assignment) == len(points)
    image = ElementTree.fromstring(draw(problem, solution.assignment, "图<1>", "a", (0,)))
    texts = [element.text for element in image.iter() if element.text]
    assert not any(element.tag.endswith("script") for element in image.iter())
    assert '<社区&"0">' in texts
    for element in image.iter():
        for name in ("x", "y", "cx", "cy", "r"):
            assert element.get(name) is None or abs(float(element.get(name))) < 2000


def test_the_letters_of_schools_differ():
    assert [letters(number) for number in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
    assert len({letters(number) for number in range(80)}) == 80


def test_schools_near_each_other_differ_in_colour_and_those_of_one_colour_in_lines():
    rng = random.Random(3)
    sites = [(118 + rng.uniform(0, 0.1), 29 + rng.uniform(0, 0.1)) for _ in range(24)]
    problem = replace(
        line([10, 10], [1, 1]), schools=tuple(ZoneSchool(at, f"学校{at}", site, 5, "") for at, site in enumerate(sites))
    )  # fmt: skip
    chosen = fills(problem)
    assert len(set(chosen)) == 24
    for at, site in enumerate(sites):
        nearest = min(
            (each for each in range(24) if each != at), key=lambda each: straight_metres(site, sites[each])
        )
        assert chosen[at][0] != chosen[nearest][0]


def test_neighbours_are_mutual():
    points = [(118.0, 29.0), (118.001, 29.0), (118.002, 29.0), (118.5, 29.0)]
    neighbours = nearest_neighbours(points, 1)
    assert neighbours == [(1,), (0, 2), (1, 3), (2,)]


def test_a_frozen_problem_comes_back_whole_and_its_text_is_always_the_same():
    problem = line([10, 0, 3], [20, 20], last=(0, 1, 1), siblings={(1, 0): 2, (0, 1): 1})
    problem = replace(problem, measured=frozenset({(2, 1), (0, 0)}))
    text = write_problem(problem)
    assert read_problem(text) == problem
    assert write_problem(read_problem(text)) == text
    assert hash_of(text) != hash_of(write_problem(replace(problem, year=2027)))


@pytest.mark.parametrize(
    ("assignment", "place", "words"),
    [
        ((0, 0, 1), 0, "离学校东0米，是最近的学校；名额正好；去年同校"),
        ((0, 0, 1), 1, "离学校东500米，是最近的学校；名额正好；去年在学校西"),
        ((0, 1, 1), 1, "离学校西500米，是最近的学校；超出学位2人；去年同校"),
        ((1, 0, 1), 0, "最近的学校东（0米）近1000米，按各社区合计的路程、连片和变动统筹"),
        ((1, 1, 1), 2, "离学校西0米，是最近的学校；超出学位12人；去年同校；2名儿童的哥哥姐姐在别校"),
    ],
)
def test_the_reason_is_in_words_that_can_be_checked(assignment, place, words):
    problem = line([10, 10, 2], [20, 10], last=(0, 1, 1), siblings={(2, 0): 2})
    assert words in explain(problem, assignment, measure(problem, assignment), place)


def test_zones_of_an_earlier_year_are_named_by_it():
    problem = replace(line([10, 10], [20, 10], last=(0, 0)), last_year=2023)
    assert "2023年同校" in explain(problem, (0, 1), measure(problem, (0, 1)), 0)
    assert "2023年在学校东" in explain(problem, (0, 1), measure(problem, (0, 1)), 1)


def test_a_full_nearest_school_is_named_with_its_numbers():
    problem = line([10, 10, 10], [15, 30])
    plan = (0, 1, 1)
    assert "离学校西500米" in explain(problem, plan, measure(problem, plan), 1)
    far = line([10, 12, 10], [15, 30], metres=((0, 900), (300, 700), (900, 0)))
    assert "最近的学校东（300米）放不下：学位15个，已划10人" in explain(far, plan, measure(far, plan), 1)


def test_a_school_left_without_children_is_reported():
    problem = line([10, 10], [30, 30])
    assert "学校西有学位30个，没有划到适龄儿童。" in list(breaches(problem, measure(problem, (0, 0))))
