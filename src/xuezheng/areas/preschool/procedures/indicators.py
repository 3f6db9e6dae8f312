"""Judges the ten national numbers of preschool education, and names the kindergartens behind each that fails.

Rule: 县域学前教育普及普惠督导评估办法 (2020); the limits are policy, and a province may set stricter ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from xuezheng.areas.preschool.models import Kindergarten, KindergartenClass
from xuezheng.core.periods import Period
from xuezheng.figures import Status, catalogue, is_reported
from xuezheng.policy.current import entry
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import Stage
from xuezheng.reports.evaluation import Measured, compare, distinct, measure_by, number, rows_of, years_of
from xuezheng.snapshots import Snapshot

_PUPILS = "enrolment.pupils"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Indicator:
    """One requirement of a national number; a number may have two of them.

    ``number`` is its place among the ten, ``figure`` and ``limit`` are the names of its figure and of the
    matter of policy in this area. ``base`` is the name of a figure; where that is zero, the requirement does
    not apply. ``of_forms`` is whether it is computed from the forms of all kindergartens. ``short`` returns
    what a kindergarten lacks, in Chinese, "" if nothing; None where no single kindergarten can lack it.
    """

    key: str
    number: int
    figure: str
    limit: str
    unit: str = "%"
    comparison: str = "at_least"
    base: str = ""
    of_forms: bool = True
    short: Callable[[Row], str] | None = None

    @property
    def label(self) -> str:
        """The Chinese name of the figure."""
        return catalogue.figure(f"preschool.{self.figure}").label


@dataclass(frozen=True)
class Failing:
    """A kindergarten that lacks what an indicator asks for: its primary key, name, and what it lacks, in Chinese."""

    school: int
    name: str
    problem: str


@dataclass(frozen=True)
class IndicatorVerdict:
    """The verdict on an indicator: its value and limit in the indicator's unit, None where unknown.

    ``reason`` explains a status other than met in Chinese. ``failing`` are the kindergartens that lack what
    is asked for, also where the county as a whole has enough.
    """

    indicator: Indicator
    status: Status
    reason: str
    limit: Fraction | None
    measured: Measured
    failing: tuple[Failing, ...] = ()


def _not_inclusive(row: Row) -> str:
    if row["inclusive"]:
        return ""
    nature = code_list("preschool.nature").codes.get(row["nature"])
    return f"{nature.label if nature else row['nature']}，在园{row['children'] or 0}人"


def _short_of_space(row: Row) -> str:
    if row["space_level"] != "short":
        return ""
    day = date(row["year"], 9, 1)
    parts = []
    for name, label in (("building", "建筑面积"), ("activity", "活动用房"), ("outdoor", "户外场地")):
        limit = entry(f"preschool.{name}_area").value(day)
        each = Fraction(row[f"{name}_area"]) / row["children"]
        if limit is not None and each < Fraction(limit):
            parts.append(f"{label}{distinct(each, Fraction(limit))}平方米（标准{number(Fraction(limit))}）")
    return f"生均{'、'.join(parts)}"


def _large_classes(row: Row) -> str:
    return f"{'、'.join(row['large'])}超过班额" if row["large"] else ""


def _short_of_teachers(row: Row) -> str:
    if row["teachers_level"] != "short":
        return ""
    if not row["teachers"]:
        return f"幼儿{row['children']}人，没有专任教师"
    return f"专任教师{row['teachers']}人，每人{number(Fraction(row['children'], row['teachers']))}名幼儿"


def _uncertified(row: Row) -> str:
    missing = row["principals"] + row["teachers"] - row["certified_principals"] - row["certified_teachers"]
    return f"{missing}人没有证" if missing else ""


INDICATORS = (
    Indicator("enrolment", 1, "enrolment_rate", "enrolment_limit"),
    Indicator("inclusive", 2, "inclusive_rate", "inclusive_limit", short=_not_inclusive),
    Indicator("public", 3, "public_rate", "public_limit"),
    Indicator("public_funds", 4, "public_funds", "public_funds_limit", "元", of_forms=False),
    Indicator("subsidy", 4, "subsidy", "subsidy_limit", "元", of_forms=False),
    Indicator("pay", 5, "pay_rate", "pay_limit", of_forms=False),
    Indicator(
        "new_space",
        6,
        "new_space_rate",
        "new_space_limit",
        base="new_kindergartens",
        short=lambda row: _short_of_space(row) if row["new_design"] else "",
    ),
    Indicator(
        "old_space",
        6,
        "old_space_rate",
        "old_space_limit",
        base="old_kindergartens",
        short=lambda row: "" if row["new_design"] else _short_of_space(row),
    ),
    Indicator("regular", 7, "regular_rate", "regular_limit", short=_large_classes),
    Indicator(
        "teachers", 8, "children_a_teacher", "children_a_teacher", "人", "at_most", short=_short_of_teachers
    ),
    Indicator("certified", 9, "certified_rate", "certified_limit", short=_uncertified),
    Indicator("satisfaction", 10, "satisfaction_rate", "satisfaction_limit", of_forms=False),
)


def years(snapshot: Snapshot) -> list[int]:
    """Return the years for which any kindergarten submitted its form, latest first."""
    return years_of(snapshot, Kindergarten)


def silent_kindergartens(snapshot: Snapshot, year: int) -> list[str]:
    """Return in Chinese each kindergarten, or school with children of that age, that lacks a form of the year, and which.

    Known are the schools whose kind teaches only this stage, and those whose register of pupils has children of
    that stage in the year.
    """
    only_preschool = {
        code.code
        for code in code_list("policy.school_kind").codes.values()
        if tuple(code.properties().get("stages", ())) == (Stage.PRESCHOOL,)
    }
    schools = snapshot.fetch(snapshot.table("school").order_by("code"))
    known = {row["id"] for row in schools if row["kind"] in only_preschool} | _with_children(snapshot, year)
    forms = {row["school"] for row in rows_of(snapshot, Kindergarten) if row["year"] == year}
    classes = {row["school"] for row in rows_of(snapshot, KindergartenClass) if row["year"] == year}
    texts = []
    for row in schools:
        missing = [
            title
            for title, reported in (("幼儿园基本情况表", forms), ("幼儿园班级表", classes))
            if row["id"] not in reported and row["id"] in known | forms | classes
        ]
        if missing:
            texts.append(f"{row['name']}没有填报“{'”“'.join(missing)}”")
    return texts


def _with_children(snapshot: Snapshot, year: int) -> set[int]:
    figure = catalogue.figure(_PUPILS)
    if not is_reported(figure, snapshot.unused):
        return set()
    answers = figure.per(snapshot, Period.parse(str(year)), "school", stage=str(Stage.PRESCHOOL))
    return {int(answer.slice["school"]) for answer in answers if answer.value and answer.slice["school"]}


def indicator_verdicts(snapshot: Snapshot, year: int, silent: Sequence[str]) -> Iterator[IndicatorVerdict]:
    """Yield the verdict on each indicator by the limits in force on 31 December of ``year``.

    Where kindergartens are ``silent``, what rests on the forms is neither met nor failed: shares may rise or fall.
    """
    rows = _rows(snapshot, year)
    for indicator in INDICATORS:
        verdict = _judge(snapshot, year, indicator)
        if silent and indicator.of_forms:
            so_far = f"按已经填报的：{verdict.reason}" if verdict.status is Status.NOT_MET else ""
            reason = f"有{len(silent)}所没有填报齐全，不能下结论。{so_far}"
            verdict = replace(verdict, status=Status.UNREPORTED, reason=reason)
        yield replace(verdict, failing=tuple(_failing(indicator, rows)))


def _judge(snapshot: Snapshot, year: int, indicator: Indicator) -> IndicatorVerdict:
    measured = measure_by(f"preschool.{indicator.figure}")(snapshot, year)
    limit = limit_of(indicator, year)
    if limit is None:
        reason = "没有这一年施行的标准，不能比较。请在“政策标准”中核对。"
        return IndicatorVerdict(indicator, Status.UNREPORTED, reason, None, measured)
    if indicator.base:
        base = measure_by(f"preschool.{indicator.base}")(snapshot, year)
        if base.value == 0:
            reason = f"没有{catalogue.figure(base.figure).label}。"
            return IndicatorVerdict(indicator, Status.NOT_APPLICABLE, reason, limit, measured)
    status, reason = compare(measured.value, limit, indicator.comparison, indicator.unit)
    return IndicatorVerdict(indicator, status, reason or measured.reason, limit, measured)


def limit_of(indicator: Indicator, year: int) -> Fraction | None:
    """Return the limit in force on 31 December of ``year`` in the indicator's unit, None without one."""
    matter = entry(f"preschool.{indicator.limit}")
    limit = matter.value(date(year, 12, 31))
    return None if limit is None else Fraction(limit) / (100 if matter.is_money else 1)


def _rows(snapshot: Snapshot, year: int) -> list[Row]:
    """Return the forms of a year with the name of the kindergarten and its oversized classes, by school code."""
    large: dict[int, list[str]] = {}
    for row in rows_of(snapshot, KindergartenClass):
        if row["year"] == year and row["size_level"] == "short":
            large.setdefault(row["school"], []).append(f"{row['name']}{row['children']}人")
    schools = {row["id"]: row for row in snapshot.fetch(snapshot.table("school"))}
    forms = [row for row in rows_of(snapshot, Kindergarten) if row["year"] == year]
    forms.sort(key=lambda row: schools[row["school"]]["code"])
    return [
        {**row, "name": schools[row["school"]]["name"], "large": large.get(row["school"], [])}
        for row in forms
    ]


def _failing(indicator: Indicator, rows: Sequence[Row]) -> Iterator[Failing]:
    for row in rows:
        problem = indicator.short(row) if indicator.short else ""
        if problem:
            yield Failing(row["school"], row["name"], problem)
