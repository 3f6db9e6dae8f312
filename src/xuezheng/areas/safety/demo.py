"""The demonstration's workbooks of the safety office for both halves of 2019."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from xuezheng.areas.safety import AREA
from xuezheng.demo import Row, Workbook, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.county import County, HalfYear
from xuezheng.demo.district import DemoDistrict, DemoSchool, chance, district
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR
from xuezheng.demo.staff import autumn_staff, staff

TABLES = tables(Path(__file__).with_name("demo.yaml"))

_SPRING_MONTHS = tuple(date(2019, month, 1) for month in range(3, 7))
_AUTUMN_MONTHS = tuple(date(2019, month, 1) for month in range(9, 13))
_KNOWN_ON, _AUTUMN_KNOWN_ON = date(2019, 7, 5), date(2020, 1, 10)
_DRILLS = ("消防疏散", "防震减灾", "消防疏散", "防暴恐")


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet)."""
    roster = district()
    yield from _half_year("2019年上半年", roster, _SPRING_MONTHS, _KNOWN_ON)
    yield (
        "76 2019年上半年 欺凌报告.xlsx",
        {"欺凌报告台账": [_bullying(number, *line) for number, line in enumerate(TABLES.bullying, 1)]},
    )
    yield "77 2019年上半年 防溺水.xlsx", {"防溺水工作表": list(_drowning(roster, _SPRING_MONTHS[1:]))}
    yield "78 2019年上半年 传染病与事故.xlsx", _events(TABLES.outbreaks, TABLES.accidents)
    yield "79 2019年上半年 安全工作纪实.xlsx", work_entries(AREA.title, TABLES.notes)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    Most hazards that were open in July are closed, and one report of bullying is concluded.
    """
    roster = autumn()
    yield from _half_year("2019年下半年", roster, _AUTUMN_MONTHS, _AUTUMN_KNOWN_ON)
    closed_since = [(*row[:7], "2019-08-20") for row in _hazards(_SPRING_MONTHS, _KNOWN_ON) if row[7] is None]
    yield "75 2019年暑期 隐患销号.xlsx", {"安全隐患台账": closed_since[1:]}
    number = len(TABLES.bullying)
    concluded = (*TABLES.bullying[-1][:5], "属于一般矛盾", 8)
    yield (
        "76 2019年下半年 欺凌报告.xlsx",
        {
            "欺凌报告台账": [
                _bullying(number, *concluded),
                *(_bullying(number + place, *line) for place, line in enumerate(TABLES.autumn_bullying, 1)),
            ]
        },
    )
    yield (
        "77 2019年下半年 防溺水.xlsx",
        {"防溺水工作表": list(_drowning(roster, [date(2019, 7, 1), *_AUTUMN_MONTHS[:1]]))},
    )
    yield "78 2019年下半年 传染病与事故.xlsx", _events(TABLES.autumn_outbreaks, TABLES.autumn_accidents)
    yield "79 2019年下半年 安全工作纪实.xlsx", work_entries(AREA.title, TABLES.autumn_notes)


def county_workbooks(county: County, half_year: HalfYear) -> Iterator[Workbook]:
    """Yield the workbooks of a half-year of a policy pack's demonstration: (file name, rows by title of the sheet).

    They are drills, outbreaks of disease and reports of bullying; there are none where the county does not
    use the area.
    """
    given = county.tables("safety", half_year)
    if given is None:
        return
    codes = {school.name: school.code for school in county.roster.schools}
    months = [date.fromisoformat(month) for month in given.months]
    yield "75 应急演练.xlsx", {"应急演练表": list(_drills(county.roster, months))}
    reports = [(number, codes[school], *rest) for number, school, *rest in given.bullying]
    if reports:
        yield "76 欺凌报告.xlsx", {"欺凌报告台账": reports}
    outbreaks = [(codes[school], *rest) for school, *rest in given.outbreaks]
    yield "78 传染病报告.xlsx", {"传染病报告表": outbreaks}


def _half_year(
    label: str, roster: DemoDistrict, months: tuple[date, ...], known_on: date
) -> Iterator[Workbook]:
    yield (
        f"75 {label} 演练、隐患与检查.xlsx",
        {
            "应急演练表": list(_drills(roster, months)),
            "安全隐患台账": list(_hazards(months, known_on)),
            "食品与防病检查表": list(_health_checks(months, known_on)),
        },
    )


def _sizes(roster: DemoDistrict) -> dict[DemoSchool, int]:
    """Return the number of pupils of each school."""
    sizes = dict.fromkeys(roster.schools, 0)
    for pupil in roster.enrolled(PRESCHOOL, PRIMARY, JUNIOR, SENIOR):
        sizes[pupil.school] += 1
    return sizes


def _drills(roster: DemoDistrict, months: Iterable[date]) -> Iterator[Row]:
    """Yield drills: schools hold one every month, kindergartens every other month."""
    for place, month in enumerate(months):
        rng = chance(f"演练 {month}")
        for school, size in _sizes(roster).items():
            if school.kind == "幼儿园" and place % 2:
                continue
            kind = _DRILLS[place % len(_DRILLS)]
            day = month + timedelta(days=rng.randrange(5, 25))
            seconds = None if kind == "防暴恐" else str(75 + size // 12 + rng.randrange(40))
            yield school.code, kind, str(day), str(max(1, round(size * rng.uniform(1.0, 1.06)))), seconds


def _hazards(months: Iterable[date], known_on: date) -> Iterator[Row]:
    """Yield hazards: nine a month, in autumn eight; most are removed within a fortnight, some late, a few are open on ``known_on``."""
    for month in months:
        everybody = staff() if month.month < 7 else autumn_staff()
        owners = {member.school: member.person.name for member in everybody if member.post == "校（园）长"}
        rng = chance(f"隐患 {month}")
        for place, school in enumerate(rng.sample(district().schools, 9 if month.month < 7 else 8)):
            kind = rng.choice(sorted(TABLES.hazards))
            found_on = month + timedelta(days=3 + place * 2)
            serious = rng.random() < 0.08
            due = found_on + timedelta(days=60 if serious else 15)
            closed = rng.choices((due - timedelta(days=4), due + timedelta(days=6), None), (14, 3, 3))[0]
            yield (
                school.code, str(found_on), kind, "重大隐患" if serious else "一般隐患", rng.choice(TABLES.hazards[kind]),
                owners[school], str(due), str(closed) if closed and closed <= known_on else None,
            )  # fmt: skip


def _health_checks(months: Iterable[date], known_on: date) -> Iterator[Row]:
    """Yield checks of a third of the schools each month, on two subjects each; remedies are known up to ``known_on``."""
    schools = district().schools
    for place, month in enumerate(months):
        rng = chance(f"食品与防病 {month}")
        for school in schools[place % 3 :: 3]:
            for kind in rng.sample(sorted(TABLES.health_problems), 2):
                day = month + timedelta(days=rng.randrange(2, 26))
                if rng.random() > 0.15:
                    yield school.code, kind, str(day), None, None, None
                    continue
                due = day + timedelta(days=10)
                mended = due - timedelta(days=rng.randrange(-2, 6))
                yield (
                    school.code, kind, str(day), rng.choice(TABLES.health_problems[kind]), str(due),
                    str(mended) if mended <= known_on else None,
                )  # fmt: skip


def _bullying(
    number: int, place: int, stage: str, day: str, source: str, form: str, outcome: str | None, days: int | None
) -> Row:  # fmt: skip
    concluded = str(date.fromisoformat(day) + timedelta(days=days)) if days is not None else None
    code = district().schools[place].code
    return f"QL2019-{number:03}", code, stage, day, source, form, outcome, concluded


def _drowning(roster: DemoDistrict, months: Iterable[date]) -> Iterator[Row]:
    """Yield monthly measures of every school but kindergartens; letters and pledges come in June, home visits in July."""
    sizes = _sizes(roster)
    for month in months:
        rng = chance(f"防溺水 {month}")
        for school, size in sizes.items():
            if school.kind == "幼儿园":
                continue
            day = month + timedelta(days=rng.randrange(1, 20))
            yield school.code, "专题教育", str(day), str(size)
            yield school.code, "水域巡查", str(day + timedelta(days=3)), None
            if month.month == 6:
                yield school.code, "致家长信", str(day + timedelta(days=1)), str(size)
                yield school.code, "签订承诺书", str(day + timedelta(days=1)), str(size)
            if month.month == 7:
                yield school.code, "家访", str(day + timedelta(days=5)), str(max(3, size // 10))


def _events(
    outbreaks: Iterable[tuple[int, str, str, int, str]], accidents: Iterable[tuple[int, str, str, str, int, int]]
) -> dict[str, Iterable[Row]]:  # fmt: skip
    codes = [school.code for school in district().schools]
    return {
        "传染病报告表": [
            (codes[place], disease, day, str(cases), ended) for place, disease, day, cases, ended in outbreaks
        ],
        "学生安全事故台账": [
            (codes[place], kind, day, inside, str(injured), str(dead))
            for place, kind, day, inside, injured, dead in accidents
        ],
    }
