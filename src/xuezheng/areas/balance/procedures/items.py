"""Judges the items of the evaluation other than resources: government, quality, vetoes and satisfaction.

An item is computed from registers where they have the data, and otherwise taken as registered with evidence.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from xuezheng.areas.balance.models import EvaluationItem
from xuezheng.core.periods import Period
from xuezheng.figures import Answer, Status, catalogue
from xuezheng.policy.current import entry, read_once
from xuezheng.records.code_lists import CodeVersion, code_list
from xuezheng.reports.evaluation import Measure, Measured, compare, measure_by, rows_of
from xuezheng.snapshots import Snapshot

Result: Any = EvaluationItem.Result  # without types of its own, Django's choices look like tuples
PARTS = {"government": "政府保障程度", "quality": "教育质量", "veto": "一票否决"}
_ITEMS = "balance.item"
_OF_THE_FORM = ("g03", "g04", "g05")
_SPECIAL_SCHOOL = "514"
_COMPULSORY_TYPES = ("primary", "junior", "special")
_TOWN = "1"  # kinds of places in cities and towns begin with it, those in the country with 2
_SATISFACTION = {
    "balance.satisfaction_rate": "问卷调查满意度",
    "balance.visit_satisfaction_rate": "实地走访满意度",
}


@dataclass(frozen=True)
class ItemVerdict:
    """The verdict on one item.

    ``value`` is compared with ``limit``, both in ``unit`` and None without one. ``measured`` is the number
    computed from registers and ``registered`` the row of the item in the snapshot, None without one.
    ``reason`` explains the status in Chinese, "" if the item is simply met. ``part`` is "government",
    "quality", "veto" or "survey".
    """

    code: str
    label: str
    part: str
    number: int
    unit: str
    status: Status
    reason: str
    value: Fraction | None = None
    limit: Fraction | None = None
    measured: Measured | None = None
    registered: Mapping[str, Any] | None = None

    @property
    def is_relaxed(self) -> bool:
        """Whether the item is met under a relaxed condition only."""
        row = self.registered
        return self.status is Status.MET and row is not None and row["result"] == Result.RELAXED


@read_once()
def item_verdicts(snapshot: Snapshot, year: int) -> list[ItemVerdict]:
    """Return the verdicts on the items in force on 31 December of ``year``, in the order of the code list.

    A number computed from registers decides before a registered number, and that before a registered result.
    """
    rows = {row["item"]: row for row in rows_of(snapshot, EvaluationItem) if row["year"] == year}
    limits, day = entry("balance.item_limit"), date(year, 12, 31)
    verdicts = []
    for code in code_list(_ITEMS).codes.values():
        if version := code.on(day):
            limit = limits.value(day, code.code)
            measured = _MEASURES[code.code](snapshot, year) if code.code in _MEASURES else None
            number = None if limit is None else Fraction(limit)
            verdicts.append(_decide(code.code, version, number, measured, rows.get(code.code)))
    return verdicts


@read_once()
def survey_verdicts(snapshot: Snapshot, year: int) -> list[ItemVerdict]:
    """Return the verdicts on the two rates of satisfaction, of questionnaires and of visits."""
    limit = Fraction(entry("balance.satisfaction").value(date(year, 12, 31)) or 0)
    verdicts = []
    for number, (key, label) in enumerate(_SATISFACTION.items(), start=1):
        measured = measure_by(key, str(year))(snapshot, year)
        status, reason = compare(measured.value, limit, "at_least", "%")
        if measured.value is None:
            reason = "没有登记“社会认可度调查表”，或没有有效问卷、没有走访。"
        verdicts.append(
            ItemVerdict(key, label, "survey", number, "%", status, reason, measured.value, limit, measured)
        )
    return verdicts


def standards_now(year: int) -> str:
    """Return the limits and items now in force for ``year`` as text, for use in cache keys.

    A verdict cached for a snapshot is valid as long as the text is the same.
    """
    day = date(year, 12, 31)
    limits = [entry(key).version(day) for key in ("balance.item_limit", "balance.satisfaction")]
    return repr([limits, [(code.code, code.on(day)) for code in code_list(_ITEMS).codes.values()]])


def as_far_as_reported(verdicts: list[ItemVerdict], silent: Sequence[str]) -> list[ItemVerdict]:
    """Return the verdicts, with those set to unreported that cannot be concluded without all schools.

    ``silent`` has the names of these schools. Concerned are items computed from the school conditions form
    that would otherwise be met, except under a relaxed condition.
    """
    if not silent:
        return verdicts
    reason = f"{'、'.join(silent)}没有填报办学条件表，不能下结论。"
    return [
        replace(each, status=Status.UNREPORTED, reason=reason)
        if each.code in _OF_THE_FORM and each.status is Status.MET and not each.is_relaxed
        else each
        for each in verdicts
    ]


def _decide(
    code: str,
    version: CodeVersion,
    limit: Fraction | None,
    measured: Measured | None,
    row: Mapping[str, Any] | None,
) -> ItemVerdict:
    """Decide an item. What registers compute is decisive; else the registered number, else the registered result."""
    about, comparison = version.properties, version.properties.get("compare", "at_least")
    unit = str(about.get("unit", ""))
    value = measured.value if measured else None
    if value is None and row is not None and row["value"] is not None:
        value = Fraction(row["value"])
    if limit is None and "compare" in about:
        status, reason = Status.UNREPORTED, "没有这一年施行的标准，不能比较。请在“政策标准”中核对。"
    elif limit is not None and (value is not None or row is None):
        status, reason = compare(value, limit, comparison, unit)
        if value is None:
            reason = (measured.reason if measured else "") or "“优质均衡评估项目表”中没有登记这一项。"
    else:
        status, reason = _registered(row, limit)
    if row is not None:
        status, reason = _with_register(status, reason, row)
    return ItemVerdict(
        code,
        version.label,
        str(about.get("part", "")),
        int(about.get("number", 0)),
        unit,
        status,
        reason,
        value,
        limit,
        measured,
        row,
    )


def _registered(row: Mapping[str, Any] | None, limit: Fraction | None) -> tuple[Status, str]:
    """Decide by the registered result alone; a number that is asked for and missing leaves the item unreported."""
    if row is None:
        return Status.UNREPORTED, "“优质均衡评估项目表”中没有登记这一项。"
    if row["result"] in (Result.NOT_MET, Result.HAPPENED):
        return Status.NOT_MET, f"登记为“{Result(row['result']).label}”。"
    if limit is not None and row["result"] != Result.RELAXED:
        return Status.UNREPORTED, "登记了结果而没有登记数值，不能与标准比较。"
    return Status.MET, ""


def _with_register(status: Status, reason: str, row: Mapping[str, Any]) -> tuple[Status, str]:
    """Set what was registered against what the number shows: a relaxed condition lifts a failure, a contradiction is pointed out."""
    result = row["result"]
    if status is Status.NOT_MET and result == Result.RELAXED:
        return Status.MET, f"按放宽条件达到：{row['condition']}。{reason}"
    if status is Status.NOT_MET and result == Result.MET:
        return status, f"{reason}登记为“达到”，与数值不符，请核对。"
    if status is Status.MET and result == Result.NOT_MET:
        return Status.NOT_MET, "登记为“没有达到”，与数值不符，请核对。"
    return status, reason


def _funds_of_special_schools(snapshot: Snapshot, year: int) -> Measured:
    """The money of special schools for a pupil in a year: the sum of its terms, each of them paid money divided by pupils."""
    key, slice_ = "finance.public_funds", {"school_kind": _SPECIAL_SCHOOL}
    total = Fraction(0)
    for term in Period.parse(str(year)).terms:
        money = measure_by(key, term, **slice_)(snapshot, year)
        pupils = measure_by("finance.funded_pupils", term, **slice_)(snapshot, year)
        if money.value is None or not pupils.value:
            return Measured(None, key, term, slice_, f"{term}学期没有特殊教育学校的公用经费记录。")
        total += money.value / pupils.value
    return Measured(total, key, str(year), slice_)


def _certified(snapshot: Snapshot, year: int) -> Measured:
    """The share of certified teachers at schools that have a compulsory stage and no senior one, whose teachers are not told apart."""
    counts = []
    for key in ("staffing.teachers_certified", "staffing.teachers"):
        parts = [measure_by(key, school_type=kind)(snapshot, year).value for kind in _COMPULSORY_TYPES]
        counts.append(sum((part for part in parts if part is not None), Fraction(0)))
    if not counts[1]:
        return Measured(None, "staffing.certified_rate", str(year), {}, "教师台账里没有小学、初中教师。")
    return Measured(counts[0] * 100 / counts[1], "staffing.certified_rate", str(year))


def _in_zone(stage: str) -> Measure:
    """Return the measure of applicants of city and town schools who live in the school's zone; those of private schools have no tier."""

    def measure(snapshot: Snapshot, year: int) -> Measured:
        key, slice_ = "enrolment.applicants_in_zone_rate", {"stage": stage}
        period, counts = Period.parse(str(year)), {}
        for name in ("enrolment.applicants_in_zone", "enrolment.applicants"):
            answers = catalogue.figure(name).breakdown(snapshot, period, ("urban_rural", "tier"), stage=stage)
            counts[name] = sum(int(answer.value or 0) for answer in answers if _is_public_in_town(answer))
        if not counts["enrolment.applicants"]:
            return Measured(None, key, str(year), slice_, "没有城区和镇区公办学校的入学报名记录。")
        rate = Fraction(counts["enrolment.applicants_in_zone"] * 100, counts["enrolment.applicants"])
        return Measured(rate, key, str(year), slice_)

    return measure


def _is_public_in_town(answer: Answer) -> bool:
    return bool(answer.slice.get("tier")) and answer.slice.get("urban_rural", "").startswith(_TOWN)


#: Counts of a school year are those of the one that ended before the reference day, as statistics count them.
_MEASURES: dict[str, Measure] = {
    "g03": measure_by("balance.schools_short_of_rooms"),
    "g04": measure_by("balance.oversized_schools"),
    "g05": measure_by("balance.schools_with_large_classes"),
    "g07": _funds_of_special_schools,
    "g11_rotation": measure_by("staffing.rotated_rate", "{before}-{year}"),
    "g11_backbone": measure_by("staffing.rotated_backbone_rate", "{before}-{year}"),
    "g12": _certified,
    "g13_primary": _in_zone("primary"),
    "g13_junior": _in_zone("junior"),
    "g15_migrants": measure_by("enrolment.migrant_public_rate"),
    "q01": measure_by("enrolment.junior_retention_rate"),
    "q02": measure_by("enrolment.disabled_enrolment_rate"),
}


def by_number(verdicts: list[ItemVerdict], part: str) -> Iterator[tuple[int, list[ItemVerdict]]]:
    """Yield (number in the national form, its items) for the items of ``part``.

    One number may have several items.
    """
    numbered: dict[int, list[ItemVerdict]] = {}
    for verdict in verdicts:
        if verdict.part == part:
            numbered.setdefault(verdict.number, []).append(verdict)
    yield from numbered.items()
