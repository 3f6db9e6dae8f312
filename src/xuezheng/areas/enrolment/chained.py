"""The steps of draws as entries of the hash chain, each with the list, the places and the seed of its draw."""

from xuezheng.areas.enrolment.models import DrawStep
from xuezheng.records.models.chain import ChainedRows, rows_by_key

draw_steps = ChainedRows(
    "enrolment.draw_step",
    "派位步骤",
    lambda: DrawStep.objects.order_by("pk"),
    rows_by_key(
        DrawStep.objects.all(),
        *("draw_id", "before", "after", "by_id", "at", "note"),
        *(
            "draw__school_id",
            "draw__year",
            "draw__places",
            "draw__seed_from",
            "draw__seed_on",
            "draw__list_hash",
        ),
    ),
)
