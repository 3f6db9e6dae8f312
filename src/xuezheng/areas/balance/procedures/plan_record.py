"""Stores plans with inputs and result as JSON text and their hashes, so that each can be recomputed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TypedDict

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


class WrittenStage(TypedDict):
    """A :class:`StageForm` in a plan's inputs; exact numbers are text."""

    pupils: int
    grades: int
    classes: int
    all_teachers: int
    teachers: dict[str, str]


class WrittenSchool(TypedDict):
    """A :class:`SchoolForm` in a plan's inputs, with the primary key of its school."""

    school: int
    name: str
    kind: str
    runner: str
    urban_rural: str
    shared: dict[str, str] | None
    stages: dict[str, WrittenStage]


class WrittenStandards(TypedDict):
    """The :class:`Standards` in a plan's inputs."""

    limits: dict[str, dict[str, str]]
    needed: int
    floor: str
    variation: dict[str, str]
    weights: dict[str, str]
    fewest: int


class WrittenCosts(TypedDict):
    """The :class:`Costs` in a plan's inputs, in yuan."""

    units: dict[str, str]
    transfer: str


class WrittenOptions(TypedDict):
    """The :class:`Options` in a plan's inputs; ``money`` is in yuan."""

    transfers: bool
    teachers: bool
    money: str | None
    new_teachers: int | None
    seconds: float


class WrittenInputs(TypedDict):
    """All that a plan follows from."""

    year: int
    schools: list[WrittenSchool]
    standards: WrittenStandards
    costs: WrittenCosts
    options: WrittenOptions


#: School, stage or ALL_STAGES, indicator, and the exact amount as text.
WrittenAmount = tuple[int, str, str, str]


class WrittenPlan(TypedDict, total=False):
    """One plan of a result: amounts and cost in yuan as text; or only ``refusal``, the Chinese reason why there is none."""

    refusal: str
    additions: list[WrittenAmount]
    moves: list[WrittenAmount]
    cost: str
    goal: str
    bound: str
    proven: bool
    gap: str


class WrittenBaseline(TypedDict):
    """The cost of bringing every indicator to its standard, in yuan, and whether the county then passes."""

    additions: list[WrittenAmount]
    cost: str
    passes: bool


class WrittenResult(TypedDict):
    """The result of a plan: the plans by their kind, and the baseline."""

    plans: dict[str, WrittenPlan]
    baseline: WrittenBaseline


def read_result(text: str) -> WrittenResult:
    """Return the result that :func:`compute` wrote as JSON."""
    written: WrittenResult = json.loads(text)
    return written


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
        raise NoPlan(f"{'、'.join(silent)}没有填报“分学段办学条件表”，不能测算。请补报后生成快照，再测算。")
    inputs = write_inputs(resources, standards, read_costs(snapshot.day), options)
    result = compute(inputs)
    if refusal := read_result(result)["plans"]["chosen"].get("refusal"):
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
    result: WrittenResult = {
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


def amounts_of(written: Sequence[WrittenAmount]) -> dict[Spot, Fraction]:
    """Return the amounts for tuples written by :func:`as_numbers`, by (school, stage, indicator key)."""
    return {(school, stage, key): Fraction(amount) for school, stage, key, amount in written}


def _result(resources: Resources, standards: Standards, costs: Costs, options: Options) -> WrittenPlan:
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
    """Return everything from which a plan is computed as JSON text, with exact fractions as text."""
    schools: list[WrittenSchool] = [
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
    written: WrittenInputs = {
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
    return _text(written)


def read_inputs(text: str) -> tuple[Resources, Standards, Costs, Options]:
    """Return the values for a JSON text that :func:`write_inputs` returned."""
    written: WrittenInputs = json.loads(text)
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


def _text(content: WrittenInputs | WrittenResult) -> str:
    # Schools keep their order, so that the programme and with it the plan is the same.
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def planned(row: GapPlan) -> dict[Spot, Fraction]:
    """Return additions plus net moves of the chosen plan, by (school, stage, indicator key)."""
    chosen = read_result(row.result)["plans"]["chosen"]
    total = amounts_of(chosen["additions"])
    for spot, amount in amounts_of(chosen["moves"]).items():
        total[spot] = total.get(spot, Fraction(0)) + amount
    return total
