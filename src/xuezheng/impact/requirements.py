"""The requirements of assessments that are judged differently in two snapshots, and the conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from xuezheng.core.periods import Period
from xuezheng.figures import Assessment, NotAssessed, catalogue, conclude
from xuezheng.snapshots import Snapshot

_CONCLUSION = "结论"
_NOT_JUDGED = "没有判定"


@dataclass(frozen=True)
class RequirementChange:
    """A requirement of an assessment whose status differs, or its conclusion, which has no ``part``.

    All are Chinese texts; ``before`` and ``after`` are (status, note), the status "没有判定" where there is no such
    requirement or nothing can be judged.
    """

    assessment: str
    part: str
    title: str
    before: tuple[str, str]
    after: tuple[str, str]


def changed_requirements(before: Snapshot, after: Snapshot, period: Period) -> Iterator[RequirementChange]:
    """Yield the requirements whose status differs between two snapshots in a period; of each assessment its conclusion first.

    Assessments of areas that are switched off are left out.
    """
    for assessment in catalogue.assessments():
        if assessment.area in before.unused | after.unused:
            continue
        old, new = (_judged(assessment, snapshot, period) for snapshot in (before, after))
        for part, title in dict.fromkeys((*old, *new)):
            was = old.get((part, title), (_NOT_JUDGED, ""))
            will = new.get((part, title), (_NOT_JUDGED, ""))
            if was[0] != will[0]:
                name = assessment.parts[part] if part else ""
                yield RequirementChange(assessment.label, name, title, was, will)


def _judged(
    assessment: Assessment, snapshot: Snapshot, period: Period
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return (status, note) by (part, title), the conclusion first; of nothing judged only the reason."""
    try:
        requirements = assessment.requirements(snapshot, period)
    except NotAssessed as reason:
        return {("", _CONCLUSION): (_NOT_JUDGED, str(reason))}
    conclusion = conclude(each.status for each in requirements)
    return {
        ("", _CONCLUSION): (conclusion.value, ""),
        **{(each.part, each.title): (each.status.value, each.note) for each in requirements},
    }
