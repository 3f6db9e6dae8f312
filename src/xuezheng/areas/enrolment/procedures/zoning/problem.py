"""The zoning problem, and the evaluation of any assignment of communities to schools."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xuezheng.areas.enrolment.procedures.zoning.geometry import Point, nearest_neighbours, straight_metres

#: The index of the school of each community, in the order of the communities.
Assignment = tuple[int, ...]


@dataclass(frozen=True)
class ZoneCommunity:
    """A community, to be assigned as a whole to one school.

    ``children`` is the number of children who enter, ``basis`` says in Chinese where it comes from, and
    ``last`` has the indexes of the schools in the last zones.
    """

    key: int
    name: str
    point: Point
    children: int
    basis: str
    last: tuple[int, ...] = ()


@dataclass(frozen=True)
class ZoneSchool:
    """A school with the number of places in its first grade.

    ``basis`` says in Chinese where the number comes from.
    """

    key: int
    name: str
    point: Point
    places: int
    basis: str


@dataclass(frozen=True)
class ZoneSettings:
    """The settings of policy for zone plans.

    ``overload_percent`` is the permitted overload in percent of the places, ``limit_metres`` the walking
    limit, ``detour`` the factor from straight to walking distance, and ``neighbours`` the number of nearest
    communities counted as adjacent. A child who changes school against the last zones, or goes to another
    school than a sibling, counts as ``change_metres`` or ``sibling_metres`` more to walk.
    """

    overload_percent: int
    limit_metres: int
    detour: float
    neighbours: int
    change_metres: int
    sibling_metres: int


@dataclass(frozen=True)
class Problem:
    """The input of the solver for the zones of a stage and year.

    Communities and schools are referred to by index. ``metres`` has the walking distances as
    ``metres[community][school]``, and ``measured`` the (community, school) pairs for which the distance is
    registered rather than estimated. ``siblings`` has the number of children with a sibling at a school, by
    (community, school). ``last_year`` is the year of the last zones, None without any.
    """

    stage: str
    year: int
    communities: tuple[ZoneCommunity, ...]
    schools: tuple[ZoneSchool, ...]
    metres: tuple[tuple[int, ...], ...]
    settings: ZoneSettings
    measured: frozenset[tuple[int, int]] = frozenset()
    siblings: Mapping[tuple[int, int], int] = field(default_factory=dict)
    last_year: int | None = None

    @property
    def last_label(self) -> str:
        """The Chinese name of the year of the last zones: "去年", "2024年" or, without any, "以前"."""
        if self.last_year is None:
            return "以前"
        return "去年" if self.last_year == self.year - 1 else f"{self.last_year}年"

    @cached_property
    def capacities(self) -> tuple[int, ...]:
        """The number of children each school may admit: places plus permitted overload, rounded down."""
        return tuple(each.places * (100 + self.settings.overload_percent) // 100 for each in self.schools)

    @cached_property
    def open_schools(self) -> tuple[int, ...]:
        """The indexes of the schools with places, to which alone communities are assigned.

        All schools if none has any.
        """
        return tuple(at for at, each in enumerate(self.schools) if each.places) or tuple(
            range(len(self.schools))
        )

    @cached_property
    def nearest(self) -> Assignment:
        """The assignment of each community to its nearest open school; of schools equally far, the first."""
        return tuple(min(self.open_schools, key=lambda at: (row[at], at)) for row in self.metres)

    @cached_property
    def last(self) -> Assignment:
        """The last zones as an assignment.

        A community with several schools is assigned to the nearest of them, one without any to its nearest
        open school.
        """
        return tuple(
            min(community.last, key=lambda school: (row[school], school)) if community.last else near
            for community, row, near in zip(self.communities, self.metres, self.nearest, strict=True)
        )

    @cached_property
    def supports(self) -> tuple[tuple[tuple[int, ...] | None, ...], ...]:
        """The neighbours that connect a community with a school, as ``supports[community][school]``.

        None if none is needed. If the community is assigned to the school, so must be at least one of these,
        which are all nearer to the school. None is needed if the school is the nearest open one of the
        community, or the community the nearest of the school. A community without a nearer neighbour has the
        closest of all communities nearer to the school, so that a chain always leads to it.
        """
        points = [community.point for community in self.communities]
        neighbours = nearest_neighbours(points, self.settings.neighbours)
        roots = [min(row[school] for row in self.metres) for school in range(len(self.schools))]
        rows = []
        for place, row in enumerate(self.metres):
            supports: list[tuple[int, ...] | None] = []
            for school, metres in enumerate(row):
                if metres in (row[self.nearest[place]], roots[school]):
                    supports.append(None)
                    continue
                nearer = [each for each in neighbours[place] if self.metres[each][school] < metres]
                if not nearer:
                    candidates = (
                        each for each, distances in enumerate(self.metres) if distances[school] < metres
                    )
                    nearer = [
                        min(candidates, key=lambda each: (straight_metres(points[place], points[each]), each))
                    ]
                supports.append(tuple(nearer))
            rows.append(tuple(supports))
        return tuple(rows)

    def path_cost(self, community: int, school: int) -> int:
        """Return the cost of assigning a community to a school, in metres times children.

        ``community`` and ``school`` are indexes. The cost is the walking distance of all the community's
        children; plus ``change_metres`` for each of them, if the community belonged to other schools in the
        last zones; plus ``sibling_metres`` for each child with a sibling at another school. A community
        without children counts as one child, so that it is assigned to a school nearby.
        """
        about, settings = self.communities[community], self.settings
        children = max(about.children, 1)
        cost = children * self.metres[community][school]
        if about.last and school not in about.last:
            cost += children * settings.change_metres
        return cost + self.parted(community, school) * settings.sibling_metres

    def parted(self, community: int, school: int) -> int:
        """Return how many children of ``community`` have a sibling at another school than ``school`` (both indexes)."""
        return sum(
            number for (place, at), number in self.siblings.items() if place == community and at != school
        )


@dataclass(frozen=True)
class Measures:
    """The evaluation of an assignment.

    ``loads`` and ``overload`` have, by school, the children assigned and those beyond places and permitted
    overload. ``beyond`` is the number of children whose distance exceeds the limit, ``child_metres`` the sum
    of all children's distances. ``changed`` has the indexes of communities with another school than in the
    last zones, with ``changed_children`` children; ``parted`` is the number of children separated from a
    sibling's school. ``detached`` has the communities not connected with their school, and ``cost`` is the
    objective minimised last, in metres times children.
    """

    loads: tuple[int, ...]
    overload: tuple[int, ...]
    beyond: int
    child_metres: int
    changed: tuple[int, ...]
    changed_children: int
    parted: int
    detached: tuple[int, ...]
    cost: int

    @property
    def excess(self) -> int:
        """The number of children beyond places and permitted overload, over all schools."""
        return sum(self.overload)

    @property
    def order(self) -> tuple[int, int, int]:
        """The values of the three objectives by priority, for comparison: a smaller tuple is better."""
        return self.excess, self.beyond, self.cost


def measure(problem: Problem, assignment: Sequence[int]) -> Measures:
    """Evaluate ``assignment``, the index of the school of each community."""
    loads: Counter[int] = Counter()
    beyond = child_metres = changed_children = parted = cost = 0
    changed, detached = [], []
    for place, (about, school) in enumerate(zip(problem.communities, assignment, strict=True)):
        metres = problem.metres[place][school]
        loads[school] += about.children
        child_metres += about.children * metres
        parted += problem.parted(place, school)
        cost += problem.path_cost(place, school)
        if metres > problem.settings.limit_metres:
            beyond += about.children
        if about.last and school not in about.last:
            changed.append(place)
            changed_children += about.children
        supports = problem.supports[place][school]
        if supports is not None and not any(assignment[each] == school for each in supports):
            detached.append(place)
    totals = tuple(loads[school] for school in range(len(problem.schools)))
    overload = tuple(max(0, load - most) for load, most in zip(totals, problem.capacities, strict=True))
    return Measures(
        totals,
        overload,
        beyond,
        child_metres,
        tuple(changed),
        changed_children,
        parted,
        tuple(detached),
        cost,
    )


def distances(problem: Problem, assignment: Sequence[int], school: int) -> tuple[int | None, int | None]:
    """Return (mean, longest) walking distance to a school, in metres, from the communities assigned to it.

    ``school`` is its index. The mean is over children, rounded, and None without children; the longest is
    None without communities.
    """
    own = [
        (about.children, row[school])
        for about, row, assigned in zip(problem.communities, problem.metres, assignment, strict=True)
        if assigned == school
    ]
    children = sum(number for number, _ in own)
    mean = round(sum(number * metres for number, metres in own) / children) if children else None
    return mean, max((metres for _, metres in own), default=None)
