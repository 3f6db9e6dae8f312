"""Computes the least-cost plan to pass: what to add at which school, and which teachers to move.

With such a plan every school passes and every coefficient of variation is within its limit. It is a
mixed-integer programme for HiGHS. With pupils fixed, S ≤ c·X̄ is a second-order cone: Σ zᵢ ≤ cX̄ with zᵢ ≥
wᵢdᵢ²/(cX̄), wᵢ = Pᵢ/ΣP, dᵢ = Xᵢ − X̄. Each rotated cone is approximated from outside by tangents z ≥ w(2rd −
r²·cX̄), valid for every r, which are added where a solution violates the cone, until none does. The bound of
the programme is therefore a bound of the true problem, and the plan is judged again with exact numbers before
it is returned.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from xuezheng.areas.balance.procedures.gaps import round_up
from xuezheng.areas.balance.procedures.linear_model import INFINITE, LinearModel, Outcome
from xuezheng.areas.balance.procedures.resources import (
    ALL_STAGES,
    BY_KEY,
    INDICATORS,
    Indicator,
    Resources,
    Row,
    Standards,
    least,
)
from xuezheng.areas.balance.procedures.verdict import ResourceVerdict, Variation, judge
from xuezheng.areas.balance.rules import COMPULSORY

#: An amount is added at (school, stage or ALL_STAGES, indicator).
Spot = tuple[int, str, str]
#: The plan counts as the best where the bound is so close: a ten-thousandth of the cost.
PROVEN = 1e-4
#: How far within its limit a coefficient is planned, so that rounding cannot push it out: of what is counted in whole units, and of the rest.
_MARGINS = ((0.0, 1e-5), (1e-5, 1e-5), (1e-3, 1e-3))
#: A move of a teacher costs at least so many yuan in the programme, so that nobody is moved for nothing.
_MOVE = 1.0
_FIRST_TANGENTS = (-1.5, -0.75, 0.75, 1.5, 3.0)
_ROUNDS = 60
#: How close the solver's bound is to be, stage by stage; the last is well within what counts as proven.
_GAPS = (1e-3, 8e-5)
_NOT_IN_TIME = "在限定的时间内没有得到可行的方案。请延长测算时间，或放宽限额。"
_YUAN = 10_000  # the programme counts money in 万元
#: So much of a resource is one in the programme, whose coefficients are then of one size.
_UNITS = {"rooms_per_pupil": 100.0, "sports_per_pupil": 100.0, "equipment_per_pupil": 10.0 * _YUAN}


@dataclass(frozen=True)
class Costs:
    """Costs in yuan: of one more unit of each resource, by key of the indicator, and of moving a teacher."""

    units: Mapping[str, Fraction]
    transfer: Fraction


@dataclass(frozen=True)
class Options:
    """The options of a plan.

    ``transfers`` and ``teachers`` are whether teachers may be moved and added. ``money`` is the ceiling of
    the cost in yuan, ``new_teachers`` that of added teachers, each None for no ceiling; ``seconds`` limits
    the time of computing, as the last resort: the search ends after a number of nodes, which is the same each time.
    """

    transfers: bool = True
    teachers: bool = True
    money: Fraction | None = None
    new_teachers: int | None = None
    seconds: float = 60.0


@dataclass(frozen=True)
class Plan:
    """A computed plan.

    ``additions`` has the amounts to add, and ``moves`` the net number of teachers who arrive (negative for
    those who leave), both by (school, stage or ``ALL_STAGES``, key of the indicator). ``cost`` is in yuan.
    ``goal`` is the minimised value, the cost with at least one yuan for each move; ``bound`` is its proven
    lower bound. ``verdict`` judges the resources after the plan.
    """

    additions: Mapping[Spot, Fraction]
    moves: Mapping[Spot, Fraction]
    cost: Fraction
    goal: float
    bound: float
    verdict: ResourceVerdict

    @property
    def gap(self) -> float:
        """By how much ``goal`` may exceed the least possible, as a ratio of ``goal``.

        0 if it is proven optimal.
        """
        return max(self.goal - self.bound, 0.0) / max(self.goal, 1.0)

    @property
    def is_proven(self) -> bool:
        """Whether it is proven that no plan is cheaper by more than a ten-thousandth."""
        return self.gap <= PROVEN


class NoPlan(Exception):
    """There is no plan, or none was found in time; the text is a Chinese sentence with the reason."""


def cost_of(additions: Mapping[Spot, Fraction], moves: Mapping[Spot, Fraction], costs: Costs) -> Fraction:
    """Return the cost in yuan of additions and moves.

    A teacher who is moved counts once, where he or she arrives.
    """
    added = sum((amount * costs.units[key] for (_, _, key), amount in additions.items()), Fraction(0))
    return added + costs.transfer * sum((number for number in moves.values() if number > 0), Fraction(0))


def plan(resources: Resources, standards: Standards, costs: Costs, options: Options) -> Plan:
    """Compute the plan of the least cost.

    The result is deterministic (one thread, a fixed seed) unless time runs out. Raises :class:`NoPlan` if a
    school did not report its facilities, no plan keeps the ceilings, or none is found in time.
    """
    rows = list(resources.rows(standards))
    silent = sorted({row.name for row in rows if None in row.amounts.values()})
    if not rows or silent:
        raise NoPlan(
            f"{'、'.join(silent) or '各校'}没有填报“学校办学条件表”，不能测算。请补报后生成快照，再测算。"
        )
    deadline = time.monotonic() + options.seconds
    bound: float | None = None
    for margin in _MARGINS:
        programme = _Programme(resources, standards, costs, options, rows, margin)
        outcome = programme.solve(deadline)
        bound = outcome.bound if bound is None else bound  # later programmes ask for more than the law
        additions, moves = programme.amounts(outcome)
        after = judge(resources.with_added(_total(additions, moves)), standards)
        if after.passes:
            cost = cost_of(additions, moves, costs)
            moved = float(sum((each for each in moves.values() if each > 0), Fraction(0)))
            goal = float(cost) + moved * max(_MOVE - float(costs.transfer), 0.0)
            return Plan(additions, moves, cost, goal, max(bound, 0.0) * _YUAN, after)
    raise NoPlan(_NOT_IN_TIME)


def _total(additions: Mapping[Spot, Fraction], moves: Mapping[Spot, Fraction]) -> dict[Spot, Fraction]:
    spots = {*additions, *moves}
    return {spot: additions.get(spot, Fraction(0)) + moves.get(spot, Fraction(0)) for spot in spots}


@dataclass
class _Cone:
    """A coefficient in the programme: the columns of each school's value and of its z, the weights, the mean, and the limit times margin."""

    limit: float
    values: list[dict[int, float]]
    constants: list[float]
    weights: list[float]
    squares: list[int]
    tolerance: float
    mean: dict[int, float] = field(default_factory=dict)
    mean_constant: float = 0.0
    #: Whether it has tangents: a coefficient that no solution brings above its limit needs none.
    has_tangents: bool = False

    def add_tangent(self, model: LinearModel, place: int, slope: float) -> None:
        """Add z ≥ w(2rd − r²·cX̄) for one school, r the slope."""
        weight, c = self.weights[place], self.limit
        row: dict[int, float] = {self.squares[place]: 1.0}
        for column, coefficient in self.values[place].items():
            row[column] = row.get(column, 0.0) - 2 * weight * slope * coefficient
        on_mean = weight * (2 * slope + slope * slope * c)
        for column, coefficient in self.mean.items():
            row[column] = row.get(column, 0.0) + on_mean * coefficient
        model.add_row(
            row, 2 * weight * slope * self.constants[place] - on_mean * self.mean_constant, INFINITE
        )

    def slopes(self, solution: list[float]) -> tuple[float, list[float]]:
        """Return how far the coefficient is above its limit, as a part of it, and the slope d/(cX̄) of each school in a solution."""
        values = [
            constant + sum(solution[column] * each for column, each in columns.items())
            for columns, constant in zip(self.values, self.constants, strict=True)
        ]
        mean = sum(weight * value for weight, value in zip(self.weights, values, strict=True))
        if mean <= 0:
            return 0.0, [0.0] * len(values)
        square = sum(w * (value - mean) ** 2 for w, value in zip(self.weights, values, strict=True))
        return square**0.5 / (self.limit * mean) - 1, [
            (value - mean) / (self.limit * mean) for value in values
        ]


class _Programme:
    """The programme: its columns by what they mean, and its cones."""

    def __init__(
        self,
        resources: Resources,
        standards: Standards,
        costs: Costs,
        options: Options,
        rows: list[Row],
        margin: tuple[float, float],
    ) -> None:
        self.model = LinearModel()
        self.rows, self.standards, self.costs, self.options = rows, standards, costs, options
        self.added: dict[Spot, int] = {}
        self.moved_in: dict[Spot, int] = {}
        self.moved_out: dict[Spot, int] = {}
        self.reached: dict[Spot, int] = {}
        for row in rows:
            for indicator in INDICATORS:
                self._add_columns(row, indicator)
            flags = {self.reached[row.school, row.stage, each.key]: 1.0 for each in INDICATORS}
            self.model.add_row(flags, standards.needed, INFINITE)
        for row in rows:
            for indicator in INDICATORS:
                self._require_level(row, indicator)
        self._balance_moves()
        self._add_ceilings()
        self.cones = [
            self._cone(judged, margin[0 if judged.indicator.integer else 1])
            for judged in judge(resources, standards).variations
            if judged.rows
        ]

    def solve(self, deadline: float) -> Outcome:
        """Solve: tangents are added first without whole numbers, which is quick, then with them roughly, and at last closely.

        The whole numbers of a solution outside a cone are kept, and the rest is moved into the cones without
        them, which is quick as well. If that costs no more than the bound and the gap, it is as good as solving again.
        """
        self._approach(deadline)
        best: Outcome | None = None
        bound = 0.0
        for gap in _GAPS:
            for _ in range(_ROUNDS):
                outcome = self.model.solve(gap, deadline, best.solution if best else None)
                if outcome.infeasible:
                    raise NoPlan(self._why_infeasible())
                if outcome.solution is None:
                    raise NoPlan(_NOT_IN_TIME)
                bound = max(bound, outcome.bound)
                inside = self._moved_inside(outcome, deadline)
                if inside and (best is None or inside.cost < best.cost):
                    best = inside
                enough = best is not None and best.cost - bound <= gap * max(best.cost, 1e-9)
                if enough or (inside and inside.cost <= outcome.cost * (1 + gap / 10)):
                    break  # close enough, or the search ended before it was
            if best is not None and best.cost - bound > gap * best.cost:
                break  # it ended by its nodes, and would again
        if best is None:
            raise NoPlan(_NOT_IN_TIME)
        return replace(best, bound=bound)

    def _approach(self, deadline: float) -> Outcome | None:
        """Add tangents without whole numbers until the solution is inside the cones, and return it.

        None if there is none. With the whole numbers fixed, it is the best solution that has them.
        """
        for _ in range(_ROUNDS):
            outcome = self.model.solve(None, deadline)
            if outcome.solution is None:
                return None
            if not self._add_tangents(outcome.solution):
                return outcome
        return None

    def _moved_inside(self, outcome: Outcome, deadline: float) -> Outcome | None:
        """Return a solution inside the cones with the whole numbers of ``outcome``, None if there is none; tangents are added."""
        if outcome.solution is None or not self._add_tangents(outcome.solution):
            return outcome
        self.model.fix_integers(outcome.solution)
        inside = self._approach(deadline)
        self.model.fix_integers(None)
        return inside

    def amounts(self, outcome: Outcome) -> tuple[dict[Spot, Fraction], dict[Spot, Fraction]]:
        """Return additions and net moves: whole where they are counted so, else rounded up, and never less than what is needed exactly."""
        solution = outcome.solution or []
        moves = {}
        for spot, column in self.moved_in.items():
            if net := round(solution[column]) - round(solution[self.moved_out[spot]]):
                moves[spot] = Fraction(net)
        additions = {}
        for spot, column in self.added.items():
            indicator = BY_KEY[spot[2]]
            exact = Fraction(solution[column] * _unit(indicator))
            amount = (
                Fraction(round(exact)) if indicator.integer else round_up(max(exact, Fraction(0)), indicator)
            )
            if indicator.shared:
                amount = max(amount, self._needed(spot, indicator, solution))
            if amount:
                additions[spot] = amount
        return additions, moves

    def _needed(self, spot: Spot, indicator: Indicator, solution: list[float]) -> Fraction:
        """Return the exact addition at a school with which its stages have the levels that the solution gives them."""
        need = Fraction(0)
        for row in self.rows:
            if row.school == spot[0]:
                limit = self.standards.limit(indicator, row.stage)
                if solution[self.reached[row.school, row.stage, indicator.key]] < 0.5:
                    limit *= self.standards.floor
                lack = (least(indicator, limit, row.pupils) - _known(row, indicator)) / row.share
                need = max(need, round_up(max(lack, Fraction(0)), indicator))
        return need

    def _add_columns(self, row: Row, indicator: Indicator) -> None:
        spot = (row.school, row.stage, indicator.key)
        self.reached[spot] = self.model.add_column(0, 1, 0.0, integer=True)
        price = float(self.costs.units[indicator.key]) * _unit(indicator) / _YUAN
        if indicator.shared:
            shared = (row.school, ALL_STAGES, indicator.key)
            if shared not in self.added:
                self.added[shared] = self.model.add_column(0, INFINITE, price, indicator.integer)
            return
        self.added[spot] = self.model.add_column(
            0, INFINITE if self.options.teachers else 0, price, integer=True
        )
        if self.options.transfers:
            move = max(float(self.costs.transfer), _MOVE) / _YUAN
            self.moved_in[spot] = self.model.add_column(0, INFINITE, move, integer=True)
            self.moved_out[spot] = self.model.add_column(0, float(_known(row, indicator)), 0.0, integer=True)

    def _amount(self, row: Row, indicator: Indicator) -> dict[int, float]:
        """Return the columns that add to what a school has at a stage, with their coefficients."""
        if indicator.shared:
            return {self.added[row.school, ALL_STAGES, indicator.key]: float(row.share) * _unit(indicator)}
        spot = (row.school, row.stage, indicator.key)
        columns = {self.added[spot]: 1.0}
        if spot in self.moved_in:
            columns |= {self.moved_in[spot]: 1.0, self.moved_out[spot]: -1.0}
        return columns

    def _require_level(self, row: Row, indicator: Indicator) -> None:
        """Require the floor, and the standard where the flag says that it is reached; in parts of the standard's amount."""
        limit = self.standards.limit(indicator, row.stage)
        full = least(indicator, limit, row.pupils)
        floor = least(indicator, limit * self.standards.floor, row.pupils)
        scale = float(full) or 1.0
        columns = {column: each / scale for column, each in self._amount(row, indicator).items()}
        columns[self.reached[row.school, row.stage, indicator.key]] = -float(full - floor) / scale
        self.model.add_row(columns, float(floor - _known(row, indicator)) / scale, INFINITE)

    def _balance_moves(self) -> None:
        """As many teachers of a kind arrive at a stage's schools as leave them."""
        for stage in COMPULSORY:
            for indicator in INDICATORS:
                spots = [spot for spot in self.moved_in if spot[1:] == (stage, indicator.key)]
                if spots:
                    columns = {self.moved_in[spot]: 1.0 for spot in spots}
                    columns |= {self.moved_out[spot]: -1.0 for spot in spots}
                    self.model.add_row(columns, 0, 0)

    def _add_ceilings(self) -> None:
        if self.options.money is not None:
            columns = {
                column: float(self.costs.units[spot[2]]) * _unit(BY_KEY[spot[2]]) / _YUAN
                for spot, column in self.added.items()
            }
            columns |= dict.fromkeys(self.moved_in.values(), float(self.costs.transfer) / _YUAN)
            self.model.add_row(columns, -INFINITE, float(self.options.money) / _YUAN)
        if self.options.new_teachers is not None:
            teachers = [column for spot, column in self.added.items() if spot[1] != ALL_STAGES]
            self.model.add_row(dict.fromkeys(teachers, 1.0), -INFINITE, self.options.new_teachers)

    def _cone(self, variation: Variation, margin: float) -> _Cone:
        """Add the columns z of a coefficient, Σ z ≤ cX̄, and the first tangents. Values are parts of the standard: coefficients do not change."""
        indicator = variation.indicator
        unit = float(self.standards.limit(indicator, variation.stage))
        values, constants, weights = [], [], []
        for row in variation.rows:
            scale = indicator.per / row.pupils / unit
            values.append({column: each * scale for column, each in self._amount(row, indicator).items()})
            constants.append(float(_known(row, indicator)) * scale)
            weights.append(row.pupils / variation.pupils)
        squares = [self.model.add_column(0, INFINITE, 0.0, integer=False) for _ in variation.rows]
        cone = _Cone(
            float(variation.limit) * (1 - margin), values, constants, weights, squares, max(margin / 2, 2e-7)
        )
        for columns, constant, weight in zip(values, constants, weights, strict=True):
            cone.mean_constant += weight * constant
            for column, each in columns.items():
                cone.mean[column] = cone.mean.get(column, 0.0) + weight * each
        columns = dict.fromkeys(squares, 1.0)
        columns |= {column: -cone.limit * each for column, each in cone.mean.items()}
        self.model.add_row(columns, -INFINITE, cone.limit * cone.mean_constant)
        return cone

    def _add_tangents(self, solution: list[float]) -> bool:
        """Add tangents where a solution is outside a cone; return whether any were added."""
        outside = False
        for cone in self.cones:
            excess, slopes = cone.slopes(solution)
            if excess > cone.tolerance:
                outside = True
                for place, slope in enumerate(slopes):
                    for each in (slope,) if cone.has_tangents else (*_FIRST_TANGENTS, slope):
                        cone.add_tangent(self.model, place, each)
                cone.has_tangents = True
        return outside

    def _why_infeasible(self) -> str:
        if self.options.money is not None or self.options.new_teachers is not None:
            return "在限额以内没有能通过的方案。请提高资金上限或新增教师上限，或分几年达标。"
        return "不增加、不调动教师就没有能通过的方案：教师的三项指标只靠设施补不上。"


def _unit(indicator: Indicator) -> float:
    """Return how much of a resource a column counts as one, so that the coefficients of the programme are of one size."""
    return _UNITS.get(indicator.key, 1.0)


def _known(row: Row, indicator: Indicator) -> Fraction:
    amount = row.amounts[indicator.key]
    if amount is None:
        raise NoPlan(f"{row.name}没有填报，不能测算。")
    return amount


def as_numbers(amounts: Mapping[Spot, Fraction]) -> list[tuple[int, str, str, str]]:
    """Return amounts as sorted tuples (school, stage, indicator key, exact amount as text), for JSON."""
    return [(*spot, str(amount)) for spot, amount in sorted(amounts.items())]
