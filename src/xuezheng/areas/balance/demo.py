"""Demo data of balanced education: the school conditions form in spring and in autumn 2019."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import ceil
from pathlib import Path

from xuezheng.demo import Row, Workbook, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoPupil, DemoSchool, chance, district
from xuezheng.demo.schools import JUNIOR, PRIMARY, SENIOR
from xuezheng.demo.staff import TEACHER, DemoStaff, autumn_staff, staff
from xuezheng.workbooks.cells import typed_yuan

TABLES = tables(Path(__file__).with_name("demo.yaml"))

AREA = "优质均衡"
YEAR = "2019"
_STAGES = (PRIMARY, JUNIOR, SENIOR)
# How much of the school's things a pupil takes up, relative to a pupil of primary school.
_WEIGHTS = {PRIMARY: 1.0, JUNIOR: 1.1, SENIOR: 1.32}
# What a pupil is to have: square metres, square metres, yuan, rooms.
_ROOMS, _SPORTS, _EQUIPMENT, _MEDIA = "用房", "场馆", "设备", "多媒体"
_NORMS: dict[str, dict[str, float]] = {
    _ROOMS: {PRIMARY: 4.5, JUNIOR: 5.8},
    _SPORTS: {PRIMARY: 7.5, JUNIOR: 10.2},
    _EQUIPMENT: {PRIMARY: 2000, JUNIOR: 2500},
    _MEDIA: {PRIMARY: 0.023, JUNIOR: 0.024},
}
# Schools that have less than the norm or far more, and what part of it they have in spring and in autumn.
_PARTS = {
    # A new school with equipment beyond all others: every school may reach the standard, and the differences be too large.
    ("南山小学", _EQUIPMENT): (4.2, 4.2),
    ("岩寺小学", _SPORTS): (0.82, 0.86),
    ("岩寺小学", _ROOMS): (0.94, 1.01),
    ("南山小学", _SPORTS): (0.9, 0.91),
    ("下街小学", _ROOMS): (0.95, 1.01),
    ("文峰学校", _EQUIPMENT): (0.81, 0.86),
    ("岩寺初级中学", _SPORTS): (0.9, 0.9),
    ("岩寺初级中学", _MEDIA): (0.95, 1.02),
    ("云岭区第二中学", _SPORTS): (0.88, 0.88),
}
_CLASSES_A_ROOM = 12


def workbooks() -> Iterator[Workbook]:
    """Yield the Excel file with the conditions form of spring 2019, as (file name, rows by sheet name)."""
    yield "65 2019春 义务教育学校办学条件.xlsx", _form(district(), staff(), 0, TABLES.entries)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the Excel file with the form of autumn 2019, which replaces that of spring."""
    yield "65 2019秋 义务教育学校办学条件.xlsx", _form(autumn(), autumn_staff(), 1, TABLES.autumn_entries)
    items = [(YEAR, *map(str, row)) for row in TABLES.items]
    surveys = [(YEAR, *map(str, row)) for row in TABLES.surveys]
    yield (
        "65 2019年 优质均衡评估项目和社会认可度.xlsx",
        {"优质均衡评估项目表": items, "社会认可度调查表": surveys},
    )


def _form(
    roster: DemoDistrict,
    members: Iterable[DemoStaff],
    term: int,
    entries: Iterable[tuple[str, str, str, str]],
) -> dict[str, Iterable[Row]]:
    taught: dict[tuple[DemoSchool, str], list[DemoPupil]] = {}
    for pupil in roster.enrolled(*_STAGES):
        taught.setdefault((pupil.school, pupil.stage), []).append(pupil)
    schools = dict.fromkeys(school for school, stage in taught if stage != SENIOR)
    teaching: dict[tuple[DemoSchool | None, str | None], list[DemoStaff]] = {}
    for member in members:
        if member.post == TEACHER:
            teaching.setdefault((member.school, member.stage), []).append(member)
    stages = {school: [stage for stage in _STAGES if (school, stage) in taught] for school in schools}
    return {
        "学校办学条件表": [
            _facilities(school, {stage: taught[school, stage] for stage in there}, term)
            for school, there in stages.items()
        ],
        "分学段办学条件表": [
            _condition(school, stage, taught[school, stage], teaching.get((school, stage), []))
            for school, there in stages.items()
            for stage in there
        ],
    } | work_entries(AREA, [(AREA, *entry) for entry in entries], numbered=False)


def _facilities(school: DemoSchool, taught: Mapping[str, list[DemoPupil]], term: int) -> Row:
    weight = sum(_WEIGHTS[stage] * len(pupils) for stage, pupils in taught.items())
    rng = chance(f"办学条件 {school.name}")
    # Where pupils are few each of them has more.
    roomy = rng.uniform(1.15, 1.6) if weight < 250 else 1.0
    has = {}
    for what, norms in _NORMS.items():
        norm = max(norms[stage] / _WEIGHTS[stage] for stage in taught if stage in norms)
        part = rng.uniform(1.03, 1.22) * roomy
        if (school.name, what) in _PARTS:
            part = _PARTS[school.name, what][term]
        has[what] = norm * part * weight
    indoor = round(has[_ROOMS] * 0.12) if weight > 300 else 0
    groups = {pupil.class_group for stage, pupils in taught.items() if stage != SENIOR for pupil in pupils}
    rooms = ceil(len(groups) / _CLASSES_A_ROOM)
    short_of_one = school.name in ("岩寺小学", "岩寺初级中学") and term == 0
    return (
        school.code,
        YEAR,
        str(round(has[_ROOMS]) + indoor),
        str(indoor),
        str(round(has[_SPORTS]) - indoor),
        typed_yuan(round(has[_EQUIPMENT] / 100) * 100_00),
        str(ceil(has[_MEDIA]) if (school.name, _MEDIA) not in _PARTS else int(has[_MEDIA])),
        str(rooms),
        str(rooms - short_of_one),
    )


def _condition(
    school: DemoSchool, stage: str, pupils: list[DemoPupil], teachers: list[DemoStaff]
) -> Row:  # fmt: skip
    sizes = Counter(pupil.class_group for pupil in pupils)
    degrees = Counter(member.degree for member in teachers)
    subjects = Counter(member.subject for member in teachers)
    numbers = (
        len(pupils),
        len({group.grade for group in sizes}),
        len(sizes),
        max(sizes.values()),
        len(teachers),
        degrees["专科"],
        degrees["本科"],
        degrees["硕士研究生"],
        0,
        sum(member.backbone is not None for member in teachers),
        subjects["体育与健康"],
        subjects["音乐"],
        subjects["美术"],
    )
    return school.code, stage, YEAR, *(str(number) for number in numbers)
