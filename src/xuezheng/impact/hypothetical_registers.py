"""The current registers, and the same registers with a workbook imported."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.db import connection

from xuezheng.intake.importing import try_workbook
from xuezheng.records.models import Record, linked_register, registers
from xuezheng.rules.tables import rows_of, schema
from xuezheng.snapshots import Snapshot, live
from xuezheng.snapshots.source import read
from xuezheng.workbooks import Sheet
from xuezheng.workbooks.sheet import links

RegisterRows = dict[type[Record], pa.Table]
Progress = Callable[[str, int, int], None]


class NoPlan(Exception):
    """The workbook has errors, or cells of which nobody confirmed how they are read, so that its effect is unknown.

    The message is a Chinese sentence.
    """


@contextmanager
def before_and_after(
    path: Path, day: date, progress: Progress = lambda *args: None, **intake: Any
) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Context manager that yields (before, after): the current registers without and with a workbook, as temporary snapshots.

    ``path`` is the workbook, ``day`` the day of the snapshots. The registers that it can change, and those
    that depend on them, are read before and after an import in one transaction, which is rolled back.
    ``progress`` is called with a Chinese text, the steps done and the steps in all. ``intake`` are further
    arguments of :func:`xuezheng.intake.importing.try_workbook`: ``user``, ``confirm``, ``name``,
    ``submission``, ``choices`` and ``departures``. Raises :class:`NoPlan`; ``WorkbookRefused`` for a workbook
    that cannot be read; ``FreezeRefused`` where the registers do not allow a snapshot.
    """
    progress("试导入", 0, 3)
    outcome, before, after = try_workbook(path, observe=_read_registers, **intake)
    if outcome.problems:
        raise NoPlan(f"{outcome.sentence()}请先改正或确认，再看会改变哪些数字。")
    progress("计算导入前", 1, 3)
    with live(day, tables=before) as old:
        progress("计算导入后", 2, 3)
        with live(day, tables=after, base=old) as new:
            yield old, new


def _read_registers(sheets: Collection[Sheet]) -> RegisterRows:
    """Return the rows of the registers that sheets can change, as the current transaction sees them."""
    return {model: read(rows_of(model), schema(model)) for model in concerned(sheets)}


def concerned(sheets: Collection[Sheet]) -> list[type[Record]]:
    """Return the registers that an import of ``sheets`` can write to, and those whose snapshot depends on them.

    A register depends on another if the query for its rows in a snapshot reads the other's table.
    """
    written = {sheet.model for sheet in sheets} | {model for sheet in sheets for model in _named(sheet)}
    tables = [connection.ops.quote_name(model._meta.db_table) for model in written]
    return [
        model
        for model in registers().values()
        if any(table in rows_of(model).query.sql_with_params()[0] for table in tables)
    ]


def _named(sheet: Sheet) -> Iterator[type[Record]]:
    """Yield the registers whose rows the sheet's columns refer to: an import may change or add such rows."""
    for path in sheet.paths:
        model = sheet.model
        for step in path.split(".")[:-1]:
            model = linked_register(links(model)[step])
            yield model
