"""The list of any register."""

from functools import cache
from typing import Any

import django_tables2 as tables
from django.db.models import Field, IntegerField, TextField
from django.urls import reverse

from xuezheng.records.fields import EncryptedField
from xuezheng.records.models import Record
from xuezheng.web import display


class FieldColumn(tables.Column):
    """A field of a record, written as on every other page."""

    def __init__(self, field: Field, first: bool) -> None:
        kind = "num" if isinstance(field, IntegerField) and not field.choices else ""
        kind = "xz-long" if isinstance(field, TextField) else kind
        super().__init__(
            verbose_name=display.header(field),
            accessor="pk",
            order_by=(field.name,),
            orderable=not isinstance(field, EncryptedField) and not display.is_link(field),
            linkify=record_address if first else None,
            attrs={"td": {"class": kind}, "th": {"class": kind}},
        )
        self.field = field

    def render(self, record: Record) -> str:
        """Write the cell."""
        return display.write(record, self.field)


class PersonNumberColumn(tables.Column):
    """The masked ID number of the person that a row is about."""

    def __init__(self, field_name: str) -> None:
        super().__init__(verbose_name="身份证件号", accessor="pk", orderable=False)
        self.field_name = field_name

    def render(self, record: Record) -> str:
        """Write the cell."""
        person = getattr(record, self.field_name, None)
        return person.masked_id_number if person else display.NOTHING


def record_address(record: Record) -> str:
    """The address of a record's page."""
    return reverse("web:record", args=[record.table_name(), record.pk])


@cache
def table_of(model: type[Record], without: str | None = None) -> type[tables.Table]:
    """The list of a register: its fields in the order of their declaration, the first one a link.

    ``without`` leaves out the field that is the same in every row.
    """
    columns: dict[str, Any] = {}
    for field in display.shown_fields(model):
        if field.name == without:
            continue
        columns[field.name] = FieldColumn(field, first=not columns)
        if display.is_link(field) and display.person_path(field.related_model) == "":
            columns[f"{field.name}_number"] = PersonNumberColumn(field.name)
    meta = type("Meta", (), {"template_name": "web/table.html", "attrs": {"class": "table table-vcenter"}})
    return type(f"{model.__name__}Table", (tables.Table,), {**columns, "Meta": meta})
