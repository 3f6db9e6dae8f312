"""Plans of rotation: small ones against every possible placing, the same twice, what cannot be met, pairs, floors, reasons, and the block exchange."""

import random
from dataclasses import replace
from itertools import product

import pytest

from xuezheng.areas.staffing.procedures.baselines import first_come
from xuezheng.areas.staffing.procedures.block_exchange import exchange
from xuezheng.areas.staffing.procedures.measures import breaches, objectives, shortfalls, summarise
from xuezheng.areas.staffing.procedures.problem import (
    Campus,
    Opening,
    Problem,
    Requirements,
    Teacher,
)
from xuezheng.areas.staffing.procedures.reasons import reason_of, unmet_wishes
from xuezheng.areas.staffing.procedures.solver import solve
from xuezheng.areas.staffing.procedures.steps import placing_hash
from xuezheng.records.models.chain import digest

FIELD = ("primary", "chinese")
NOTHING = Requirements(eligible=0, moved=0, backbone=0, rural=0, leave=100, floor=0)


def teacher(person, school, wishes=(), backbone=False, field=FIELD, **further):
    return Teacher(person, school, *field, backbone, further.pop("years", 6), tuple(wishes), **further)


def problem(teachers, places, requirements=NOTHING, rural=(), staff=5, distances=(), backbone=None):
    """Schools 1 to 9 with so many teachers of each field; ``places`` are by school, or by (school, field)."""
    fields = sorted({each.field for each in teachers})
    backbone = backbone or {}
    openings = tuple(
        Opening(key, *FIELD, number) if isinstance(key, int) else Opening(key[0], *key[1], number)
        for key, number in places.items()
    )
    campuses = tuple(
        Campus(
            school, school in rural, staff * len(fields),
            backbone.get(school, sum(each.backbone for each in teachers if each.school == school)),
        )
        for school in range(1, 10)
    )  # fmt: skip
    registered = tuple((school, *field, staff) for school in range(1, 10) for field in fields)
    return Problem(tuple(teachers), openings, campuses, registered, tuple(distances), requirements)


def invented(seed):
    """A small problem in which everything may bind."""
    rng = random.Random(seed)
    fields = [FIELD, ("primary", "music")]
    teachers = [
        teacher(
            person, rng.randint(1, 4), rng.sample(range(1, 5), rng.randint(0, 3)), rng.random() < 0.4,
            rng.choice(fields), years=rng.randint(6, 9), stays=rng.random() < 0.2, pair="P" if person in (1, 2) and seed % 3 == 0 else "",
        )
        for person in range(1, 7)
    ]  # fmt: skip
    teachers = [
        replace(each, wishes=tuple(wish for wish in each.wishes if wish != each.school)) for each in teachers
    ]
    places = {
        (school, field): rng.randint(1, 2) for school in range(1, 5) for field in fields if rng.random() < 0.6
    }
    required = Requirements(
        rng.randint(6, 30), rng.choice((0, 10, 50)), rng.choice((0, 20, 60)), rng.choice((0, 30)), rng.choice((20, 100)), rng.choice((0, 10, 30))
    )  # fmt: skip
    distances = [(start, end, rng.randint(1, 200)) for start in range(1, 5) for end in range(start + 1, 5)]
    return problem(teachers, places, required, rural=(3, 4), staff=rng.randint(2, 6), distances=distances)


def best_by_trying(chosen):
    """The least objectives of all placings that break no hard rule."""
    options = [[None, *chosen.choices(each)] for each in chosen.teachers]
    placings = (
        dict(zip([each.person for each in chosen.teachers], schools, strict=True))
        for schools in product(*options)
    )
    return min(objectives(chosen, placing) for placing in placings if not list(breaches(chosen, placing)))


@pytest.mark.parametrize("seed", range(30))
def test_no_other_placing_is_better(seed):
    chosen = invented(seed)
    solution = solve(chosen)
    assert solution.proven
    assert list(breaches(chosen, solution.placing)) == []
    assert objectives(chosen, solution.placing) == best_by_trying(chosen)
    assert tuple(stage.value for stage in solution.stages) == objectives(chosen, solution.placing)


def test_the_same_inputs_give_the_same_plan_and_hash():
    chosen = invented(7)
    again = Problem.from_json(chosen.to_json())
    assert again == chosen
    assert digest(again.to_json()) == digest(chosen.to_json())
    assert placing_hash(solve(again).placing) == placing_hash(solve(chosen).placing)
    moved = replace(chosen, requirements=replace(chosen.requirements, eligible=99))
    assert digest(moved.to_json()) != digest(chosen.to_json())


def test_what_cannot_be_met_is_missed_by_as_few_as_possible_and_said():
    required = replace(NOTHING, eligible=40, moved=10, backbone=50)
    chosen = problem([teacher(person, 1, [2]) for person in range(1, 4)], {2: 2}, required)
    solution = solve(chosen)
    # Four should move, half of them backbone teachers. There are two places and no backbone teacher: moving one misses three and one, two miss two and one.
    assert shortfalls(chosen, solution.placing) == {"moved": 2, "backbone": 1, "rural": 0}
    assert solution.stages[0].value == solution.stages[0].bound == 3


def test_backbone_teachers_move_against_their_wish_only_as_far_as_the_share_needs():
    teachers = [
        *(teacher(person, 1, [2]) for person in range(1, 5)),
        *(teacher(person, 3, backbone=True) for person in range(5, 9)),
    ]
    chosen = problem(teachers, {2: 8}, replace(NOTHING, eligible=8, backbone=20), backbone={3: 4})
    placing = solve(chosen).placing
    assert summarise(chosen, placing).moved == 5
    assert summarise(chosen, placing).backbone == 1
    backbone = next(each for each in teachers if each.backbone and placing[each.person])
    assert (
        reason_of(chosen, placing, backbone)
        == "没有填志愿，为达到骨干教师比例的要求，安排到有这一学科岗位的学校。"
    )
    # One more who does not ask to stay is taken before one who does.
    some_stay = [replace(each, stays=each.person != 8) for each in teachers]
    assert solve(replace(chosen, teachers=tuple(some_stay))).placing[8] == 2


def test_two_of_a_pair_go_to_one_school_or_stay_both():
    pair = [teacher(1, 1, [2, 3], pair="P1"), teacher(2, 4, [2, 3], pair="P1")]
    assert solve(problem(pair, {2: 1, 3: 2})).placing == {1: 3, 2: 3}
    assert solve(problem(pair, {2: 1, 3: 1})).placing == {1: None, 2: None}
    of_two_subjects = [pair[0], replace(pair[1], subject="music")]
    places = {(2, FIELD): 1, (2, ("primary", "music")): 1}
    assert solve(problem(of_two_subjects, places)).placing == {1: 2, 2: 2}
    reason = unmet_wishes(problem(pair, {2: 1, 3: 2}), {1: 3, 2: 3}, pair[0])[0]["reason"]
    assert reason == "岗位已满：1个岗位不够同校的两人。"
    three = [*pair, teacher(3, 5, [2], pair="P1")]
    assert problem(three, {2: 1}).pairs == []


def test_a_school_keeps_its_floor_of_backbone_teachers():
    teachers = [teacher(person, 1, [2], backbone=True) for person in (1, 2, 3)]
    chosen = problem(teachers, {2: 3}, replace(NOTHING, floor=40))
    # Forty percent of five teachers are two: one of three may go.
    assert summarise(chosen, solve(chosen).placing).moved == 1
    # A school below the floor loses none, unless one comes.
    fewer = problem(teachers[:1], {2: 3}, replace(NOTHING, floor=40))
    assert solve(fewer).placing == {1: None}
    exchanged = problem(
        [teachers[0], teacher(2, 2, [1], backbone=True)], {1: 1, 2: 1}, replace(NOTHING, floor=40)
    )
    assert solve(exchanged).placing == {1: 2, 2: 1}
    stayed = next(each for each in teachers if solve(chosen).placing[each.person] is None)
    assert (
        unmet_wishes(chosen, solve(chosen).placing, stayed)[0]["reason"] == "调出以后本校骨干教师不到底线。"
    )


def test_only_a_share_of_a_subject_leaves_at_once_but_one_may():
    teachers = [teacher(person, 1, [2]) for person in range(1, 6)]
    chosen = problem(teachers, {2: 5}, replace(NOTHING, leave=40))
    assert summarise(chosen, solve(chosen).placing).moved == 2
    alone = problem(teachers[:1], {2: 5}, replace(NOTHING, leave=40), staff=1)
    assert solve(alone).placing == {1: 2}
    stayed = next(each for each in teachers if solve(chosen).placing[each.person] is None)
    assert (
        unmet_wishes(chosen, solve(chosen).placing, stayed)[0]["reason"]
        == "本校这一学段、学科一次调出的人数已到上限。"
    )


def test_a_share_goes_to_rural_schools():
    teachers = [teacher(person, person, [8]) for person in range(1, 5)]
    chosen = problem(teachers, {8: 4, 9: 4}, replace(NOTHING, eligible=4, moved=100, rural=30), rural=(9,))
    placing = solve(chosen).placing
    assert sorted(placing.values()) == [8, 8, 9, 9]
    sent = next(each for each in teachers if placing[each.person] == 9)
    assert unmet_wishes(chosen, placing, sent)[0]["reason"] == "这样改派，到乡村学校的比例达不到要求。"


def test_among_equal_wishes_the_nearer_school_is_chosen():
    chosen = problem(
        [teacher(1, 1), teacher(2, 1)],
        {2: 1, 3: 1},
        replace(NOTHING, eligible=2, moved=50),
        distances=[(1, 2, 90), (1, 3, 20)],
    )
    assert sorted(solve(chosen).placing.values(), key=str) == [3, None]


def test_among_equals_longer_service_comes_first():
    teachers = [teacher(1, 1, [2], years=6), teacher(2, 3, [2], years=8), teacher(3, 4, [2], years=7)]
    assert solve(problem(teachers, {2: 1})).placing == {1: None, 2: 2, 3: None}


@pytest.mark.parametrize(
    ("placing", "kinds"),
    [
        ({1: 1}, ["own", "places"]),
        ({1: 2, 2: 2}, ["places", "leave"]),
        ({1: 4}, ["places"]),
        ({1: 3, 2: 3}, ["leave"]),
        ({3: 3}, ["floor"]),
        ({4: 3}, ["pair"]),
        ({4: 3, 5: 3}, ["places"]),
    ],
)
def test_each_hard_rule_is_told_with_its_numbers(placing, kinds):
    teachers = [
        teacher(1, 1), teacher(2, 1), teacher(3, 5, backbone=True),
        teacher(4, 6, pair="P"), teacher(5, 7, pair="P", field=("primary", "music")),
    ]  # fmt: skip
    chosen = problem(teachers, {2: 1, 3: 2}, replace(NOTHING, leave=20, floor=20))
    assert [breach.kind for breach in breaches(chosen, placing)] == kinds
    assert all(breach.sentence.endswith("。") for breach in breaches(chosen, placing))


def test_a_full_post_is_told_by_kinds_of_wishes_without_names():
    teachers = [teacher(1, 1, [2]), teacher(2, 3, [4, 2]), teacher(3, 5, [2])]
    chosen = problem(teachers, {2: 2, 4: 0})
    placing = {1: 2, 2: 2, 3: None}
    assert (
        unmet_wishes(chosen, placing, teachers[2])[0]["reason"]
        == "岗位已满：2个岗位安排了第一志愿1人、第二志愿1人。"
    )
    assert unmet_wishes(chosen, placing, teachers[1])[0]["reason"] == "这所学校没有公布这一学段、学科的岗位。"
    assert reason_of(chosen, placing, teachers[1]) == "按第二志愿安排。"
    assert reason_of(chosen, placing, teachers[2]) == "填报的志愿都不能满足，本学年不动。"


# The procedures with which a plan is compared


def test_who_comes_first_is_served_first():
    teachers = [
        teacher(1, 1, [3], submitted="2020-05-02"), teacher(2, 2, [3], submitted="2020-05-01"),
        teacher(3, 2, [3, 4], submitted="2020-05-03"),
    ]  # fmt: skip
    assert first_come(problem(teachers, {3: 1, 4: 1})) == {1: None, 2: 3, 3: 4}


def test_three_teachers_exchange_in_a_circle():
    teachers = [teacher(1, 1, [2]), teacher(2, 2, [3]), teacher(3, 3, [1])]
    assert exchange(problem(teachers, {1: 1, 2: 1, 3: 1})) == {1: 2, 2: 3, 3: 1}
    # Without a place at one school, no circle closes.
    assert exchange(problem(teachers, {1: 1, 2: 1})) == {1: None, 2: None, 3: None}


def test_a_chain_follows_from_a_vacant_place():
    teachers = [teacher(1, 1, [2]), teacher(2, 3, [1])]
    assert exchange(problem(teachers, {2: 1, 1: 1})) == {1: 2, 2: 1}


def test_no_school_gives_a_backbone_teacher_for_another():
    wishes = [teacher(1, 1, [2], backbone=True), teacher(2, 2, [1])]
    assert exchange(problem(wishes, {1: 1, 2: 1})) == {1: None, 2: None}
    assert exchange(problem([wishes[0], replace(wishes[1], backbone=True)], {1: 1, 2: 1})) == {1: 2, 2: 1}


@pytest.mark.parametrize("seed", range(20))
def test_after_the_exchange_nobody_is_worse_off_and_no_two_would_still_change_places(seed):
    chosen = invented(seed)
    chosen = replace(chosen, teachers=tuple(replace(each, pair="") for each in chosen.teachers))
    placing = exchange(chosen)
    assert all(
        placing[each.person] is None or placing[each.person] in each.wishes for each in chosen.teachers
    )
    assert {breach.kind for breach in breaches(chosen, placing)} <= {"floor"}
    staying = [each for each in chosen.teachers if placing[each.person] is None]
    left = dict(chosen.places)
    for each in chosen.teachers:
        if placing[each.person] is not None:
            left[placing[each.person], each.field] -= 1
    leaving = {each.school: sum(placing[t.person] is not None and (t.school, t.field) == (each.school, each.field) for t in chosen.teachers) for each in staying}  # fmt: skip
    for first, second in product(staying, staying):
        would = (
            second.school in first.wishes and first.school in second.wishes and first.field == second.field
        )
        alike = first.backbone == second.backbone
        open_both = left.get((first.school, first.field), 0) and left.get((second.school, first.field), 0)
        free = all(
            leaving[each.school] < chosen.most_leaving(each.school, each.field) for each in (first, second)
        )
        assert not (would and alike and open_both and free)
