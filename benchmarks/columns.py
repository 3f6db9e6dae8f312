"""The columns of invented rows: all that a register declares, so that a column added to it later has a value here too."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa
from django.db import connection, models

from xuezheng.rules.tables import BaseColumn, base_columns
from xuezheng.workbooks import Sheet

#: What a field without a default has that may not be empty.
_NEUTRAL: dict[type[models.Field], Any] = {
    models.BooleanField: False,
    models.IntegerField: 0,
    models.FloatField: 0.0,
    models.DecimalField: 0,
    models.DateField: datetime.date(2000, 1, 1),
}


def table(model: type[models.Model], records: Iterable[models.Model]) -> pa.Table:
    """Return records as an Arrow table with the columns of the database."""
    fields, kept = model._meta.concrete_fields, list(records)
    return pa.table(
        {
            field.column: [field.to_python(getattr(record, field.attname)) for record in kept]
            for field in fields
        }
    )


def completed(model: type[models.Model], rows: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """Add the columns of the database that the rows lack and that may not be empty."""
    missing = [field for field in model._meta.concrete_fields if field.column not in rows.columns]
    values = {field: _default(field) for field in missing}
    added = [
        f'{_literal(value)}::{field.db_type(connection).removesuffix(" unsigned")} AS "{field.column}"'
        for field, value in values.items()
        if value is not None
    ]
    return rows.project(", ".join(["*", *added]))


def frozen(
    model: type[models.Model],
    names: Iterable[str],
    own: Iterable[str],
    joined: Mapping[str, str],
    supposed: Mapping[str, str],
) -> str:
    """Return the SQL of columns of a register's frozen table before rules.

    ``own`` are the columns of the table ``rows``; ``joined`` names, by foreign key, the table that is joined to it; ``supposed``
    tells what a column has that looks at further registers, and would otherwise be neutral.
    """
    known, chosen = set(own), set(names)
    return ", ".join(
        f'{_frozen(model, column, known, joined, supposed)} AS "{column.name}"'
        for column in base_columns(model)
        if column.name in chosen
    )


def cells(sheet: Sheet, values: Mapping[str, str | None]) -> list[str | None]:
    """Return the cells of a row of a workbook, by the paths of the sheet's columns; all others are empty."""
    if unknown := values.keys() - set(sheet.paths):
        raise KeyError(f"“{sheet.title}” has no {', '.join(sorted(unknown))}")
    return [values.get(path) for path in sheet.paths]


def _frozen(
    model: type[models.Model],
    column: BaseColumn,
    own: set[str],
    joined: Mapping[str, str],
    supposed: Mapping[str, str],
) -> str:
    if not isinstance(column.source, str):
        return supposed.get(column.name, _literal(_neutral(column.source.output_field)))
    step, _, further = column.source.partition("__")
    field = model._meta.get_field(step)
    if not further:
        return f"rows.{field.column}" if field.column in own else _literal(_default(field))
    if step in joined and "__" not in further:
        return f"{joined[step]}.{field.related_model._meta.get_field(further).column}"
    return "NULL"


def _default(field: models.Field) -> Any:
    value = field.get_default()
    return _neutral(field) if value is None and not field.null else value


def _neutral(field: models.Field) -> Any:
    return next((value for kind, value in _NEUTRAL.items() if isinstance(field, kind)), None)


def _literal(value: Any) -> str:
    return "NULL" if value is None else "'{}'".format(str(value).replace("'", "''"))
