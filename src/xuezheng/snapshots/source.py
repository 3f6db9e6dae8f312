"""The source of a snapshot's rows: registers as Arrow batches from the database, and tables of DuckDB."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import ibis
import ibis.expr.operations as ops
import pyarrow as pa
import pyarrow.compute as pc
from django.db import connection
from django.db.models import Model, QuerySet

_ROWS_AT_ONCE = 65536
_READ_AT_ONCE = 2000


@contextmanager
def open_source() -> Iterator[Any]:
    """Yield an ADBC connection to the database, which reads all tables as of one moment.

    Raises ``RuntimeError`` within a transaction on SQLite.
    """
    if connection.vendor == "sqlite":
        # The driver brings a SQLite of its own, and closing a file in one of them drops the locks of the other:
        # Django's connection of this thread must hold none.
        if connection.in_atomic_block:
            raise RuntimeError("freezing inside a transaction would drop its lock")
        connection.close()
        import adbc_driver_sqlite.dbapi as sqlite

        with sqlite.connect(str(connection.settings_dict["NAME"])) as source:
            yield source
    else:
        import adbc_driver_postgresql.dbapi as postgresql

        with postgresql.connect(_postgresql_uri()) as source:
            with source.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield source


def read(rows: QuerySet[Model], schema: pa.Schema) -> pa.Table:
    """Return the rows of a ``values_list`` query set as an Arrow table with this schema.

    It reads through Django's connection, so it sees changes of the current transaction, unlike
    :func:`stream`. Empty texts become NULL.
    """
    batches, waiting = [], rows.iterator(chunk_size=_READ_AT_ONCE)
    while part := list(itertools.islice(waiting, _ROWS_AT_ONCE)):
        columns = zip(zip(*part, strict=True), schema.types, strict=True)
        batches.append(pa.record_batch([_column(values, kind) for values, kind in columns], schema=schema))
    return pa.Table.from_batches(batches, schema)


def _column(values: Sequence[Any], kind: pa.DataType) -> pa.Array[Any]:
    return pa.array([value or None for value in values] if kind == pa.string() else values, type=kind)


def table_of(engine: Any, name: str, columns: pa.Schema) -> ibis.Table:
    """Return the table or view called ``name`` of a DuckDB backend as an ibis table.

    ``columns`` are its columns, so that the database need not be queried for them.
    """
    return ops.DatabaseTable(name=name, schema=ibis.Schema.from_pyarrow(columns), source=engine).to_expr()


def _postgresql_uri() -> str:
    settings = connection.settings_dict
    user, password = quote(settings["USER"] or ""), quote(settings["PASSWORD"] or "", safe="")
    login = f"{user}:{password}@" if password else f"{user}@" if user else ""
    host = quote(settings["HOST"] or "", safe="")
    port = f":{settings['PORT']}" if settings["PORT"] else ""
    return f"postgresql://{login}{host}{port}/{quote(settings['NAME'])}"


def stream(source: Any, rows: QuerySet[Model], schema: pa.Schema) -> pa.RecordBatchReader:
    """Return the rows of a ``values_list`` query set as a stream of Arrow batches with this schema.

    ``source`` is a connection of :func:`open_source`. Empty texts become NULL.
    """
    sql, parameters = rows.query.sql_with_params()
    numbered = connection.vendor != "sqlite"
    sql = sql % tuple(f"${n}" if numbered else "?" for n in range(1, len(parameters) + 1))
    cursor = source.cursor()
    if not numbered:
        # SQLite has no column types: the driver takes them from the first batch, where a column may be all NULL.
        # So an example row leads, and is dropped again.
        example = ", ".join(_example(kind) for kind in schema.types)
        sql = f"SELECT {example} UNION ALL SELECT * FROM ({sql})"  # noqa: S608 - literals of our own
        cursor.adbc_statement.set_options(**{"adbc.sqlite.query.batch_rows": str(_ROWS_AT_ONCE)})
    cursor.execute(sql, parameters or None)
    return pa.RecordBatchReader.from_batches(schema, _batches(cursor, schema, 0 if numbered else 1))


def _example(kind: pa.DataType) -> str:
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return "0"
    # As text, SQLite's driver would give a decimal six digits.
    return "0.0" if pa.types.is_floating(kind) or pa.types.is_decimal(kind) else "''"


def _batches(cursor: Any, schema: pa.Schema, drop: int) -> Iterator[pa.RecordBatch]:
    for batch in cursor.fetch_record_batch():
        kept = batch.slice(drop)
        drop = 0
        columns = [_typed(column, kind) for column, kind in zip(kept.columns, schema.types, strict=True)]
        yield pa.record_batch(columns, schema=schema)


def _typed(column: pa.Array[Any], kind: pa.DataType) -> pa.Array[Any]:
    # A blank text is a gap like any other, so that "not filled in" is one thing.
    typed: pa.Array[Any] = column.cast(kind)
    if kind != pa.string():
        return typed
    blank = pc.equal(typed, pa.scalar("")).fill_null(False)
    # The stubs have two names for an array of truth values.
    filled: pa.Array[Any] = pc.replace_with_mask(typed, blank, pa.scalar(None, kind))  # type: ignore[arg-type]
    return filled
