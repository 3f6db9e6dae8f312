"""Background jobs for plans to pass the evaluation: compute one, and recompute one to verify it."""

from __future__ import annotations

from fractions import Fraction

from django.urls import reverse

from xuezheng.areas.balance.models import GapPlan
from xuezheng.areas.balance.procedures.gap_plan import NoPlan, Options
from xuezheng.areas.balance.procedures.plan_record import compute, hash_of, make_plan
from xuezheng.areas.balance.procedures.reading import NothingKnown
from xuezheng.jobs.kinds import Result, Run, job
from xuezheng.snapshots import Snapshot, SnapshotError


@job("balance.gap_plan", "测算达标方案", faults=(NoPlan, NothingKnown, SnapshotError))
def gap_plan(
    run: Run, year: int, transfers: bool, teachers: bool, money: str, new_teachers: int | None
) -> Result:
    """Compute the least-cost plan with which the county passes in ``year``, and store it.

    The newest snapshot is used. ``transfers`` and ``teachers`` are whether teachers may be moved and added.
    ``money`` is the ceiling of the cost in yuan as text, "" for none; ``new_teachers`` that of added
    teachers, None for none. Raises :class:`NoPlan` if there is no plan, and :class:`NothingKnown` or
    ``SnapshotError`` if data are missing; the user then sees the text.
    """
    run("测算方案", 0, 1)
    options = Options(transfers, teachers, Fraction(money) if money else None, new_teachers)
    made = make_plan(Snapshot.latest(), year, options, run.user)
    address = reverse("balance:plan", args=[made.pk])
    return {"address": address, "message": f"{made}已测算。", "level": "success"}


@job("balance.check_plan", "重算达标方案")
def check_plan(run: Run, plan: int) -> Result:
    """Recompute a plan from its stored inputs, and report whether the result is the same.

    ``plan`` is the primary key of a :class:`GapPlan`. The result has the level "success" if both hashes
    match, otherwise "warning".
    """
    row = GapPlan.objects.get(pk=plan)
    run("重算方案", 0, 1)
    same = hash_of(row.inputs) == row.inputs_hash and hash_of(compute(row.inputs)) == row.result_hash
    address = reverse("balance:plan", args=[row.pk])
    if same:
        return {"address": address, "message": "用当时的输入重算，与当时的方案一致。", "level": "success"}
    message = "重算与当时的方案不一致：方案或输入被改动过，或当时在限时内没有算完。请核对，必要时重新测算。"
    return {"address": address, "message": message, "level": "warning"}
