"""The block exchange: teachers exchange places in cycles in which each teacher gains and no school loses.

It follows Combe, Tercieux and Terrier (The Design of Teacher Assignment: Theory and Evidence, Review of
Economic Studies, 2022). Assignment procedures that guarantee every teacher the present place can miss
exchanges that would benefit all teachers and schools involved. The paper therefore builds a graph of pairs of
a teacher and the present school: pair (t, s) points to pair (u, v) if t prefers v to s and v does not lose by
having t instead of u. Along a cycle of this graph each teacher takes the place of the next. The
teacher-optimal variant proceeds like top trading cycles: each teacher points to the best school that would
accept the teacher, cycles are carried out, and their pairs are removed.

Adaptations, since schools here do not rank teachers and have vacant places:

- A school does not lose if a teacher who is not a backbone teacher is replaced by anybody, or a backbone
  teacher by a backbone teacher. A school accepts no more teachers of a stage and subject than the places it
  has announced.
- A vacant place is a pair without a teacher. It accepts anybody, and points to the pair with the longest
  service among those that point to it. A chain of moves into a vacant place is thus a cycle; the place left
  by the last teacher becomes vacant if its school still has announced places.
- Among the pairs at the best school, a teacher points to one with the same backbone status, then to a vacant
  place, then to the longest service.
- Teachers are moved only to schools for which they wished. Required shares and pairs of teachers are ignored;
  the comparison shows what this costs.
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
    """Return where each teacher is after the block exchange, computed for each stage and subject separately.

    The result has the key of every teacher of ``problem``, and the key of the new school, or None for one who
    stays.
    """
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
