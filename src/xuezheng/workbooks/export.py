"""Records as the rows of a sheet; importing the rows again changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import QuerySet

from xuezheng.records.models import Record
from xuezheng.workbooks.cells import text_of
from xuezheng.workbooks.sheet import Sheet

_AT_ONCE = 2000


def rows_of(sheet: Sheet, records: QuerySet[Record]) -> Iterator[list[str]]:
    """Yield, for each record in order of primary keys, the list of its cells' texts in the order of the sheet's columns.

    ``records`` are of the sheet's register. ID numbers are complete, since an import finds persons by them:
    the caller must check that the recipient may see them.
    """
    links = {column.path.rpartition(".")[0].replace(".", "__") for column in sheet.columns} - {""}
    for record in records.select_related(*links).order_by("pk").iterator(chunk_size=_AT_ONCE):
        yield [text_of(column.field, _value(record, column.path)) for column in sheet.columns]


def _value(record: Record, path: str) -> object:
    """The value at the end of a path such as ``person.name``; None where a link of the path is empty."""
    value: object = record
    for step in path.split("."):
        if value is None:
            return None
        value = getattr(value, step)
    return value
