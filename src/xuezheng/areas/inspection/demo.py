"""The demonstration's workbooks of the inspectors for both halves of 2019."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from xuezheng.areas.inspection import AREA
from xuezheng.demo import Row, Workbook, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoSchool, chance, district
from xuezheng.demo.schools import PRESCHOOL

TABLES = tables(Path(__file__).with_name("demo.yaml"))


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet).

    The evaluation of 2018 was done in January.
    """
    yield "70 2018—2019年度 评价指标.xlsx", {"学校评价指标": [*_indicators(2018), *_indicators(2019)]}
    yield _evaluation(2018, district(), date(2019, 1, 14))
    months = [date(2019, month, 1) for month in range(3, 7)]
    yield "71 2019年上半年 督导问题清单.xlsx", {"督导问题清单": _findings(months)}
    yield "72 2019年上半年 学前教育督查.xlsx", {"学前教育日常督查表": list(_visits(district(), months))}
    rows = [row[:6] for row in TABLES.institutions]
    yield (
        "73 2019年上半年 校外培训机构.xlsx",
        {"校外培训机构名册": rows, "校外培训机构检查表": list(_checks(date(2019, 3, 18), "春季", closed=5))},
    )
    yield "74 2019年上半年 督导工作纪实.xlsx", work_entries(AREA.title, TABLES.notes)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    They have the evaluation of 2019, and the remedies of spring's findings.
    """
    yield _evaluation(2019, autumn(), date(2019, 12, 16))
    months = [date(2019, month, 1) for month in range(9, 13)]
    spring = _findings([date(2019, month, 1) for month in range(3, 7)])
    mended_since = [(*row[:6], "2019-08-28") for row in spring if row[6] is None]
    yield (
        "71 2019年下半年 督导问题清单.xlsx",
        {"督导问题清单": [*mended_since[1:], *_findings(months)]},
    )
    yield "72 2019年下半年 学前教育督查.xlsx", {"学前教育日常督查表": list(_visits(autumn(), months))}
    rows = [(*row[:5], row[6]) for row in TABLES.institutions]
    yield (
        "73 2019年下半年 校外培训机构.xlsx",
        {"校外培训机构名册": rows, "校外培训机构检查表": list(_checks(date(2019, 10, 14), "秋季", closed=6))},
    )
    yield "74 2019年下半年 督导工作纪实.xlsx", work_entries(AREA.title, TABLES.autumn_notes)


def _indicators(year: int) -> list[Row]:
    """Return the rows of a year's indicators, for schools and for kindergartens."""
    return [
        (f"{year}-{letter}{number:02}", str(year), scope, topic, title, str(weights[year - 2018]))
        for letter, scope, lines in (("X", "中小学", TABLES.school_indicators), ("Y", "幼儿园", TABLES.kindergarten_indicators))
        for number, topic, title, *weights in lines
    ]  # fmt: skip


def _evaluation(year: int, roster: DemoDistrict, first_day: date) -> Workbook:
    """Return the workbook of every school's scores by the indicators of its kind; each school has its own level."""
    rng = chance(f"年度考核 {year}")
    evaluations, scores = [], []
    for place, school in enumerate(roster.schools):
        day = first_day + timedelta(days=place % 10)
        evaluations.append((school.code, str(year), str(day)))
        level = rng.uniform(76, 93) + (year - 2018)
        kindergarten = school.kind == "幼儿园"
        for number, *_ in TABLES.kindergarten_indicators if kindergarten else TABLES.school_indicators:
            code = f"{year}-{'Y' if kindergarten else 'X'}{number:02}"
            scores.append((school.code, str(year), code, str(min(100, round(rng.gauss(level, 4))))))
    return f"71 {year}年度 学校考核.xlsx", {"学校年度考核": evaluations, "学校指标得分": scores}


def _findings(months: Iterable[date]) -> list[Row]:
    """Return some findings for each month; most are remedied within thirty days, a few late or not yet."""
    rows: list[Row] = []
    for month in months:
        rng = chance(f"督导问题 {month}")
        for place, school in enumerate(rng.sample(district().schools[:25], 6)):
            topic = rng.choice(sorted(TABLES.issues))
            found_on = month + timedelta(days=8 + place)
            due = found_on + timedelta(days=30)
            mended = rng.choices((due - timedelta(days=6), due + timedelta(days=5), None), (7, 1, 1))[0]
            if mended and mended > (date(2019, 7, 5) if month.month < 7 else date(2020, 1, 10)):
                mended = None
            kind = rng.choices(("综合督导", "专项督导", "经常性督导"), (1, 2, 3))[0]
            issue = rng.choice(TABLES.issues[topic])
            rows.append(
                (school.code, str(found_on), kind, topic, issue, str(due), str(mended) if mended else None)
            )
    return rows


def _visits(roster: DemoDistrict, months: Iterable[date]) -> Iterator[Row]:
    """Yield monthly visits to every kindergarten and every school with kindergarten classes, on two aspects each."""
    schools: list[DemoSchool] = list(
        dict.fromkeys(group.school for group in roster.classes if group.stage == PRESCHOOL)
    )
    for month in months:
        rng = chance(f"学前教育督查 {month}")
        for school in schools:
            day = month + timedelta(days=rng.randrange(2, 27))
            for aspect in rng.sample(sorted(TABLES.visit_problems), 2):
                failed = rng.random() < 0.07
                yield (
                    school.code, str(day), aspect, "否" if failed else "是", TABLES.visit_problems[aspect] if failed else None,
                )  # fmt: skip


def _checks(first_day: date, season: str, closed: int) -> Iterator[Row]:
    """Yield a check of each open institution; ``closed`` is the index of the closing day in a line of the table."""
    rng = chance(f"培训机构检查 {season}")
    for place, line in enumerate(TABLES.institutions):
        day = first_day + timedelta(days=place)
        name, _, licence, *_ = line
        until = line[closed]
        if until and date.fromisoformat(until) < day:
            continue
        due = day + timedelta(days=30)
        months = str(rng.choice((1, 3, 3, 6) if season == "春季" else (1, 3, 3, 3)))
        if licence is None:
            yield name, str(day), "无证办学", None, str(due), str(due) if until else None
        elif int(months) > 3:
            yield name, str(day), "收费不规范", months, str(due), str(due - timedelta(days=8))
        elif rng.random() < 0.3:
            problem = rng.choice(("超前超标培训", "消防隐患", "教师资格不符"))
            yield name, str(day), problem, months, str(due), str(due - timedelta(days=3))
        else:
            yield name, str(day), "未发现问题", months, None, None
