"""The hash of a list row's content: a decision on a row applies to every row with the same content."""

from __future__ import annotations

from typing import Any

from xuezheng.records.fields import keyed_hash

#: The fields of a row that make its content: all but the day of the list and the row's number there.
CONTENT = (
    "category", "name", "id_number", "birth_date", "sex", "guardian", "village", "stage", "school_name", "study_division",
)  # fmt: skip


def content_hash(values: dict[str, Any], key: bytes | None = None) -> str:
    """Return the keyed hash (32 hexadecimal digits) of a row's content, the same for each row with these contents.

    ``values`` has the values of the fields in :data:`CONTENT`, by name; empty ones count as "". ``key``
    defaults to the district's hashing key.
    """
    return keyed_hash("\x1f".join(str(values[name] or "") for name in CONTENT), key)
