"""The staff of the demonstration district's schools and bureau, in spring and in autumn 2019."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from random import Random

from xuezheng.demo.autumn import NEW_SCHOOL
from xuezheng.demo.district import DemoSchool, chance, district
from xuezheng.demo.people import DemoPerson, People
from xuezheng.demo.schools import JUNIOR, PRESCHOOL, PRIMARY, SENIOR

_PUPILS_A_TEACHER = 16
_TEACHERS_A_VICE_HEAD = 30
_BUREAU_STAFF = 24
_OLDEST, _YOUNGEST, _YOUNGEST_HEAD = 1960, 1996, 1984
_AGE_AT_FIRST = 23

HEAD, VICE_HEAD, TEACHER = "校（园）长", "副校（园）长", "专任教师"
PRINCIPALS = (HEAD, VICE_HEAD)
# Schools between which heads and teachers are exchanged: those of compulsory education.
_ROTATES = {"小学", "小学教学点", "初级中学", "九年一贯制学校", "完全中学"}
# Those six years at one school by August 2018, and who of them moved then, by post; then at most how many moved a year later.
_DUE = 427
_MOVED = {HEAD: 6, VICE_HEAD: 1, TEACHER: 113}
_MOVED_BACKBONE = 34
_MOVED_NEXT = {VICE_HEAD: 3, TEACHER: 100}
_LONG_AGO, _SIX_YEARS_AGO = 1998, 2012

# The subjects of a school's teachers, one after the other.
_SUBJECTS = {
    PRESCHOOL: "学前教育",
    PRIMARY: "语文 数学 语文 英语 体育与健康 数学 语文 音乐 道德与法治（政治） 数学 语文 美术 科学 语文 数学 "
             "体育与健康 语文 英语 数学 信息技术",
    JUNIOR: "语文 数学 英语 道德与法治（政治） 物理 体育与健康 历史 语文 数学 英语 化学 音乐 生物 地理 语文 数学 "
            "英语 美术 物理 体育与健康",
    SENIOR: "语文 数学 英语 物理 化学 生物 道德与法治（政治） 历史 地理 体育与健康 语文 数学 英语 信息技术 物理 "
            "化学 音乐 美术",
}  # fmt: skip
# How many in a hundred have which degree, which title: by stage, and of those born before 1970, before 1980, later.
_DEGREES = {
    PRESCHOOL: ({"中专（高中）": 60, "专科": 40}, {"中专（高中）": 20, "专科": 60, "本科": 20}, {"专科": 62, "本科": 38}),
    PRIMARY: (
        {"中专（高中）": 14, "专科": 51, "本科": 35},
        {"中专（高中）": 2, "专科": 38, "本科": 60},
        {"专科": 16, "本科": 81, "硕士研究生": 3},
    ),
    JUNIOR: ({"专科": 22, "本科": 78}, {"专科": 9, "本科": 91}, {"专科": 2, "本科": 92, "硕士研究生": 6}),
    SENIOR: ({"本科": 100}, {"本科": 95, "硕士研究生": 5}, {"本科": 88, "硕士研究生": 12}),
}  # fmt: skip
_TITLES = (
    {"正高级": 1, "高级": 34, "中级": 55, "助理级": 10},
    {"高级": 16, "中级": 62, "助理级": 22},
    {"高级": 2, "中级": 24, "助理级": 66, "未定级": 8},
)
_BACKBONE = {"省级": 4, "市级": 21, "区级": 75}
# Of those who stayed at their school and are no beginners, one in so many is a backbone teacher.
_BACKBONE_EVERY = 4

# Posts to which people were recruited in 2019: the school, how many, what they teach.
RECRUITED = (
    (NEW_SCHOOL.name, 3, PRESCHOOL, "学前教育"),
    ("杨村中心幼儿园", 1, PRESCHOOL, "学前教育"),
    ("呈坎中心幼儿园", 1, PRESCHOOL, "学前教育"),
    ("岩寺小学", 2, PRIMARY, "语文"),
    ("南山小学", 1, PRIMARY, "数学"),
    ("富溪中心学校", 1, PRIMARY, "英语"),
    ("洽舍中心学校", 1, PRIMARY, "体育与健康"),
    ("坤沙小学", 1, PRIMARY, "音乐"),
    ("文峰学校", 1, JUNIOR, "数学"),
    ("岩寺初级中学", 2, JUNIOR, "英语"),
    ("呈坎初级中学", 1, JUNIOR, "物理"),
    ("云岭区第二中学", 2, SENIOR, "语文"),
)
_AUTUMN_BEFORE, _AUTUMN = date(2018, 9, 1), date(2019, 9, 1)
_SUMMER_END = date(2019, 8, 31)


@dataclass(frozen=True, slots=True)
class DemoPost:
    """A former post with its first and last day, both included; ``school`` is None at the bureau."""

    school: DemoSchool | None
    post: str
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class DemoStaff:
    """An employee of a school or, where ``school`` is None, of the bureau.

    ``post_from`` is the first day in the present post. A teacher has a ``stage`` and a ``subject``;
    ``backbone`` is the level of a backbone teacher (骨干教师), None for others. ``formerly`` are earlier posts.
    """

    person: DemoPerson
    school: DemoSchool | None
    post: str
    post_from: date
    stage: str | None = None
    subject: str | None = None
    degree: str = "本科"
    title: str = "未定级"
    backbone: str | None = None
    formerly: tuple[DemoPost, ...] = ()

    @property
    def school_code(self) -> str | None:
        """The code of the school; None at the bureau."""
        return self.school.code if self.school else None

    @property
    def rotates(self) -> bool:
        """Whether the post is subject to rotation between schools (交流轮岗): heads and teachers of compulsory education."""
        teaches = self.stage in (PRIMARY, JUNIOR)
        return (
            self.school is not None and self.school.kind in _ROTATES and (self.post in PRINCIPALS or teaches)
        )

    def moved(self, school: DemoSchool | None, day: date, post: str | None = None) -> "DemoStaff":
        """Return the same person at another school from ``day`` on, in ``post`` or the same post.

        The old post is added to ``formerly``.
        """
        over = DemoPost(self.school, self.post, self.post_from, day - timedelta(days=1))
        return replace(
            self, school=school, post=post or self.post, post_from=day, formerly=(*self.formerly, over)
        )


@cache
def staff() -> tuple[DemoStaff, ...]:
    """Return the staff of 30 June 2019: for each school as many as its pupils require, then those of the bureau."""
    people, rng = People(), chance("教职工")
    members = []
    for school, pupils, stages in _schools():
        teaching = dict.fromkeys(stages, 0)
        for post in _posts(pupils):
            stage = _next_stage(teaching, stages) if post == TEACHER else None
            members.append(_employ(rng, people, school, post, stage, teaching))
    members += [_employ(rng, people, None, "行政教辅人员", None, {}) for _ in range(_BUREAU_STAFF)]
    return tuple(_with_history(chance("任职经历"), members))


@cache
def autumn_staff() -> tuple[DemoStaff, ...]:
    """Return the staff of 31 December 2019: some have moved, some retired, some are new, and a kindergarten was opened."""
    rng = chance("秋季教职工")
    gone = {member.person for member, _ in retired()}
    members = [member for member in staff() if member.person not in gone]
    due = [member for member in members if member.rotates and member.post_from <= date(2013, 9, 1)]
    to: dict[DemoPerson, DemoSchool | None] = {}
    for post, count in _MOVED_NEXT.items():
        chosen = rng.sample([member for member in due if member.post == post], count)
        for subject in dict.fromkeys((member.stage, member.subject) for member in chosen):
            # They change places within their subject, so that no school loses one.
            ring = [member for member in chosen if (member.stage, member.subject) == subject]
            ring.sort(key=lambda member: member.school.code if member.school else "")
            for place, member in enumerate(ring):
                school = ring[(place + len(ring) // 2) % len(ring)].school
                if school != member.school:
                    to[member.person] = school
    pioneers = rng.sample(
        [m for m in members if m.post == TEACHER and m.school and m.school.name in ("云岭区幼儿园", "岩寺幼儿园")],
        4,
    )  # fmt: skip
    to |= dict.fromkeys((member.person for member in pioneers), NEW_SCHOOL)
    posts = {pioneers[0].person: HEAD}
    moved = [
        member.moved(to[member.person], _AUTUMN, posts.get(member.person)) if member.person in to else member
        for member in members
    ]
    return (*moved, *recruits())


@cache
def recruits() -> tuple[DemoStaff, ...]:
    """Return the new teachers of autumn 2019, in the order of :data:`RECRUITED`."""
    people, rng = People(member.person for member in staff()), chance("新教师")
    schools = {school.name: school for school in (*district().schools, NEW_SCHOOL)}
    return tuple(
        DemoStaff(
            people.make(rng, date(rng.randrange(1993, 1997), 1, 1)),
            schools[name],
            TEACHER,
            _AUTUMN,
            stage,
            subject,
            "专科" if stage == PRESCHOOL and rng.random() < 0.4 else "本科",
        )
        for name, count, stage, subject in RECRUITED
        for _ in range(count)
    )


@cache
def retired() -> tuple[tuple[DemoStaff, date], ...]:
    """Return (the person's record as of June, the last day in post) of the staff who retired in the second half of 2019."""
    return tuple(
        (member, _SUMMER_END if last <= _SUMMER_END else last)
        for member in staff()
        if member.post not in PRINCIPALS
        and date(2019, 7, 1) <= (last := _pension_day(member.person)) <= date(2019, 12, 31)
    )


def _pension_day(person: DemoPerson) -> date:
    years = 60 if person.sex == "男" else 55
    month = person.born.replace(year=person.born.year + years, day=28)
    return (month + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _schools() -> Iterator[tuple[DemoSchool, int, dict[str, int]]]:
    """Yield each school with its number of pupils, in total and by the stages that it has teachers for."""
    roster = district()
    for school in roster.schools:
        stages: dict[str, int] = {}
        pupils = 0
        for pupil in roster.pupils:
            if pupil.school is school and pupil.left_on is None:
                pupils += 1
                if not pupil.class_group.attached:
                    stages[pupil.stage] = stages.get(pupil.stage, 0) + 1
        yield school, pupils, stages


def _posts(pupils: int) -> Iterator[str]:
    teachers = max(2, round(pupils / _PUPILS_A_TEACHER))
    yield HEAD
    yield from [VICE_HEAD] * (teachers // _TEACHERS_A_VICE_HEAD)
    yield from [TEACHER] * teachers
    yield from ("行政人员" if place % 2 else "教辅人员" for place in range(teachers // 20))
    yield from ["工勤人员"] * (teachers // 25)


def _next_stage(teaching: dict[str, int], stages: dict[str, int]) -> str:
    """Return the stage with the most pupils per teacher."""
    return max(stages, key=lambda stage: (stages[stage] / (teaching[stage] + 1), stage))


def _employ(
    rng: Random,
    people: People,
    school: DemoSchool | None,
    post: str,
    stage: str | None,
    teaching: dict[str, int],
) -> DemoStaff:
    born = rng.randrange(_OLDEST, _YOUNGEST_HEAD if post in PRINCIPALS else _YOUNGEST)
    person = people.make(rng, date(born, 1, 1))
    first = max(born + _AGE_AT_FIRST, 2019 - rng.randrange(25))
    member = DemoStaff(person, school, post, date(min(first, 2018), 9, 1))
    if stage is not None:
        subjects = _SUBJECTS[stage].split()
        member = replace(member, stage=stage, subject=subjects[teaching[stage] % len(subjects)])
        teaching[stage] += 1
    if post == "工勤人员":
        return replace(member, degree="中专（高中）")
    age = 0 if born < 1970 else 1 if born < 1980 else 2
    return replace(member, degree=_draw(rng, _DEGREES[stage or JUNIOR][age]), title=_draw(rng, _TITLES[age]))


def _draw(rng: Random, shares: dict[str, int]) -> str:
    return rng.choices(list(shares), list(shares.values()))[0]


def _with_history(rng: Random, members: list[DemoStaff]) -> list[DemoStaff]:
    """Give the staff subject to rotation the years at their school that yield the planned rotation of 2018."""
    pool = [place for place, member in enumerate(members) if member.rotates]
    old_enough = [
        place for place in pool if members[place].person.born.year + _AGE_AT_FIRST <= _SIX_YEARS_AGO
    ]
    moved = {
        post: rng.sample([place for place in old_enough if members[place].post == post], count)
        for post, count in _MOVED.items()
    }
    # The heads changed places among themselves, so that no school had two.
    came_from = {
        place: members[next_].school for place, next_ in zip(moved[HEAD], moved[HEAD][1:] + moved[HEAD][:1], strict=True)
    }  # fmt: skip
    for place in (*moved[VICE_HEAD], *moved[TEACHER]):
        came_from[place] = _another_school(rng, members[place], members)
    stayed = rng.sample(
        [place for place in old_enough if place not in came_from], _DUE - len(came_from)
    )  # fmt: skip
    for place in pool:
        member = members[place]
        first = member.person.born.year + _AGE_AT_FIRST
        if place in came_from or place in stayed:
            since = date(rng.randint(max(first, _LONG_AGO), _SIX_YEARS_AGO), 9, 1)
        else:
            since = date(rng.randint(max(first, _SIX_YEARS_AGO + 1), 2018), 9, 1)
        if place in came_from:
            former = DemoPost(came_from[place], member.post, since, _AUTUMN_BEFORE - timedelta(days=1))
            members[place] = replace(member, post_from=_AUTUMN_BEFORE, formerly=(former,))
        else:
            members[place] = replace(member, post_from=since)
    for place in moved[TEACHER][:_MOVED_BACKBONE]:
        members[place] = replace(members[place], backbone=_draw(rng, _BACKBONE))
    taught: Counter[tuple[DemoSchool | None, str]] = Counter()
    for place, member in enumerate(members):
        if member.stage is not None and member.person.born.year < 1990 and place not in came_from:
            if taught[member.school, member.stage] % _BACKBONE_EVERY == 0:
                members[place] = replace(member, backbone=_draw(rng, _BACKBONE))
            taught[member.school, member.stage] += 1
    return members


def _another_school(rng: Random, member: DemoStaff, members: Iterable[DemoStaff]) -> DemoSchool:
    """Return another school with rotation and a colleague of the same post and stage; schools with more of them are likelier."""
    return rng.choice(
        [
            colleague.school
            for colleague in members
            if colleague.rotates
            and colleague.school is not None
            and colleague.school != member.school
            and (colleague.post, colleague.stage) == (member.post, member.stage)
        ]
    )
