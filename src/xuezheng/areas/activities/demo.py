"""The demonstration's workbooks of the activities area: events and their teams, prizes, study tours, labour, exchanges."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from pathlib import Path

from xuezheng.areas.activities import AREA
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoPupil, DemoSchool, chance, district
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR, TOWN
from xuezheng.demo.staff import TEACHER, DemoStaff, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

_CROPS = ("蔬菜", "茶叶", "菊花、蔬菜", "油菜、豆类", "中草药", "果树、蔬菜")
_EVERYBODY = "任何学校"
_MOUNTAIN = "山区骨干教师"
# Title, day, place, partner, guests.
_GUESTS = (("结对学校送教交流", "2019-06-12", "杭州", "杭城滨河小学", 9),)


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet)."""
    roster, label = district(), "2019年上半年"
    yield f"50 {label} 赛事活动.xlsx", _events(roster, TABLES.events) | _prizes(roster, TABLES.prizes)
    yield (
        f"51 {label} 研学与劳动教育.xlsx",
        {
            "研学旅行台账": list(_tours(roster, date(2019, 4, 8))),
            "劳动实践基地台账": list(_plots(roster)),
            "劳动课程台账": list(_courses(roster, "2019春")),
        },
    )
    yield (
        f"52 {label} 交流互访.xlsx",
        _exchange(TABLES.visits, _GUESTS, staff()) | work_entries(AREA.title, TABLES.entries),
    )


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    The farm plots are unchanged and not listed again.
    """
    roster, label = autumn(), "2019年下半年"
    yield (
        f"50 {label} 赛事活动.xlsx",
        _events(roster, TABLES.autumn_events) | _prizes(roster, TABLES.autumn_prizes),
    )
    yield (
        f"51 {label} 研学与劳动教育.xlsx",
        {
            "研学旅行台账": list(_tours(roster, date(2019, 10, 14))),
            "劳动课程台账": list(_courses(roster, "2019秋")),
        },
    )
    yield (
        f"52 {label} 交流互访.xlsx",
        _exchange(TABLES.autumn_visits, TABLES.autumn_guests, autumn_staff())
        | work_entries(AREA.title, TABLES.autumn_entries),
    )


def _stages(roster: DemoDistrict) -> list[tuple[DemoSchool, str, list[DemoPupil]]]:
    """Return each school's stages with their enrolled pupils; kindergarten classes attached to a primary school are left out."""
    pupils_by_stage: dict[tuple[DemoSchool, str], list[DemoPupil]] = {}
    for pupil in roster.pupils:
        if pupil.left_on is None and not pupil.class_group.attached:
            pupils_by_stage.setdefault((pupil.school, pupil.stage), []).append(pupil)
    return [(school, stage, pupils) for (school, stage), pupils in pupils_by_stage.items()]


def _events(
    roster: DemoDistrict, events: tuple[tuple[str, int, str, str | None, str, tuple[str, ...], int], ...]
) -> dict[str, Iterable[Row]]:
    event_rows: list[Row] = []
    entered: list[Row] = []
    for event, number, first, last, level, stages, team in events:
        rng = chance(f"{event} {number}")
        event_rows.append((event, str(number), first, last, level))
        for school, stage, pupils in _stages(roster):
            # Small schools seldom make up a team.
            if stage in stages and rng.random() < (0.95 if len(pupils) > 120 else 0.4):
                count = min(len(pupils), team + rng.randrange(max(1, team // 4)))
                entered.append((event, str(number), school.code, stage, str(count)))
    return {"赛事活动台账": event_rows, "参赛队伍名单": entered}


def _prizes(
    roster: DemoDistrict, prizes: tuple[tuple[str, str, str, str, str, tuple[str, ...]], ...]
) -> dict[str, Iterable[Row]]:
    rows: list[Row] = []
    for contest, work, stage, level, day, ranks in prizes:
        winners = chance(contest).sample(roster.enrolled(stage), len(ranks))
        rows += [
            (
                AREA.title,
                contest,
                work or None,
                *pupil.person.cells,
                "学生",
                pupil.school.code,
                None,
                level,
                rank,
                day,
            )
            for pupil, rank in zip(winners, ranks, strict=True)
        ]
    return {"获奖名单": rows}


def _tours(roster: DemoDistrict, first: date) -> Iterator[Row]:
    rng = chance(f"研学 {first}")
    for school, stage, pupils in _stages(roster):
        if stage not in TABLES.tours or rng.random() < 0.15:
            continue
        theme, places = TABLES.tours[stage]
        place = rng.choice(places)
        if stage == PRIMARY and rng.random() < 0.08:
            theme, place = "县情市情", "市科技馆"
        day = first + timedelta(weeks=rng.randrange(5), days=rng.randrange(4))
        back = str(day + timedelta(days=1)) if stage == SENIOR else None
        count = round(len(pupils) * rng.uniform(0.3, 0.6))
        yield school.code, stage, str(day), back, theme, place, str(max(10, count))


def _plots(roster: DemoDistrict) -> Iterator[Row]:
    """Yield the rows of farm plots: one for every school, larger ones in townships and villages."""
    rng = chance("劳动实践基地")
    for school in dict.fromkeys(school for school, stage, _ in _stages(roster) if stage != PRESCHOOL):
        area = rng.uniform(0.3, 1.2) if school.urban_rural == TOWN else rng.uniform(0.8, 4.5)
        yield school.code, "校园农耕园", f"{area:.1f}", rng.choice(_CROPS)
        if school.urban_rural != TOWN and rng.random() < 0.3:
            yield school.code, "校外茶园", f"{rng.uniform(1, 6):.1f}", "茶叶"


def _courses(roster: DemoDistrict, term: str) -> Iterator[Row]:
    rng = chance(f"劳动课程 {term}")
    for school, stage, pupils in _stages(roster):
        if stage not in (PRIMARY, JUNIOR):
            continue
        offered = rng.sample(
            TABLES.courses[:4] if school.urban_rural != TOWN else TABLES.courses, rng.randrange(1, 4)
        )
        for course, kind in offered:
            count = max(8, round(len(pupils) * rng.uniform(0.15, 0.5)))
            yield school.code, term, f"{stage}{course}", kind, str(rng.choice((8, 16, 18))), str(count)


def _exchange(
    visits: tuple[tuple[str, str, str | None, str, str, str, int], ...],
    guests: tuple[tuple[str, str, str, str, int], ...],
    members: tuple[DemoStaff, ...],
) -> dict[str, Iterable[Row]]:
    exchange_rows: list[Row] = [
        (title, day, None, "来访", place, partner, str(count)) for title, day, place, partner, count in guests
    ]
    went: list[Row] = []
    may_go: dict[str, Callable[[DemoStaff], bool]] = {
        _EVERYBODY: lambda member: member.school is not None and member.stage != PRESCHOOL,
        _MOUNTAIN: lambda member: (
            member.school is not None
            and member.post == TEACHER
            and member.backbone is not None
            and member.stage != PRESCHOOL
            and member.school.urban_rural != TOWN
        ),
    }
    for title, first, last, place, partner, who, count in visits:
        exchange_rows.append((title, first, last, "外出", place, partner, None))
        for member in chance(f"{title} {first}").sample(list(filter(may_go[who], members)), count):
            went.append((title, first, *member.person.cells, member.school_code))
    return {"交流互访台账": exchange_rows, "交流人员名单": went}
