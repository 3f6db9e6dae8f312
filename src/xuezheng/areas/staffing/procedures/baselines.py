"""Two simpler procedures to compare a rotation plan with: first come, first served, and block exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xuezheng.areas.staffing.procedures.block_exchange import exchange
from xuezheng.areas.staffing.procedures.measures import Summary, summarise
from xuezheng.areas.staffing.procedures.problem import Placing, Problem


def first_come(problem: Problem) -> Placing:
    """Place teachers in the order in which they submitted requests, each at the first wish with a free place.

    Of requests of the same day, the teacher with more years comes first. Limits on departures, required
    shares and pairs are ignored. Returns, for each teacher's key, the key of the new school, or None for one
    who stays.
    """
    placing: dict[int, int | None] = {teacher.person: None for teacher in problem.teachers}
    left = Counter(problem.places)
    for teacher in sorted(problem.teachers, key=lambda each: (each.submitted, -each.years, each.person)):
        for school in teacher.wishes:
            if left[school, teacher.field] > 0 and school != teacher.school:
                left[school, teacher.field] -= 1
                placing[teacher.person] = school
                break
    return placing


def compare(problem: Problem, placing: Placing) -> Iterator[tuple[str, Summary]]:
    """Yield (Chinese name, :class:`Summary`) for ``placing``, first come first served, block exchange."""
    yield "本方案", summarise(problem, placing)
    yield "先报先得", summarise(problem, first_come(problem))
    yield "成块互换", summarise(problem, exchange(problem))
