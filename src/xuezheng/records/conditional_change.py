"""A change of one record by a button: taken only of what its taker saw, and noted in the record's history."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xuezheng.records.models import Record


@transaction.atomic
def change(record: Record, before: dict[str, Any], after: dict[str, Any], reason: str) -> bool:
    """Change some fields of a record where others are still as they were read; False, and nothing changed, where they are not."""
    unchanged = type(record)._base_manager.filter(pk=record.pk, **before)
    if unchanged.update(**after) != 1:
        return False
    record.refresh_from_db()
    record._change_reason = reason
    record.save()
    return True
