"""The check that draws are still what their steps say: list, seed and result."""

from __future__ import annotations

from xuezheng.areas.enrolment.models import Draw
from xuezheng.areas.enrolment.procedures.lists import hash_of
from xuezheng.areas.enrolment.procedures.steps import result_hash, result_of
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
