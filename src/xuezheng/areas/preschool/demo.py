"""Demo data of preschool education: forms of kindergartens in spring and in autumn 2019, and the self-evaluation."""

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil
from pathlib import Path

from xuezheng.areas.preschool import AREA
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import NEW_SCHOOL, autumn
from xuezheng.demo.district import DemoClass, DemoDistrict, DemoSchool, district
from xuezheng.demo.schools import PRESCHOOL
from xuezheng.demo.staff import HEAD, TEACHER, DemoStaff, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

YEAR = "2019"
_KINDS = {1: "小班", 2: "中班", 3: "大班"}
# Square metres of building, activity rooms and outdoor ground a child, where demo.yaml does not say otherwise.
_SPACE = (11.2, 8.6, 5.1)
_CHILDREN_A_TEACHER_IN_SCHOOLS = 15


def workbooks() -> Iterator[Workbook]:
    """Yield the Excel file with the forms of spring 2019, as (file name, rows by sheet name)."""
    forms = _forms(district(), staff())
    county = {"县域学前教育情况表": [(YEAR, *map(str, row)) for row in TABLES.county]}
    notes = work_entries(AREA.title, TABLES.entries, numbered=False)
    yield "66 2019春 学前教育.xlsx", forms | county | notes


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the Excel files with the forms of autumn 2019, which replace those of spring, and the self-evaluation."""
    yield (
        "66 2019秋 学前教育.xlsx",
        _forms(autumn(), autumn_staff()) | work_entries(AREA.title, TABLES.autumn_entries, numbered=False),
    )
    named = {number: row for number, *row in TABLES.items}
    items = [
        (YEAR, label, *map(str, named.get(number, ("合格", "", f"自评材料{number:02}号卷"))), "")
        for number, label in enumerate(TABLES.labels, 1)
        if number not in TABLES.unregistered
    ]
    yield "66 2019年 普及普惠自评.xlsx", {"普及普惠自评表": items}


def _forms(roster: DemoDistrict, members: Iterable[DemoStaff]) -> dict[str, Iterable[Row]]:
    sizes: dict[DemoSchool, Counter[DemoClass]] = {}
    for pupil in roster.enrolled(PRESCHOOL):
        sizes.setdefault(pupil.school, Counter())[pupil.class_group] += 1
    employed = Counter((member.school, member.post) for member in members)
    return {
        "幼儿园基本情况表": [
            _form(
                school,
                groups.total(),
                employed[school, HEAD] if school.kind == "幼儿园" else 0,
                employed[school, TEACHER]
                if school.kind == "幼儿园"
                else ceil(groups.total() / _CHILDREN_A_TEACHER_IN_SCHOOLS),
            )
            for school, groups in sizes.items()
        ],
        "幼儿园班级表": [
            (school.code, YEAR, group.name, _KINDS[group.grade], str(number))
            for school, groups in sizes.items()
            for group, number in groups.items()
        ],
    }


def _form(school: DemoSchool, children: int, principals: int, teachers: int) -> Row:
    nature = "教育部门办园"
    if school.runner == "民办":
        nature = "普惠性民办园" if school.name in TABLES.affordable else "非普惠性民办园"
    space = dict(TABLES.short_of_space).get(school.name, _SPACE)
    return (
        school.code,
        YEAR,
        nature,
        "是" if school.name in TABLES.community else "否",
        "是" if school.name == NEW_SCHOOL.name else "否",
        *(str(number) for number in (principals, principals, teachers, teachers)),
        *(str(ceil(each * children)) for each in space),
    )
