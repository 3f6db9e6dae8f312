"""The checks that draws and zone plans are still what their steps say: list, seed and result; inputs and decided zones."""

from __future__ import annotations

from xuezheng.areas.enrolment.models import Draw, ZonePlan
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.steps import result_hash, result_of
from xuezheng.areas.enrolment.procedures.zoning.frozen import hash_result, hash_text
from xuezheng.operations.doctor.check import Notes, check


@check("公开派位")
def draws(notes: Notes) -> str:
    """Check that each list has its published hash, that each result comes out again, and that the state is that of the last step."""
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
    """Check that each plan has the inputs that were frozen, that a decided one has the zones that were decided, and the state of its last step."""
    rows = ZonePlan.objects.prefetch_related("steps")
    for row in rows:
        last = max(row.steps.all(), key=lambda step: step.pk, default=None)
        if hash_text(row.inputs) != row.inputs_hash:
            notes.find(f"{row}的数据与固定时的校验值不符。请从备份恢复，并查明谁改过。")
        elif row.result_hash and hash_result(row.inputs_hash, row.assignment) != row.result_hash:
            notes.find(f"{row}的划分与决定时的校验值不符。请从备份恢复，并查明谁改过。")
        if last is None or (last.state, last.version) != (row.state, row.version):
            notes.find(f"{row}的状态与经办记录不符。请从备份恢复，并查明谁改过。")
    return f"{len(rows)}个，数据、划分与经办记录相符。"
