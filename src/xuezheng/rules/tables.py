"""The table that rules read: a register's own columns, and columns of linked registers.

The latter are declared in ``Record.frozen`` or, by an area, as a :class:`LinkedColumn`. A register's *frozen table* is its table in a snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import models

from xuezheng.records.fields import CodeField, EncryptedField, ModelField, MoneyField, field_of, linked_model
from xuezheng.records.models import Record, linked_register
from xuezheng.rules.columns import linked_columns

_PROVENANCE = {"batch", "source_sheet", "source_row"}


@dataclass(frozen=True)
class BaseColumn:
    """A column of a frozen table (a register's table in a snapshot) that comes from the database, not from a rule.

    ``source`` is a Django look-up path or expression; ``label`` is Chinese; ``choices`` maps values to
    Chinese names; ``money`` says that values are in fen. ``register`` names the table whose ids the column
    contains and ``codes`` is the key of the code list of its values, "" if not applicable.
    """

    name: str
    source: Any
    type: pa.DataType
    label: str
    choices: Mapping[str, str]
    money: bool = False
    register: str = ""
    codes: str = ""


def base_columns(model: type[Record]) -> tuple[BaseColumn, ...]:
    """Return the columns of a register's frozen table (its table in a snapshot) without rule columns.

    They are the register's own fields, without private and encrypted ones and the provenance of rows (batch,
    sheet, row), then the columns of linked registers that its attribute ``frozen`` declares.
    """
    own = {
        field.name: field.name
        for field in model._meta.concrete_fields
        if field.name not in model.private
        and field.name not in _PROVENANCE
        and not isinstance(field, EncryptedField)
    }
    further = {**model.frozen, **linked_columns(model.table_name())}
    return tuple(_column(model, name, source) for name, source in {**own, **further}.items())


def schema(model: type[Record]) -> pa.Schema:
    """Return the Arrow schema of the columns that :func:`base_columns` returns for a register, in their order."""
    return pa.schema([(column.name, column.type) for column in base_columns(model)])


def rows_of(model: type[Record]) -> models.QuerySet[Record]:
    """Return a query set with the values of :func:`base_columns` for every row of a register, in order of ids.

    It is a ``values_list`` in the order of these columns.
    """
    base = base_columns(model)
    expressions = {f"frozen_{c.name}": c.source for c in base if not isinstance(c.source, str)}
    names = [c.source if isinstance(c.source, str) else f"frozen_{c.name}" for c in base]
    return model._default_manager.annotate(**expressions).order_by("pk").values_list(*names)


def _column(model: type[Record], name: str, source: Any) -> BaseColumn:
    if not isinstance(source, str):
        label, expression = source
        # A query over another register cannot be put together before all registers are known.
        expression = expression() if callable(expression) else expression
        return BaseColumn(name, expression, _type(expression.output_field), label, {})
    field = _last_field(model, source)
    register = linked_register(field).table_name() if field.is_relation else ""
    choices = {str(value): str(label) for value, label in field.flatchoices} if field.choices else {}
    codes = field.codes if isinstance(field, CodeField) else ""
    label = "编号" if field.primary_key else str(field.verbose_name)
    return BaseColumn(
        name, source, _type(field), label, choices, isinstance(field, MoneyField), register, codes
    )


def _last_field(model: type[models.Model], path: str) -> ModelField:
    """Return the field at the end of a look-up path, which may follow relations in either direction."""
    *steps, name = path.split("__")
    for step in steps:
        link = model._meta.get_field(step)
        if not isinstance(link, models.Field | models.ForeignObjectRel):
            raise TypeError(f"{step} of {model._meta.label} is no link")
        model = linked_model(link)
    return field_of(model, name)


def _type(field: ModelField) -> pa.DataType:
    if field.is_relation:
        return pa.int64()
    if isinstance(field, models.BooleanField):
        return pa.bool_()
    if isinstance(field, models.IntegerField):
        return pa.int64()
    if isinstance(field, models.DateField):
        return pa.date32()
    if isinstance(field, models.DecimalField):
        return pa.decimal128(field.max_digits, field.decimal_places)
    if isinstance(field, models.FloatField):
        return pa.float64()
    if isinstance(field, models.CharField | models.TextField):
        return pa.string()
    raise TypeError(f"no column type for {field!r}")
