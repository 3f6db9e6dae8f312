"""The plans to pass as entries of the hash chain, each with the hashes of its inputs and of its result."""

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
