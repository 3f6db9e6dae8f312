"""Stores plans with inputs and result as JSON text and their hashes, so that each can be recomputed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db import transaction

from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.procedures.gap_plan import (
    Costs,
    NoPlan,
    Options,
    Plan,
    Spot,
    as_numbers,
    cost_of,
    plan,
)
from xuezheng.areas.balance.procedures.gaps import fill_every_gap
from xuezheng.areas.balance.procedures.reading import NothingKnown, read_resources, read_standards
from xuezheng.areas.balance.procedures.registers import silent_schools
from xuezheng.areas.balance.procedures.resources import (
    INDICATORS,
    Resources,
    SchoolForm,
    StageForm,
    Standards,
)
from xuezheng.areas.balance.procedures.verdict import judge
from xuezheng.policy.current import entry, read_once
from xuezheng.records.models import ChainLink, User
from xuezheng.snapshots import Snapshot

#: The kinds of plans that are computed beside each other.
KINDS = {
    "chosen": "所选条件下费用最少",
    "no_transfers": "不调动教师",
    "facilities": "只增加设施，不增加、不调动教师",
}
BASELINE = "每项都补到标准"


@read_once()
def read_costs(day: date) -> Costs:
    """Return the costs that the bureau has set, in force on ``day``, converted from fen to yuan.

    Raises :class:`NothingKnown` if one of them is not set.
    """

    def value(name: str, *keys: str) -> Fraction:
        matter = entry(f"balance.{name}")
        fen = matter.value(day, *keys)
        if fen is None:
            raise NothingKnown(f"没有“{matter.title}”的设置，不能测算费用。请在“政策标准”中提出。")
        return Fraction(fen) / 100

    return Costs({each.key: value("unit_cost", each.key) for each in INDICATORS}, value("transfer_cost"))


@transaction.atomic
def make_plan(snapshot: Snapshot, year: int, options: Options, user: User) -> GapPlan:
    """Compute the plan for ``year`` and its alternatives from a snapshot, and store them.

    Raises :class:`NoPlan` if a school did not report, or there is no plan with the chosen ``options``, and
    :class:`NothingKnown` if no school reported, or a standard or cost is not set. Alternatives may be
    impossible.
    """
    resources, standards = read_resources(snapshot, year), read_standards(snapshot, year)
    if silent := list(silent_schools(snapshot, resources)):
        raise NoPlan(f"{'、'.join(silent)}没有填报“分学段办学条件表”，不能测算。请补报后冻结台账，再测算。")
    inputs = write_inputs(resources, standards, read_costs(snapshot.day), options)
    result = compute(inputs)
    if refusal := json.loads(result)["plans"]["chosen"].get("refusal"):
        raise NoPlan(refusal)
    made: GapPlan = GapPlan.objects.create(
        year=year,
        snapshot=snapshot.id,
        inputs=inputs,
        inputs_hash=hash_of(inputs),
        result=result,
        result_hash=hash_of(result),
        made_by=user,
    )
    ChainLink.objects.append("balance.gap_plan", [made.pk])
    return made


def compute(inputs: str) -> str:
    """Compute a result as JSON text from inputs as JSON text.

    Equal inputs give the same text unless time runs out.
    """
    resources, standards, costs, options = read_inputs(inputs)
    kinds = {
        "chosen": options,
        "no_transfers": Options(
            False, options.teachers, options.money, options.new_teachers, options.seconds
        ),
        "facilities": Options(False, False, options.money, options.new_teachers, options.seconds),
    }
    filled = fill_every_gap(judge(resources, standards))
    after = judge(resources.with_added(filled), standards)
    result = {
        "plans": {name: _result(resources, standards, costs, each) for name, each in kinds.items()},
        "baseline": {
            "additions": as_numbers(filled),
            "cost": str(cost_of(filled, {}, costs)),
            "passes": after.passes,
        },
    }
    return _text(result)


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, in 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def amounts_of(written: list[list[Any]]) -> dict[Spot, Fraction]:
    """Return amounts by spot from a result's JSON."""
    return {(school, stage, key): Fraction(amount) for school, stage, key, amount in written}


def _result(resources: Resources, standards: Standards, costs: Costs, options: Options) -> dict[str, Any]:
    try:
        made: Plan = plan(resources, standards, costs, options)
    except NoPlan as refusal:
        return {"refusal": str(refusal)}
    return {
        "additions": as_numbers(made.additions),
        "moves": as_numbers(made.moves),
        "cost": str(made.cost),
        "goal": f"{made.goal:.2f}",
        "bound": f"{made.bound:.2f}",
        "proven": made.is_proven,
        "gap": f"{made.gap:.6f}",
    }


def write_inputs(resources: Resources, standards: Standards, costs: Costs, options: Options) -> str:
    """Return all that a plan follows from as JSON, with exact numbers as text."""
    schools = [
        {
            "school": school,
            "name": form.name,
            "kind": form.kind,
            "runner": form.runner,
            "urban_rural": form.urban_rural,
            "shared": None if form.shared is None else _texts(form.shared),
            "stages": {
                stage: {
                    "pupils": each.pupils,
                    "grades": each.grades,
                    "classes": each.classes,
                    "all_teachers": each.all_teachers,
                    "teachers": _texts(each.teachers),
                }
                for stage, each in form.stages.items()
            },
        }
        for school, form in resources.schools.items()
    ]
    return _text(
        {
            "year": resources.year,
            "schools": schools,
            "standards": {
                "limits": {key: _texts(limits) for key, limits in standards.limits.items()},
                "needed": standards.needed,
                "floor": str(standards.floor),
                "variation": _texts(standards.variation),
                "weights": _texts(standards.weights),
                "fewest": standards.fewest,
            },
            "costs": {"units": _texts(costs.units), "transfer": str(costs.transfer)},
            "options": {
                "transfers": options.transfers,
                "teachers": options.teachers,
                "money": None if options.money is None else str(options.money),
                "new_teachers": options.new_teachers,
                "seconds": options.seconds,
            },
        }
    )


def read_inputs(text: str) -> tuple[Resources, Standards, Costs, Options]:
    """Return what :func:`write_inputs` wrote."""
    written = json.loads(text)
    schools = {
        each["school"]: SchoolForm(
            each["name"],
            each["kind"],
            each["runner"],
            each["urban_rural"],
            {
                stage: StageForm(
                    form["pupils"],
                    form["grades"],
                    form["classes"],
                    form["all_teachers"],
                    _numbers(form["teachers"]),
                )
                for stage, form in each["stages"].items()
            },
            None if each["shared"] is None else _numbers(each["shared"]),
        )
        for each in written["schools"]
    }
    rules, costs, options = written["standards"], written["costs"], written["options"]
    return (
        Resources(written["year"], schools),
        Standards(
            {key: _numbers(limits) for key, limits in rules["limits"].items()},
            rules["needed"],
            Fraction(rules["floor"]),
            _numbers(rules["variation"]),
            _numbers(rules["weights"]),
            rules["fewest"],
        ),
        Costs(_numbers(costs["units"]), Fraction(costs["transfer"])),
        Options(
            options["transfers"],
            options["teachers"],
            None if options["money"] is None else Fraction(options["money"]),
            options["new_teachers"],
            options["seconds"],
        ),
    )


def _texts(numbers: Mapping[str, Fraction]) -> dict[str, str]:
    return {key: str(number) for key, number in numbers.items()}


def _numbers(texts: Mapping[str, str]) -> dict[str, Fraction]:
    return {key: Fraction(text) for key, text in texts.items()}


def _text(content: Any) -> str:
    # Schools keep their order, so that the programme and with it the plan is the same.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def planned(row: GapPlan) -> dict[Spot, Fraction]:
    """Return what a kept plan changes, additions and moves together, by spot."""
    chosen = json.loads(row.result)["plans"]["chosen"]
    total = amounts_of(chosen["additions"])
    for spot, amount in amounts_of(chosen["moves"]).items():
        total[spot] = total.get(spot, Fraction(0)) + amount
    return total
