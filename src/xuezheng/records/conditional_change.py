"""Change one record only if it is still as the user saw it, and record the change in its history."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from xuezheng.records.models import Record


@transaction.atomic
def change(record: Record, before: dict[str, Any], after: dict[str, Any], reason: str) -> bool:
    """Change fields of one record if they still have the values that the user saw.

    Returns whether the change was made. ``before`` and ``after`` map field names to the values seen and to
    the new values. If any field no longer has its value in ``before``, nothing is changed and False is
    returned. ``reason`` becomes the change reason in the record's history.
    """
    unchanged = type(record)._base_manager.filter(pk=record.pk, **before)
    if unchanged.update(**after) != 1:
        return False
    record.refresh_from_db()
    record._change_reason = reason
    record.save()
    return True
