"""The demonstration's workbooks of the office: the plans of two half-years, and work notes.

The notes are those of the office, and of sections whose own workbooks have none.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from xuezheng import registry
from xuezheng.demo import Row, Workbook, tables, work_entries
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import district

TABLES = tables(Path(__file__).with_name("demo.yaml"))


def workbooks() -> Iterator[Workbook]:
    """Yield the office's workbooks of July 2019: (file name, rows by title of the sheet).

    They have the work notes of the first half-year, and the plan for the second one with its targets.
    """
    yield "80 2019年上半年 办公室工作纪实.xlsx", {"工作纪实": list(_entries(TABLES.entries))}
    yield (
        "85 2019年下半年 工作计划.xlsx",
        {
            "计划任务": list(_items("2019H2", TABLES.plan, known_on=date(2019, 7, 5))),
            "计划目标": list(_targets("2019H2", TABLES.targets)),
        },
    )


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the office's workbooks of January 2020: (file name, rows by title of the sheet).

    They have the work notes of the second half-year of 2019, the progress of its plan, and the plan for the
    next half-year with its targets.
    """
    yield "80 2019年下半年 办公室工作纪实.xlsx", {"工作纪实": list(_entries(TABLES.autumn_entries))}
    yield (
        "85 2019年下半年 工作计划进展.xlsx",
        {"计划任务": list(_items("2019H2", TABLES.plan, known_on=date(2020, 1, 10)))},
    )
    yield (
        "86 2020年上半年 工作计划.xlsx",
        {
            "计划任务": list(
                _items(
                    "2020H1", [(*item, None, None) for item in TABLES.next_plan], known_on=date(2020, 1, 10)
                )
            ),
            "计划目标": list(_targets("2020H1", TABLES.next_targets)),
        },
    )


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the workbook of work notes of a half-year of a policy pack's demonstration.

    It is a pair: (file name, rows by title of the sheet). There is none where the county does not use the
    area.
    """
    given = county.tables("overview", half_year)
    if given is not None:
        yield "80 工作纪实.xlsx", {"工作纪实": list(_entries(given.entries))}


def _title(area: str) -> str:
    return registry.areas()[area].title


def _items(plan: str, items: Iterable[tuple[Any, ...]], known_on: date) -> Iterator[Row]:
    for number, title, area, due, measures, begun, finished in items:
        known = [day if day and date.fromisoformat(day) <= known_on else None for day in (begun, finished)]
        yield plan, str(number), title, _title(area), due, measures, *known


def _targets(plan: str, targets: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
    codes = {school.name: school.code for school in district().schools}
    for item, title, area, due, figure, part, school, operator, value in targets:
        yield (
            plan, str(item), title, _title(area), due, figure, part or None, codes.get(school), operator, value,
        )  # fmt: skip


def _entries(entries: Mapping[str, Iterable[tuple[str, ...]]]) -> Iterator[Row]:
    for area, notes in entries.items():
        yield from work_entries(_title(area), notes)["工作纪实"]
