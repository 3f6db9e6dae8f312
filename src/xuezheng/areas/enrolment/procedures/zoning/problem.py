"""A plan of school zones as a problem: communities, schools, distances, last year's zones; and what an assignment comes to, whoever made it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from xuezheng.areas.enrolment.procedures.zoning.geometry import Point, nearest_neighbours, straight_metres

#: The school of each community, both by their index in the problem.
Assignment = tuple[int, ...]


@dataclass(frozen=True)
class ZoneCommunity:
    """A community to be assigned as a whole: its children of the age of entry with where the number comes from, and last year's schools by index."""

    key: int
    name: str
    point: Point
    children: int
    basis: str
    last: tuple[int, ...] = ()


@dataclass(frozen=True)
class ZoneSchool:
    """A school with the places of its first grade, and where the number comes from."""

    key: int
    name: str
    point: Point
    places: int
    basis: str


@dataclass(frozen=True)
class ZoneSettings:
    """The settings of policy: permitted overload in percent of the places, walking limit in metres, detour factor, number of neighbours.

    ``change_metres`` and ``sibling_metres`` are the metres that a child counts as who changes school against last year's zone, or is parted from a
    sibling's school.
    """

    overload_percent: int
    limit_metres: int
    detour: float
    neighbours: int
    change_metres: int
    sibling_metres: int


@dataclass(frozen=True)
class Problem:
    """The zones of a stage and year to be planned.

    ``metres`` are the walking distances by community and school, ``measured`` the pairs whose distance a register gives; ``siblings`` the children with a
    sibling at a school, by (community, school); ``last_year`` the year of the zones with which changes are compared, None where there are none.
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
        """The year of the earlier zones, as a person says it."""
        if self.last_year is None:
            return "以前"
        return "去年" if self.last_year == self.year - 1 else f"{self.last_year}年"

    @cached_property
    def capacities(self) -> tuple[int, ...]:
        """The children whom each school may take in: its places and the permitted overload, rounded down."""
        return tuple(each.places * (100 + self.settings.overload_percent) // 100 for each in self.schools)

    @cached_property
    def open_schools(self) -> tuple[int, ...]:
        """The schools that have places; all where none has any. No community is planned for another."""
        return tuple(at for at, each in enumerate(self.schools) if each.places) or tuple(
            range(len(self.schools))
        )

    @cached_property
    def nearest(self) -> Assignment:
        """The nearest open school of each community, of those equally far the first."""
        return tuple(min(self.open_schools, key=lambda at: (row[at], at)) for row in self.metres)

    @cached_property
    def last(self) -> Assignment:
        """Last year's school of each community, of several the nearest; of a community without one its nearest school."""
        return tuple(
            min(community.last, key=lambda school: (row[school], school)) if community.last else near
            for community, row, near in zip(self.communities, self.metres, self.nearest, strict=True)
        )

    @cached_property
    def supports(self) -> tuple[tuple[tuple[int, ...] | None, ...], ...]:
        """By community and school, the neighbours nearer to the school of which one must belong to it too; None where none need.

        None need where the school is the community's nearest open one, or the community is the school's nearest. A community without a nearer neighbour has as
        one the community closest to it among all that are nearer to the school, so that a chain always leads to the school.
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
        """Return what an assignment of a community costs in child-metres: the children's paths, changes and parted siblings, each with its metres.

        A community without children counts as one child, so that it goes to a school nearby.
        """
        about, settings = self.communities[community], self.settings
        children = max(about.children, 1)
        cost = children * self.metres[community][school]
        if about.last and school not in about.last:
            cost += children * settings.change_metres
        return cost + self.parted(community, school) * settings.sibling_metres

    def parted(self, community: int, school: int) -> int:
        """Return the children of a community whose sibling is at another school."""
        return sum(
            number for (place, at), number in self.siblings.items() if place == community and at != school
        )


@dataclass(frozen=True)
class Measures:
    """What an assignment comes to.

    ``overload`` are the children beyond places and permitted overload, by school; ``beyond`` the children whose way exceeds the limit; ``child_metres`` the
    metres of all children; ``changed`` the communities with another school than last year, ``parted`` the children whose sibling is at another school;
    ``detached`` the communities that no nearer neighbour connects with their school; ``cost`` what the plan minimises last.
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
        """All children beyond places and permitted overload."""
        return sum(self.overload)

    @property
    def order(self) -> tuple[int, int, int]:
        """The objectives in the order of their rank: of two assignments the one with the lesser order is better."""
        return self.excess, self.beyond, self.cost


def measure(problem: Problem, assignment: Sequence[int]) -> Measures:
    """Return what an assignment comes to."""
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
    """Return the mean way of a school's children in metres, rounded, and the longest of its communities; None of a school without any."""
    own = [
        (about.children, row[school])
        for about, row, assigned in zip(problem.communities, problem.metres, assignment, strict=True)
        if assigned == school
    ]
    children = sum(number for number, _ in own)
    mean = round(sum(number * metres for number, metres in own) / children) if children else None
    return mean, max((metres for _, metres in own), default=None)
