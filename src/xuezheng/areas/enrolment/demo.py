"""The workbooks that schools and the section submit about schools, classes, pupils and candidates."""

from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from xuezheng.demo import Row, Workbook, expected, tables
from xuezheng.demo.autumn import LEFT_ON, NEW_SCHOOL, autumn
from xuezheng.demo.autumn import TERM as AUTUMN_TERM
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import (
    BUREAU,
    NAME,
    TERM,
    DemoClass,
    DemoDistrict,
    DemoPupil,
    DemoSchool,
    chance,
    district,
)
from xuezheng.demo.people import DISTRICT
from xuezheng.demo.schools import JUNIOR, PRIMARY, SENIOR, TOWN

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))
EXAM_DAY = "2019-06-07"
_ZONE_SECOND = ("", "上", "中", "里", "新")
_SEAT = (118.330000, 29.820000)
TERMS = (
    ("2018秋", "2018-09-03", "2019-01-25"),
    ("2019春", "2019-02-25", "2019-06-28"),
    ("2019秋", "2019-09-02", "2020-01-17"),
)


def workbooks() -> Iterator[Workbook]:
    """Yield each workbook: its file name and the rows of its sheets, in the order of import."""
    roster = district()
    yield (
        "01 本区与学校名册.xlsx",
        {
            "本地信息": [(DISTRICT, NAME, BUREAU)],
            "学期": list(TERMS),
            "学校名册": [_school(school) for school in roster.schools],
            "学校位置": [_site(school) for school in roster.schools],
        },
    )
    yield from _rolls(roster, TERM)
    yield f"03 {TERM} 学籍异动表.xlsx", {"学籍异动表": list(_spring_events(roster))}
    yield (
        f"03 {TERM} 控辍保学.xlsx",
        {
            "未到校学生台账": list(_absences(roster)),
            "劝返记录表": list(_persuasions(roster)),
            "控辍保学月报表": list(_attendance_reports(roster)),
        },
    )
    yield "03 2019年高考报名册.xlsx", {"高考报名册": _candidates()}
    yield "03 2019年学区划片.xlsx", {"学区划片表": list(_zones()), "对口直升表": _feeders()}


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of autumn: a new school, and the new rolls of all classes."""
    yield (
        f"01 {AUTUMN_TERM} 新增学校.xlsx",
        {"学校名册": [_school(NEW_SCHOOL)], "学校位置": [_site(NEW_SCHOOL)]},
    )
    # Before the rolls, which only say that they left.
    yield f"01 {AUTUMN_TERM} 高中毕业.xlsx", {"学籍异动表": list(_graduations())}
    yield from _rolls(autumn(), AUTUMN_TERM)
    yield f"03 {AUTUMN_TERM} 学籍异动表.xlsx", {"学籍异动表": list(_autumn_events())}
    yield f"03 {AUTUMN_TERM} 控辍保学.xlsx", {"未到校学生台账": list(_cleared_absences())}


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the workbooks of a county's first half-year, whose rolls stay the same to the end of the school year."""
    if half_year != county.half_years[0]:
        return
    about = county.about
    yield (
        "01 本县与学校名册.xlsx",
        {
            "本地信息": [(about["division"], about["name"], about["bureau"])],
            "学期": [tuple(map(str, term)) for term in about["terms"]],
            "学校名册": [_school(school) for school in county.roster.schools],
        },
    )
    yield from _rolls(county.roster, half_year.term)


def _rolls(roster: DemoDistrict, term: str) -> Iterator[Workbook]:
    """Yield each school's rolls of classes and pupils."""
    for school in roster.schools:
        yield (
            f"02 {school.name} {term} 学籍名册.xlsx",
            {
                "班级名册": [_class_group(group) for group in roster.classes if group.school is school],
                "学生名册": [_pupil(pupil) for pupil in roster.pupils if pupil.school is school],
            },
        )


def _school(school: DemoSchool) -> Row:
    return (
        school.code, school.name, school.kind, school.urban_rural, school.runner, school.senior_grade, None,
    )  # fmt: skip


def _site(school: DemoSchool) -> Row:
    """Return a school's code and invented coordinates; schools of a town or village are near each other, around the district's seat."""
    near = "镇区" if school.urban_rural == TOWN else school.name[:2]
    rng, own = chance(f"位置 {near}"), chance(f"位置 {school.name}")
    reach = 0.0 if near == "镇区" else 0.16
    east, north = (centre + rng.uniform(-reach, reach) for centre in _SEAT)
    return school.code, *(f"{place + own.uniform(-0.025, 0.025):.6f}" for place in (east, north))


def _class_group(group: DemoClass) -> Row:
    return group.school.code, group.name, group.stage, str(group.grade), "是" if group.attached else "否"


def _pupil(pupil: DemoPupil) -> Row:
    person = pupil.person
    return (
        pupil.school.code,
        pupil.class_group.name,
        person.name,
        person.sex,
        str(person.born),
        "居民身份证",
        person.id_number,
        pupil.student_number,
        person.household,
        pupil.boarding,
        str(pupil.entered_on),
        str(pupil.left_on) if pupil.left_on else None,
    )


def _spring_events(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the events of spring: pupils who fell ill and came back before the summer."""
    for pupil in _chosen(roster, TERM, 5):
        yield _event(pupil, "2019-03-11", "休学", "因病")
        yield _event(pupil, "2019-05-20", "复学", "病愈")


def _graduations() -> Iterator[Row]:
    """Yield the events by which the last grade of the senior schools graduated."""
    for pupil in autumn().pupils:
        if pupil.left_on == LEFT_ON and pupil.class_group.stage == SENIOR:
            yield _event(pupil, str(LEFT_ON), "毕业", "")


def _autumn_events() -> Iterator[Row]:
    """Yield the events of autumn: pupils who are ill at its end, who are taught at home, and who learn in an ordinary class."""
    pupils = _chosen(autumn(), AUTUMN_TERM, 16)
    for pupil in pupils[:7]:
        yield _event(pupil, "2019-10-14", "休学", "因病")
    for pupil in pupils[7:10]:
        yield _event(pupil, "2019-09-16", "送教上门开始", "重度残疾")
    for pupil in pupils[10:]:
        yield _event(pupil, "2019-09-09", "随班就读开始", "残疾")


def _chosen(roster: DemoDistrict, term: str, number: int) -> list[DemoPupil]:
    """Return so many pupils of primary schools."""
    return chance(f"学籍异动 {term}").sample(roster.enrolled(PRIMARY), number)


def _absent(roster: DemoDistrict) -> list[DemoPupil]:
    """Return the pupils of junior schools who did not attend in spring, one for each row of the table of absences."""
    juniors = [pupil for pupil in roster.enrolled(JUNIOR) if pupil.class_group.grade < 3]
    return chance(f"未到校 {TERM}").sample(juniors, len(TABLES.absences))


def _absences(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the absences of spring as they stood at its end."""
    for pupil, row in zip(_absent(roster), TABLES.absences, strict=True):
        yield _absence(pupil, row)


def _cleared_absences() -> Iterator[Row]:
    """Yield the absences of spring that were cleared in autumn."""
    for pupil, row in zip(_absent(district()), TABLES.absences, strict=True):
        if later := TABLES.cleared.get(row["since"]):
            yield _absence(pupil, {**row, **later})


def _absence(pupil: DemoPupil, row: Mapping[str, str]) -> Row:
    days = [row.get("confirmed"), row.get("clearing"), row.get("cleared")]
    about = [row["since"], row["reported"], row.get("whereabouts"), row["teacher"]]
    return (*pupil.person.cells, pupil.school.code, pupil.class_group.stage, *about, *days)


def _persuasions(roster: DemoDistrict) -> Iterator[Row]:
    """Yield what was done to bring the absent pupils back."""
    for pupil, row in zip(_absent(roster), TABLES.absences, strict=True):
        for day, method, outcome in row.get("persuasions", ()):
            yield (*pupil.person.cells, pupil.school.code, day, method, row["teacher"], outcome)


def _attendance_reports(roster: DemoDistrict) -> Iterator[Row]:
    """Yield each school's monthly report: who is absent at the end of the month; one school of each stage is late once."""
    absent = list(zip(_absent(roster), TABLES.absences, strict=True))
    for stage in (PRIMARY, JUNIOR):
        pupils = Counter(pupil.school.code for pupil in roster.enrolled(stage))
        for place, (school, number) in enumerate(sorted(pupils.items())):
            for month, last in TABLES.report_months.items():
                missing = sum(
                    pupil.school.code == school
                    and pupil.class_group.stage == stage
                    and row["since"] <= last < row.get("cleared", "9999")
                    for pupil, row in absent
                )
                late = place == 0 and month == TABLES.late_month
                reported = last if late else f"{month[:8]}25"
                yield school, stage, month, str(number), str(number - missing), reported


def _event(pupil: DemoPupil, day: str, kind: str, reason: str) -> Row:
    """Return an event within the pupil's class; both classes are left to the register."""
    return (*pupil.person.cells, day, kind, None, None, None, None, None, None, None, reason, None)


def _candidates() -> list[Row]:
    """Return the candidates: the last grade of the senior schools but four pupils, and some who sit the exam again."""
    roster = district()
    last_grade = [
        pupil
        for pupil in roster.enrolled(SENIOR)
        if pupil.class_group.grade == 3 and pupil.school.senior_grade is not None
    ]
    city_model = [pupil for pupil in last_grade if pupil.school.senior_grade == "市示范高中"]
    ordinary = [pupil for pupil in last_grade if pupil.school.senior_grade == "一般高中"][:-4]
    # Classes are of one track: the first ones of each school of the arts, all others of science.
    tracks = chain(_tracks(len(city_model), 300), _tracks(len(ordinary), 161))
    rows = [
        (*pupil.person.cells, pupil.school.code, track, EXAM_DAY, None, None)
        for pupil, track in zip(city_model + ordinary, tracks, strict=True)
    ]
    again = zip(roster.candidates, _tracks(len(roster.candidates), 3), strict=True)
    return [*rows, *((*person.cells, None, track, EXAM_DAY, None, None) for person, track in again)]


def _zones() -> Iterator[Row]:
    """Yield each public school's communities, more for a larger first grade."""
    rng = chance("学区")
    names = [f"{first}{second}" for first in TABLES.zone_first for second in _ZONE_SECOND]
    rng.shuffle(names)
    for stage, kinds in ((PRIMARY, ("小学", "九年一贯制学校")), (JUNIOR, ("初级中学", "九年一贯制学校"))):
        free = iter(names)
        for school in district().schools:
            if school.kind not in kinds:
                continue
            entrants = sum(
                pupil.school is school and pupil.class_group.grade == 1
                for pupil in district().enrolled(stage)
            )
            suffix = "社区" if school.urban_rural == TOWN else "村"
            for _ in range(max(2, entrants // 45)):
                yield school.code, stage, "2019", next(free) + suffix, str(entrants // max(2, entrants // 45))


def _feeders() -> list[Row]:
    """Return the (primary, year, junior) rows: each primary school feeds the junior school of its town."""
    codes = {school.name: school.code for school in district().schools}
    return [
        (codes[primary], "2019", codes[junior])
        for junior, primaries in TABLES.feeders.items()
        for primary in primaries
    ]


def _tracks(candidates: int, arts: int) -> Iterator[str]:
    yield from ["文史类"] * arts + ["理工类"] * (candidates - arts)
