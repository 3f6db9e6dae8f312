"""Times plans of school zones on invented districts: ``python -m benchmarks.zones``.

Clusters of communities lie around schools; each school has places for about the children to whom it is nearest, some too few and some to spare.
"""

import random
import time
from pathlib import Path

from xuezheng.areas.enrolment.procedures.zoning.geometry import straight_metres
from xuezheng.areas.enrolment.procedures.zoning.problem import (
    Problem,
    ZoneCommunity,
    ZoneSchool,
    ZoneSettings,
    measure,
)
from xuezheng.areas.enrolment.procedures.zoning.solver import solve

SIZES = ((56, 24), (300, 24), (300, 60))
SETTINGS = ZoneSettings(0, 3000, 1.3, 6, 300, 300)
_SPREAD = (0.8, 1.4)  # places for each child to whom a school is nearest


def district(communities: int, schools: int, seed: int) -> Problem:
    """Return an invented district; the same seed gives the same."""
    rng = random.Random(seed)
    sites = [(118.3 + rng.uniform(-0.06, 0.06), 29.8 + rng.uniform(-0.05, 0.05)) for _ in range(schools)]
    points = [
        (east + rng.gauss(0, 0.012), north + rng.gauss(0, 0.01))
        for east, north in (rng.choice(sites) for _ in range(communities))
    ]
    children = [rng.randrange(8, 80) for _ in points]
    metres = tuple(
        tuple(round(straight_metres(point, site) * SETTINGS.detour) for site in sites) for point in points
    )
    nearest = [row.index(min(row)) for row in metres]
    places = [
        max(
            40,
            round(
                rng.uniform(*_SPREAD)
                * sum(number for number, near in zip(children, nearest, strict=True) if near == school)
            ),
        )
        for school in range(schools)
    ]
    return Problem(
        "primary",
        2020,
        tuple(
            ZoneCommunity(number, f"社区{number}", point, children[number], "", (nearest[number],))
            for number, point in enumerate(points)
        ),
        tuple(
            ZoneSchool(number, f"学校{number}", site, places[number], "") for number, site in enumerate(sites)
        ),
        metres,
        SETTINGS,
    )


def timed(communities: int, schools: int, seed: int) -> str:
    """Return one line: the size, the seconds, and what was reached of each objective."""
    problem = district(communities, schools, seed)
    started = time.monotonic()
    solution = solve(problem, {})
    seconds = time.monotonic() - started
    if measure(problem, solution.assignment).order != tuple(level.value for level in solution.levels):
        raise AssertionError("the plan does not come to what the solver says")
    levels = ", ".join(
        f"{level.value} {'proven' if level.proven else f'bound {level.bound}'}" for level in solution.levels
    )
    return f"{communities} × {schools}, seed {seed}: {seconds:.1f} s; {levels}"


def quick(folder: Path) -> None:
    """Plan one small district."""
    print(timed(12, 4, 1))


def main() -> None:
    for communities, schools in SIZES:
        for seed in (1, 2, 3):
            print(timed(communities, schools, seed), flush=True)


if __name__ == "__main__":
    main()
