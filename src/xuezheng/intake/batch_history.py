"""What a batch wrote to the registers, read from the history of the records."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from xuezheng.intake.saving import written_by
from xuezheng.records.bulk import parts
from xuezheng.records.models import Batch, Record, registers


@dataclass
class Traces:
    """What a batch (one import or other bulk change) wrote to one register, and the states before and now.

    The dicts are keyed by the record's primary key. ``added`` are the primary keys of records that the batch
    added, ``removed`` those of records that it deleted. ``left`` has the last history entry that the batch
    wrote for each record, ``before`` the entry with the contents before the batch of each record that it
    changed or deleted (absent where the history has none), ``now`` each record as it is now (a deleted one is
    absent).
    """

    model: type[Record]
    added: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)
    left: dict[int, Any] = field(default_factory=dict)
    before: dict[int, Any] = field(default_factory=dict)
    now: dict[int, Record] = field(default_factory=dict)


def traces_of(batch: Batch) -> list[Traces]:
    """Return the :class:`Traces` of a batch in each register that it wrote to.

    The records are locked until the transaction ends.
    """
    return [traces for model in registers().values() if (traces := _read(model, batch)).left]


def _read(model: type[Record], batch: Batch) -> Traces:
    versions = model.history.model.objects
    first: dict[int, int] = {}
    traces = Traces(model)
    for version in written_by(model, batch).order_by("pk"):
        if version.id not in first and version.history_type == "+":
            traces.added.add(version.id)
        if version.history_type == "-":
            # The entry of a deletion is the record as it was.
            traces.removed.add(version.id)
            traces.before[version.id] = version
        first.setdefault(version.id, version.pk)
        traces.left[version.id] = version
    for part in parts([key for key in first if key not in traces.added | traces.removed]):
        earlier = defaultdict(list)
        for key, version in versions.filter(id__in=part).values_list("id", "pk"):
            if version < first[key]:
                earlier[key].append(version)
        latest = versions.in_bulk([max(version_ids) for version_ids in earlier.values()])
        traces.before |= {version.id: version for version in latest.values()}
    for part in parts(list(first)):
        current = model._base_manager.select_for_update().filter(pk__in=part)
        traces.now |= {record.pk: record for record in current}
    return traces
