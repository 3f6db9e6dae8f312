"""Evaluates a placing: the hard rules it breaks, the required shares it misses, and its objectives.

The solver, the pages and the tests use the same definitions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from xuezheng.areas.staffing.procedures.problem import Placing, Problem, Teacher, moves_of, share_of

#: Costs in the objective of wishes; a wish that is met costs its number less one.
STAY_UNMET, AWAY_UNWISHED, AWAY_AGAINST = 3, 4, 6
#: The names of the objectives in order of priority (see :func:`objectives`).
OBJECTIVES = ("shortfall", "wishes", "distance", "losses", "service")


@dataclass(frozen=True)
class Breach:
    """A hard rule that a placing breaks.

    ``kind`` is "own" (a teacher is placed at the present school), "places" (a school gets more teachers than
    it has places), "leave" (too many leave a school at once), "floor" (a school keeps too few backbone
    teachers) or "pair" (two who wish to be together are parted). ``persons`` are the keys of the teachers
    involved, and ``sentence`` describes the breach in Chinese without naming them.
    """

    kind: str
    persons: tuple[int, ...]
    sentence: str


def breaches(problem: Problem, placing: Placing, name: Callable[[int], str] = str) -> Iterator[Breach]:
    """Yield each hard rule that ``placing`` breaks; nothing if it keeps all.

    ``name`` returns the name of a school for its key, for the sentences; by default the key as text.
    """
    moves = moves_of(problem, placing)
    arriving: dict[tuple[int, tuple[str, str]], list[Teacher]] = {}
    leaving: dict[tuple[int, tuple[str, str]], list[Teacher]] = {}
    for teacher, school in moves:
        arriving.setdefault((school, teacher.field), []).append(teacher)
        leaving.setdefault((teacher.school, teacher.field), []).append(teacher)
        if school == teacher.school:
            yield Breach("own", (teacher.person,), "不能安排到现任教的学校。")
    for (school, field), group in arriving.items():
        places = problem.places.get((school, field), 0)
        if len(group) > places:
            words = (
                f"{name(school)}这一学段、学科的岗位只有{places}个"
                if places
                else f"{name(school)}没有这一学段、学科的岗位"
            )
            yield Breach("places", _persons(group), f"{words}，安排了{len(group)}人。")
    for (school, field), group in leaving.items():
        most = problem.most_leaving(school, field)
        if len(group) > most:
            yield Breach(
                "leave",
                _persons(group),
                f"{name(school)}这一学段、学科一次最多调出{most}人，安排调出{len(group)}人。",
            )
    change: Counter[int] = Counter()
    for teacher, school in moves:
        if teacher.backbone:
            change[school] += 1
            change[teacher.school] -= 1
    for school, gained in change.items():
        least, left = problem.least_backbone(school), problem.by_school[school].backbone + gained
        if gained < 0 and left < least:
            touched = [teacher for teacher, _ in moves if teacher.backbone and teacher.school == school]
            yield Breach(
                "floor", _persons(touched), f"{name(school)}须留骨干教师{least}人，这样安排只有{left}人。"
            )
    for first, second in problem.pairs:
        if placing.get(first.person) != placing.get(second.person):
            yield Breach(
                "pair", (first.person, second.person), "填了同一个同校编号的两人须到同一所学校，或者都不动。"
            )


def _persons(group: list[Teacher]) -> tuple[int, ...]:
    return tuple(teacher.person for teacher in group)


def shortfalls(problem: Problem, placing: Placing) -> dict[str, int]:
    """Return by how many persons each required share is missed, 0 if it is reached.

    The keys are "moved", "backbone" and "rural". The last two are shares of those who move in ``placing``.
    """
    moves = moves_of(problem, placing)
    backbone = sum(teacher.backbone for teacher, _ in moves)
    rural = sum(problem.is_rural(school) for _, school in moves)
    required = problem.requirements
    return {
        "moved": max(0, problem.least_moved - len(moves)),
        "backbone": max(0, share_of(required.backbone, len(moves)) - backbone),
        "rural": max(0, share_of(required.rural, len(moves)) - rural),
    }


def wish_cost(teacher: Teacher, school: int | None) -> int:
    """Return what placing ``teacher`` at ``school`` (None to stay) costs in the objective of wishes.

    The first wish costs 0, the second 1, the third 2. Staying costs 3 with wishes and 0 without any. A school
    not wished for costs 4, or 6 for a teacher who asks to stay.
    """
    if school is None:
        return STAY_UNMET if teacher.wishes else 0
    rank = teacher.rank_of(school)
    if rank is not None:
        return rank - 1
    return AWAY_AGAINST if teacher.stays else AWAY_UNWISHED


def objectives(problem: Problem, placing: Placing) -> tuple[int, int, int, int, int]:
    """Return the values of the five objectives, each to be minimised, in order of priority.

    They are the number of persons missing to required shares; the sum of the costs of wishes; the sum of
    known distances in units of 100 metres; the number of teachers by which schools have fewer in a stage and
    subject than before; and the sum of the years of teachers none of whose wishes is met, so that longer
    service comes first.
    """
    moves = moves_of(problem, placing)
    length = sum(problem.distance(teacher.school, school) or 0 for teacher, school in moves)
    change: Counter[tuple[int, tuple[str, str]]] = Counter()
    for teacher, school in moves:
        change[school, teacher.field] += 1
        change[teacher.school, teacher.field] -= 1
    return (
        sum(shortfalls(problem, placing).values()),
        sum(wish_cost(teacher, placing.get(teacher.person)) for teacher in problem.teachers),
        length,
        sum(-gained for gained in change.values() if gained < 0),
        sum(
            each.years
            for each in problem.teachers
            if each.wishes and not each.rank_of(placing.get(each.person))
        ),
    )


@dataclass(frozen=True)
class Summary:
    """The numbers by which placings are compared.

    ``moved`` teachers move. Of these, ``ranks`` has how many get their first, second and third wish,
    ``unwished`` is how many go to another school, ``backbone`` how many are backbone teachers, and ``rural``
    how many go to rural schools. ``missing`` is the number of persons missing to required shares, ``broken``
    that of the hard rules broken. ``metres`` is the sum of known distances, in units of 100 metres.
    """

    moved: int
    ranks: tuple[int, int, int]
    unwished: int
    backbone: int
    rural: int
    missing: int
    broken: int
    metres: int

    @property
    def mean_rank(self) -> float | None:
        """The mean number of the wish (1 to 3) over teachers placed at a school they wished for.

        None without any.
        """
        placed = sum(self.ranks)
        return sum(number * count for number, count in enumerate(self.ranks, 1)) / placed if placed else None


def summarise(problem: Problem, placing: Placing) -> Summary:
    """Return the numbers by which ``placing`` is compared with others."""
    moves = moves_of(problem, placing)
    ranks = Counter(teacher.rank_of(school) for teacher, school in moves)
    missing, _, metres, *_ = objectives(problem, placing)
    return Summary(
        len(moves),
        (ranks[1], ranks[2], ranks[3]),
        ranks[None],
        sum(teacher.backbone for teacher, _ in moves),
        sum(problem.is_rural(school) for _, school in moves),
        missing,
        len(list(breaches(problem, placing))),
        metres,
    )
