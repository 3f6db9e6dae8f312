"""The demonstration's workbooks of the works office: projects with their milestones, the smart campus, exam centres."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from xuezheng.areas.works import AREA
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import NEW_SCHOOL
from xuezheng.demo.district import chance, district

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

_SUMMER, _WINTER = date(2019, 7, 5), date(2020, 1, 10)
_STEPS = ("招标完成", "开工", "竣工验收", "交付使用")


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019: (file name, rows by title of the sheet).

    They have the projects listed and the milestones reached by July.
    """
    yield from _ledgers("2019年上半年", _SUMMER, TABLES.entries)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    They have the projects listed and the milestones reached by January 2020.
    """
    yield from _ledgers("2019年下半年", _WINTER, TABLES.autumn_entries)


def _ledgers(period: str, known_on: date, entries: tuple[tuple[str, ...], ...]) -> Iterator[Workbook]:
    yield (
        f"60 {period} 建设项目台账.xlsx",
        {"建设项目台账": list(_projects(known_on)), "项目节点表": list(_milestones(known_on))},
    )
    yield (
        f"61 {period} 智慧校园和考点台账.xlsx",
        {
            "智慧校园应用台账": list(_applications(known_on)),
            "标准化考点台账": list(_exam_centres(known_on)),
        },
    )
    yield f"62 {period} 项目办工作纪实.xlsx", work_entries(AREA.title, entries)


def _projects(known_on: date) -> Iterator[Row]:
    codes = _codes(known_on)
    for code, name, kind, school, listed, budget, contractor, contract, _, (tendered, *_) in TABLES.projects:
        if date.fromisoformat(listed) > known_on:
            continue
        tender = (contractor, str(contract)) if _known(tendered, known_on) else (None, None)
        yield code, name, kind, codes.get(school or ""), listed, str(budget), *tender


def _milestones(known_on: date) -> Iterator[Row]:
    for code, *_, listed, _, _, _, planned, real in TABLES.projects:
        if date.fromisoformat(listed) <= known_on:
            for step, plan, day in zip(_STEPS, planned, real, strict=True):
                yield code, step, plan, _known(day, known_on)


def _applications(known_on: date) -> Iterator[Row]:
    rng, codes = chance(f"智慧校园 {known_on}"), _codes(known_on)
    for school, application, built, used in TABLES.applications:
        if _known(built, known_on):
            since = _known(used, known_on)
            yield codes[school], application, built, since, str(rng.randrange(150, 1600)) if since else "0"


def _exam_centres(known_on: date) -> Iterator[Row]:
    codes = _codes(known_on)
    for school, rooms, finished, used in TABLES.exam_centres:
        if _known(finished, known_on):
            yield codes[school], rooms, finished, _known(used, known_on)


def _known(day: str | None, known_on: date) -> str | None:
    return day if day and date.fromisoformat(day) <= known_on else None


def _codes(known_on: date) -> dict[str, str]:
    """Return the schools' codes by name; the new kindergarten is registered in autumn."""
    codes = {school.name: school.code for school in district().schools}
    return codes if known_on == _SUMMER else {**codes, NEW_SCHOOL.name: NEW_SCHOOL.code}
