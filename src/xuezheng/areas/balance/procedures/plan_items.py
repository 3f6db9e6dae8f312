"""Registers a plan to pass the evaluation as items and targets of the bureau's half-year plan."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.procedures.gap_plan import Spot
from xuezheng.areas.balance.procedures.plan_record import planned, read_inputs
from xuezheng.areas.balance.procedures.resources import ALL_STAGES, INDICATORS, Indicator
from xuezheng.areas.balance.procedures.verdict import ResourceVerdict, SchoolVerdict, judge
from xuezheng.areas.balance.rules import COMPULSORY
from xuezheng.core.periods import Period, PeriodError
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.figures import Status
from xuezheng.intake.importing import import_workbook
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.fields import field_of
from xuezheng.records.models import Batch, School, Stage, User
from xuezheng.registry import areas
from xuezheng.workbooks import sheet_catalogue, write_workbook

_AREA = "balance"
_PASSING = "通过优质均衡督导评估"


class NotAdopted(Exception):
    """The items were not registered; the text is a Chinese sentence with the reason and the remedy."""


def adopt(row: GapPlan, planned_for: str, due_on: date, user: User) -> Batch:
    """Register the chosen plan of ``row`` as plan items with targets; return the batch, which can be undone.

    ``planned_for`` is a half-year such as "2019H2", ``due_on`` the deadline of all items. Raises
    :class:`NotAdopted` if it is no half-year, the half-year already has such an item, or the import has
    errors.
    """
    _check(planned_for)
    items, targets = _rows(row, planned_for, due_on)
    sheets = {sheet_catalogue.sheet("计划任务"): items, sheet_catalogue.sheet("计划目标"): targets}
    with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
        path = Path(folder) / f"{row}.xlsx"
        write_workbook(path, sheets)
        outcome = import_workbook(path, user)
    if not outcome.saved or outcome.batch is None:
        problems = "；".join(problem.sentence() for problem in outcome.problems[:3])
        raise NotAdopted(f"没有登记：{problems or '计划里已有同样的任务'}")
    return outcome.batch


def _check(planned_for: str) -> None:
    try:
        period = Period.parse(planned_for)
    except PeriodError as error:
        raise NotAdopted(str(error)) from None
    if period.key[4:5] != "H":
        raise NotAdopted("计划按半年编制。请写作如“2019H2”。")
    titles = [_title(indicator) for indicator in INDICATORS] + [_PASSING]
    known = PlanItem.objects.filter(planned_for=planned_for, title__in=titles).first()
    if known:
        raise NotAdopted(f"{period.label}的计划里已有任务“{known}”。请先撤销那次登记，或改选别的半年。")


def _rows(row: GapPlan, planned_for: str, due_on: date) -> tuple[list[list[str]], list[list[str]]]:
    """Return the rows of the two sheets: an item for each indicator with additions or moves, and one for the county as a whole."""
    resources, standards, _, _ = read_inputs(row.inputs)
    total = planned(row)
    before, after = judge(resources, standards), judge(resources.with_added(total), standards)
    codes = dict(School.objects.values_list("pk", "code"))
    section = areas()[_AREA].title
    number = max(PlanItem.objects.filter(planned_for=planned_for).values_list("number", flat=True), default=0)
    items: list[list[str]] = []
    targets: list[list[str]] = []

    def add_item(title: str, measures: str, rows: list[list[str]]) -> None:
        place = number + len(items) + 1
        items.append([planned_for, str(place), title, section, str(due_on), measures, "", ""])
        targets.extend([planned_for, str(place), each[0], section, str(due_on), *each[1:]] for each in rows)

    longest = field_of(PlanItem, "measures").max_length or 0
    longest -= len("。")
    for indicator in INDICATORS:
        raised = [school for school in after.schools if _amount(total, school, indicator) > 0]
        if raised:
            names = "、".join(dict.fromkeys(school.row.name for school in raised))
            measures = f"按达标方案，为{names}补足{indicator.resource}"[:longest]
            rows = [_school_target(school, indicator, codes) for school in raised]
            add_item(_title(indicator), f"{measures}。", rows)
    add_item(
        _PASSING,
        "按达标方案逐校补齐短板，使各校综合达标，各项指标的校际差异系数都在上限以内。",
        list(_county_targets(before, after)),
    )
    return items, targets


def _amount(total: dict[Spot, Fraction], school: SchoolVerdict, indicator: Indicator) -> Fraction:
    stage = ALL_STAGES if indicator.shared else school.row.stage
    return total.get((school.row.school, stage, indicator.key), Fraction(0))


def _title(indicator: Indicator) -> str:
    return f"补足{indicator.resource}"


def _school_target(school: SchoolVerdict, indicator: Indicator, codes: dict[int, str]) -> list[str]:
    value = float(school.row.value(indicator) or 0)
    return [
        f"{school.row.name}（{Stage(school.row.stage).label}）{indicator.name}",
        indicator.figure,
        f"stage={school.row.stage}",
        codes[school.row.school],
        Target.Operator.AT_LEAST.label,
        f"{value:.2f}",
    ]


def _county_targets(before: ResourceVerdict, after: ResourceVerdict) -> Iterator[list[str]]:
    for stage in COMPULSORY:
        if after.of(stage):
            label = Stage(stage).label
            yield [
                f"{label}综合达标学校比例",
                "balance.passing_rate",
                f"stage={stage}",
                "",
                Target.Operator.AT_LEAST.label,
                "100",
            ]
    for variation in before.variations:
        if variation.status is Status.NOT_MET:
            title = f"{Stage(variation.stage).label}{variation.indicator.name}差异系数"
            limit = f"{float(variation.limit):.2f}"
            yield [
                title,
                variation.indicator.variation,
                f"stage={variation.stage}",
                "",
                Target.Operator.AT_MOST.label,
                limit,
            ]
