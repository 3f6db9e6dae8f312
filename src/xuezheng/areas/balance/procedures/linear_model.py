"""A mixed-integer linear programme that can be extended between solutions, solved by HiGHS.

It uses one thread and a fixed seed. HiGHS is imported when the first model is created.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

INFINITE = float("inf")
_SEED = 7
#: So many nodes of the search tree are looked at in one solution: a county of sixty schools then takes some seconds.
_NODES = 100


@dataclass(frozen=True)
class Outcome:
    """The outcome of solving: the values of the columns, the cost, and a lower bound of the cost.

    ``solution`` is None if there is none (``infeasible``) or none was found in time.
    """

    solution: list[float] | None
    cost: float
    bound: float
    infeasible: bool = False


class LinearModel:
    """A linear programme with bounded columns and rows; the sum of the costs of the columns is minimised."""

    def __init__(self) -> None:
        import highspy

        self._highs: Any = highspy.Highs()  # type: ignore[no-untyped-call]
        self._statuses = highspy.HighsModelStatus
        self._kinds = highspy.HighsVarType
        self._solutions: Any = highspy.HighsSolution
        self._columns = 0
        self._integer: list[tuple[int, float, float]] = []
        for option, value in (
            ("log_to_console", False),
            ("output_flag", False),
            ("threads", 1),
            ("random_seed", _SEED),
            ("mip_max_nodes", _NODES),
            ("mip_allow_restart", False),
            ("mip_feasibility_tolerance", 1e-7),
            ("primal_feasibility_tolerance", 1e-8),
        ):
            self._highs.setOptionValue(option, value)

    def add_column(self, lower: float, upper: float, cost: float, integer: bool) -> int:
        """Add a column with bounds and cost per unit, restricted to integers or not, and return its index."""
        self._highs.addCol(cost, lower, upper, 0, [], [])
        if integer:
            self._highs.changeColIntegrality(self._columns, self._kinds.kInteger)
            self._integer.append((self._columns, lower, upper))
        self._columns += 1
        return self._columns - 1

    def add_row(self, coefficients: Mapping[int, float], lower: float, upper: float) -> None:
        """Require the sum of coefficients (by column index) times columns to be in the bounds, inclusive."""
        self._highs.addRow(lower, upper, len(coefficients), list(coefficients), list(coefficients.values()))

    def fix_integers(self, solution: list[float] | None) -> None:
        """Fix the columns restricted to integers to their values in a solution; with None, free them again."""
        for column, lower, upper in self._integer:
            if solution is not None:
                lower = upper = float(round(solution[column]))
            self._highs.changeColBounds(column, lower, upper)

    def solve(self, gap: float | None, deadline: float, start: list[float] | None = None) -> Outcome:
        """Solve until the relative gap between the cost and its lower bound is at most ``gap`` (0.01 is one percent).

        With None, solve the linear relaxation, without whole numbers. The search ends after a number of nodes,
        so that it takes the same path each time; ``deadline``, a value of :func:`time.monotonic`, is only the
        last resort. In both cases the best outcome so far is returned. ``start`` is a solution to begin with.
        """
        integer = gap is not None
        if start is not None:
            known = self._solutions()
            known.col_value = start
            self._highs.setSolution(known)
        self._highs.setOptionValue("mip_rel_gap", gap or 0.0)
        left = max(deadline - time.monotonic(), 0.1)
        self._highs.setOptionValue("solve_relaxation", not integer)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + left)
        self._highs.run()
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if status in (self._statuses.kInfeasible, self._statuses.kUnboundedOrInfeasible):
            return Outcome(None, INFINITE, INFINITE, infeasible=True)
        has_solution = info.primal_solution_status == 2  # a feasible point
        bound = info.mip_dual_bound if integer else info.objective_function_value
        if not has_solution:
            return Outcome(None, INFINITE, bound)
        return Outcome(list(self._highs.getSolution().col_value), info.objective_function_value, bound)
