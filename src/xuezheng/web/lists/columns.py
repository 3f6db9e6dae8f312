"""The columns that a list may show: the fields of a register, and those of the records to which its rows point."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Any, cast

from django.core.exceptions import FieldDoesNotExist
from django.db.models import (
    BooleanField,
    CharField,
    DateField,
    DecimalField,
    FloatField,
    IntegerField,
    Model,
    QuerySet,
    TextField,
)

from xuezheng.records.fields import EncryptedField, KeyedHashField, ModelField, MoneyField, field_of
from xuezheng.records.models import Person, Record, linked_register
from xuezheng.web.ui import display


class Kind(Enum):
    """The kinds of columns, which decide how a column is filtered and whether its values are added up."""

    LINK = "link"
    NUMBER_OF_A_PERSON = "sealed"
    CHOICE = "choice"
    DAY = "day"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    OTHER = "other"


@dataclass(frozen=True)
class Column:
    """A column of a list.

    ``key`` is the look-up path from the row to the field, as ``class_group__stage``; ``title`` is its Chinese
    heading, and ``field`` the model field at the end of the path.
    """

    key: str
    title: str
    field: ModelField

    @cached_property
    def kind(self) -> Kind:
        """The kind of the column's values."""
        field = self.field
        if display.is_link(field):
            return Kind.LINK
        if isinstance(field, EncryptedField):
            return Kind.NUMBER_OF_A_PERSON
        if field.choices or isinstance(field, BooleanField):
            return Kind.CHOICE
        kinds = {
            MoneyField: Kind.MONEY, DateField: Kind.DAY, CharField: Kind.TEXT, TextField: Kind.TEXT,
            IntegerField: Kind.NUMBER, DecimalField: Kind.NUMBER, FloatField: Kind.NUMBER,
        }  # fmt: skip
        return next(
            (kind for field_class, kind in kinds.items() if isinstance(field, field_class)), Kind.OTHER
        )

    @property
    def counts(self) -> bool:
        """Whether the column's values can be added up, as numbers and amounts of money can."""
        return self.kind in (Kind.MONEY, Kind.NUMBER)

    @property
    def css_class(self) -> str:
        """The CSS class of the column's cells, "" for none."""
        return "num" if self.counts else "xz-long" if isinstance(self.field, TextField) else ""

    @property
    def steps(self) -> list[str]:
        """The names of the links from the row to the record that has the field; empty for a field of the row itself."""
        return self.key.split("__")[:-1]

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The look-up paths for sorting by the column, as for ``order_by``.

        Empty where it cannot be sorted.
        """
        # The order of persons would reveal to others whom rows name.
        if self.kind in (Kind.NUMBER_OF_A_PERSON, Kind.OTHER) or display.is_by_right(self.field):
            return ()
        if self.kind is not Kind.LINK:
            return (self.key,)
        names = list(display.named_by(linked_register(self.field)))
        return tuple(f"{self.key}__{name}" for name in names)

    @property
    def may_be_missing(self) -> bool:
        """Whether a row may have no value in the column."""
        return self.field.null or self.field.blank or len(self.steps) > 0

    def value(self, record: Record) -> Any:
        """Return the stored value for a row: amounts in fen, a code, the key of a linked record.

        None where the field, or a link on the path to it, is empty.
        """
        holder = self._holder(record)
        return None if holder is None else getattr(holder, self.field.attname)

    def write(self, record: Record) -> str:
        """Return the Chinese text of the cell for a row, as on every other page; "—" for an empty cell."""
        holder = self._holder(record)
        return display.NOTHING if holder is None else display.write(holder, self.field)

    def _holder(self, record: Record) -> Model | None:
        holder: object = record
        for step in self.steps:
            holder = getattr(holder, step, None)
        return holder if isinstance(holder, Model) else None


def columns_of(model: type[Record]) -> dict[str, Column]:
    """Return every column that the list of a register may show, by key.

    The register's own columns come first, then those of linked records.
    """
    return _columns_of(cast(Any, model))


@cache
def _columns_of(model: Any) -> dict[str, Column]:
    columns: dict[str, Column] = {}
    for column in (*_own(model), *_related(model)):
        columns.setdefault(column.key, column)
    return columns


def usual_columns(model: type[Record]) -> tuple[str, ...]:
    """Return the keys of the columns that a register's list shows by default.

    They are the register's own, and the ID number of the person a row is about.
    """
    return tuple(column.key for column in _own(model))


def read_along(rows: QuerySet[Record], columns: list[Column]) -> QuerySet[Record]:
    """Return ``rows`` with the linked records that ``columns`` show loaded by the same query (``select_related``)."""
    links = set()
    for column in columns:
        path = "__".join(column.steps)
        if display.is_link(column.field) and path:
            links |= {
                column.key,
                *(f"{column.key}__{name}" for name in display.leading(linked_register(column.field))),
            }
        elif path:
            links.add(path)
    return rows.select_related(*links) if links else rows


def _own(model: type[Record]) -> Iterator[Column]:
    for field in display.shown_fields(model):
        yield Column(field.name, display.header(field), field)
        if display.is_link(field) and linked_register(field) is Person and model.personal:
            number = Person._meta.get_field("id_number")
            yield Column(f"{field.name}__id_number", str(number.verbose_name), number)


def _related(model: type[Record]) -> Iterator[Column]:
    """Yield the columns of related records: fields of the records that a row points to, and fields that a snapshot adds.

    A user who sees the row sees these columns too: so they include no record with rights of its own, and no private data of a person.
    """
    for link in filter(display.is_link, display.shown_fields(model)):
        yield from _through(model, [link], display.shown_fields(linked_register(link)))
    for path in model.frozen.values():
        links = isinstance(path, str) and _follow(model, path)
        if links and all(map(display.is_link, links[:-1])) and not isinstance(links[-1], KeyedHashField):
            yield from _through(model, links[:-1], [links[-1]])


def _through(model: type[Record], links: list[ModelField], fields: list[ModelField]) -> Iterator[Column]:
    others = [linked_register(link) for link in links]
    if not others or any(
        linked.confidential or (linked.personal and not model.personal) for linked in others
    ):
        return
    path = "__".join(link.name for link in links)
    for field in fields:
        private = field.name in others[-1].private or isinstance(field, EncryptedField)
        foreign = display.is_link(field) and (
            linked_register(field).personal or linked_register(field).confidential
        )
        if not private and not foreign:
            yield Column(
                f"{path}__{field.name}", f"{display.header(links[-1])}·{display.header(field)}", field
            )


def _follow(model: type[Model], path: str) -> list[ModelField]:
    """Return the fields along a look-up path; an empty list where the path names a field that does not exist."""
    fields = []
    try:
        for name in path.split("__"):
            field = field_of(model, name)
            model = field.related_model if isinstance(field.related_model, type) else model
            fields.append(field)
    except FieldDoesNotExist:
        return []
    return fields
