"""The verdict on the county in a year: resources, government, quality, satisfaction and vetoes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xuezheng.areas.balance.procedures.items import (
    PARTS,
    ItemVerdict,
    as_far_as_reported,
    by_number,
    item_verdicts,
    standards_now,
    survey_verdicts,
)
from xuezheng.areas.balance.procedures.reading import read_resources, read_standards
from xuezheng.areas.balance.procedures.registers import Difference, differences, silent_schools
from xuezheng.areas.balance.procedures.resources import Resources, Standards
from xuezheng.areas.balance.procedures.verdict import (
    Level,
    ResourceVerdict,
    SchoolVerdict,
    Variation,
    judge,
)
from xuezheng.figures import Conclusion, Requirement, Status, conclude
from xuezheng.records.models import Stage
from xuezheng.reports.evaluation import number
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.caching import cached_in_snapshot

SURVEY = "survey"
_WORST_FIRST = (Status.NOT_MET, Status.UNREPORTED, Status.MET)


@dataclass(frozen=True)
class CountyVerdict:
    """The verdict on the county in a year, with the data on which it rests.

    ``judged`` is the verdict on resources, ``items`` and ``surveys`` those on other items and on
    satisfaction. ``silent`` has the schools and stages that submitted no form, such as "文峰学校（初中）", and
    ``differences`` the numbers in which the form differs from other registers.
    """

    year: int
    resources: Resources
    standards: Standards
    judged: ResourceVerdict
    items: tuple[ItemVerdict, ...]
    surveys: tuple[ItemVerdict, ...]
    silent: tuple[str, ...]
    differences: tuple[Difference, ...]

    @property
    def conclusion(self) -> Conclusion:
        """Fails if anything fails; passes only if everything was reported and is met; otherwise undecided."""
        return conclude(each.status for each in self.requirements)

    @cached_property
    def requirements(self) -> tuple[Requirement, ...]:
        """Every requirement as it was judged: schools, coefficients, items by their number in the form, satisfaction."""
        return (*self._schools(), *self._variations(), *self._items())

    @property
    def failures(self) -> list[str]:
        """What fails, by how much and where, as Chinese texts; [] if nothing does."""
        return [*self._failing_resources(), *self._of_items(Status.NOT_MET)]

    @property
    def missing(self) -> list[str]:
        """What was not reported or cannot be computed, as Chinese texts; [] if nothing is missing."""
        texts = [f"{name}没有填报“分学段办学条件表”" for name in self.silent]
        texts += [
            f"{describe_place(school)}没有填报“学校办学条件表”"
            for school in self.judged.schools
            if any(cell.level is Level.UNREPORTED for cell in school.cells)
        ]
        if not self.judged.schools:
            texts.append("没有参评学校")
        texts += [
            f"{Stage(each.stage).label}{each.indicator.name}差异系数不能计算"
            for each in self.judged.variations
            if each.square is None
        ]
        return [*texts, *self._of_items(Status.UNREPORTED)]

    def _schools(self) -> Iterator[Requirement]:
        for school in self.judged.schools:
            note = describe_school(school, self.standards) if school.status is Status.NOT_MET else ""
            slice_ = {"school": str(school.row.school), "stage": school.row.stage}
            yield self._requirement(
                "schools", describe_place(school), school.status, note, "balance.schools_judged", slice_
            )
        for name in self.silent:
            yield self._requirement("schools", name, Status.UNREPORTED, "没有填报“分学段办学条件表”")
        if not self.judged.schools:
            yield self._requirement("schools", "参评学校", Status.UNREPORTED, "没有参评学校")

    def _variations(self) -> Iterator[Requirement]:
        for each in self.judged.variations:
            yield self._requirement(
                "variation",
                f"{Stage(each.stage).label}{each.indicator.name}差异系数",
                each.status,
                "" if each.value is None else f"{each.value:.3f}，上限{float(each.limit):.2f}",
                each.indicator.variation,
                {"stage": each.stage},
            )

    def _items(self) -> Iterator[Requirement]:
        for part in (*PARTS, SURVEY):
            for _, items in by_number([*self.items, *self.surveys], part):
                status = next(each for each in _WORST_FIRST if each in {item.status for item in items})
                item = next(item for item in items if item.status is status)
                measured = item.measured
                yield Requirement(
                    part,
                    "、".join(item.label for item in items),
                    status,
                    "；".join(item.reason.rstrip("。") for item in items if item.reason),
                    measured.figure if measured else "balance.evaluation_items",
                    measured.period if measured else str(self.year),
                    measured.slice if measured else {"item": item.code},
                )

    def _requirement(
        self,
        part: str,
        title: str,
        status: Status,
        note: str,
        figure: str = "",
        slice_: Mapping[str, str] = {},
    ) -> Requirement:
        return Requirement(part, title, status, note, figure, str(self.year) if figure else "", slice_)

    def _failing_resources(self) -> Iterator[str]:
        for school in self.judged.schools:
            if school.status is Status.NOT_MET:
                yield describe_school(school, self.standards)
        for variation in self.judged.variations:
            if variation.status is Status.NOT_MET:
                yield describe_variation(variation)

    def _of_items(self, status: Status) -> list[str]:
        return [
            f"{item.label}：{item.reason.rstrip('。')}"
            for item in (*self.items, *self.surveys)
            if item.status is status
        ]


def assess(snapshot: Snapshot, year: int) -> Sequence[Requirement]:
    """Return the requirements as judged for a year; raises what :func:`county_verdict` raises."""
    return county_verdict(snapshot, year).requirements


def county_verdict(snapshot: Snapshot, year: int) -> CountyVerdict:
    """Return whether the county meets the requirements of balanced compulsory education (优质均衡) in ``year``, and each of them.

    It rests on the data of a snapshot. Raises
    :class:`~xuezheng.areas.balance.procedures.reading.NothingKnown` if no school submitted a form for the year,
    or a standard was not in force.
    """
    return _judged(snapshot, year, standards_now(year))


@cached_in_snapshot(16)
def _judged(snapshot: Snapshot, year: int, standards_of_items: str) -> CountyVerdict:
    standards, resources = read_standards(snapshot, year), read_resources(snapshot, year)
    judged, silent = judge(resources, standards), tuple(silent_schools(snapshot, resources))
    without_facilities = [
        describe_place(school)
        for school in judged.schools
        if any(cell.level is Level.UNREPORTED for cell in school.cells)
    ]
    return CountyVerdict(
        year,
        resources,
        standards,
        judged,
        tuple(as_far_as_reported(item_verdicts(snapshot, year), [*silent, *without_facilities])),
        tuple(survey_verdicts(snapshot, year)),
        silent,
        tuple(differences(snapshot, resources)),
    )


def describe_place(school: SchoolVerdict) -> str:
    """Return the name of a school with its stage in Chinese, such as "文峰学校（初中）"."""
    return f"{school.row.name}（{Stage(school.row.stage).label}）"


def describe_school(school: SchoolVerdict, standards: Standards) -> str:
    """Describe in Chinese why a school does not pass: indicators reached, and the values of the others."""
    short = "、".join(
        f"{cell.indicator.name}{number(cell.value)}{cell.indicator.unit}（标准{number(cell.limit)}，"
        f"{'达到' if cell.level is Level.NEAR else '低于'}{number(standards.floor * 100)}%）"
        for cell in school.cells
        if cell.value is not None and cell.level is not Level.REACHED
    )
    return f"{describe_place(school)}达标{school.reached}项（须{school.needed}项），没有达标的：{short}"


def describe_variation(variation: Variation) -> str:
    """Describe in Chinese a coefficient of variation above its limit: value, limit, and excess."""
    value = variation.value or 0.0
    limit = float(variation.limit)
    return (
        f"{Stage(variation.stage).label}{variation.indicator.name}差异系数{value:.3f}，"
        f"上限{limit:.2f}，超出{value - limit:.3f}"
    )
