"""The admission season of a school: applications, doubts about them, lists for draws, admission, classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from xuezheng.areas.enrolment.models import AdmissionPlan, Applicant, Draw, SchoolZone
from xuezheng.areas.enrolment.procedures.lists import LARGEST, problem_of
from xuezheng.areas.enrolment.procedures.steps import DrawRefused, State, result_of
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import District, Pupil, School, Stage

Kind = Draw.Kind
_LAST = "9"  # behind every tier


@dataclass(frozen=True)
class Season:
    """The admission of a year to the first grade of a stage ("primary" or "junior")."""

    stage: str
    year: int

    def applicants(self) -> Iterable[Applicant]:
        """Return all applications of the season, with person and schools selected, ordered by number."""
        return (
            Applicant.objects.filter(stage=self.stage, year=self.year)
            .select_related("person", "school", "placed_school")
            .order_by("number", "pk")
        )


@dataclass(frozen=True)
class SchoolSeason:
    """The numbers of one school in an admission season.

    ``plan`` is None without an admission plan. ``applicants`` is the number of applications to the school,
    and ``tiers`` has (Chinese label, number) by admission tier. Of these children ``placed_away`` were placed
    at other schools; ``placed_here`` children applied elsewhere and were placed here. ``places`` and
    ``classes`` are the draws of places and of classes, None without one; revoked draws do not count.
    """

    school: School
    plan: AdmissionPlan | None
    applicants: int
    tiers: tuple[tuple[str, int], ...]
    placed_away: int
    placed_here: int
    places: Draw | None
    classes: Draw | None

    @property
    def surplus(self) -> int | None:
        """By how many the children to be admitted exceed the seats of the plan.

        It is negative if seats remain, None without a plan.
        """
        if self.plan is None:
            return None
        return self.applicants - self.placed_away + self.placed_here - self.plan.seats


def schools_of(season: Season, applicants: Sequence[Applicant]) -> list[SchoolSeason]:
    """Return the numbers of each school with a plan, an applicant or a child placed there, sorted by name."""
    plans = {
        plan.school_id: plan
        for plan in AdmissionPlan.objects.filter(stage=season.stage, year=season.year).select_related(
            "school"
        )
    }
    draws: dict[tuple[int, str], Draw] = {}
    for draw in Draw.objects.filter(stage=season.stage, year=season.year).exclude(state=State.REVOKED):
        draws.setdefault((draw.school_id, draw.kind), draw)
    placed = [applicant.placed_school for applicant in applicants if applicant.placed_school]
    schools = {
        school.pk: school
        for school in (
            *(applicant.school for applicant in applicants),
            *placed,
            *(plan.school for plan in plans.values()),
        )
    }
    tiers = code_list("enrolment.admission_tier").codes
    in_order = [*tiers, ""]
    lines = []
    for key, school in schools.items():
        own = [applicant for applicant in applicants if applicant.school_id == key]
        counts = Counter(applicant.tier for applicant in own)
        lines.append(
            SchoolSeason(
                school,
                plans.get(key),
                len(own),
                tuple(
                    (tiers[code].label if code else "没有填顺位", counts[code])
                    for code in sorted(counts, key=in_order.index)
                ),
                sum(applicant.placed_school_id is not None for applicant in own),
                sum(applicant.placed_school_id == key for applicant in applicants),
                draws.get((key, Kind.PLACES)),
                draws.get((key, Kind.CLASSES)),
            )
        )
    return sorted(lines, key=lambda each: each.school.name)


def doubts(season: Season, applicants: Sequence[Applicant]) -> Iterator[tuple[Applicant, str]]:
    """Yield (application, Chinese sentence) for each contradiction between an application and the registers.

    Checked are repeated numbers, pupils already on a roll of the stage, age, zone and household. Nothing is
    yielded where the registers have no data to compare with.
    """
    zones = set(
        SchoolZone.objects.filter(stage=season.stage, year=season.year).values_list("school", "community")
    )
    zoned = {school for school, _ in zones}
    on_roll = dict(
        Pupil.objects.filter(
            Q(left_on=None),
            person__in=[applicant.person_id for applicant in applicants],
            class_group__stage=season.stage,
        ).values_list("person", "entered_on")
    )
    numbers = Counter(applicant.number for applicant in applicants)
    district = District.objects.first()
    for applicant in applicants:
        if numbers[applicant.number] > 1:
            yield applicant, f"报名序号{applicant.number}不止一人。请改成不同的序号。"
        if on_roll.get(applicant.person_id, date.max) < applicant.registered_on:
            yield applicant, "台账中已有这一学段的学籍。请核对是否重复报名。"
        if reason := _too_young(applicant):
            yield applicant, reason
        tier = code_list("enrolment.admission_tier").codes.get(applicant.tier)
        needs = tier.properties(applicant.registered_on) if tier else {}
        in_zone = (applicant.school_id, applicant.community) in zones
        if needs.get("zone") and applicant.school_id in zoned and not in_zone:
            yield (
                applicant,
                f"“{applicant.community or '没有填社区'}”不在{applicant.school}{season.year}年的学区内。",
            )
        division = applicant.person.household_division
        if needs.get("household") and division and district and division != district.code:
            yield applicant, f"户籍区划代码{division}不是本地的，与“{applicant.get_tier_display()}”不符。"


def _too_young(applicant: Applicant) -> str:
    """What speaks against the age of a child for primary school; "" where nothing does, or no age is set."""
    if applicant.stage != Stage.PRIMARY:
        return ""
    opens = date(applicant.year, 9, 1)
    age = entry("enrolment.entry_age").value(opens)
    month = entry("enrolment.entry_month").value(opens)
    if age is None or month is None:
        return ""
    latest = date(applicant.year - int(age), int(month), 1)
    if applicant.person.birth_date < latest:
        return ""
    return f"{applicant.person.birth_date}出生，到{applicant.year}年{int(month)}月1日不满{int(age)}周岁。"


def listing_of(kind: str, school: School, season: Season, by_day: bool = False) -> str:
    """Make the list for a draw from applications: text with a line ``number,group,sort code`` per child.

    Lines are sorted by number. For places the sort code is the rank of the admission tier, with ``by_day``
    followed by the day of settling; for classes it is a number shared by children alike in need of care, sex
    and kindergarten. Raises :class:`DrawRefused` if there are no children or more than 20,000, a number is
    repeated or not fit for publication, a group has one child only, or, for classes, it is not known who is
    admitted.
    """
    if kind == Kind.CLASSES:
        children = admitted(school, season)
        codes = _class_codes(children)
    else:
        children = [
            child
            for child in season.applicants()
            if child.school_id == school.pk and not child.placed_school_id
        ]
        codes = {
            child.pk: _rank(child) + (f"-{child.settled_on or date.max}" if by_day else "")
            for child in children
        }
    if not children:
        raise DrawRefused(f"{school}没有{season.year}年的报名。请先导入“入学报名表”。")
    if len(children) > LARGEST:
        raise DrawRefused(f"一次最多{LARGEST}人。请分开办理。")
    listed: set[str] = set()
    lines = []
    for child in sorted(children, key=lambda child: child.number):
        if problem := problem_of(child.number, child.group, listed):
            raise DrawRefused(f"{child.person.name}：{problem}")
        listed.add(child.number)
        lines.append(f"{child.number},{child.group},{codes[child.pk]}\n")
    groups = Counter(child.group for child in children if child.group)
    if alone := [group for group, count in groups.items() if count == 1]:
        raise DrawRefused(f"同组编号{alone[0]}在{school}只有1人。同组的须报同一所学校；没有同组的请留空。")
    return "".join(lines)


def _rank(child: Applicant) -> str:
    tier = code_list("enrolment.admission_tier").codes.get(child.tier)
    return str(tier.properties(child.registered_on).get("rank", _LAST)) if tier else _LAST


def _class_codes(children: Sequence[Applicant]) -> dict[int, str]:
    """The sort code of each child: equal for those who are alike in what classes are balanced by, in the order of need, sex and kindergarten."""
    kinds = {child.pk: (not child.needs_care, child.person.sex, child.kindergarten) for child in children}
    order = {kind: number for number, kind in enumerate(sorted(set(kinds.values())), start=1)}
    return {key: f"{order[kind]:03}" for key, kind in kinds.items()}


def drawn(kind: str, school: School, season: Season) -> QuerySet[Draw]:
    """Return the draws of ``kind`` for a school and season that have a result and are not revoked, latest first."""
    own = Draw.objects.filter(school=school, stage=season.stage, year=season.year, kind=kind)
    return own.filter(state=State.DRAWN).order_by("-pk")


def admitted(school: School, season: Season) -> list[Applicant]:
    """Return the applications of the children admitted by ``school``.

    These are the children drawn, or all if they do not exceed the plan, and those placed here from other
    schools. Raises :class:`DrawRefused` if there is no plan and no draw, if there are more applications than
    places and no draw, or if the list of the draw was not made from applications.
    """
    applicants = list(season.applicants())
    own = [child for child in applicants if child.school_id == school.pk and not child.placed_school_id]
    placed = [child for child in applicants if child.placed_school_id == school.pk]
    draw = drawn(Kind.PLACES, school, season).first()
    if draw is not None:
        if not draw.registered:
            raise DrawRefused(f"“{draw}”的名单不是取自入学报名，不知道是哪些儿童。请用另外的名单编班。")
        seats = {number for number, has_place in result_of(draw) if has_place}
        return [child for child in own if child.number in seats] + placed
    plan = AdmissionPlan.objects.filter(school=school, stage=season.stage, year=season.year).first()
    if plan is None:
        raise DrawRefused(f"{school}没有{season.year}年的招生计划。请先导入“招生计划表”。")
    if len(own) > plan.seats:
        raise DrawRefused(
            f"{school}报名{len(own)}人，计划{plan.seats}人，还没有派位，不知道录取了谁。请先派位。"
        )
    return own + placed


def class_lists(draw: Draw, season: Season) -> list[list[Applicant]]:
    """Return, for each class that ``draw`` formed, the applications of its children; class 1 is at index 0.

    Raises :class:`DrawRefused` if a number on the list no longer belongs to an application.
    """
    children = {child.number: child for child in season.applicants() if draw.school_id in (child.school_id, child.placed_school_id)}  # fmt: skip
    classes: list[list[Applicant]] = [[] for _ in range(draw.places)]
    for number, place in result_of(draw):
        if number not in children:
            raise DrawRefused(f"报名序号{number}现在没有对应的儿童：编班以后报名有改动。请核对入学报名。")
        classes[place - 1].append(children[number])
    return classes
