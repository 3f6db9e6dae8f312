"""Writes what an import found: new and changed records, and their history."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection
from django.db.models import Value
from django.utils import timezone

from xuezheng.records.models import Batch, Record

_WRITE_AT_ONCE = 2000


def save(model: type[Record], fresh: list[Record], changed: list[Record], batch: Batch) -> None:
    """Write new and changed records with their history, as many as a statement holds at once."""
    if fresh:
        model._default_manager.bulk_create(fresh, batch_size=_WRITE_AT_ONCE)
        _note(model, fresh, "+", batch)
    if changed:
        fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=fields,
            batch_size=_WRITE_AT_ONCE,
        )
        _note(model, changed, "~", batch)


def _note(model: type[Record], records: Sequence[Record], kind: str, batch: Batch) -> None:
    """Copy the records, as just written, into their history: the database does it without sending them again."""
    history = model.history.model
    note = {
        "history_date": timezone.now(),
        "history_type": kind,
        "history_change_reason": f"导入批次{batch.pk}",
        "history_user": batch.made_by_id,
    }
    fields = [history._meta.get_field(name) for name in note]
    told = {
        f"noted_{field.name}": Value(value, getattr(field, "target_field", field))
        for field, value in zip(fields, note.values(), strict=True)
    }
    kept = [field.attname for field in history.tracked_fields]
    columns = [history._meta.get_field(field.name).column for field in history.tracked_fields]
    columns += [field.column for field in fields]
    into = f"{_quoted(history._meta.db_table)} ({', '.join(map(_quoted, columns))})"
    with connection.cursor() as cursor:
        for start in range(0, len(records), _WRITE_AT_ONCE):
            ids = [record.pk for record in records[start : start + _WRITE_AT_ONCE]]
            rows = (
                model._base_manager.filter(pk__in=ids)
                .order_by("pk")
                .annotate(**told)
                .values_list(*kept, *told)
            )
            select, parameters = rows.query.sql_with_params()
            cursor.execute(f"INSERT INTO {into} {select}", parameters)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
