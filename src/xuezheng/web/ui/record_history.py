"""The history of a record: user, time, reason, and the values before and after each change."""

import re
from datetime import datetime
from itertools import zip_longest
from typing import Any, NamedTuple

from xuezheng.intake.saving import RESERVED
from xuezheng.records.fields import EncryptedField, ModelField
from xuezheng.records.models import Record, User, linked_register
from xuezheng.records.permissions import may
from xuezheng.web.ui import display

_BATCH = re.compile(f"(?:{'|'.join(RESERVED)})([0-9]+)")
_KINDS = {"+": "新建", "~": "更改", "-": "删除"}


class Difference(NamedTuple):
    """One changed field: its Chinese title, and its values before and after as text."""

    title: str
    before: str
    after: str


class Change(NamedTuple):
    """One entry of a record's history.

    ``kind`` is 新建, 更改 or 删除, ``who`` the user's name. ``batch`` is the number of the import; None for a
    change by hand, or where the user may not see the import.
    """

    kind: str
    when: datetime
    who: str
    reason: str
    batch: int | None
    differences: list[Difference]


def changes(record: Record, user: User, limit: int = 50) -> list[Change]:
    """Return the newest ``limit`` entries of a record's history, the newest first, as ``user`` may see them."""
    versions = list(record.history.select_related("history_user").order_by("-history_id")[: limit + 1])
    fields = display.shown_fields(type(record))
    names = _names(fields, versions, user)
    entries = []
    for newer, older in zip_longest(versions, versions[1:]):
        differences = [
            Difference(display.header(field), _text(older, field, names), _text(newer, field, names))
            for field in fields
            if older is not None and getattr(older, field.attname) != getattr(newer, field.attname)
        ]
        entries.append(
            Change(
                _KINDS[newer.history_type],
                newer.history_date,
                str(newer.history_user or "导入"),
                newer.history_change_reason or "",
                _batch(newer, user),
                differences,
            )
        )
    return entries[:limit]


def _batch(version: Any, user: User) -> int | None:
    """Return the number of the batch that wrote an entry; None where there is none or the reader may not see it."""
    match = _BATCH.match(version.history_change_reason or "")
    known = match and may(user, "see", "batch", made_by=version.history_user_id)
    return int(match[1]) if match and known else None


def _text(version: object, field: ModelField, names: dict[tuple[str, int], str]) -> str:
    value = getattr(version, field.attname)
    if display.is_link(field):
        return names.get((field.name, value), display.NOTHING)
    text = display.write_value(value, field)
    return f"{text}（号码不全显示）" if isinstance(field, EncryptedField) else text


def _names(fields: list[ModelField], versions: list[Any], user: User) -> dict[tuple[str, int], str]:
    """Return the names of linked records in any version, by field and key, with one query for each link that ever changed."""
    names: dict[tuple[str, int], str] = {}
    for field in filter(display.is_link, fields):
        keys = {getattr(version, field.attname) for version in versions}
        if len(keys) > 1:
            rows = linked_register(field).objects.visible_to(user).filter(pk__in=keys - {None})
            names |= {(field.name, row.pk): display.label(row) for row in display.with_links(rows, user)}
    return names
