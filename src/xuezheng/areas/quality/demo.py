"""The demonstration's workbooks of the teaching area.

They hold results of two summers, assignments, mentoring, studios, prizes and training.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from xuezheng.demo import Row, Workbook, expected, tables, work_entries
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import DemoDistrict, DemoPupil, DemoSchool, chance, district
from xuezheng.demo.people import DemoPerson
from xuezheng.demo.schools import JUNIOR, PRIMARY
from xuezheng.demo.staff import TEACHER, DemoStaff, autumn_staff, staff

EXPECTED = expected(Path(__file__).with_name("expected.csv"))
TABLES = tables(Path(__file__).with_name("demo.yaml"))
AREA = "教学研究"

_MEANS = {"语文": 84, "数学": 78, "英语": 80}
_NUMERALS = "七八九"
# Teachers one of whose classes did poorly, by school year, and by how much.
_FLAGGED = {"2017-2018": 17, "2018-2019": 12}
_POORLY = 0.74
_TERM_BEFORE = ("2018春", "2018-02-26", "2018-06-29")
_SCORES = (94, 91, 88, 92, 86, 90, 79)
# Contest, level, day, and for each rank how many; of teachers of the stages and subjects.
_LESSON_CONTEST = ("一等奖", 4), ("二等奖", 8), ("三等奖", 12)


@dataclass(frozen=True, slots=True)
class DemoGroup:
    """A class of a grade of junior secondary school as it was in a school year, with its pupils."""

    school: DemoSchool
    grade: int
    name: str
    pupils: tuple[DemoPupil, ...]


@dataclass(frozen=True, slots=True)
class DemoTaught:
    """A class with the teacher who teaches it a subject (its Chinese label)."""

    group: DemoGroup
    subject: str
    teacher: DemoStaff


@dataclass(frozen=True)
class DemoYear:
    """A school year, as ``2018-2019``, with its teaching assignments.

    ``flagged`` are those of ``taught`` whose classes had poor results.
    """

    school_year: str
    taught: tuple[DemoTaught, ...]
    flagged: tuple[DemoTaught, ...]


def workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the first half of 2019, in the order of import: (file name, rows by title of the sheet)."""
    before, year = _year_before(), _year()
    yield (
        "40 2018春 学期考试成绩与任课.xlsx",
        {
            "学期": [_TERM_BEFORE],
            "任课安排表": [_assignment(before.school_year, taught) for taught in before.taught],
            "考试成绩表": list(_results(before, "2018春")),
        },
    )
    yield (
        "41 2019春 学期考试成绩与任课.xlsx",
        {
            "任课安排表": [_assignment(year.school_year, taught) for taught in year.taught],
            "考试成绩表": list(_results(year, "2019春")),
        },
    )
    yield "42 2018-2019学年 教学帮扶.xlsx", {"教学帮扶登记表": list(_mentorings(before, "2018-09-12", None))}
    yield (
        "43 2019春 名师工作室.xlsx",
        {
            "名师工作室名单": [_studio(order) for order in range(len(TABLES.studios))],
            "工作室成员名单": list(_members()),
            "工作室任务清单": list(_tasks(TABLES.tasks)),
        },
    )
    yield (
        "44 2019春 教学获奖与教研活动.xlsx",
        {
            "获奖名单": [
                _prize("全省中小学实验教学说课评选", "2019-06-14", "省级", "一等奖", _leader(1), "认识图形实验课"),
                *_won("全市优质课评选", "2019-05-28", "市级", (("一等奖", 1), ("二等奖", 3))),
                *_won("全区课堂教学大赛", "2019-05-17", "区级", _LESSON_CONTEST),
            ],
        }
        | work_entries(AREA, TABLES.entries, numbered=False)
        | _trained(TABLES.student_centred, TABLES.meetings, staff()),
    )  # fmt: skip


def autumn_workbooks() -> Iterator[Workbook]:
    """Yield the workbooks of the second half of 2019: (file name, rows by title of the sheet)."""
    taught = _taught(_groups(autumn()), [(member, member.school) for member in autumn_staff()])
    yield (
        "41 2019秋 任课安排.xlsx",
        {"任课安排表": [_assignment("2019-2020", assignment) for assignment in taught]},
    )
    yield (
        "42 2019-2020学年 教学帮扶.xlsx",
        {
            "教学帮扶登记表": [
                *_mentorings(_year_before(), "2018-09-12", "2019-08-31"),
                *_mentorings(_year(), "2019-09-16", None),
            ]
        },
    )
    scores = zip(TABLES.studios, _SCORES, strict=True)
    yield (
        "43 2019秋 名师工作室.xlsx",
        {
            "工作室任务清单": list(_tasks(TABLES.autumn_tasks)),
            "工作室考核表": [(studio[0], "2019", str(score)) for studio, score in scores],
        },
    )
    yield (
        "44 2019秋 教学获奖与教研活动.xlsx",
        {
            "获奖名单": [
                *_won("全省信息化教学应用评选", "2019-11-22", "省级", (("二等奖", 1), ("三等奖", 2))),
                *_won("全市教学论文评选", "2019-10-30", "市级", (("一等奖", 2), ("二等奖", 3))),
                *_won("全区教学基本功比赛", "2019-12-06", "区级", (("一等奖", 3), ("二等奖", 6), ("三等奖", 9))),
            ],
        }
        | work_entries(AREA, TABLES.autumn_entries, numbered=False)
        | _trained(TABLES.autumn_student_centred, TABLES.autumn_meetings, autumn_staff()),
    )  # fmt: skip


@cache
def _year_before() -> DemoYear:
    """Return the school year 2017-2018: the pupils of the two upper grades a grade lower, in the same classes."""
    groups = [
        DemoGroup(group.school, group.grade - 1, _NUMERALS[group.grade - 2] + group.name[1:], there)
        for group in _groups(district())
        if group.grade > 1
        and (there := tuple(pupil for pupil in group.pupils if pupil.entered_on.year < 2018))
    ]
    where = [
        (member, member.formerly[-1].school if member.formerly else member.school)
        for member in staff()
        if member.formerly or member.post_from.year < 2018
    ]
    return _with_flagged("2017-2018", _taught(groups, where))


@cache
def _year() -> DemoYear:
    """Return the school year 2018-2019."""
    where = [(member, member.school) for member in staff()]
    return _with_flagged("2018-2019", _taught(_groups(district()), where))


def _groups(roster: DemoDistrict) -> list[DemoGroup]:
    """Return the classes of junior grades that take the district's tests: all but those of the special school."""
    classes: dict[tuple[str, str], list[DemoPupil]] = {}
    for pupil in roster.enrolled(JUNIOR):
        if pupil.school.kind != "特殊教育学校":
            classes.setdefault((pupil.school.code, pupil.class_group.name), []).append(pupil)
    return [
        DemoGroup(pupils[0].school, pupils[0].class_group.grade, name, tuple(pupils))
        for (_, name), pupils in sorted(classes.items())
    ]


def _taught(
    groups: Iterable[DemoGroup], where: Iterable[tuple[DemoStaff, DemoSchool | None]]
) -> tuple[DemoTaught, ...]:
    """Assign the classes of a school to its teachers of the subject, or to its other teachers if it has none."""
    teachers: dict[tuple[str, str], list[DemoStaff]] = {}
    for member, school in where:
        if member.stage == JUNIOR and school is not None:
            for subject in (member.subject or "", ""):
                teachers.setdefault((school.code, subject), []).append(member)
    turns: Counter[tuple[str, str]] = Counter()
    taught = []
    for group in groups:
        for subject in _MEANS:
            key = (group.school.code, subject)
            able = teachers.get(key) or teachers[group.school.code, ""]
            taught.append(DemoTaught(group, subject, able[turns[key] % len(able)]))
            turns[key] += 1
    return tuple(taught)


def _with_flagged(school_year: str, taught: tuple[DemoTaught, ...]) -> DemoYear:
    rng = chance(f"成绩异常 {school_year}")
    one_each: dict[DemoPerson, DemoTaught] = {}
    for candidate in rng.sample(taught, len(taught)):
        if candidate.teacher.subject == candidate.subject:
            one_each.setdefault(candidate.teacher.person, candidate)
    flagged = rng.sample(list(one_each.values()), _FLAGGED[school_year])
    return DemoYear(school_year, taught, tuple(flagged))


def _assignment(school_year: str, taught: DemoTaught) -> Row:
    group, person = taught.group, taught.teacher.person
    return (
        school_year, group.school.code, JUNIOR, str(group.grade), group.name, taught.subject, *person.cells,
    )  # fmt: skip


def _results(year: DemoYear, term: str) -> Iterator[Row]:
    for taught in year.taught:
        group = taught.group
        rng = chance(f"成绩 {term} {group.school.code} {group.name} {taught.subject}")
        mean = _MEANS[taught.subject] * (_POORLY if taught in year.flagged else rng.uniform(0.95, 1.05))
        for pupil in group.pupils:
            # What a pupil can do shows in every subject.
            able = chance(f"学业 {pupil.person.id_number}").gauss(0, 0.15)
            score = min(max(mean * (1 + able + rng.gauss(0, 0.09)), 8), 118)
            yield (
                group.school.code, JUNIOR, str(group.grade), group.name, *pupil.person.cells, term, taught.subject,
                f"{round(score * 2) / 2:.1f}",
            )  # fmt: skip


def _mentorings(year: DemoYear, since: str, until: str | None) -> Iterator[Row]:
    rng = chance(f"帮扶 {year.school_year}")
    mentored = {taught.teacher.person for taught in year.flagged}
    for taught in year.flagged:
        able = [
            member
            for member in staff()
            if member.backbone and member.stage == JUNIOR and member.person not in mentored
        ]
        same = [member for member in able if member.subject == taught.subject]
        mentor = rng.choice(same or able).person
        group = taught.group
        yield (
            year.school_year, group.school.code, group.name, taught.subject, *mentor.cells, since,
            until,
        )  # fmt: skip


@cache
def _leader(order: int) -> DemoStaff:
    """Return the leader of a studio: a teacher of its subject at the highest level, the eldest of several."""
    _, _, stage, subject, _ = TABLES.studios[order]
    levels = (None, "区级", "市级", "省级")
    able = [member for member in staff() if (member.stage, member.subject) == (stage, subject)]
    return max(able, key=lambda member: (levels.index(member.backbone), -member.person.born.toordinal()))


def _studio(order: int) -> Row:
    name, level, stage, subject, founded = TABLES.studios[order]
    member = _leader(order)
    return (
        name,
        level,
        stage,
        subject,
        *member.person.cells,
        member.school_code,
        founded,
        None,
    )


def _members() -> Iterator[Row]:
    for order, (name, _, stage, subject, _) in enumerate(TABLES.studios):
        able = [
            member
            for member in staff()
            if (member.stage, member.subject) == (stage, subject) and member is not _leader(order)
        ]
        for member in chance(name).sample(able, min(8, len(able))):
            yield name, *member.person.cells, member.school_code, "2019-04-08", None


def _tasks(tasks: Iterable[tuple[str, str, str, str, str | None]]) -> Iterator[Row]:
    for kind, title, due, done, last_done in tasks:
        for studio in TABLES.studios:
            yield studio[0], title, kind, due, last_done if studio is TABLES.studios[-1] else done


def _won(contest: str, day: str, level: str, ranks: Iterable[tuple[str, int]]) -> Iterator[Row]:
    given = [rank for rank, count in ranks for _ in range(count)]
    able = [member for member in staff() if member.post == TEACHER and member.stage in (PRIMARY, JUNIOR)]
    for rank, member in zip(given, chance(contest).sample(able, len(given)), strict=True):
        yield _prize(contest, day, level, rank, member)


def _prize(
    contest: str, day: str, level: str, rank: str, member: DemoStaff, work: str | None = None
) -> Row:  # fmt: skip
    person, code = member.person, member.school_code
    return (
        AREA, contest, work, *person.cells, "教职工", code, member.subject, level, rank, day,
    )  # fmt: skip


def _trained(
    trainings: Iterable[tuple[str, str, tuple[str, ...], int]],
    meetings: Iterable[tuple[str | None, ...]],
    members: tuple[DemoStaff, ...],
) -> dict[str, Iterable[Row]]:
    """Return sheets of trainings in student-centred teaching, with participants of each school, and of meetings without any."""
    training_rows: list[Row] = [(AREA, *meeting) for meeting in meetings]
    present: list[Row] = []
    for title, day, schools, count in trainings:
        training_rows.append((AREA, title, day, None, "生本教育", "区级", "8", "区教研室", None))
        for name in schools:
            there = [m for m in members if m.post == TEACHER and m.school and m.school.name == name]
            for member in chance(f"{title} {name}").sample(there, min(count, len(there))):
                present.append((AREA, title, day, *member.person.cells, member.school_code, "是"))
    return {"培训活动": training_rows, "参训人员": present}
