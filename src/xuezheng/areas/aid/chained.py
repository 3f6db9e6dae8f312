"""The rows of the aid area that the hash chain covers: the steps of payments and of recognitions."""

from xuezheng.areas.aid.models import RecognitionStep, Step
from xuezheng.records.models.chain import ChainedRows, rows_by_key

payment_steps = ChainedRows(
    "aid.payment_step",
    "支付办理记录",
    lambda: Step.objects.order_by("pk"),
    rows_by_key(
        Step.objects.all(),
        *("payment_id", "before", "after", "by_id", "at", "note"),
        *("payment__award_id", "payment__award__person_id", "payment__kind", "payment__amount"),
    ),
)
recognition_steps = ChainedRows(
    "aid.recognition_step",
    "认定办理记录",
    lambda: RecognitionStep.objects.order_by("pk"),
    rows_by_key(
        RecognitionStep.objects.all(),
        "recognition_id",
        "before",
        "after",
        "day",
        "by_id",
        "at",
        "note",
        "notice_id",
    ),
)
