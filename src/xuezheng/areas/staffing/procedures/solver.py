"""Computes a rotation plan by constraint programming, with five objectives minimised one after the other.

The solver is CP-SAT of Google OR-Tools, imported only when a plan is computed. It runs with one worker, a
fixed seed and a limit in deterministic time, so that the same problem and version give the same plan on any
machine. For each objective the result says whether its value is proven optimal.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from xuezheng.areas.staffing.procedures.measures import OBJECTIVES, wish_cost
from xuezheng.areas.staffing.procedures.problem import Placing, Problem, Teacher

SEED = 20
#: The limit of the search for one objective, in the solver's deterministic time; a unit is a second or a few.
_EFFORT = 10.0
#: Real seconds after which the search for an objective ends in any case; on so slow a machine the next run may give another plan.
_PATIENCE = 5 * 60


class PlanRefused(Exception):
    """A plan cannot be computed, or a step cannot be taken; the text is a Chinese sentence for the user."""


@dataclass(frozen=True)
class Stage:
    """The result for one objective, of which smaller values are better.

    ``name`` is one of ``OBJECTIVES``; ``value`` is the value of the plan, ``bound`` a lower bound for any
    plan, and ``proven`` whether it is proven that no plan has a smaller value.
    """

    name: str
    value: int
    bound: int
    proven: bool


@dataclass(frozen=True)
class Solution:
    """A computed plan: the placing, and the result for each objective in order of priority."""

    placing: Placing
    stages: tuple[Stage, ...]

    @property
    def proven(self) -> bool:
        """Whether every objective is proven optimal."""
        return all(stage.proven for stage in self.stages)


def solve(problem: Problem, effort: float = _EFFORT) -> Solution:
    """Compute the best placing, minimising the objectives in order, each without worsening those before.

    ``effort`` limits the computation for each objective, in the deterministic time units of the solver (one
    is about a second or more). All hard rules are kept; required shares may be missed, which the first
    objective counts. Raises :class:`PlanRefused` if no placing is found within the limits.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    places = {
        (teacher.person, school): model.new_bool_var("")
        for teacher in problem.teachers
        for school in problem.choices(teacher)
    }
    _add_rules(model, problem, places)
    terms = dict(zip(OBJECTIVES, _objectives(model, problem, places), strict=True))
    stages: list[Stage] = []
    chosen: dict[tuple[int, int], bool] = dict.fromkeys(places, False)
    for name, expression in terms.items():
        model.minimize(expression)
        model.clear_hints()  # type: ignore[no-untyped-call]
        for place, variable in places.items():
            model.add_hint(variable, chosen[place])
        solver = cp_model.CpSolver()
        parameters = solver.parameters
        parameters.num_workers, parameters.random_seed = 1, SEED
        # An assignment problem is nearly solved by its linear relaxation; looking for what follows from single variables takes longer than it saves.
        parameters.linearization_level, parameters.cp_model_probing_level = 2, 0
        parameters.max_deterministic_time, parameters.max_time_in_seconds = effort, _PATIENCE
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            raise PlanRefused(
                "在限定的时间里没有算出方案。请减少参加编排的人数或学校，或者放宽设置，再编排一次。"
            )
        value = round(solver.objective_value)
        stages.append(Stage(name, value, round(solver.best_objective_bound), status == cp_model.OPTIMAL))
        chosen = {place: solver.boolean_value(variable) for place, variable in places.items()}
        model.add(expression <= value)
    placing: dict[int, int | None] = {teacher.person: None for teacher in problem.teachers}
    placing |= {person: school for (person, school), is_chosen in chosen.items() if is_chosen}
    return Solution(placing, tuple(stages))


def _add_rules(model: Any, problem: Problem, places: dict[tuple[int, int], Any]) -> None:
    """Add the hard rules: one place for each teacher, places, those leaving at once, the floor of backbone teachers, pairs."""
    arriving, leaving = defaultdict(list), defaultdict(list)
    backbone: dict[int, list[Any]] = defaultdict(list)
    own = _by_person(problem, places)
    for teacher in problem.teachers:
        model.add_at_most_one(own[teacher.person].values())
        for school, variable in own[teacher.person].items():
            arriving[school, teacher.field].append(variable)
            leaving[teacher.school, teacher.field].append(variable)
            if teacher.backbone:
                backbone[school].append(variable)
                backbone[teacher.school].append(-variable)
    for (school, field), variables in arriving.items():
        model.add(sum(variables) <= problem.places[school, field])
    for (school, field), variables in leaving.items():
        model.add(sum(variables) <= problem.most_leaving(school, field))
    for school, changes in backbone.items():
        model.add(problem.by_school[school].backbone + sum(changes) >= problem.least_backbone(school))
    for first, second in problem.pairs:
        places_of_first, places_of_second = own[first.person], own[second.person]
        for school in sorted(places_of_first.keys() | places_of_second.keys()):
            model.add(places_of_first.get(school, 0) == places_of_second.get(school, 0))


def _by_person(problem: Problem, places: dict[tuple[int, int], Any]) -> dict[int, dict[int, Any]]:
    own: dict[int, dict[int, Any]] = {teacher.person: {} for teacher in problem.teachers}
    for (person, school), variable in places.items():
        own[person][school] = variable
    return own


def _objectives(model: Any, problem: Problem, places: dict[tuple[int, int], Any]) -> tuple[Any, ...]:
    """Return the objectives as expressions, of the same meaning as :func:`~xuezheng.areas.staffing.procedures.measures.objectives`."""
    required = problem.requirements
    moved = sum(places.values())
    backbone = sum(variable for (person, _), variable in places.items() if problem.by_person[person].backbone)
    rural = sum(variable for (_, school), variable in places.items() if problem.is_rural(school))
    missing = [model.new_int_var(0, len(problem.teachers) + problem.least_moved, "") for _ in range(3)]
    model.add(moved + missing[0] >= problem.least_moved)
    model.add(100 * backbone + 100 * missing[1] >= required.backbone * moved)
    model.add(100 * rural + 100 * missing[2] >= required.rural * moved)
    wishes = sum(wish_cost(teacher, None) for teacher in problem.teachers) + sum(
        (wish_cost(problem.by_person[person], school) - wish_cost(problem.by_person[person], None)) * variable
        for (person, school), variable in places.items()
    )
    length = sum(
        (problem.distance(problem.by_person[person].school, school) or 0) * variable
        for (person, school), variable in places.items()
    )
    service = sum(teacher.years for teacher in problem.teachers if teacher.wishes) - sum(
        problem.by_person[person].years * variable
        for (person, school), variable in places.items()
        if problem.by_person[person].rank_of(school)
    )
    return sum(missing), wishes, length, sum(_losses(model, problem, places)), service


def _losses(model: Any, problem: Problem, places: dict[tuple[int, int], Any]) -> list[Any]:
    """Return, for each school and field, by how many teachers fewer there are than before."""
    change: dict[tuple[int, tuple[str, str]], list[Any]] = defaultdict(list)
    leaves: dict[tuple[int, tuple[str, str]], int] = {}
    for (person, school), variable in places.items():
        teacher: Teacher = problem.by_person[person]
        change[school, teacher.field].append(variable)
        change[teacher.school, teacher.field].append(-variable)
        leaves[teacher.school, teacher.field] = problem.most_leaving(teacher.school, teacher.field)
    losses = []
    for place, most in leaves.items():
        loss = model.new_int_var(0, most, "")
        model.add(loss + sum(change[place]) >= 0)
        losses.append(loss)
    return losses
