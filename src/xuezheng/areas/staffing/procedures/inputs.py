"""Reads the rotation problem of a school year from the registers, and finds gaps and contradictions."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from xuezheng.areas.staffing.models import Profile, RotationPost, RotationRequest, TeachingSubject
from xuezheng.areas.staffing.models.quotas import TEACHER
from xuezheng.areas.staffing.procedures.due import DueLine, assessment_day, list_due, rotating_schools
from xuezheng.areas.staffing.procedures.problem import Campus, Opening, Problem, Requirements, Teacher
from xuezheng.areas.staffing.procedures.solver import PlanRefused
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import School, SchoolSite, Stage

#: The radius of the earth, in units of 100 metres.
_EARTH = 63_710
_SETTINGS = {
    "moved": "rotation_share",
    "backbone": "rotation_backbone_share",
    "rural": "rotation_rural_share",
    "leave": "rotation_leave_share",
    "floor": "backbone_floor",
}


@dataclass(frozen=True)
class Season:
    """The register entries needed for the rotation of one school year.

    ``year`` is the calendar year in whose autumn the school year begins. ``lines`` assess all heads,
    vice-heads and teachers of the participating schools on the assessment day, due or not. ``subjects`` and
    ``requests`` are keyed by person, ``schools`` by school; ``backbone`` has the keys of persons recognised
    as backbone teachers by that day.
    """

    year: int
    lines: Sequence[DueLine]
    subjects: dict[int, TeachingSubject]
    requests: dict[int, RotationRequest]
    posts: Sequence[RotationPost]
    schools: dict[int, School]
    backbone: frozenset[int]

    @property
    def school_year(self) -> str:
        """The school year in which the moves begin, such as "2020-2021"."""
        return f"{self.year}-{self.year + 1}"

    @property
    def day(self) -> date:
        """The assessment day, 31 August of ``year``: the last day up to which years are counted."""
        return assessment_day(self.year)

    @property
    def due_teachers(self) -> list[DueLine]:
        """The lines of the teachers who are due.

        Heads and vice-heads are left out, since no plan places them.
        """
        return [line for line in self.lines if line.due and line.tenure.kind == TEACHER]


def read_season(year: int) -> Season:
    """Return the register entries for the rotation of the school year that starts in autumn of ``year``."""
    school_year = f"{year}-{year + 1}"
    posts = (
        RotationPost.objects.filter(school_year=school_year)
        .select_related("school")
        .order_by("school__code", "stage", "subject")
    )
    requests = RotationRequest.objects.filter(school_year=school_year).select_related(
        "person", "school", "first", "second", "third"
    )
    return Season(
        year,
        list_due(assessment_day(year)),
        {row.person_id: row for row in TeachingSubject.objects.select_related("person")},
        {row.person_id: row for row in requests},
        list(posts),
        rotating_schools(),
        frozenset(
            Profile.objects.filter(backbone_on__lte=assessment_day(year)).values_list("person", flat=True)
        ),
    )


def requirements_on(day: date, eligible: int) -> Requirements:
    """Return the requirements that policy sets on ``day`` when ``eligible`` teachers are due.

    Raises :class:`PlanRefused` if policy has no value for one of them on that day.
    """
    values = {}
    for field, name in _SETTINGS.items():
        value = entry(f"staffing.{name}").value(day)
        if value is None:
            raise PlanRefused(
                f"{day}没有“{entry(f'staffing.{name}').title}”的标准。请先在政策标准里提出并审批。"
            )
        values[field] = int(value)
    return Requirements(eligible, **values)


def raise_shares(required: Requirements, shares: Mapping[str, int]) -> Requirements:
    """Return a copy of ``required`` with higher shares than policy sets.

    ``shares`` maps "moved", "backbone" or "rural" to percent; a share not in it stays as it is. Raises
    :class:`PlanRefused` if a share is less than that in ``required`` or greater than 100.
    """
    for name, share in shares.items():
        if not getattr(required, name) <= share <= 100:
            title = entry(f"staffing.{_SETTINGS[name]}").title
            raise PlanRefused(
                f"“{title}”的标准是{getattr(required, name)}%，填的{share}%不在这一标准至100%之间。请改正。"
            )
    return replace(required, **shares)


def build_problem(season: Season, shares: Mapping[str, int] | None = None) -> Problem:
    """Build the problem for the solver from ``season``.

    ``shares`` raises required shares above policy, as in :func:`raise_shares`; None raises none. Teachers
    without a registered subject are left out. Raises :class:`PlanRefused` if no due teacher has a subject,
    there are no open posts, policy lacks a requirement, or a share is below policy or above 100.
    """
    teachers = [_teacher(season, line) for line in season.due_teachers if line.person in season.subjects]
    if not teachers:
        raise PlanRefused("没有登记了任教学科的应交流教师。请先导入“教职工名册”和“任教学科表”。")
    openings = [
        Opening(post.school_id, post.stage, post.subject, post.places)
        for post in season.posts
        if post.school_id in season.schools
    ]
    if not openings:
        raise PlanRefused(f"{season.school_year}学年没有交流岗位。请先导入“交流岗位表”。")
    return Problem(
        tuple(teachers),
        tuple(openings),
        tuple(_campuses(season)),
        tuple(_staff(season)),
        tuple(_distances(season)),
        raise_shares(requirements_on(season.day, len(season.due_teachers)), shares or {}),
    )


def _teacher(season: Season, line: DueLine) -> Teacher:
    taught, request = season.subjects[line.person], season.requests.get(line.person)
    about = (
        line.person,
        line.tenure.school,
        taught.stage,
        taught.subject,
        line.person in season.backbone,
        line.years,
    )
    if request is None:
        return Teacher(*about)
    wishes = tuple(key for key in request.wishes if key != line.tenure.school and key in season.schools)
    return Teacher(*about, wishes, bool(request.stay_reason), request.pair, request.submitted_on.isoformat())


def _campuses(season: Season) -> Iterator[Campus]:
    """Yield each school with its numbers of teachers and backbone teachers on the day; heads count among neither."""
    teachers = [line for line in season.lines if line.tenure.kind == TEACHER]
    numbers = Counter(line.tenure.school for line in teachers)
    backbone = Counter(line.tenure.school for line in teachers if line.person in season.backbone)
    rural = entry("staffing.rural_school")
    for key, school in sorted(season.schools.items()):
        yield Campus(key, rural.value(season.day, school.urban_rural) == 1, numbers[key], backbone[key])


def _staff(season: Season) -> Iterator[tuple[int, str, str, int]]:
    """Yield how many teachers of each school are registered as teaching a stage and subject."""
    numbers = Counter(
        (line.tenure.school, taught.stage, taught.subject)
        for line in season.lines
        if line.tenure.kind == TEACHER and (taught := season.subjects.get(line.person))
    )
    for place, number in sorted(numbers.items()):
        yield *place, number


def _distances(season: Season) -> Iterator[tuple[int, int, int]]:
    """Yield the distances as the crow flies of the schools whose places are registered, in units of 100 metres."""
    sites = {
        site.school_id: (math.radians(site.longitude), math.radians(site.latitude))
        for site in SchoolSite.objects.filter(school__in=season.schools)
    }
    for start, end in combinations(sorted(sites), 2):
        yield start, end, round(_EARTH * _angle(sites[start], sites[end]))


def _angle(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the angle between two places given in radians, by the haversine formula."""
    (east, north), (other_east, other_north) = start, end
    half = math.sin((other_north - north) / 2) ** 2
    half += math.cos(north) * math.cos(other_north) * math.sin((other_east - east) / 2) ** 2
    return 2 * math.asin(math.sqrt(half))


@dataclass(frozen=True)
class Gap:
    """A missing entry, or one that contradicts others, in the registers for rotation.

    ``person`` is the key of the person whose entry it is, None for a post; ``school`` is the key of the
    school. ``about`` is the name of the person or school; ``sentence`` says in Chinese what is wrong and what
    to do.
    """

    person: int | None
    school: int
    about: str
    sentence: str


def gaps(season: Season) -> Iterator[Gap]:
    """Yield a :class:`Gap` for each entry that is missing for the rotation plan of a school year, or contradicts others.

    They concern, in this order: due teachers without a registered subject; requests of teachers who are not due,
    that name another present school than the staff register, or that wish for a school without a post in the
    teacher's stage and subject; pair numbers that other than two due teachers share; due teachers without a
    request; and posts at schools that take no part.
    """
    due = {line.person: line for line in season.due_teachers}
    for line in due.values():
        if line.person not in season.subjects:
            yield Gap(
                line.person,
                line.tenure.school,
                line.name,
                "应交流，没有登记任教学科，不能编排。请填“任教学科表”。",
            )
    open_fields = {(post.school_id, post.stage, post.subject) for post in season.posts}
    pairs: dict[str, list[RotationRequest]] = defaultdict(list)
    for request in season.requests.values():
        name = request.person.name
        if request.person_id not in due:
            yield Gap(
                request.person_id, request.school_id, name, "填了交流志愿，但不是应交流的教师，不参加编排。"
            )
            continue
        if request.pair:
            pairs[request.pair].append(request)
        line = due[request.person_id]
        if line.tenure.school != request.school_id:
            yield Gap(
                request.person_id,
                request.school_id,
                name,
                "交流志愿写的现任教学校与教职工名册不同，以名册为准。请核对。",
            )
        taught = season.subjects.get(request.person_id)
        for wish in (request.first, request.second, request.third):
            if wish and taught and (wish.pk, taught.stage, taught.subject) not in open_fields:
                yield Gap(
                    request.person_id,
                    request.school_id,
                    name,
                    f"志愿学校{wish}没有公布这一学段、学科的岗位，这一志愿不能满足。",
                )
    for group in pairs.values():
        if len(group) != 2:
            yield Gap(
                group[0].person_id, group[0].school_id, group[0].person.name,
                f"同校编号相同的应交流教师有{len(group)}人，须正好2人，这个编号不起作用。请核对。",
            )  # fmt: skip
    for line in due.values():
        if line.person in season.subjects and line.person not in season.requests:
            sentence = "应交流，还没有交流志愿。没有志愿的，只在需要时安排。"
            yield Gap(line.person, line.tenure.school, line.name, sentence)
    for post in season.posts:
        if post.school_id not in season.schools:
            yield Gap(
                None,
                post.school_id,
                str(post.school),
                "不是参加交流的学校（公办义务教育学校），岗位不参加编排。",
            )


@dataclass(frozen=True)
class FieldLine:
    """How many teachers of a stage and subject are to move, and how many places the schools offer them.

    ``stage`` and ``subject`` are codes. ``due`` is the number of teachers who are due to rotate, ``wishing``
    that of those among them whose request names at least one school, and ``places`` that of the places
    offered.
    """

    stage: str
    subject: str
    due: int
    wishing: int
    places: int


def fields_of(season: Season) -> list[FieldLine]:
    """Return a line for each stage and subject that has a due teacher or a place, primary school first.

    Due teachers without a registered subject are not counted.
    """
    due, wishing, places = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for line in season.due_teachers:
        if taught := season.subjects.get(line.person):
            due[taught.stage, taught.subject] += 1
            request = season.requests.get(line.person)
            wishing[taught.stage, taught.subject] += bool(request and request.wishes)
    for post in season.posts:
        places[post.stage, post.subject] += post.places
    order = list(code_list("policy.subject").codes)
    known = sorted(
        due.keys() | places.keys(), key=lambda field: (field[0] != Stage.PRIMARY, order.index(field[1]))
    )
    return [FieldLine(*field, due[field], wishing[field], places[field]) for field in known]


def notes_of(problem: Problem, season: Season) -> list[str]:
    """Return Chinese sentences on what a plan ignores for lack of data, such as unknown distances."""
    known = {key for start, end, _ in problem.distances for key in (start, end)}
    without = len(season.schools) - len(known)
    notes = ["没有台账登记教师任教的班级，不能限制一个班一学期换几名教师，改为限制每校每学科一次调出的比例。"]
    if not known:
        notes.append("没有登记学校位置，没有比较距离。")
    elif without:
        notes.append(f"有{without}所学校没有登记位置，到这些学校的距离没有计算。")
    else:
        notes.append("距离是两校之间的直线距离。")
    notes.append("校长、副校长列入应交流名单，由组织程序任免，不参加编排。")
    return notes
