"""The section's background jobs: a plan of the least cost is computed, or computed anew and compared."""

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
    """Compute the plan for a year from the newest snapshot; ``money`` is the ceiling in yuan as text, "" for none."""
    run("测算方案", 0, 1)
    options = Options(transfers, teachers, Fraction(money) if money else None, new_teachers)
    made = make_plan(Snapshot.latest(), year, options, run.user)
    address = reverse("balance:plan", args=[made.pk])
    return {"address": address, "message": f"{made}已测算。", "level": "success"}


@job("balance.check_plan", "重算达标方案")
def check_plan(run: Run, plan: int) -> Result:
    """Compute a plan anew from its own inputs, and compare."""
    row = GapPlan.objects.get(pk=plan)
    run("重算方案", 0, 1)
    same = hash_of(row.inputs) == row.inputs_hash and hash_of(compute(row.inputs)) == row.result_hash
    address = reverse("balance:plan", args=[row.pk])
    if same:
        return {"address": address, "message": "用当时的输入重算，与当时的方案一致。", "level": "success"}
    message = "重算与当时的方案不一致：方案或输入被改动过，或当时在限时内没有算完。请核对，必要时重新测算。"
    return {"address": address, "message": message, "level": "warning"}
