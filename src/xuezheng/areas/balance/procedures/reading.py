"""Reads the basis of the verdict from a snapshot: years with forms, resources of a year, and standards."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from xuezheng.areas.balance.models import Facilities, StageCondition
from xuezheng.areas.balance.procedures.resources import (
    INDICATORS,
    Resources,
    SchoolForm,
    StageForm,
    Standards,
)
from xuezheng.areas.balance.rules import COMPULSORY
from xuezheng.figures import NotAssessed
from xuezheng.policy.current import entry, read_once, recorded
from xuezheng.reports.evaluation import rows_of, years_of
from xuezheng.snapshots import Snapshot

_WEIGHED = ("primary", "junior", "senior")


class NothingKnown(NotAssessed):
    """There are no data or standards to judge by; the text is a Chinese sentence with the remedy."""


def reference_day(year: int) -> date:
    """Return 1 September of ``year``, the reference day of school statistics, whose standards apply."""
    return date(year, 9, 1)


def years(snapshot: Snapshot) -> list[int]:
    """Return the years for which any school submitted the form of its stages, latest first."""
    return years_of(snapshot, StageCondition)


@read_once()
def read_standards(snapshot: Snapshot, year: int) -> Standards:
    """Return the standards in force on 1 September of ``year``, as recorded in the snapshot.

    Raises :class:`NothingKnown` if one of them has no value on that day.
    """

    def value(name: str, *keys: str) -> Any:
        matter = entry(f"balance.{name}")
        setting = matter.value(reference_day(year), *keys)
        if setting is None:
            raise NothingKnown(
                f"没有{reference_day(year)}施行的标准“{matter.title}”，不能判定{year}年。请在“政策标准”中核对施行日期，或选以后的年度。"
            )
        return setting

    with recorded(snapshot.policies):
        return Standards(
            {
                each.key: {
                    stage: Fraction(value(each.key, stage)) / (100 if _is_money(each.key) else 1)
                    for stage in COMPULSORY
                }
                for each in INDICATORS
            },
            int(value("needed")),
            Fraction(value("floor")) / 100,
            {stage: Fraction(value("variation_limit", stage)) for stage in COMPULSORY},
            {stage: Fraction(value("stage_weight", stage)) for stage in _WEIGHED},
            int(value("teaching_point_pupils")),
        )


def read_resources(snapshot: Snapshot, year: int) -> Resources:
    """Return what the schools reported for ``year``, in the order of their codes.

    Raises :class:`NothingKnown` if no school reported a stage.
    """
    stages: dict[int, dict[str, StageForm]] = {}
    kinds: dict[int, tuple[str, str]] = {}
    for row in rows_of(snapshot, StageCondition):
        if row["year"] == year:
            stages.setdefault(row["school"], {})[row["stage"]] = _stage_form(row)
            kinds[row["school"]] = row["school_kind"] or "", row["urban_rural"] or ""
    if not stages:
        raise NothingKnown(f"{year}年还没有学校填报“分学段办学条件表”。请导入后生成快照。")
    shared = {row["school"]: _shared(row) for row in rows_of(snapshot, Facilities) if row["year"] == year}
    schools = {row["id"]: row for row in snapshot.fetch(snapshot.table("school"))}
    return Resources(
        year,
        {
            school: SchoolForm(
                schools[school]["name"],
                kinds[school][0],
                schools[school]["runner"] or "",
                kinds[school][1],
                {stage: stages[school][stage] for stage in _WEIGHED if stage in stages[school]},
                shared.get(school),
            )
            for school in sorted(stages, key=lambda school: schools[school]["code"])
        },
    )


def _is_money(key: str) -> bool:
    return entry(f"balance.{key}").is_money


def _stage_form(row: dict[str, Any]) -> StageForm:
    higher = row["bachelor"] + row["master"] + row["doctor"]
    if row["stage"] == "primary":
        higher += row["associate"]
    arts = row["pe_teachers"] + row["music_teachers"] + row["art_teachers"]
    teachers = {"degree_per_100": higher, "backbone_per_100": row["backbone"], "arts_per_100": arts}
    return StageForm(
        row["pupils"],
        row["grades"],
        row["classes"],
        row["teachers"],
        {key: Fraction(number) for key, number in teachers.items()},
    )


def _shared(row: dict[str, Any]) -> dict[str, Fraction]:
    return {
        "rooms_per_pupil": Fraction(row["teaching_area"]) - Fraction(row["indoor_sports_area"]),
        "sports_per_pupil": Fraction(row["sports_area"]) + Fraction(row["indoor_sports_area"]),
        "equipment_per_pupil": Fraction(row["equipment"]) / 100,
        "media_per_100": Fraction(row["media_rooms"]),
    }
