"""The consistency check of rotation plans, for the ``doctor`` command."""

from __future__ import annotations

from xuezheng.areas.staffing.models import RotationPlan
from xuezheng.areas.staffing.procedures.steps import placing_hash, placing_of
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.records.models.chain import digest


@check("交流轮岗方案")
def rotation_plans(notes: Notes) -> str:
    """Check each rotation plan for changes that were not made through the system.

    Reports a finding for each plan whose inputs, computed placements or decided placements do not match the
    stored hash, or whose state differs from that of its last step. Returns a Chinese sentence with the number
    of plans checked.
    """
    plans = RotationPlan.objects.prefetch_related("steps")
    for plan in plans:
        computed = dict(plan.placements.values_list("person", "computed_school"))
        last = max(plan.steps.all(), key=lambda step: step.pk, default=None)
        if digest(plan.inputs) != plan.inputs_hash:
            notes.find(f"{plan}的编排依据与校验值不符。请从备份恢复，并查明谁改过。")
        if placing_hash(computed) != plan.result_hash:
            notes.find(f"{plan}的编排结果与校验值不符。请从备份恢复，并查明谁改过。")
        if plan.decided_hash and placing_hash(placing_of(plan)) != plan.decided_hash:
            notes.find(f"{plan}定案以后的安排被改过。请从备份恢复，并查明谁改过。")
        if last is None or last.after != plan.state:
            notes.find(f"{plan}的状态与经办记录不符。请从备份恢复，并查明谁改过。")
    return f"{len(plans)}个方案，编排依据、结果与经办记录相符。"
