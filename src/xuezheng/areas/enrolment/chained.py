"""Protects the logs of steps of draws and of zone plans by the hash chain.

Each chain entry covers the step itself and the facts of the draw or plan on which it rests, such as the hash
of the list and the source of the seed.
"""

from __future__ import annotations

from collections.abc import Collection

from xuezheng.areas.enrolment.models import Draw, DrawStep, ZoneStep
from xuezheng.records.models.chain import ChainedRows, Row, rows_by_key

#: Kind and ``registered`` of draws older than these fields; their rows are hashed without the two, as they were then.
_AT_FIRST = [Draw.Kind.PLACES, False]
_read = rows_by_key(
    DrawStep.objects.all(),
    *("draw_id", "before", "after", "by_id", "at", "note"),
    *("draw__school_id", "draw__year", "draw__places", "draw__seed_from", "draw__seed_on", "draw__list_hash"),
    *("draw__kind", "draw__registered"),
)


def _contents(keys: Collection[int]) -> dict[int, Row]:
    further = len(_AT_FIRST)
    return {
        key: row[:-further] if list(row[-further:]) == _AT_FIRST else row for key, row in _read(keys).items()
    }


draw_steps = ChainedRows(
    "enrolment.draw_step", "派位步骤", lambda: DrawStep.objects.order_by("pk"), _contents
)
zone_steps = ChainedRows(
    "enrolment.zone_step",
    "划片方案步骤",
    lambda: ZoneStep.objects.order_by("pk"),
    rows_by_key(
        ZoneStep.objects.all(),
        *("plan_id", "version", "state", "by_id", "at", "note"),
        *("plan__stage", "plan__year", "plan__inputs_hash"),
    ),
)
