"""Times plans of school zones on invented districts; ``python -m benchmarks.zones`` writes ``docs/reference/zones.md``.

Clusters of communities lie around schools; each school has places for about the children to whom it is nearest, some too few and some to spare.
"""

import random
import time
from pathlib import Path

from tabulate import tabulate

from benchmarks.machine import machine
from xuezheng.areas.enrolment.procedures.zoning.geometry import straight_metres
from xuezheng.areas.enrolment.procedures.zoning.problem import (
    Problem,
    ZoneCommunity,
    ZoneSchool,
    ZoneSettings,
    measure,
)
from xuezheng.areas.enrolment.procedures.zoning.solver import solve

PAGE = Path("docs/reference/zones.md")
SIZES = ((56, 24), (300, 24), (300, 60))
SEEDS = (1, 2, 3)
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


def timed(communities: int, schools: int, seed: int) -> tuple[str, ...]:
    """Return one line: the district, the seconds, and what was reached of each objective, beside what nearest schools would come to."""
    problem = district(communities, schools, seed)
    started = time.process_time()
    solution = solve(problem, {})
    seconds = time.process_time() - started
    if measure(problem, solution.assignment).order != tuple(level.value for level in solution.levels):
        raise AssertionError("the plan does not come to what the solver says")
    reached = [
        f"{level.value:,}" + ("" if level.proven else f"（不低于{level.bound:,}）")
        for level in solution.levels
    ]
    excess = measure(problem, problem.nearest).excess
    name = f"{communities}个社区 × {schools}所学校，第{seed}个"
    return name, f"{seconds:.1f}", *reached, "是" if solution.proven else "否", f"{excess:,}"


def quick(folder: Path) -> None:
    """Plan one small district."""
    _page([timed(12, 4, 1)])


def main() -> None:
    lines = []
    for communities, schools in SIZES:
        for seed in SEEDS:
            lines.append(timed(communities, schools, seed))
            print(*lines[-1], sep=" | ", flush=True)
    PAGE.write_text(_page(lines), encoding="utf-8")


def _page(lines: list[tuple[str, ...]]) -> str:
    headings = (
        "虚构的县",
        "处理器用时（秒）",
        "超出学位",
        "超出限距",
        "路程、变动合计",
        "都已证明最优",
        "就近划超出学位",
    )
    table = tabulate(
        lines, headings, tablefmt="github", colalign=("left", *["right"] * 6), disable_numparse=True
    )
    return f"""# 排划片方案的快慢

由 `python -m benchmarks.zones` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

社区成群散在学校周围，每所学校的学位是最近的儿童数的{_SPREAD[0]}到{_SPREAD[1]}倍，有的不够，有的有余，超出的须挪给邻近的学校。一个线程，三件事依次求，每件按计算量限时。没有证明最优的，括号里是
最好的方案不低于多少。用时是处理器的，一个线程在空闲的机器上与钟表上的差不多；机器忙时钟表上的更长，方案不变。

{table}
"""


if __name__ == "__main__":
    main()
