"""Computes a zone plan with OR-Tools CP-SAT.

It runs with one worker and a limit in deterministic work instead of time, so that the same problem gives the
same plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from xuezheng.areas.enrolment.procedures.zoning.problem import Assignment, Measures, Problem, measure

#: The Chinese names of the objectives, in order of priority.
LEVELS = ("超出学位的人数", "超出限距的人数", "路程、变动合计（人·米）")
#: Limits of CP-SAT's deterministic time for each objective, in units of about a second: for each pair of community and school, at least, at most.
_WORK_PER_PAIR, _LEAST_WORK, _MOST_WORK = 1 / 500, 2.5, 20.0
#: Real seconds after which the search for an objective ends in any case; on so slow a machine the next run may give another plan.
_SECONDS = 600.0
_SEED = 1


@dataclass(frozen=True)
class Level:
    """The result for one objective: its Chinese title, the value of the plan, and a lower bound.

    No plan has a value below ``bound``; smaller values are better.
    """

    title: str
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether it is proven that no plan has a smaller value, since the value reaches the bound."""
        return self.value <= self.bound


@dataclass(frozen=True)
class Solution:
    """A computed plan: the assignment, and the result for each objective in order of priority."""

    assignment: Assignment
    levels: tuple[Level, ...]

    @property
    def proven(self) -> bool:
        """Whether every objective is proven optimal."""
        return all(level.proven for level in self.levels)


def solve(
    problem: Problem,
    locked: Mapping[int, int],
    progress: Callable[[str, int, int], None] = lambda *args: None,
    work: float | None = None,
) -> Solution:
    """Compute the best plan in which each of the ``locked`` communities keeps its school.

    ``locked`` maps the index of a community to that of a school. Three objectives are minimised in order,
    each without worsening those before: children beyond places and permitted overload; children beyond the
    walking limit; and metres times children, including changes and separated siblings. Overload is never
    forbidden, so that there is always a plan. A locked community may be detached, or at a school without
    places. ``progress`` is called with a Chinese title, the number of steps done, and of all steps. ``work``
    limits the computation for each objective, in the deterministic time of the solver (one unit is about a
    second); None derives it from the size of the problem.
    """
    from ortools.sat.python import cp_model  # heavy: only where a plan is computed

    if work is None:
        pairs = len(problem.communities) * len(problem.schools)
        work = min(_MOST_WORK, max(_LEAST_WORK, pairs * _WORK_PER_PAIR))
    model = cp_model.CpModel()
    places, schools = range(len(problem.communities)), range(len(problem.schools))
    chosen = [[model.new_bool_var("") for _ in schools] for _ in places]
    for place in places:
        model.add_exactly_one(chosen[place])
        if place in locked:
            model.add(chosen[place][locked[place]] == 1)
            continue
        for school in set(schools) - set(problem.open_schools):
            model.add(chosen[place][school] == 0)
        for school in schools:
            supports = problem.supports[place][school]
            if supports is not None:
                model.add_bool_or([~chosen[place][school], *(chosen[each][school] for each in supports)])
    objectives = _objectives(model, problem, chosen)
    levels: list[Level] = []
    best: Assignment = _start(problem, locked)
    for order, (title, objective) in enumerate(zip(LEVELS, objectives, strict=True)):
        progress(f"第{order + 1}步：{title}", order, len(LEVELS))
        model.clear_hints()  # type: ignore[no-untyped-call]  # OR-Tools gives it no types
        for place in places:
            for school in schools:
                model.add_hint(chosen[place][school], best[place] == school)
        best, level = _minimise(model, objective, title, chosen, best, work)
        levels.append(level)
        model.add(objective <= level.value)
    progress("算好", len(LEVELS), len(LEVELS))
    # A later search may come upon a plan that is better in an earlier objective too, where that was not proven.
    reached = measure(problem, best).order
    return Solution(
        best, tuple(replace(level, value=value) for level, value in zip(levels, reached, strict=True))
    )


def _start(problem: Problem, locked: Mapping[int, int]) -> Assignment:
    """Return the better of nearest schools and last year's zones, with the locked communities at their schools."""
    plans = [
        tuple(locked.get(place, school) for place, school in enumerate(plan))
        for plan in (problem.nearest, problem.last)
        if set(plan) <= set(problem.open_schools)
    ]

    def rank(plan: Assignment) -> tuple[int, tuple[int, int, int]]:
        measures: Measures = measure(problem, plan)
        return len([place for place in measures.detached if place not in locked]), measures.order

    return min(plans, key=rank)


def _objectives(model: Any, problem: Problem, chosen: list[list[Any]]) -> list[Any]:
    """Return the three objectives as expressions of the model."""
    children = [about.children for about in problem.communities]
    total, excesses = sum(children), []
    for school, most in enumerate(problem.capacities):
        excess = model.new_int_var(0, max(0, total - most), "")
        load = sum(number * row[school] for number, row in zip(children, chosen, strict=True))
        model.add(load <= most + excess)
        excesses.append(excess)
    limit = problem.settings.limit_metres
    pairs = [(place, school) for place in range(len(children)) for school in range(len(problem.schools))]
    beyond = sum(
        children[place] * chosen[place][school]
        for place, school in pairs
        if problem.metres[place][school] > limit
    )
    cost = sum(problem.path_cost(place, school) * chosen[place][school] for place, school in pairs)
    return [sum(excesses), beyond, cost]


def _minimise(
    model: Any, objective: Any, title: str, chosen: list[list[Any]], best: Assignment, work: float
) -> tuple[Assignment, Level]:
    """Minimise one objective; return the plan and what was reached."""
    from ortools.sat.python import cp_model

    if isinstance(objective, int):  # no pair of community and school counts
        return best, Level(title, objective, objective)
    model.minimize(objective)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = _SEED
    solver.parameters.interleave_search = (
        True  # several strategies in turn, which alone find and prove little
    )
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = _SECONDS
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        raise RuntimeError(f"no plan of zones within the limit: {solver.status_name(status)}")
    plan = tuple(
        next(school for school, variable in enumerate(row) if solver.boolean_value(variable))
        for row in chosen
    )
    value = round(solver.objective_value)
    bound = value if status == cp_model.OPTIMAL else -int(-solver.best_objective_bound // 1)
    return plan, Level(title, value, bound)
