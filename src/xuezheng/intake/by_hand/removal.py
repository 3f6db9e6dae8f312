"""Deletes one record by hand, for a reason.

No other record may refer to it. It is kept in the history, and the deletion can be undone like an import.
"""

from __future__ import annotations

from dataclasses import asdict

from django.db import transaction

from xuezheng.intake.importing import wait_for_other_imports
from xuezheng.intake.outcome import SheetCounts
from xuezheng.intake.saving import import_note, newest_version, remove
from xuezheng.intake.undo_obstacles import count_pointing
from xuezheng.records.models import Batch, Record, User


class RemovalRefused(Exception):
    """The record cannot be deleted; the text is a Chinese sentence with the reason and the remedy."""


def may_be_removed(model: type[Record]) -> bool:
    """Return whether single records of the register ``model`` may be deleted.

    False if the register has fields computed from other rows, such as those of pupils from enrolment events.
    """
    return not model.derived


@transaction.atomic
def remove_record(record: Record, version: int, reason: str, user: User) -> Batch:
    """Delete a record, and return the batch by which the deletion can be undone.

    ``version`` is the primary key of the newest entry of the record's history when it was shown, 0 without
    any. Raises :class:`RemovalRefused` if the record was changed or deleted since, or other records refer to
    it.
    """
    wait_for_other_imports()
    model, title = type(record), str(record._meta.verbose_name)
    locked = model._base_manager.select_for_update().filter(pk=record.pk).first()
    if locked is None or newest_version(locked) != version:
        raise RemovalRefused("这条记录刚被别人改过或删除，没有删除。请看过新的内容后再定。")
    if counts_by_register := count_pointing(model, record.pk):
        rows = "、".join(f"{count}条“{register}”" for register, count in counts_by_register.items())
        raise RemovalRefused(f"没有删除：还有{rows}用到这条记录。请先改正或删除这些记录。")
    counts = SheetCounts(title, submitted=1, changed=1)
    batch = Batch.objects.create(
        file_name=f"删除一条{title}", made_by=user, reason=reason, sheets=[asdict(counts)]
    )
    remove(model, [record.pk], import_note(batch))
    return batch
