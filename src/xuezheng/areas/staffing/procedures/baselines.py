"""What a plan is compared with: first come, first served, and the block exchange."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from xuezheng.areas.staffing.procedures.block_exchange import exchange
from xuezheng.areas.staffing.procedures.measures import Summary, summarise
from xuezheng.areas.staffing.procedures.problem import Placing, Problem


def first_come(problem: Problem) -> Placing:
    """Return where each teacher is when requests are served in the order of their days, each by the first wish with a place left.

    Requests of one day are in the order of longer service. What schools may lose, shares and pairs are not looked at.
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
    """Yield the Chinese name and the numbers of a plan, and of each procedure with which it is compared."""
    yield "本方案", summarise(problem, placing)
    yield "先报先得", summarise(problem, first_come(problem))
    yield "成块互换", summarise(problem, exchange(problem))
