"""Protects plans to pass the evaluation (达标方案) by the hash chain, with the hashes of inputs and result."""

from xuezheng.areas.balance.models import GapPlan
from xuezheng.records.models.chain import ChainedRows, rows_by_key

gap_plans = ChainedRows(
    "balance.gap_plan",
    "达标方案",
    lambda: GapPlan.objects.order_by("pk"),
    rows_by_key(
        GapPlan.objects.all(), "year", "snapshot", "inputs_hash", "result_hash", "made_by_id", "made_at"
    ),
)
