"""Reads the inputs of a zone plan from the registers, and lists what is missing, with the remedy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from xuezheng.areas.enrolment.models import (
    AdmissionPlan,
    Births,
    Community,
    CommunityChildren,
    Places,
    SchoolZone,
    SiblingCount,
    WalkingDistance,
)
from xuezheng.areas.enrolment.procedures.ratio_method import BirthCount, cohort, round_half_up
from xuezheng.areas.enrolment.procedures.zoning.geometry import Point, straight_metres
from xuezheng.areas.enrolment.procedures.zoning.problem import (
    Problem,
    ZoneCommunity,
    ZoneSchool,
    ZoneSettings,
)
from xuezheng.policy.current import entry, read_once
from xuezheng.records.code_lists import code_list
from xuezheng.records.fields import code_has
from xuezheng.records.models import School, SchoolSite, Stage

#: The largest problem for which a plan is computed.
MOST_COMMUNITIES, MOST_SCHOOLS = 400, 80
_TYPED = "适龄儿童摸底表"


class _NotSet(Exception):
    """A setting has no value; the text is a Chinese sentence with the remedy."""


@dataclass(frozen=True)
class Line:
    """A community or a school, as the registers have it.

    ``key`` is the primary key. ``number`` is the number of children of a community, or of first-grade places
    of a school; it and ``point`` are None if unknown. ``basis`` says in Chinese where the number comes from,
    or why it is unknown. ``last`` has the names of the schools to which a community belonged in the last
    zones.
    """

    key: int
    name: str
    point: Point | None
    number: int | None
    basis: str
    last: tuple[str, ...] = ()


@dataclass(frozen=True)
class Inputs:
    """The inputs of a zone plan, as the registers have them.

    ``gaps`` are Chinese sentences on what must be entered before a plan can be computed; ``problem`` is None
    if there are any. ``notices`` are Chinese sentences on what the user should check. ``last_year`` is the
    year of the zones with which the plan is compared, None without earlier zones.
    """

    stage: str
    year: int
    last_year: int | None
    communities: tuple[Line, ...]
    schools: tuple[Line, ...]
    gaps: tuple[str, ...]
    notices: tuple[str, ...]
    problem: Problem | None


@read_once()
def read_inputs(stage: str, year: int) -> Inputs:
    """Read the inputs of a plan of the zones of ``stage`` in ``year``.

    Missing entries are listed, never guessed.
    """
    last_year, zones = _last_zones(stage, year)
    schools = _schools(stage, year, zones)
    names = {school.pk: school.name for school in schools}
    last: dict[str, list[int]] = {}
    for school, community in zones:
        last.setdefault(community, []).append(school)
    children = _Children(stage, year)
    communities = []
    for row in Community.objects.order_by("name"):
        number, basis = children.count(row)
        own = tuple(names[school] for school in last.get(row.name, ()) if school in names)
        communities.append(Line(row.pk, row.name, _point(row), number, basis, own))
    sites = {site.school_id: _point(site) for site in SchoolSite.objects.all()}
    places = _Places(stage, year)
    lines = [Line(each.pk, each.name, sites.get(each.pk), *places.count(each.pk)) for each in schools]
    registered = {line.name for line in communities}
    unregistered = sorted(name for name in last if name not in registered)
    gaps = [*_gaps(communities, lines, year), *_unregistered_gaps(unregistered, last_year)]
    try:
        settings = _settings(stage, year)
    except _NotSet as refusal:
        gaps.append(str(refusal))
    notices: tuple[str, ...] = ()
    problem = None
    if not gaps:
        problem = replace(_problem(stage, year, communities, lines, settings), last_year=last_year)
        notices = tuple(_notices(problem, last_year))
    return Inputs(stage, year, last_year, tuple(communities), tuple(lines), tuple(gaps), notices, problem)


def _last_zones(stage: str, year: int) -> tuple[int | None, list[tuple[int, str]]]:
    """Return the latest year before the plan's that has zones, and its zones as (school, community)."""
    earlier = SchoolZone.objects.filter(stage=stage, year__lt=year)
    last_year = earlier.order_by("-year").values_list("year", flat=True).first()
    if last_year is None:
        return None, []
    rows = earlier.filter(year=last_year).order_by("school__code", "community")
    return last_year, list(rows.values_list("school", "community"))


def _schools(stage: str, year: int, zones: list[tuple[int, str]]) -> list[School]:
    """Return the public schools that had a zone, or have an admission plan for the year, by code."""
    keys = {school for school, _ in zones}
    keys |= set(AdmissionPlan.objects.filter(stage=stage, year=year).values_list("school", flat=True))
    return [
        school
        for school in School.objects.filter(pk__in=keys).order_by("code")
        if not code_has(school, "runner", "private")
    ]


class _Children:
    """The children of each community: as counted there for the year, or for primary schools as the births tell."""

    def __init__(self, stage: str, year: int) -> None:
        self._stage, self._year = stage, year
        counted = CommunityChildren.objects.filter(stage=stage, year=year)
        self._counted = dict(counted.values_list("community", "children"))
        opens = date(year, 9, 1)
        self._age, self._month = (
            entry(f"enrolment.{name}").value(opens) for name in ("entry_age", "entry_month")
        )
        self._births: dict[str, list[BirthCount]] = {}
        self._source = ""
        if stage == Stage.PRIMARY:
            rows = list(Births.objects.order_by("community", "starts_on"))
            sources = Counter(row.source for row in rows)
            chosen = min(sources, key=lambda code: (-sources[code], code), default="")
            codes = code_list("enrolment.birth_source").codes
            self._source = codes[chosen].label if chosen in codes else chosen
            for row in rows:
                if row.source == chosen:
                    count = BirthCount(row.starts_on, row.ends_on, row.births)
                    self._births.setdefault(row.community, []).append(count)

    def count(self, community: Community) -> tuple[int | None, str]:
        """Return the children of a community with where the number comes from, or None with the reason."""
        if community.pk in self._counted:
            return self._counted[community.pk], _TYPED
        if self._stage != Stage.PRIMARY:
            return None, f"没有登记{self._year}年的适龄儿童数"
        if self._age is None or self._month is None:
            return None, "没有入学年龄的标准，不能用出生人口推算"
        births = self._births.get(community.name, ())
        number = cohort(births, self._year, int(self._age), int(self._month))
        if isinstance(number, str):
            return None, f"没有登记{self._year}年的适龄儿童数，{number}"
        return round_half_up(number), f"出生人口（{self._source}）"


class _Places:
    """The places of the first grade of each school: by the admission plan of the year, else a grade's part of all places."""

    def __init__(self, stage: str, year: int) -> None:
        plans = AdmissionPlan.objects.filter(stage=stage, year=year)
        self._plans = {plan.school_id: plan.seats for plan in plans}
        grades = entry("enrolment.stage_grades").value(date(year, 9, 1), stage)
        self._grades = int(grades) if grades else None
        rows = Places.objects.filter(stage=stage, year__lte=year).order_by("year")
        self._places = {row.school_id: row for row in rows}

    def count(self, school: int) -> tuple[int | None, str]:
        """Return the places with where the number comes from, or None with the reason."""
        if school in self._plans:
            return self._plans[school], "招生计划表"
        row = self._places.get(school)
        if row is None or self._grades is None:
            return None, "没有招生计划，也没有学位"
        total = row.classes * row.class_size
        return total // self._grades, f"学位表{row.year}年{total}个，按{self._grades}个年级平均"


def _point(row: Any) -> Point | None:
    return None if row.longitude is None else (float(row.longitude), float(row.latitude))


def _gaps(communities: list[Line], schools: list[Line], year: int) -> Iterator[str]:
    if not communities:
        yield "没有登记社区（村）。请导入“社区表”。"
    if not schools:
        yield f"没有要划片的学校：以前没有学区划片，{year}年也没有公办学校的招生计划。请导入“学区划片表”或“招生计划表”。"
    for lines, most, what in (
        (communities, MOST_COMMUNITIES, "个社区（村）"),
        (schools, MOST_SCHOOLS, "所学校"),
    ):
        if len(lines) > most:
            yield f"共{len(lines)}{what}，一次最多排{most}{what}。请分片登记。"
    for line in communities:
        if line.point is None:
            yield f"{line.name}没有经度、纬度。请在“社区表”中补填。"
        if line.number is None:
            yield f"{line.name}：{line.basis}。请导入“{_TYPED}”，没有适龄儿童的填0。"
    for line in schools:
        if line.point is None:
            yield f"{line.name}没有位置。请导入“学校位置”。"
        if line.number is None:
            yield f"{line.name}：{line.basis}。请导入“招生计划表”，不招生的在“学位表”中填0班。"


def _unregistered_gaps(names: list[str], last_year: int | None) -> Iterator[str]:
    for name in names:
        yield f"{last_year}年划片的{name}没有登记。请在“社区表”中登记，或把两处的写法改成一致。"


def _settings(stage: str, year: int) -> ZoneSettings:
    def value(name: str, *keys: str) -> Any:
        matter = entry(f"enrolment.{name}")
        setting = matter.value(date(year, 9, 1), *keys)
        if setting is None:
            raise _NotSet(f"没有{year}年秋季施行的标准“{matter.title}”。请在“政策标准”中提出。")
        return setting

    return ZoneSettings(
        int(value("zone_overload", stage)),
        int(value("zone_limit", stage)),
        float(value("zone_detour")),
        int(value("zone_neighbours")),
        int(value("zone_change_metres")),
        int(value("zone_sibling_metres")),
    )


def _problem(
    stage: str, year: int, communities: list[Line], schools: list[Line], settings: ZoneSettings
) -> Problem:
    """Return the problem of lines that lack nothing."""
    order = {line.key: place for place, line in enumerate(schools)}
    places = {line.key: place for place, line in enumerate(communities)}
    by_name = {line.name: place for place, line in enumerate(schools)}
    distances = {
        (places[community], order[school]): metres
        for community, school, metres in WalkingDistance.objects.values_list("community", "school", "metres")
        if community in places and school in order
    }
    siblings = {
        (places[community], order[school]): children
        for community, school, children in SiblingCount.objects.filter(stage=stage, year=year).values_list(
            "community", "school", "children"
        )
        if community in places and school in order
    }
    metres = tuple(
        tuple(
            distances[place, at]
            if (place, at) in distances
            else round(straight_metres(_known(line.point), _known(school.point)) * settings.detour)
            for at, school in enumerate(schools)
        )
        for place, line in enumerate(communities)
    )
    return Problem(
        stage,
        year,
        tuple(
            ZoneCommunity(
                line.key, line.name, _known(line.point), line.number or 0, line.basis,
                tuple(by_name[name] for name in line.last),
            )
            for line in communities
        ),
        tuple(
            ZoneSchool(line.key, line.name, _known(line.point), line.number or 0, line.basis) for line in schools
        ),
        metres,
        settings,
        frozenset(distances),
        siblings,
    )  # fmt: skip


def _known(point: Point | None) -> Point:
    if point is None:
        raise ValueError("a place without coordinates")
    return point


def _notices(problem: Problem, last_year: int | None) -> Iterator[str]:
    children = sum(about.children for about in problem.communities)
    places, most = sum(each.places for each in problem.schools), sum(problem.capacities)
    if children > most:
        yield f"适龄儿童{children}人，各校学位合计{places}个，怎样划都至少超出{children - most}人。"
    far = [
        about.name
        for about, row in zip(problem.communities, problem.metres, strict=True)
        if min(row) > problem.settings.limit_metres
    ]
    if far:
        yield f"{'、'.join(far)}到最近的学校也超过{problem.settings.limit_metres}米。请核对坐标；确实远的考虑校车、寄宿或设点。"
    if last_year is None:
        yield "以前没有登记学区划片，不比较变动。"
        return
    fresh = [about.name for about in problem.communities if not about.last]
    if fresh:
        yield f"{'、'.join(fresh)}在{last_year}年的划片中没有，不算变动。"
    several = [about.name for about in problem.communities if len(about.last) > 1]
    if several:
        yield f"{'、'.join(several)}在{last_year}年划给几所学校（多校划片），方案只划一所，划给其中任何一所都不算变动。"
