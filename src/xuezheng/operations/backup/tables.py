"""Rows of any database as text that is the same for every kind of database, and back; and the hash of all rows.

Values are taken as they are stored: encrypted values stay encrypted, and no key is needed.
"""

from __future__ import annotations

import base64
import decimal
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any

from django.core.management.color import no_style
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.db.models.expressions import Col

from xuezheng.records.fields import EncryptedField, ModelField

_ROWS_AT_ONCE = 2000
_MODULUS = 2**256


@dataclass
class TableState:
    """The number of rows of a table, and the sum (``total``) of the SHA-256 of each modulo 2**256, whatever their order."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        """Count a row, given as a line that :func:`lines` yields."""
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest())) % _MODULUS

    @property
    def hash(self) -> str:
        """The sum of the hashes of the rows, in hexadecimal; the order of the rows does not matter."""
        return f"{self.total:064x}"


@dataclass
class State:
    """The content of a database for comparison: the number and the hash of the rows of each table, by its name."""

    tables: dict[str, TableState] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """A SHA-256 of all rows of all tables, in hexadecimal.

        It is the same for the same rows on any kind of database.
        """
        listed = [[name, table.rows, table.hash] for name, table in sorted(self.tables.items())]
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

    @property
    def rows(self) -> int:
        """The number of rows of all tables."""
        return sum(table.rows for table in self.tables.values())


def columns(model: type[Model]) -> list[ModelField]:
    """Return the fields of a model that are stored in its table, sorted by column name."""
    stored = (field for field in model._meta.local_concrete_fields if not field.generated)
    return sorted(stored, key=lambda field: field.column)


def lines(connection: BaseDatabaseWrapper, model: type[Model]) -> Iterator[bytes]:
    """Yield each row of a model's table, ordered by primary key, as a line of JSON: a list of its values.

    The values are in the order of :func:`columns`.
    """
    fields = columns(model)
    readers = [_reader(connection, model, field) for field in fields]
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    key = connection.ops.quote_name(model._meta.pk.column)
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {table} ORDER BY {key}")  # noqa: S608 - names of models
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                values = [
                    None if value is None else read(value) for read, value in zip(readers, row, strict=True)
                ]
                yield (
                    json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
                    + b"\n"
                )


def insert(connection: BaseDatabaseWrapper, model: type[Model], written: Iterable[bytes]) -> None:
    """Insert rows given as lines of :func:`lines` into a model's table.

    Raises ``ValueError`` for a line that does not fit the model.
    """
    fields = columns(model)
    writers = [_writer(connection, field) for field in fields]
    quoted = ", ".join(connection.ops.quote_name(field.column) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    places = ", ".join("%s" for _ in fields)
    with connection.cursor() as cursor:
        for part in _parts(written):
            rows = [
                [
                    None if value is None else write(value)
                    for write, value in zip(writers, json.loads(line), strict=True)
                ]
                for line in part
            ]
            cursor.executemany(f"INSERT INTO {table} ({quoted}) VALUES ({places})", rows)  # noqa: S608 - names of models


def _parts(written: Iterable[bytes]) -> Iterator[list[bytes]]:
    part: list[bytes] = []
    for line in written:
        part.append(line)
        if len(part) == _ROWS_AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def state_of(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> State:
    """Return the number and the hash of the rows of each model's table, computed from all rows."""
    state = State()
    for model in models:
        table = state.tables[model._meta.db_table] = TableState()
        for line in lines(connection, model):
            table.add(line)
    return state


def last_numbers(connection: BaseDatabaseWrapper, models: Iterable[type[Model]]) -> dict[str, int]:
    """Return the last primary key that each table has assigned, even to a deleted row, by the table's name.

    Tables without numbered rows, or without any assigned number, are missing.
    """
    numbers: dict[str, int] = {}
    with connection.cursor() as cursor:
        for model in models:
            table, key = model._meta.db_table, model._meta.pk
            if not _is_numbered(key):
                continue
            if connection.vendor == "sqlite":
                cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            else:
                quoted = connection.ops.quote_name(table)
                cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [quoted, key.column])
                sequence = cursor.fetchone()[0]
                cursor.execute(f"SELECT last_value FROM {sequence} WHERE is_called")  # noqa: S608 - a name of the database's
            if row := cursor.fetchone():
                numbers[table] = int(row[0])
    return numbers


def set_last_numbers(
    connection: BaseDatabaseWrapper, models: Sequence[type[Model]], numbers: dict[str, int]
) -> None:
    """Set the primary key after which each table continues, so that numbers of deleted rows are not assigned again.

    ``numbers`` is the result of :func:`last_numbers`, by the table's name.
    """
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
        for model in models:
            table, key = model._meta.db_table, model._meta.pk
            if table not in numbers or not _is_numbered(key):
                continue
            if connection.vendor == "sqlite":
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute(
                    "INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, numbers[table]]
                )
            else:
                quoted = connection.ops.quote_name(table)
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [quoted, key.column, numbers[table]]
                )


def _is_numbered(key: ModelField) -> bool:
    return key.get_internal_type() in ("AutoField", "BigAutoField", "SmallAutoField")


def _kind(column: ModelField) -> str:
    """Return Django's internal type of a column; of a foreign key, that of its target."""
    while isinstance(column, models.ForeignKey):
        column = column.target_field
    return column.get_internal_type()


def _reader(connection: BaseDatabaseWrapper, model: type[Model], column: ModelField) -> Callable[[Any], Any]:
    """Return a function that converts a value from the database into one for JSON."""
    expression = Col(model._meta.db_table, column)
    converters = list(connection.ops.get_db_converters(expression))
    if not isinstance(column, EncryptedField):
        converters += column.get_db_converters(connection)  # type: ignore[attr-defined]  # django-stubs does not know it
    bound = [partial(_converted, converter, expression, connection) for converter in converters]
    kind = _kind(column)

    def read(value: Any) -> Any:
        for convert in bound:
            value = convert(value)
        return _plain(value, kind)

    return read


def _converted(converter: Any, expression: Any, connection: BaseDatabaseWrapper, value: Any) -> Any:
    return converter(value, expression, connection)


def _plain(value: Any, kind: str) -> Any:
    if kind == "JSONField" or isinstance(value, str | bool | int | float) or value is None:
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, timedelta):
        return value // timedelta(microseconds=1)
    return base64.b64encode(bytes(value)).decode()


_PARSED: dict[str, Callable[[Any], Any]] = {
    "BinaryField": lambda value: base64.b64decode(value, validate=True),
    "DateTimeField": datetime.fromisoformat,
    "DateField": date.fromisoformat,
    "TimeField": time.fromisoformat,
    "DecimalField": decimal.Decimal,
    "UUIDField": uuid.UUID,
    "DurationField": lambda value: timedelta(microseconds=value),
}


def _writer(connection: BaseDatabaseWrapper, column: ModelField) -> Callable[[Any], Any]:
    """Return a function that converts a value from JSON into one for the database."""
    kind = _kind(column)
    parse = _PARSED.get(kind, lambda value: value)
    if kind == "BinaryField":
        return lambda value: connection.Database.Binary(parse(value))  # type: ignore[attr-defined]  # each engine has its own
    while isinstance(column, models.ForeignKey):
        column = column.target_field
    return lambda value: column.get_db_prep_save(parse(value), connection)
