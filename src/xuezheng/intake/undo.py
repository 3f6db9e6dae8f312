"""Undoing a batch: the registers become as they were before it; if that is impossible, nothing changes.

What the batch wrote, and the former values, are read from the history of the records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.timezone import localtime

from xuezheng.intake.batch_history import traces_of
from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.intake.saving import UNDONE, Note, remove, restore, rewrite
from xuezheng.intake.undo_obstacles import Obstacle, find_obstacles
from xuezheng.records.models import Batch, Record, User
from xuezheng.workbooks.sheet import depth


class UndoRefused(Exception):
    """The batch cannot be undone; the exception's text is a Chinese sentence.

    ``obstacles`` lists each row that prevents it; it is empty if there is no such batch or it is already
    undone.
    """

    def __init__(self, sentence: str, obstacles: list[Obstacle] | None = None) -> None:
        super().__init__(sentence)
        self.obstacles = obstacles or []


@dataclass(frozen=True)
class Undone:
    """The result of undoing a batch.

    ``removed`` is the number of records that the batch had added and that are deleted now, ``restored`` that
    of records which it had changed or deleted and which are as before.
    """

    batch: Batch
    removed: int
    restored: int

    def sentence(self) -> str:
        """Return the result as one Chinese sentence."""
        return (
            f"批次{self.batch.pk}“{self.batch.file_name}”已撤销：删去当时新增的{self.removed}条，"
            f"恢复当时修改或删除的{self.restored}条。"
        )


@transaction.atomic
def undo(number: int, user: User | None = None) -> Undone:
    """Undo the batch with the primary key ``number`` completely, or raise :class:`UndoRefused` and change nothing.

    It is refused if there is no such batch, it is already undone, or rows prevent it (see
    :func:`find_obstacles`). ``user`` is recorded as who undid it; the caller must check that the user may.
    """
    wait_for_other_imports()
    batch = _claimed(number, user)
    batch_traces = traces_of(batch)
    if obstacles := find_obstacles(batch_traces, batch):
        raise UndoRefused(
            f"批次{number}“{batch.file_name}”没有撤销：有{len(obstacles)}处后来有了变化，台账没有任何改动。",
            obstacles,
        )
    note = Note(f"{UNDONE}{number}", user.pk if user else None)
    # Those that point come before those that are pointed to; what is removed first leaves its names to what comes back.
    for traces in sorted(batch_traces, key=lambda traces: depth(traces.model), reverse=True):
        remove(traces.model, sorted(traces.added), note)
    for traces in batch_traces:
        changed, removed = (
            [
                _record(traces.model, version)
                for key, version in traces.before.items()
                if (key in traces.removed) is gone
            ]
            for gone in (False, True)
        )
        rewrite(traces.model, changed, note)
        restore(traces.model, removed, note)
    return Undone(
        batch,
        sum(len(traces.added) for traces in batch_traces),
        sum(len(traces.before) for traces in batch_traces),
    )


def _claimed(number: int, user: User | None) -> Batch:
    """Mark the batch as undone, for one caller only; raises :class:`UndoRefused` where there is none or it is undone already."""
    changed = Batch.objects.filter(pk=number, undone_at=None).update(undone_at=timezone.now(), undone_by=user)
    batch = Batch.objects.select_related("undone_by").filter(pk=number).first()
    if batch is None:
        raise UndoRefused(f"没有批次{number}。请核对批次号。")
    if not changed:
        who = f"由{batch.undone_by}" if batch.undone_by else ""
        raise UndoRefused(
            f"批次{number}“{batch.file_name}”已于{localtime(batch.undone_at):%Y-%m-%d %H:%M}{who}撤销。"
        )
    return batch


def _record(model: type[Record], version: Any) -> Record:
    names = [field.attname for field in version.tracked_fields]
    return model(**{name: getattr(version, name) for name in names})
