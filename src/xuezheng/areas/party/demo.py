"""The demonstration's workbooks of the party office for both halves of 2019."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from random import Random

from xuezheng import registry
from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import NEW_SCHOOL
from xuezheng.demo.district import chance, district
from xuezheng.demo.people import DemoPerson
from xuezheng.demo.staff import DemoStaff, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))

_COMMITTEE, _BUREAU = "区委教育工作委员会", "区教育局机关党支部"
_JOINT = ("小燕子", "童乐", "金禾")
_AUTUMN_JOINT = ("启慧", "春芽", "紫霞")
_BUREAU_MEMBERS, _MEMBERS, _PIONEERS = 14, 312, 49
_SPRING_MONTHS = ("2019-04-01", "2019-05-01", "2019-06-01")
_AUTUMN_MONTHS = ("2019-09-01", "2019-10-01", "2019-11-01", "2019-12-01")
_TAKEN_IN = "2019-11-26"
# In spring the private kindergartens' staff had but begun to register.
_PRIVATE_USERS = 0.45


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet)."""
    yield "20 党组织和党员名册.xlsx", _registers()
    rng = chance("党建评定")
    yield (
        "21 2019年 评星定级.xlsx",
        {"党组织评星表": list(_ratings()), "党员评定表": list(_gradings(rng))},
    )
    yield "21 2019年上半年 换届与发展党员.xlsx", {"换届选举表": _elections(), "发展党员表": _developments()}
    yield from _half_year("2019年上半年", TABLES.tasks, TABLES.trainings, TABLES.essays, TABLES.notes)
    yield from _platform(staff(), _SPRING_MONTHS, _PRIVATE_USERS)


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet).

    There is one more joint branch, two ratings are corrected, and all staff use the platform.
    """
    head = _school_heads()[f"{_AUTUMN_JOINT[0]}幼儿园"]
    yield (
        "20 2019年下半年 党组织变动.xlsx",
        {
            "党组织名册": [_joint(_AUTUMN_JOINT, head, "2019-09-12")],
            "党组织所属学校": [
                *_joint_schools(_AUTUMN_JOINT),
                (f"{TABLES.branches[-1][0]}党支部", NEW_SCHOOL.code),
            ],
            "党员名册": [*_taken_in(), *_moved_away()],
        },
    )
    rating = next(row for row in _ratings() if row[2] == "94.5")
    grading = next(row for row in _gradings(chance("党建评定")) if float(row[3] or 0) < 70)
    yield (
        "21 2019年下半年 评定复核.xlsx",
        {
            "党组织评星表": [(rating[0], rating[1], "95.5", "2019-12-12")],
            "党员评定表": [(*grading[:3], "56", "2019-12-12")],
        },
    )
    moved_on = [row for row in _developments() if row[5] is not None]
    yield (
        "21 2019年下半年 换届与发展党员.xlsx",
        {"换届选举表": list(TABLES.autumn_elections), "发展党员表": list(_promoted(moved_on))},
    )
    yield from _half_year(
        "2019年下半年",
        TABLES.autumn_tasks,
        TABLES.autumn_trainings,
        TABLES.autumn_essays,
        TABLES.autumn_notes,
    )
    yield from _platform(autumn_staff(), _AUTUMN_MONTHS, 1)


def _registers() -> dict[str, Iterable[Row]]:
    school_heads = _school_heads()
    bureau = _belonging()[_BUREAU][0]
    organisations: list[Row] = [
        (_COMMITTEE, "党委（工委）", "区委", *bureau.cells, "正职", "2012-03-01", None),
        (_BUREAU, "党支部", _COMMITTEE, *bureau.cells, "正职", "2004-07-01", None),
    ]
    for year, (first, *_) in enumerate(TABLES.branches, 1995):
        head = school_heads[first].person
        row = f"{first}党支部", "党支部", _COMMITTEE, *head.cells, "正职", f"{year}-07-01", None
        organisations.append(row)
    organisations.append(_joint(_JOINT, school_heads[f"{_JOINT[0]}幼儿园"], "2019-04-10"))
    codes = {school.name: school.code for school in district().schools}
    return {
        "党组织名册": organisations,
        "党组织所属学校": [
            *((f"{schools[0]}党支部", codes[name]) for schools in TABLES.branches for name in schools),
            *_joint_schools(_JOINT),
        ],
        "党员名册": list(_members()),
    }


def _joint(names: tuple[str, ...], head: DemoStaff, founded: str) -> Row:
    person = head.person
    return (
        f"{'、'.join(names)}幼儿园联合党支部", "联合党支部", _COMMITTEE, *person.cells, "正职", founded, None,
    )  # fmt: skip


def _joint_schools(names: tuple[str, ...]) -> Iterator[Row]:
    codes = {school.name: school.code for school in district().schools}
    yield from ((f"{'、'.join(names)}幼儿园联合党支部", codes[f"{name}幼儿园"]) for name in names)


def _school_heads() -> dict[str, DemoStaff]:
    return {member.school.name: member for member in staff() if member.school and member.post == "校（园）长"}


@cache
def _belonging() -> dict[str, list[DemoPerson]]:
    """Return the members of each organisation, its secretary first; older staff are likelier to be members."""
    rng = chance("党员")
    school_heads = _school_heads()
    organisation = {name: f"{schools[0]}党支部" for schools in TABLES.branches for name in schools}
    members: dict[str, list[DemoPerson]] = {_BUREAU: []}
    others: list[tuple[str, DemoPerson]] = []
    for schools in TABLES.branches:
        members[f"{schools[0]}党支部"] = [school_heads[schools[0]].person]
    for member in staff():
        if member.school is None:
            members[_BUREAU] += [member.person] * (len(members[_BUREAU]) < _BUREAU_MEMBERS)
        elif (
            member.school.name in organisation
            and member.person.born.year < 1991
            and member is not school_heads.get(member.school.name)
        ):
            others.append((organisation[member.school.name], member.person))
    missing = _MEMBERS - sum(map(len, members.values()))
    for name, person in rng.sample(others, missing):
        members[name].append(person)
    return members


def _members() -> Iterator[Row]:
    rng = chance("入党日期")
    for name, people in _belonging().items():
        for person in people:
            joined = date(
                rng.randrange(max(1991, person.born.year + 21), 2018), rng.choice((6, 7, 11, 12)), 1
            )
            yield (
                *person.cells,
                name,
                str(joined),
                str(joined.replace(year=joined.year + 1)),
                None,
            )


def _ratings() -> Iterator[Row]:
    scores = (
        "97.5", "96", "95.5", "95", "94.5", "93", "92.5", "91", "90", "89.5", "88", "87", "86.5", "85", "83", "81.5",
    )  # fmt: skip
    names = [f"{schools[0]}党支部" for schools in TABLES.branches]
    chance("评星").shuffle(names)
    for name, score in zip(names, scores, strict=True):
        yield name, "2019", score, "2019-06-14"


def _gradings(rng: Random) -> Iterator[Row]:
    people = [person for members in _belonging().values() for person in members]
    pioneers = set(rng.sample(range(len(people)), _PIONEERS))
    for place, person in enumerate(people):
        low, high = (900, 985) if place in pioneers else (655, 900)
        score = rng.randrange(low, high) / 10
        yield *person.cells, "2019", f"{score:.1f}", "2019-06-18"


def _elections() -> list[Row]:
    """Return the previous elections, three years apart, and those of the half-year."""
    before = [
        (f"{schools[0]}党支部", f"{2016 + (place % 3)}-{10 - place % 2:02}-15", "否")
        for place, schools in enumerate(TABLES.branches)
        if f"{schools[0]}党支部" not in {name for name, _, _ in (*TABLES.elections, *TABLES.autumn_elections)}
    ]
    due = [(name, "2016-04-20", "否") for name, _, _ in TABLES.elections]
    next_due = [(name, "2016-10-20", "否") for name, _, _ in TABLES.autumn_elections]
    return [*before, *due, *next_due, *TABLES.elections]


def _developments() -> list[Row]:
    """Return applicants, activists, five who became prospective members in spring, and one admitted earlier."""
    rng = chance("发展党员")
    members = {person for people in _belonging().values() for person in people}
    organisation = {name: f"{schools[0]}党支部" for schools in TABLES.branches for name in schools}
    young = [
        member for member in staff()
        if member.school and member.school.name in organisation and member.person not in members and member.person.born.year > 1982
    ]  # fmt: skip
    rows: list[Row] = []
    for place, candidate in enumerate(rng.sample(young, 28)):
        applied = date(2016, 9, 1) + timedelta(days=rng.randrange(300))
        activist = applied + timedelta(days=260) if place < 16 else None
        prospect = date(2019, 3, 12) + timedelta(days=14 * place) if place < 5 else None
        taken_in = None
        if place == 5:
            prospect, taken_in = date(2018, 5, 10), date(2018, 11, 20)
        school = candidate.school.name if candidate.school else ""
        steps = [str(day) if day else None for day in (applied, activist, prospect, taken_in)]
        rows.append((*candidate.person.cells, organisation[school], *steps, None, None))
    return rows


def _promoted(rows: list[Row]) -> Iterator[Row]:
    """Yield the progress by autumn: the five are on probation, the one admitted earlier is a full member, others are prospective."""
    for row in rows:
        if row[6] is not None:
            yield *row[:7], "2019-11-20", None
        else:
            yield *row[:6], _TAKEN_IN, None, None
    activists = [row for row in _developments() if row[4] is not None and row[5] is None]
    for row in activists[:4]:
        yield *row[:5], "2019-10-15", *row[6:]


def _taken_in() -> Iterator[Row]:
    """Yield as members on probation the prospective members of spring."""
    for row in _developments():
        if row[5] is not None and row[6] is None:
            yield *row[:3], _TAKEN_IN, None, None


def _moved_away() -> Iterator[Row]:
    """Yield two members who moved to organisations elsewhere."""
    members = [row for row in _members() if row[2] == "云岭区第二中学党支部"]
    yield from ((*row[:5], "2019-08-30") for row in members[-2:])


def _half_year(
    label: str, tasks: Iterable[Row], trainings: Iterable[Row], essays: Iterable[Row], notes: Iterable[Row]
) -> Iterator[Workbook]:
    areas = registry.areas()
    title = areas["party"].title
    yield (
        f"22 {label} 廉政任务.xlsx",
        {"廉政任务表": [(*task[:2], areas[str(task[2])].title, *task[3:]) for task in tasks]},
    )
    yield (
        f"22 {label} 党建培训与征文.xlsx",
        {
            "培训活动": [(title, *training) for training in trainings],
            "参训人员": [row for training in trainings for row in _attendances(title, training)],
            "获奖名单": list(_prizes(title, label, essays)),
        },
    )
    yield f"24 {label} 党建工作纪实.xlsx", work_entries(title, notes)


def _attendances(title: str, training: Row) -> Iterator[Row]:
    """Yield the participants of a training: every secretary, and some members of each organisation."""
    rng = chance(f"培训 {training[0]}")
    codes = {member.person: member.school_code for member in staff()}
    for people in _belonging().values():
        for person in [people[0], *rng.sample(people[1:], min(2, len(people) - 1))]:
            yield title, training[0], training[1], *person.cells, codes[person], "是"


def _prizes(title: str, label: str, essays: Iterable[Row]) -> Iterator[Row]:
    rng = chance(f"征文 {label}")
    teachers = [member for member in staff() if member.post == "专任教师"]
    for (contest, work, level, day), winner in zip(essays, rng.sample(teachers, 5), strict=False):
        yield (
            title, contest, work, *winner.person.cells, "教职工", winner.school_code, None, level,
            "优秀奖", day,
        )  # fmt: skip


def _platform(
    everybody: tuple[DemoStaff, ...], months: Iterable[str], private_users: float
) -> Iterator[Workbook]:
    """Yield each month's list of all staff in post; users of the platform use it every month.

    ``private_users`` is the share of users (0 to 1) among staff of private schools.
    """
    rng = chance("学习平台 民办")
    idle = {
        member.person
        for member in everybody
        if member.school and member.school.runner == "民办" and rng.random() >= private_users
    }
    for month in months:
        days = chance(f"学习平台 {month}")
        rows = [
            (
                *member.person.cells,
                member.school_code,
                month,
                "0" if member.person in idle else str(min(28, max(1, round(days.gauss(19, 6))))),
            )
            for member in everybody
        ]
        yield f"23 {month[:7]} 学习平台使用.xlsx", {"学习平台使用表": rows}
