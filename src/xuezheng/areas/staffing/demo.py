"""Demo data of staffing: staff, profiles, quotas, rotation, recruitment, degrees, training, conduct."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import TypeAlias

from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import NEW_SCHOOL
from xuezheng.demo.district import DemoSchool, chance, district
from xuezheng.demo.people import DemoPerson
from xuezheng.demo.schools import PRESCHOOL
from xuezheng.demo.staff import (
    PRINCIPALS,
    RECRUITED,
    TEACHER,
    DemoStaff,
    autumn_staff,
    recruits,
    retired,
    staff,
)

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))
AREA = "教师人事"
TOPIC = "教师队伍"
# What has to be explained of the workbooks, by what the row is about.
EXPLANATIONS = {
    "容溪教学点 2019-2020": "教学点学生减少，撤去一个教学班，两名教师调往中心小学，按现有班级重新核定。"
}

# Ages at which a title is reached; how many of a hundred posts are senior and middle ones, by kind of school.
_TITLE_AGES = {"正高级": 50, "高级": 43, "中级": 33, "助理级": 25}
_POSTS = {"幼儿园": (8, 40), "小学": (14, 48), "小学教学点": (10, 45), "九年一贯制学校": (17, 48), "初级中学": (20, 48)}  # fmt: skip
_COLLEGES = ("宁湾师范学院", "青澜广播电视大学", "石埠学院", "松陂师范大学")
# Title, first and last day, topic, level, hours, organiser, how many took part.
DemoTraining: TypeAlias = tuple[str, str, str | None, str, str, str, str, int]


def workbooks() -> Iterator[Workbook]:
    """Yield the Excel files of summer 2019, as tuples (file name, rows by sheet name)."""
    everybody = staff()
    former = [
        (member.person, over.school, over.post, over.since, over.until)
        for member in everybody
        for over in member.formerly
    ]
    present = [(member.person, member.school, member.post, member.post_from, None) for member in everybody]
    yield "08 2019春 教职工名册.xlsx", {"教职工名册": [_post(*post) for post in (*former, *present)]}
    yield "10 2019春 教师业务档案.xlsx", {"教师业务档案": [_profile(m) for m in _teachers(everybody)]}
    moves = Counter(member.formerly[-1].school for member in everybody if member.formerly)
    yield (
        "11 2018-2019学年 编制岗位与交流轮岗.xlsx",
        {
            "编制岗位核定表": list(_quotas(everybody, moves, "2018-2019", "2018-09-05")),
            "交流轮岗摸底表": _reviews(_reviewed_2018(), "2018-2019", "2018-08-31"),
        },
    )
    yield "12 2019年 教师招聘计划.xlsx", {"教师招聘计划": list(_plans())}
    yield "13 2019春 学历提升与师德台账.xlsx", {
        "学历提升登记表": list(_studies()),
        "师德线索台账": [_case(*case) for case in TABLES.cases],
    }  # fmt: skip
    yield (
        "14 2019春 教师培训与工作纪实.xlsx",
        _trained(TABLES.trainings, everybody) | _entries(TABLES.entries),
    )


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the Excel files of the second half of 2019, as tuples (file name, rows by sheet name)."""
    everybody = autumn_staff()
    over = [(m.person, m.school, m.post, m.post_from, last) for m, last in retired()]
    changed = [member for member in everybody if member.post_from == date(2019, 9, 1)]
    over += [
        (member.person, former.school, former.post, former.since, former.until)
        for member in changed
        for former in member.formerly[-1:]
    ]
    new = [(member.person, member.school, member.post, member.post_from, None) for member in changed]
    yield "08 2019秋 教职工变动.xlsx", {"教职工名册": [_post(*post) for post in (*over, *new)]}
    raised = {member.person for member in _raising()[:7]}
    profiles = [_profile(member) for member in recruits()]
    profiles += [_profile(member, "本科") for member in everybody if member.person in raised]
    yield "10 2019秋 教师业务档案变动.xlsx", {"教师业务档案": profiles}
    rotated = {m.person for m in changed if m.formerly and m.school is not NEW_SCHOOL}
    moves = Counter(member.formerly[-1].school for member in changed if member.person in rotated)
    leaving = [member for member, last in retired() if last > date(2019, 9, 5)]
    yield "11 2020-2021学年 交流轮岗志愿和岗位.xlsx", _rotation_of_2020(everybody)
    yield (
        "11 2019-2020学年 编制岗位与交流轮岗.xlsx",
        {
            "编制岗位核定表": list(_quotas((*everybody, *leaving), moves, "2019-2020", "2019-09-05")),
            "交流轮岗摸底表": _reviews(_reviewed_2019(rotated), "2019-2020", "2019-08-31"),
        },
    )
    yield "12 2019年 拟录用人员名单.xlsx", {"拟录用人员名单": list(_taken())}
    yield "13 2019秋 学历提升与师德台账.xlsx", {
        "学历提升登记表": [
            _study(member.person, "本科", "2016-03-01", "2019-07-10") for member in _raising()[:7]
        ],
        "师德线索台账": [_case(*case) for case in TABLES.autumn_cases],
    }  # fmt: skip
    yield (
        "14 2019秋 教师培训与工作纪实.xlsx",
        _trained(TABLES.autumn_trainings, everybody) | _entries(TABLES.autumn_entries),
    )


def _teachers(members: Iterable[DemoStaff]) -> list[DemoStaff]:
    return [member for member in members if member.post in (*PRINCIPALS, TEACHER)]


def _post(
    person: DemoPerson, school: DemoSchool | None, post: str, since: date, until: date | None
) -> Row:  # fmt: skip
    code = school.code if school else None
    return *person.cells, code, post, str(since), str(until) if until else None


def _profile(member: DemoStaff, degree: str | None = None) -> Row:
    person, school = member.person, member.school
    rng = chance(f"档案 {person.id_number}")
    title_on = None
    if member.title in _TITLE_AGES:
        year = min(person.born.year + _TITLE_AGES[member.title] + rng.randrange(4), 2018)
        title_on = f"{year}-12-{rng.randrange(10, 29)}"
    kind = school.kind if school else ""
    certificate = TABLES.certificates.get(
        member.stage or "", TABLES.heads_certificates.get(kind, "高级中学教师资格")
    )
    private = school is not None and school.runner == "民办"
    lacking = private and member.post == TEACHER and rng.random() < 0.2
    return (
        *person.cells,
        degree or member.degree,
        None if lacking else certificate,
        member.title,
        title_on,
        member.backbone,
        f"{rng.randrange(2011, 2018)}-12-{rng.randrange(10, 29)}" if member.backbone else None,
    )


def _reviewed_2018() -> list[tuple[DemoStaff, DemoSchool | None, bool]]:
    """Return the staff of schools with rotation on 2018-08-31: (member, school then, whether the member then moved)."""
    return [
        (member, member.formerly[-1].school if member.formerly else member.school, bool(member.formerly))
        for member in staff()
        if member.rotates and (member.formerly or member.post_from < date(2018, 9, 1))
    ]


def _reviewed_2019(moved: set[DemoPerson]) -> list[tuple[DemoStaff, DemoSchool | None, bool]]:
    return [(member, member.school, member.person in moved) for member in staff() if member.rotates]


def _reviews(
    reviewed: list[tuple[DemoStaff, DemoSchool | None, bool]], school_year: str, day: str
) -> list[Row]:
    """Return the review rows: those who moved volunteered, and so did two more teachers of each school that sends staff."""
    sending = {school for _, school, moved in reviewed if moved}
    more = dict.fromkeys(sending, 2)
    rows: list[Row] = []
    for member, school, moved in reviewed:
        volunteered = moved
        if not moved and more.get(school, 0) and member.post == TEACHER:
            more[school] -= 1
            volunteered = True
        code = school.code if school else None
        person = member.person
        rows.append(
            (*person.cells, school_year, code, day, "是" if volunteered else "否")
        )  # fmt: skip
    return rows


def _rotation_of_2020(members: Iterable[DemoStaff]) -> dict[str, Iterable[Row]]:
    """Return what teachers teach, some exemptions, and for the school year 2020-2021 requests of about every second teacher due, and posts."""
    rng = chance("2020年交流")
    taught = [
        member
        for member in (*members, *(member for member, last in retired() if last >= date(2019, 9, 1)))
        if member.post == TEACHER and member.stage in ("小学", "初中", "高中")
    ]
    gone = {member.person for member, _ in retired()}
    teachers = [member for member in taught if member.rotates and member.person not in gone]
    teachers = [member for member in teachers if member.school and member.school.runner != "民办"]
    due = [m for m in teachers if m.post_from <= date(2014, 9, 1) and m.person.born.year > 1970]
    stages: dict[str, list[DemoSchool]] = {}
    for member in teachers:
        if member.school not in stages.setdefault(member.stage or "", []):
            stages[member.stage or ""].append(member.school)  # type: ignore[arg-type]  # the list above has none without
    by_field: dict[tuple[str, str], list[DemoStaff]] = {}
    for member in due:
        by_field.setdefault((member.stage or "", member.subject or ""), []).append(member)
    posts: Counter[tuple[DemoSchool, str, str]] = Counter()
    for (stage, subject), group in by_field.items():
        for _ in range(max(2, len(group) * 2 // 5)):
            posts[rng.choice(stages[stage]), stage, subject] += 1
    requests: list[tuple[DemoStaff, list[str | None], str | None]] = []
    for member in rng.sample(due, len(due) // 2):
        open_to = [
            school
            for school, *field in posts
            if field == [member.stage, member.subject] and school != member.school
        ]
        wishes = rng.sample(open_to, min(len(open_to), rng.choice((1, 2, 3, 3))))
        if not wishes:
            continue
        codes = [*(school.code for school in wishes), None, None][:3]
        stays = rng.random() < 0.08
        requests.append(
            (member, [None] * 3 if stays else codes, "子女年幼，家中老人需要照顾" if stays else None)
        )
    couple = [
        place
        for place, (member, codes, _) in enumerate(requests)
        if (member.stage, member.subject) == ("小学", "数学") and codes[0]
    ][:2]
    first, second = couple
    member, _, stay_reason = requests[second]
    requests[second] = (
        member,
        [code for code in requests[first][1] if code != member.school_code],
        stay_reason,
    )
    requests[second][1].extend([None] * (3 - len(requests[second][1])))
    exempt = rng.sample(due, 3)
    return {
        "任教学科表": [(*m.person.cells, m.school_code, m.stage, m.subject) for m in taught],
        "暂不交流情形表": [
            (*m.person.cells, m.school_code, kind, "2020-03-01", until, "本人申请和证明")
            for m, kind, until in zip(exempt, ("孕期、产期、哺乳期", "患重病", "家庭特殊困难"), ("2021-08-31", None, "2021-08-31"), strict=True)
        ],
        "交流志愿表": [
            (*m.person.cells, "2020-2021", m.school_code, f"2020-05-{rng.randrange(6, 23):02}", *codes, "T1" if place in couple else None, stays)
            for place, (m, codes, stays) in enumerate(requests)
        ],
        "交流岗位表": [(school.code, "2020-2021", stage, subject, str(number)) for (school, stage, subject), number in posts.items()],
    }  # fmt: skip


def _quotas(
    members: Iterable[DemoStaff], moves: Counter[DemoSchool | None], school_year: str, day: str
) -> Iterator[Row]:
    rng = chance(f"编制 {school_year}")
    sizes = Counter(member.school for member in members)
    for school, size in sizes.items():
        if school is None or school.runner == "民办":
            continue
        establishment = size + rng.choice((-1, 0, 0, 1, 1, 1, 2, 2))
        senior, middle = (establishment * share // 100 for share in _POSTS.get(school.kind, (26, 46)))
        posts = (establishment, senior, middle, establishment - senior - middle, moves[school])
        yield school.code, school_year, day, *(str(number) for number in posts)


def _plans() -> Iterator[Row]:
    schools = {school.name: school for school in district().schools}
    for order, (name, places, stage, subject) in enumerate(RECRUITED, 1):
        kind = "幼儿教师" if stage == PRESCHOOL else "中小学教师"
        # The new kindergarten is in no register before it opens.
        code = schools[name].code if name in schools else None
        yield (
            "2019", f"2019{order:02}", kind, subject, code, str(places), "2019-05-10", "云教〔2019〕40号",
        )  # fmt: skip


def _taken() -> Iterator[Row]:
    codes = [f"2019{order:02}" for order, post in enumerate(RECRUITED, 1) for _ in range(post[1])]
    for code, member in zip(codes, recruits(), strict=True):
        yield "2019", code, *member.person.cells, "2019-08-09"


@cache
def _raising() -> list[DemoStaff]:
    """Return 38 teachers who study for a bachelor's degree."""
    candidates = [m for m in _teachers(staff()) if m.degree == "专科" and m.person.born.year >= 1976]
    gone = {member.person for member, _ in retired()}
    return chance("学历提升").sample([member for member in candidates if member.person not in gone], 38)


def _studies() -> Iterator[Row]:
    for order, member in enumerate(_raising()):
        enrolled = "2016-03-01" if order < 7 else "2017-03-01" if order < 13 else "2019-03-01"
        yield _study(member.person, "本科", enrolled, None)
    done = [m for m in _teachers(staff()) if m.degree == "本科" and 1978 <= m.person.born.year <= 1988]
    for member in chance("学历已提升").sample(done, 5):
        yield _study(member.person, "本科", "2016-03-01", "2019-01-15")


def _study(person: DemoPerson, degree: str, enrolled: str, finished: str | None) -> Row:
    college = chance(f"院校 {person.id_number}").choice(_COLLEGES)
    return *person.cells, degree, college, enrolled, finished


def _case(
    number: str, received: str, kind: str, school: str, concluded: str | None, outcome: str | None, measure: str | None
) -> Row:  # fmt: skip
    code = next(known.code for known in district().schools if known.name == school)
    person = None
    if kind != "其他":
        there = [m for m in _teachers(staff()) if m.school and m.school.code == code and m.post == TEACHER]
        person = chance(f"师德 {number}").choice(there).person
    return (
        f"SD2019{number}",
        received,
        kind,
        code,
        person.name if person else None,
        person.id_number if person else None,
        concluded,
        outcome,
        measure,
    )


def _trained(trainings: Iterable[DemoTraining], members: tuple[DemoStaff, ...]) -> dict[str, Iterable[Row]]:
    """Return the sheets of trainings and participants: heads at trainings for heads, recruits at those for new teachers."""
    training_rows: list[Row] = []
    present: list[Row] = []
    for title, first, last, topic, level, hours, organiser, count in trainings:
        training_rows.append((AREA, title, first, last, topic, level, hours, organiser, None))
        pool = [m for m in _teachers(members) if (m.post in PRINCIPALS) == (topic == "校长培训")]
        if topic == "岗前培训":
            pool = list(recruits())
        for member in chance(f"培训 {title}").sample(pool, count):
            passed = "否" if count == 260 and member.person.id_number.endswith("7") else "是"
            present.append((AREA, title, first, *member.person.cells, member.school_code, passed))
    return {"培训活动": training_rows, "参训人员": present}


def _entries(entries: Iterable[tuple[str, ...]]) -> dict[str, Iterable[Row]]:
    return work_entries(AREA, [(TOPIC, *entry) for entry in entries], numbered=False)
