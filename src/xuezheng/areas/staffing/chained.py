"""Protects the log of steps of rotation plans (交流轮岗方案步骤) by the hash chain.

Each chain entry covers the step itself (plan, new state, user, time, note) and, of its plan, the school year,
the random seed, the software versions, and the hashes of the inputs and of the result.
"""

from __future__ import annotations

from xuezheng.areas.staffing.models import RotationStep
from xuezheng.records.models.chain import ChainedRows, rows_by_key

rotation_steps = ChainedRows(
    "staffing.rotation_step",
    "交流轮岗方案步骤",
    lambda: RotationStep.objects.order_by("pk"),
    rows_by_key(
        RotationStep.objects.all(),
        *("plan_id", "after", "by_id", "at", "note"),
        *("plan__school_year", "plan__seed", "plan__version", "plan__inputs_hash", "plan__result_hash"),
    ),
)
