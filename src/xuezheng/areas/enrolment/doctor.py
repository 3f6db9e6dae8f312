"""The consistency checks of draws and zone plans, for the ``doctor`` command."""

from __future__ import annotations

from xuezheng.areas.enrolment.models import Draw, ZonePlan
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.steps import result_hash, result_of
from xuezheng.areas.enrolment.procedures.zoning.frozen import hash_result
from xuezheng.operations.doctor.check import Notes, check


@check("公开派位")
def draws(notes: Notes) -> str:
    """Check each draw for changes that were not made through the system.

    Reports a finding for each draw whose list does not match its published hash, whose recomputed result does
    not match the stored hash, or whose state differs from that of its last step. Returns a Chinese sentence
    with the number checked.
    """
    rows = Draw.objects.select_related("school").prefetch_related("steps")
    for row in rows:
        last = max(row.steps.all(), key=lambda step: step.pk, default=None)
        if hash_of(row.listing) != row.list_hash:
            notes.find(f"{row}的名单与公布的校验值不符。请从备份恢复，并查明谁改过。")
        elif row.result_hash and result_hash(result_of(row)) != row.result_hash:
            notes.find(f"{row}按现在的计划数、种子数重算，与派位时的结果不符。请从备份恢复，并查明谁改过。")
        if last is None or last.after != row.state:
            notes.find(f"{row}的状态与经办记录不符。请从备份恢复，并查明谁改过。")
    return f"{len(rows)}次，名单、结果与经办记录相符。"


@check("划片方案")
def zone_plans(notes: Notes) -> str:
    """Check each zone plan for changes that were not made through the system.

    Reports a finding for each plan whose inputs or decided zones do not match the stored hash, or whose state
    or version differs from that of its last step. Returns a Chinese sentence with the number checked.
    """
    rows = ZonePlan.objects.prefetch_related("steps")
    for row in rows:
        last = max(row.steps.all(), key=lambda step: step.pk, default=None)
        if hash_of(row.inputs) != row.inputs_hash:
            notes.find(f"{row}的数据与固定时的校验值不符。请从备份恢复，并查明谁改过。")
        elif row.result_hash and hash_result(row.inputs_hash, row.assignment) != row.result_hash:
            notes.find(f"{row}的划分与决定时的校验值不符。请从备份恢复，并查明谁改过。")
        if last is None or (last.state, last.version) != (row.state, row.version):
            notes.find(f"{row}的状态与经办记录不符。请从备份恢复，并查明谁改过。")
    return f"{len(rows)}个，数据、划分与经办记录相符。"
