"""How long a plan of rotation takes, and whether it is proven best: invented counties of 427 teachers due, 29 schools and 12 subjects.

Writes ``docs/reference/rotation.md``; ends with 1 where a plan took longer than it may, or is not proven.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections import Counter
from pathlib import Path

from tabulate import tabulate

from benchmarks.machine import machine
from xuezheng.areas.staffing.procedures.baselines import compare
from xuezheng.areas.staffing.procedures.problem import Campus, Field, Opening, Problem, Requirements, Teacher
from xuezheng.areas.staffing.procedures.solver import solve

PAGE = Path("docs/reference/rotation.md")
TEACHERS, SCHOOLS, SUBJECTS, COUNTIES = 427, 29, 12, 5
#: What is wished of a plan, in seconds of the processor: the time on the clock grows with whatever else the machine computes.
MOST = 10
_HEADINGS = (
    "县",
    "应交流",
    "岗位",
    "处理器秒",
    "时钟秒",
    "最优",
    "交流",
    "第一、二、三志愿",
    "先报先得",
    "成块互换",
)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rotation", description=__doc__)
    parser.add_argument("--teachers", type=int, default=TEACHERS)
    options = parser.parse_args()
    lines = [_measured(seed, options.teachers) for seed in range(1, COUNTIES + 1)]
    print(tabulate(lines, _HEADINGS))
    if options.teachers == TEACHERS:
        PAGE.write_text(_page(lines), encoding="utf-8")
    if slow := [line for line in lines if float(str(line[3])) > MOST or line[5] != "已证明"]:
        raise SystemExit(f"slower than {MOST} s, or not proven: {slow}")


def quick(folder: Path) -> None:
    """Plan for one small county."""
    (folder / "rotation.md").write_text(_page([_measured(1, 30)]), encoding="utf-8")


def invent(teachers: int, seed: int) -> Problem:
    """Return the problem of an invented county: half its schools rural, more teachers due and fewer wishes at the others."""
    rng = random.Random(seed)
    schools = range(1, SCHOOLS + 1)
    subjects = [f"subject{number}" for number in range(SUBJECTS)]
    weights = [6, 6, 4] + [1] * (SUBJECTS - 3)
    places = {school: (rng.uniform(0, 400), rng.uniform(0, 400)) for school in schools}
    stages = {school: "primary" if school % 2 else "junior" for school in schools}
    homes = [
        rng.choice(schools) if rng.random() < 0.4 else rng.randint(1, SCHOOLS // 2) for _ in range(teachers)
    ]
    fields: list[Field] = [(stages[home], rng.choices(subjects, weights)[0]) for home in homes]
    openings: Counter[tuple[int, Field]] = Counter()
    for field, number in Counter(fields).items():
        for _ in range(max(1, number * 3 // 5)):
            openings[rng.choice([school for school in schools if stages[school] == field[0]]), field] += 1
    due = []
    for person, (home, field) in enumerate(zip(homes, fields, strict=True), 1):
        open_to = sorted(school for school, own in openings if own == field and school != home)
        wishes = rng.sample(open_to, min(len(open_to), rng.randint(1, 3))) if rng.random() < 0.75 else []
        stays = not wishes and rng.random() < 0.5
        day = f"2020-05-{rng.randint(1, 28):02}"
        due.append(
            Teacher(
                person, home, *field, rng.random() < 0.22, rng.randint(6, 20), tuple(wishes), stays, "", day
            )
        )
    staff = {
        place: number + rng.randint(0, 4)
        for place, number in Counter(zip(homes, fields, strict=True)).items()
    }
    campuses = [
        Campus(
            school, school > SCHOOLS // 2, sum(number for (home, _), number in staff.items() if home == school),
            sum(each.backbone for each in due if each.school == school) + rng.randint(0, 2),
        )
        for school in schools
    ]  # fmt: skip
    distances = [
        (one, another, round(sum((a - b) ** 2 for a, b in zip(places[one], places[another], strict=True)) ** 0.5))
        for one in schools for another in schools if one < another
    ]  # fmt: skip
    return Problem(
        tuple(due),
        tuple(Opening(school, *field, number) for (school, field), number in sorted(openings.items())),
        tuple(campuses),
        tuple((school, *field, number) for (school, field), number in sorted(staff.items())),
        tuple(distances),
        Requirements(eligible=teachers, moved=10, backbone=20, rural=30, leave=40, floor=10),
    )


def _measured(seed: int, teachers: int) -> list[object]:
    problem = invent(teachers, seed)
    started, worked = time.perf_counter(), time.process_time()
    solution = solve(problem)
    seconds, processor = time.perf_counter() - started, time.process_time() - worked
    plan, first, exchange = (summary for _, summary in compare(problem, solution.placing))
    proven = "已证明" if solution.proven else "没有证明"
    ranks = "、".join(map(str, plan.ranks))
    others = [
        f"{each.moved}人，违反规定{each.broken}处，比例差{each.missing}人" for each in (first, exchange)
    ]
    openings = sum(opening.places for opening in problem.openings)
    return [
        seed,
        len(problem.teachers),
        openings,
        f"{processor:.1f}",
        f"{seconds:.1f}",
        proven,
        plan.moved,
        ranks,
        *others,
    ]


def _page(lines: list[list[object]]) -> str:
    table = tabulate(lines, _HEADINGS, tablefmt="github")
    return (
        "# 交流轮岗方案的编排时间\n\n<!-- 由 python -m benchmarks.rotation 写出，请勿手改。 -->\n\n"
        f"{COUNTIES}个虚构的县，各有{SCHOOLS}所学校、{SUBJECTS}个学科。编排用一个线程，五个目标依次求解；希望不超过{MOST}处理器秒。测量的一刻钟里机器平均有{os.getloadavg()[2]:.1f}个进程在算，别的进程越多，时钟秒越大。{machine()}\n\n{table}\n\n"
        "“先报先得”“成块互换”是用来比较的两种办法，见[编排交流轮岗](../how-to/plan-rotation.md)。\n"
    )


if __name__ == "__main__":
    main()
