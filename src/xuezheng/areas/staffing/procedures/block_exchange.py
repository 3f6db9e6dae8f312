"""The block exchange: teachers change places in cycles in which everybody gains and no school loses.

The idea is that of Combe, Tercieux and Terrier (The Design of Teacher Assignment: Theory and Evidence, Review of Economic Studies, 2022). Assignment procedures that
protect the present place of each teacher (who may always stay) can leave teachers and schools with exchanges that would make all of them better off. They
therefore let pairs of a teacher and the present school exchange: pair (t, s) points to pair (u, v) where t would rather be at v than at s, and v does not
lose by having t in place of u. Along a cycle of such arrows each teacher takes the place of the next. Of all ways to exchange until no cycle is left, their teacher-optimal one
proceeds as top trading cycles do: each teacher points to the best school among those that would take the teacher in, cycles are carried out, and their pairs leave.

What is ours, since schools here have no ranking of persons and there are vacant places:

- A school does not lose where a backbone teacher is replaced by a backbone teacher, or anybody by a teacher who is no less. A school takes in no more teachers of a
  stage and subject than it has announced places.
- A place without a teacher is a pair too, of nobody and the school. Nobody is content with any place: it points to the pair of the teacher with the longest service who points to it.
  So a chain of moves that begins with a vacant place is a cycle; the last school's place is vacant from then on, if it has announced places left.
- Among pairs at the best school a teacher points to one of the own rank, to the vacant place before others, then by the longest service.
- Wishes alone count: teachers are not moved to schools for which they did not wish. Shares and pairs of teachers are not looked at; the comparison shows what this costs.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from xuezheng.areas.staffing.procedures.problem import Field, Placing, Problem, Teacher


@dataclass(frozen=True)
class _Pair:
    """A place at a school, with its teacher or vacant; ``number`` tells vacant places apart."""

    school: int
    field: Field
    teacher: Teacher | None
    number: int = 0

    @property
    def order(self) -> tuple[bool, int, int, int]:
        """Vacant places first, then those with the longest service."""
        teacher = self.teacher
        return (
            (False, 0, self.school, self.number)
            if teacher is None
            else (True, -teacher.years, teacher.person, 0)
        )


def exchange(problem: Problem) -> Placing:
    """Return where each teacher is after all exchanges, in each field by itself."""
    placing: dict[int, int | None] = {teacher.person: None for teacher in problem.teachers}
    for field in sorted({teacher.field for teacher in problem.teachers}):
        _exchange_in(problem, field, placing)
    return placing


def _exchange_in(problem: Problem, field: Field, placing: dict[int, int | None]) -> None:
    left = Counter({school: places for (school, own), places in problem.places.items() if own == field})
    may_leave = Counter({school: problem.most_leaving(school, field) for school in problem.by_school})
    pairs = {_Pair(teacher.school, field, teacher) for teacher in problem.teachers if teacher.field == field}
    occupied = Counter(pair.school for pair in pairs)
    pairs |= {
        _Pair(school, field, None, number)
        for school, places in left.items()
        for number in range(max(0, places - occupied[school]))
    }
    vacated = len(pairs)
    while cycle := _find_cycle(pairs, left, may_leave):
        for pair, place in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            if pair.teacher is not None:
                placing[pair.teacher.person] = place.school
                left[place.school] -= 1
                may_leave[pair.school] -= 1
        pairs -= set(cycle)
        # A cycle through a vacant place leaves the place of the teacher to whom nobody came.
        for pair, place in zip(cycle, [*cycle[1:], cycle[0]], strict=True):
            if pair.teacher is None and left[place.school] > 0:
                vacated += 1
                pairs.add(_Pair(place.school, field, None, vacated))


def _find_cycle(pairs: set[_Pair], left: Counter[int], may_leave: Counter[int]) -> list[_Pair]:
    """Return the pairs of a cycle, each pointing to the next; [] where no cycle moves anybody."""
    targets = {
        pair: target
        for pair in pairs
        if pair.teacher is not None and (target := _target(pair, pairs, left, may_leave))
    }
    for vacant in sorted((pair for pair in pairs if pair.teacher is None), key=lambda each: each.order):
        pointing = [each for each, target in targets.items() if target == vacant]
        if pointing:
            return [min(pointing, key=lambda each: each.order), vacant]
    done: set[_Pair] = set()
    for start in sorted(targets, key=lambda each: each.order):
        path: list[_Pair] = []
        pair: _Pair | None = start
        while pair is not None and pair not in done and pair not in path:
            path.append(pair)
            pair = targets.get(pair)
        if pair is not None and pair in path:
            return path[path.index(pair) :]
        done |= set(path)
    return []


def _target(pair: _Pair, pairs: set[_Pair], left: Counter[int], may_leave: Counter[int]) -> _Pair | None:
    """Return the pair to which a teacher's pair points; None for one to whom no school wished for is open."""
    teacher = pair.teacher
    if teacher is None or may_leave[pair.school] <= 0:
        return None
    for school in teacher.wishes:
        if left[school] <= 0 or school == pair.school:
            continue
        open_to = [each for each in pairs if each.school == school and _gains(teacher, each.teacher)]
        if open_to:
            return min(open_to, key=lambda each: (_is_other_rank(teacher, each.teacher), each.order))
    return None


def _gains(teacher: Teacher, leaving: Teacher | None) -> bool:
    """Whether a school does not lose by having a teacher in place of another, or of nobody."""
    return leaving is None or teacher.backbone >= leaving.backbone


def _is_other_rank(teacher: Teacher, leaving: Teacher | None) -> bool:
    return leaving is not None and teacher.backbone != leaving.backbone
