"""Bulk writes of records, each with an entry in the record's history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import CASCADE, Exists, Model, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.lookups import IsNull
from django.utils import timezone

from xuezheng.records.bulk import insert, insert_or_replace, parts, quoted
from xuezheng.records.fields import EncryptedField, ModelField, field_of, linked_model
from xuezheng.records.models import Batch, Record

if TYPE_CHECKING:
    from simple_history.models import HistoricalChanges

#: The beginnings of the change reasons that the program itself writes to the history: of an import, of its undoing,
#: and of a change of many records. A reason typed by a user must not begin so.
RESERVED = IMPORTED, UNDONE, CHANGED = ("导入批次", "撤销批次", "批量修改批次")


@dataclass(frozen=True)
class Note:
    """The change reason and the user (primary key, None if unknown) that the history records for a write."""

    reason: str
    user_id: int | None = None


def import_note(batch: Batch) -> Note:
    """Return the note that the history records for what a batch writes.

    The change reason is the number of the batch and, for a change of many records or a deletion, the user's
    reason.
    """
    reason = f"{CHANGED}{batch.pk}：{batch.reason}" if batch.reason else f"{IMPORTED}{batch.pk}"
    return Note(reason, batch.made_by_id)


def written_by(model: type[Record], batch: Batch) -> QuerySet[HistoricalChanges]:
    """Return the entries of a register's history that a batch wrote.

    A change of many records leaves the field ``batch`` of the records as it was, so its entries are found by
    their change reason alone.
    """
    entries = model.history.model.objects.filter(history_change_reason=import_note(batch).reason)
    return entries if batch.reason else entries.filter(batch=batch)


def newest_version(record: Record) -> int:
    """Return the primary key of the newest entry of a record's history, 0 without any.

    If it differs from the one when the record was shown, the record was changed since.
    """
    return record.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def save(model: type[Record], fresh: list[Record], changed: list[Record], batch: Batch) -> None:
    """Insert the records in ``fresh`` and overwrite those in ``changed``, and add all of them to the history.

    If the current state of a changed record is missing in its history, it is added first, so that an undo can
    restore it.
    """
    if fresh:
        insert(model, fresh)
        _note(model, [record.pk for record in fresh], "+", import_note(batch))
    if changed:
        _note_what_is_unnoted(model, [record.pk for record in changed])
        rewrite(model, changed, import_note(batch))


def rewrite(model: type[Record], records: list[Record], note: Note) -> None:
    """Overwrite existing records with the values of ``records``, and add these to the history with ``note``."""
    insert_or_replace(model, records)
    _note(model, [record.pk for record in records], "~", note)


def restore(model: type[Record], records: list[Record], note: Note) -> None:
    """Insert records that were deleted under their former primary keys, and add them to the history with ``note``."""
    insert_or_replace(model, records)
    _note(model, [record.pk for record in records], "+", note)


def remove(model: type[Record], keys: list[int], note: Note) -> None:
    """Delete the records with these primary keys, and rows that refer to them with ``CASCADE``.

    The deletion is added to the history with ``note``. The caller must make sure that no other row refers to
    them.
    """
    _note(model, keys, "-", note)
    for part in parts(keys):
        for relation in model._meta.related_objects:
            if relation.on_delete is CASCADE:
                linked_model(relation)._base_manager.filter(**{f"{relation.field.name}__in": part}).delete()
        # Django's own deletion would read each row along with all that may point to it.
        model._base_manager.filter(pk__in=part)._raw_delete(connection.alias)


def _note_what_is_unnoted(model: type[Record], keys: list[int]) -> None:
    """Add the current state of records to the history where it was written without history: an undo goes back to the history's state."""
    versions = model.history.model.objects
    latest = versions.filter(id=OuterRef("id")).order_by("-pk").values("pk")[:1]
    noted = Q(pk=Subquery(latest))
    for field in versions.model.tracked_fields:
        # Each encryption of the same number differs: its hash stands for it.
        if not isinstance(field, EncryptedField):
            noted &= _same(field)
    _note(model, keys, "~", Note("导入前台账中的内容"), only=~Exists(versions.filter(noted)))


def _same(field: ModelField) -> Q:
    same = Q(**{field.attname: OuterRef(field.attname)})
    if field.null:
        same |= Q(**{f"{field.attname}__isnull": True}) & Q(IsNull(OuterRef(field.attname), True))
    return same


def _note(model: type[Record], keys: Sequence[int], kind: str, note: Note, only: Any = None) -> None:
    """Copy the current state of records into their history, within the database.

    ``kind`` is ``+``, ``~`` or ``-``; ``only`` is a condition on the records.
    """
    history = model.history.model
    note_values = {
        "history_date": timezone.now(),
        "history_type": kind,
        "history_change_reason": note.reason,
        "history_user": note.user_id,
    }
    fields = [field_of(history, name) for name in note_values]
    annotations = {
        f"noted_{field.name}": Value(value, getattr(field, "target_field", field))
        for field, value in zip(fields, note_values.values(), strict=True)
    }
    kept = [field.attname for field in history.tracked_fields]
    columns = [field_of(history, field.name).column for field in history.tracked_fields]
    columns += [field.column for field in fields]
    into = f"{quoted(history._meta.db_table)} ({', '.join(map(quoted, filter(None, columns)))})"
    with connection.cursor() as cursor:
        for part in parts(keys):
            rows: QuerySet[Model] = model._base_manager.filter(pk__in=part)
            if only is not None:
                rows = rows.filter(only)
            chosen = rows.order_by("pk").annotate(**annotations).values_list(*kept, *annotations)
            select, parameters = chosen.query.sql_with_params()
            cursor.execute(f"INSERT INTO {into} {select}", parameters)
