"""The demonstration's workbooks of the health area: pupils fed and meals served, eyesight, fitness, counselling, contests."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from xuezheng.areas.health import AREA
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoPupil, chance, district
from xuezheng.demo.schools import JUNIOR, PRIMARY, SENIOR
from xuezheng.demo.staff import TEACHER, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

# How many pupils are fed, and how many meals are served in the half-year.
_FED, _MEALS = 2402, 287_050
_FED_IN_AUTUMN, _MEALS_IN_AUTUMN = 2418, 231_406
_TERMS = {
    "2019H1": ((date(2019, 1, 2), date(2019, 1, 25)), (date(2019, 2, 25), date(2019, 6, 28))),
    "2019H2": ((date(2019, 9, 2), date(2019, 12, 31)),),
}
_HOLIDAYS = {
    date(2019, month, day)
    for month, days in ((4, (5,)), (5, (1, 2, 3)), (6, (7,)), (9, (13,)), (10, (1, 2, 3, 4, 7)))
    for day in days
}
_WEEKENDS_TAUGHT = {date(2019, 4, 28), date(2019, 5, 5), date(2019, 9, 29), date(2019, 10, 12)}
_FRIDAY, _SATURDAY = 4, 5
# Years at school before the stage.
_YEARS_BEFORE = {PRIMARY: 0, JUNIOR: 6, SENIOR: 9}
_TRACKED_SCHOOLS = ("岩寺小学", "岩寺初级中学")
_THEMES = {"学业压力": 30, "同伴交往": 22, "亲子关系": 18, "情绪调适": 16, "自我认识": 8, "青春期": 6}
# How many cases from each grade, 1 to 12.
_CASES = (3, 4, 5, 6, 8, 9, 11, 12, 12, 9, 8, 10)
_CASES_IN_AUTUMN = (2, 3, 4, 6, 7, 8, 10, 9, 13, 8, 7, 9)


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet)."""
    roster, label = district(), "2019年上半年"
    yield (
        f"30 {label} 营养改善计划.xlsx",
        {
            "营养改善学生名单": [_fed_row(pupil, "2019春") for pupil in _fed(roster, _FED)],
            "营养改善供餐台账": list(_meals("2019H1", roster, _FED, _MEALS)),
        },
    )
    for stage in _YEARS_BEFORE:
        pupils = roster.enrolled(stage)
        yield f"31 2019春 视力筛查 {stage}.xlsx", {"视力筛查登记表": list(_screenings(pupils))}
    yield (
        "32 2018-2019学年 体质健康测试.xlsx",
        {
            "体质健康测试成绩": list(
                _fitness(roster, "2018-2019", date(2018, 10, 15), {PRIMARY: 5, JUNIOR: 2, SENIOR: 2})
            )
        },
    )
    yield f"33 {label} 个案咨询登记.xlsx", {"个案咨询登记": list(_cases("2019H1", _CASES))}
    lower = [pupil for pupil in roster.enrolled(PRIMARY) if pupil.class_group.grade <= 3]
    yield (
        "34 2019年 铅笔字书写大赛名单.xlsx",
        {"规范书写比赛名单": list(_contestants(lower, 936, "中小学生铅笔字书写大赛", "2019-05-10"))},
    )
    yield (
        f"35 {label} 体卫培训与工作纪实.xlsx",
        _trainings("2019H1", TABLES.trainings) | work_entries(AREA.title, TABLES.entries),
    )


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    Eyesight is screened again at two schools only, 岩寺小学 and 岩寺初级中学.
    """
    roster, label = autumn(), "2019年下半年"
    yield (
        f"30 {label} 营养改善计划.xlsx",
        {
            "营养改善学生名单": [_fed_row(pupil, "2019秋") for pupil in _fed(roster, _FED_IN_AUTUMN)],
            "营养改善供餐台账": list(_meals("2019H2", roster, _FED_IN_AUTUMN, _MEALS_IN_AUTUMN)),
        },
    )
    tracked = [pupil for pupil in roster.enrolled(PRIMARY, JUNIOR) if pupil.school.name in _TRACKED_SCHOOLS]
    yield "31 2019秋 视力复查.xlsx", {"视力筛查登记表": list(_screenings(tracked, again=True))}
    yield (
        "32 2019-2020学年 体质健康测试.xlsx",
        {"体质健康测试成绩": list(_fitness(roster, "2019-2020", date(2019, 10, 14), {JUNIOR: 3}))},
    )
    yield f"33 {label} 个案咨询登记.xlsx", {"个案咨询登记": list(_cases("2019H2", _CASES_IN_AUTUMN))}
    upper = [pupil for pupil in roster.enrolled(PRIMARY) if pupil.class_group.grade > 3]
    yield (
        "34 2019年 硬笔书写大赛名单.xlsx",
        {"规范书写比赛名单": list(_contestants(upper, 412, "中小学生硬笔书写大赛", "2019-11-22"))},
    )
    yield (
        f"35 {label} 体卫培训与工作纪实.xlsx",
        _trainings("2019H2", TABLES.autumn_trainings) | work_entries(AREA.title, TABLES.autumn_entries),
    )


@cache
def _fed(roster: DemoDistrict, count: int) -> list[DemoPupil]:
    """Return the ``count`` pupils in the nutrition programme: those of mountain schools, except some whose parents declined."""
    pupils = [pupil for pupil in roster.enrolled(PRIMARY, JUNIOR) if pupil.school.name in TABLES.fed_schools]
    declined = set(chance(f"营养改善 {count}").sample(range(len(pupils)), len(pupils) - count))
    return [pupil for place, pupil in enumerate(pupils) if place not in declined]


def _fed_row(pupil: DemoPupil, term: str) -> Row:
    return *pupil.person.cells, pupil.school.code, term


def _meals(period: str, roster: DemoDistrict, fed: int, total: int) -> Iterator[Row]:
    """Yield meal rows: one meal for every pupil present; the rest of ``total`` goes to boarders on the evenings they stay."""
    rng = chance(f"供餐 {period}")
    pupils = Counter(pupil.school.code for pupil in _fed(roster, fed))
    boarders = Counter(pupil.school.code for pupil in _fed(roster, fed) if pupil.boarding == "住校")
    served = {
        (code, day): count - min(rng.randrange(4), count // 30)
        for day in _school_days(period)
        for code, count in pupils.items()
    }
    evenings = {
        (code, day): boarders[code] if day.weekday() < _FRIDAY or day in _WEEKENDS_TAUGHT else 0
        for code, day in served
    }
    left, total_evenings = total - sum(served.values()), sum(evenings.values())
    so_far = given = 0
    for (code, day), count in served.items():
        so_far += evenings[code, day]
        second, given = left * so_far // total_evenings - given, left * so_far // total_evenings
        yield code, str(day), str(count), str(count + second)


def _school_days(period: str) -> list[date]:
    return [
        day
        for first, last in _TERMS[period]
        for day in (first + timedelta(days=n) for n in range((last - first).days + 1))
        if day in _WEEKENDS_TAUGHT or (day.weekday() < _SATURDAY and day not in _HOLIDAYS)
    ]


def _screenings(pupils: list[DemoPupil], again: bool = False) -> Iterator[Row]:
    """Yield screenings of the pupils, school by school; a few were absent, and some were measured only in part."""
    days = [day for day in _school_days("2019H2" if again else "2019H1") if day.month in (3, 4, 11)]
    order = {code: place for place, code in enumerate(dict.fromkeys(pupil.school.code for pupil in pupils))}
    for pupil in pupils:
        group = pupil.class_group
        day = days[order[pupil.school.code] % len(days)]
        # The same chance each time, so that a pupil's eyes go on from where they were.
        rng = chance(f"视力 {pupil.person.id_number}")
        vision, glasses, refraction = _eyes(rng, _YEARS_BEFORE[pupil.stage] + group.grade)
        unmeasured = chance(f"视力未测 {day} {pupil.person.id_number}").random()
        if unmeasured < 0.015:
            continue
        if unmeasured > 0.99:
            refraction = [None] * 4
        elif unmeasured > 0.985:
            vision[1] = None
        yield (
            *pupil.person.cells,
            pupil.school.code,
            pupil.stage,
            str(group.grade),
            str(day),
            *vision,
            glasses,
            *refraction,
        )


def _eyes(rng: Random, year: int) -> tuple[list[str | None], str, list[str | None]]:
    """Return naked vision of both eyes, glasses, and the refraction of both, for a pupil in the ``year``-th year at school.

    Each pupil draws a number once: when the share of myopic pupils, which grows by year, passes it, the eyes begin to get worse.
    """
    draw, pace = rng.random(), rng.uniform(0.25, 0.75)
    years = (0.06 + 0.062 * year - draw) / 0.062
    first = -0.6 - pace * years if years > 0 else rng.uniform(-0.4, 1.0)
    eyes = [first, first + rng.choice((-0.25, 0, 0, 0.25))]
    astigmatism = [rng.choice((0, 0, 0, 0.25, 0.5, 0.75, 1.25)) for _ in eyes]
    vision = [max(3.6, round(5.1 - 0.3 * max(0, -eye) ** 0.8 - rng.choice((0, 0, 0.1)), 1)) for eye in eyes]
    glasses = "不戴镜"
    if years > 0:
        glasses = rng.choice(("框架眼镜",) * 12 + ("不戴镜",) * 6 + ("隐形眼镜",) * (year > 9))
        if year > 2 and rng.random() < 0.03:
            glasses, vision = "夜戴角膜塑形镜", [5.0, 4.9]
    refraction = []
    for eye, cylinder in zip(eyes, astigmatism, strict=True):
        refraction += [f"{round((eye + cylinder / 2) * 4) / 4 + 0.0:.2f}", f"{0.0 - cylinder:.2f}"]
    return [f"{value:.1f}" for value in vision], glasses, [*refraction]


def _fitness(roster: DemoDistrict, year: str, first: date, grades: dict[str, int]) -> Iterator[Row]:
    rng = chance(f"体质健康 {year}")
    for stage, grade in grades.items():
        for pupil in roster.enrolled(stage):
            # Who came later in the school year had not been there for the test.
            if pupil.class_group.grade != grade or pupil.entered_on > first:
                continue
            day = first + timedelta(days=int(pupil.school.code) % 4 + 7 * (int(pupil.school.code) % 3))
            score = min(112.0, max(38.0, rng.gauss(78, 10)))
            yield (
                *pupil.person.cells,
                pupil.school.code,
                stage,
                str(grade),
                year,
                str(day),
                f"{score:.1f}",
            )


def _cases(period: str, grades: tuple[int, ...]) -> Iterator[Row]:
    rng = chance(f"个案咨询 {period}")
    days = _school_days(period)
    drawn = sorted((rng.choice(days), grade) for grade, count in enumerate(grades, 1) for _ in range(count))
    for number, (day, grade) in enumerate(drawn, 1):
        theme = rng.choices(list(_THEMES), list(_THEMES.values()))[0]
        lately = (days[-1] - day).days < 30
        status = rng.choice(("跟进中", "跟进中", "已结案") if lately else ("已结案",) * 9 + ("已转介",))
        yield f"{period}-{number:03}", str(day), str(grade), theme, status


def _contestants(pupils: list[DemoPupil], count: int, contest: str, day: str) -> Iterator[Row]:
    for pupil in chance(contest).sample(pupils, count):
        yield *pupil.person.cells, pupil.school.code, contest, day


def _trainings(period: str, trainings: tuple[tuple[str, str, str | None, str, str, str, str, int], ...]) -> dict[str, Iterable[Row]]:  # fmt: skip
    members = staff() if period == "2019H1" else autumn_staff()
    teachers = [member for member in members if member.post == TEACHER and member.stage in _YEARS_BEFORE]
    training_rows: list[Row] = []
    attended: list[Row] = []
    for title, first, last, level, hours, organiser, document, count in trainings:
        training_rows.append(
            (AREA.title, title, first, last, "心理健康", level, hours, organiser, document or None)
        )
        for member in chance(title).sample(teachers, count):
            attended.append(
                (
                    AREA.title,
                    title,
                    first,
                    *member.person.cells,
                    member.school_code,
                    "是",
                )
            )
    return {"培训活动": training_rows, "参训人员": attended}
