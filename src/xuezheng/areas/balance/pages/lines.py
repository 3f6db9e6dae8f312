"""Prepares verdicts and plans for display: numbers as text, colours, and links to their sources."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from xuezheng.areas.balance.procedures.county import CountyVerdict
from xuezheng.areas.balance.procedures.gap_plan import Spot
from xuezheng.areas.balance.procedures.gaps import gaps, pushes
from xuezheng.areas.balance.procedures.items import ItemVerdict, Result
from xuezheng.areas.balance.procedures.resources import ALL_STAGES, BY_KEY, INDICATORS, Indicator, Resources
from xuezheng.areas.balance.procedures.verdict import (
    Level,
    ResourceVerdict,
    SchoolVerdict,
    Variation,
)
from xuezheng.areas.balance.rules import COMPULSORY
from xuezheng.records.models import Stage
from xuezheng.reports.evaluation import number
from xuezheng.reports.model import NO_NUMBER
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.statuses import STATUS_COLOURS

_LEVEL_CLASSES = {
    Level.REACHED: "",
    Level.NEAR: "text-warning",
    Level.BELOW: "text-danger fw-bold",
    Level.UNREPORTED: "text-secondary",
}
_EQUIPMENT = "equipment_per_pupil"
_WAN = 10_000


class Shown(NamedTuple):
    """A cell of a table: its text, CSS class, explanation, and the URL it links to.

    All but the text may be "".
    """

    text: str
    css: str = ""
    about: str = ""
    address: str = ""


def two(value: Fraction | float | None) -> str:
    """Return a number as text with two decimals; a dash for None."""
    return NO_NUMBER if value is None else f"{float(value):,.2f}"


def three(value: float | None) -> str:
    """Return a coefficient of variation as text with three decimals; a dash for None."""
    return NO_NUMBER if value is None else f"{value:.3f}"


def amount(indicator: Indicator, units: Fraction) -> str:
    """Return an amount of a resource as text with its unit: "2人", "140平方米", equipment in 元 or 万元."""
    if indicator.key == _EQUIPMENT:
        return f"{number(units / _WAN)}万元" if abs(units) >= _WAN else f"{number(units)}元"
    return f"{number(units)}{indicator.counter}"


def money(yuan: Fraction) -> str:
    """Return an amount of money in yuan as text in 万元 with the unit, rounded to at most two decimals: "1,234.5万元"."""
    return f"{number(yuan / _WAN)}万元"


def policy_address(key: str) -> str:
    """Return the URL of the page of a standard; ``key`` is its key without the prefix "balance."."""
    return reverse("web:standard", args=[f"balance.{key}"])


def stage_tables(judged: ResourceVerdict, year: int) -> list[dict[str, Any]]:
    """Return a template dict for each stage in which schools are evaluated, primary before junior.

    "label" is the Chinese name of the stage. "schools" has a dict for each school: "name", "pupils", "cells" (a
    :class:`Shown` for each of the seven indicators), "reached" (how many indicators reach their standard),
    "status" (Chinese) and "colour". "variations" has a dict for each indicator's coefficient of variation:
    "indicator", "mean", "value", "limit", "status", "colour", "sentence" (on the school that adds most to
    it, or ""), "address" and "mean_address". ``year`` is the year judged, for the links to figures.
    """
    return [
        {
            "label": Stage(stage).label,
            "schools": [_school_line(school, year) for school in judged.of(stage)],
            "variations": [_variation_line(each, year) for each in judged.variations if each.stage == stage],
        }
        for stage in COMPULSORY
        if judged.of(stage)
    ]


def _school_line(school: SchoolVerdict, year: int) -> dict[str, Any]:
    row = school.row
    slice_ = {"school": str(row.school), "stage": row.stage}
    return {
        "name": row.name,
        "pupils": row.pupils,
        "cells": [
            Shown(
                two(cell.value),
                _LEVEL_CLASSES[cell.level],
                f"{cell.indicator.name}：{cell.level.value}，标准{number(cell.limit)}，85%为{number(cell.floor)}",
                figure_address(cell.indicator.figure, str(year), slice_) if cell.value is not None else "",
            )
            for cell in school.cells
        ],
        "reached": school.reached,
        "status": school.status.value,
        "colour": STATUS_COLOURS[school.status],
    }


def _variation_line(variation: Variation, year: int) -> dict[str, Any]:
    first = next(iter(pushes(variation)), None)
    sentence = ""
    if first is not None:
        side = "高于" if first.value > first.mean else "低于"
        sentence = (
            f"{first.row.name}有{first.row.pupils}名学生，其值{two(first.value)}{side}平均数{two(first.mean)}，"
            f"占各校离差平方和的{float(first.part):.0%}"
        )
        if first.without is not None:
            sentence += f"；若它等于其他学校的平均数，差异系数为{first.without:.3f}"
        sentence += "。"
    return {
        "indicator": variation.indicator,
        "mean": two(variation.mean),
        "value": three(variation.value),
        "limit": two(variation.limit),
        "status": variation.status.value,
        "colour": STATUS_COLOURS[variation.status],
        "sentence": sentence,
        "address": figure_address(variation.indicator.variation, str(year), {"stage": variation.stage}),
        "mean_address": figure_address(variation.indicator.figure, str(year), {"stage": variation.stage}),
    }


def gap_lines(judged: ResourceVerdict) -> list[dict[str, Any]]:
    """Return a dict for the template for each indicator of a school below its standard."""
    return [
        {
            "school": f"{gap.row.name}（{Stage(gap.row.stage).label}）",
            "indicator": gap.indicator.name,
            "value": two(gap.cell.value),
            "limit": number(gap.cell.limit),
            "to_floor": amount(gap.indicator, gap.to_floor) if gap.to_floor else "",
            "to_limit": amount(gap.indicator, gap.to_limit),
            "is_shared": gap.indicator.shared and gap.row.share != 1,
        }
        for gap in gaps(judged)
    ]


def item_lines(verdicts: tuple[ItemVerdict, ...], part: str, year: int) -> list[dict[str, Any]]:
    """Return a dict for the template for each item of ``part``, with links to the source of its number."""
    return [_item_line(item, year) for item in verdicts if item.part == part]


def _item_line(item: ItemVerdict, year: int) -> dict[str, Any]:
    measured, row = item.measured, item.registered
    register = reverse("web:register", args=["balance_evaluationitem"])
    return {
        "item": item,
        "value": "" if item.value is None else f"{number(item.value)}{item.unit}",
        "limit": "" if item.limit is None else f"{number(item.limit)}{item.unit}",
        "status": "按放宽条件达到" if item.is_relaxed else item.status.value,
        "colour": STATUS_COLOURS[item.status],
        "figure": figure_address(measured.figure, measured.period, measured.slice) if measured else "",
        "document": row["document"] if row else "",
        "result": Result(row["result"]).label if row else "",
        "register": f"{register}?{urlencode({'year': str(year), 'item': item.code})}" if row else "",
    }


def difference_lines(county: CountyVerdict) -> list[tuple[Any, str]]:
    """Return each difference between form and registers, with the URL of the figure of the register."""
    return [(each, figure_address(each.figure, each.period, each.slice)) for each in county.differences]


def spot_lines(
    amounts: Mapping[Spot, Fraction], resources: Resources, costs: Mapping[str, Fraction]
) -> Iterator[dict[str, Any]]:
    """Yield a template dict for each addition, or each move of teachers, of a plan.

    ``amounts`` has how much is added by (primary key of the school, stage, key of the indicator), in the unit
    of what is counted (persons, square metres, yuan, rooms); the stage is ``ALL_STAGES`` for what the whole
    school shares. For moves it is the net number of teachers who arrive, negative for those who leave.
    ``resources`` gives the schools' names and order, in which the dicts come. ``costs`` has the cost in yuan
    of one unit by key of the indicator, and is empty for moves.

    The keys are "school", "stage" and "resource" (Chinese names), "amount" (text with its unit, without
    sign), "arrives" (whether the amount is positive) and "cost" (text in 万元, "" with empty ``costs``).
    """
    order = {school: place for place, school in enumerate(resources.schools)}
    keys = [indicator.key for indicator in INDICATORS]
    for (school, stage, key), units in sorted(
        amounts.items(), key=lambda each: (order[each[0][0]], each[0][1], keys.index(each[0][2]))
    ):
        indicator = BY_KEY[key]
        yield {
            "school": resources.schools[school].name,
            "stage": "全校" if stage == ALL_STAGES else Stage(stage).label,
            "resource": indicator.resource,
            "amount": amount(indicator, abs(units)),
            "arrives": units > 0,
            "cost": money(units * costs[key]) if costs else "",
        }
