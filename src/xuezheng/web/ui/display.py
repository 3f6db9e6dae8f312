"""How the fields of a record are written on a page. ID numbers are never written in full."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, TypeGuard

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import ForeignKey, Model, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from xuezheng.core import number_text
from xuezheng.records.fields import EncryptedField, KeyedHashField, Link, ModelField, MoneyField, field_of
from xuezheng.records.identifiers import masked
from xuezheng.records.models import Person, Record, User, is_register, linked_register
from xuezheng.records.models.base import RecordT

NOTHING = "—"
_MOST_WORDS = 8


def shown_fields(model: type[Record]) -> list[ModelField]:
    """Return the fields of a register that pages show, in the order of their declaration.

    The primary key, the fields that every record has for its origin, and hashes are left out.
    """
    provenance = {field.name for field in Record._meta.fields}
    return [
        field
        for field in model._meta.fields
        if not (field.primary_key or field.name in provenance or isinstance(field, KeyedHashField))
    ]


def is_link(field: ModelField) -> TypeGuard[Link]:
    """Whether the field is a foreign key to a register."""
    return isinstance(field, ForeignKey) and is_register(field.related_model)


def is_by_right(field: ModelField) -> bool:
    """Whether a field links to personal data that not all who see the row may see.

    That is so for a link from a register that is not about persons to one that is: the person is shown only
    to users who may see that person.
    """
    return is_link(field) and linked_register(field).personal and not getattr(field.model, "personal", False)


def header(field: ModelField) -> str:
    """Return the Chinese heading of a field.

    A field that links to another record is often named after that record's code, which is what a workbook has
    in its column; a page shows the record's name, so the heading is then the title of its register.
    """
    if is_link(field):
        linked_model = linked_register(field)
        if field.verbose_name in {
            field_of(linked_model, name).verbose_name for name in linked_model.natural_key
        }:
            return str(linked_model._meta.verbose_name)
    return str(field.verbose_name)


def write(record: Model, field: ModelField) -> str:
    """Return one field of a record as Chinese text, for a link the name of the linked record.

    "—" for an empty field.
    """
    if is_link(field):
        # A record that the reader may not see was not read along: see with_links.
        linked = getattr(record, field.name, None)
        return NOTHING if linked is None else label(linked)
    return write_value(getattr(record, field.attname), field)


def write_value(value: Any, field: ModelField) -> str:
    """Return a stored value of a field as Chinese text; "—" for None or "".

    Codes are written as their labels, amounts (in fen) in yuan, and encrypted numbers masked.
    """
    if value is None or value == "":
        return NOTHING
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(field, MoneyField):
        # The field's name includes the unit.
        return number_text.write(value, "", "yuan", money=True)
    return masked(str(value)) if isinstance(field, EncryptedField) else str(value)


def label(record: Record) -> str:
    """Return the name of a record as other pages show it, preceded by the names of the records that identify it.

    A class, for example, has its school's name before its own.
    """
    try:
        return " ".join([*(str(getattr(record, name)) for name in leading(type(record))), str(record)])
    except (
        ObjectDoesNotExist
    ):  # its text names a record that the reader may not see, which was not read along
        return _label_of_own_fields(record)


def _label_of_own_fields(record: Record) -> str:
    """Return the name of a record without the records that it links to."""
    fields = (field_of(record, name) for name in type(record).natural_key)
    own = [write(record, field) for field in fields if not is_link(field)]
    return " ".join([str(record._meta.verbose_name), *own])


def leading(model: type[Record]) -> list[str]:
    """Return the names of the links that a record's full name needs in addition to ``str(record)``.

    They are the links in the register's natural key, for a class that to its school; links to persons never
    count. The list is empty for a register of personal data.
    """
    if model.personal:
        return []
    fields = (field_of(model, name) for name in model.natural_key)
    return [field.name for field in fields if is_link(field) and not linked_register(field).personal]


def named_by(model: type[Record]) -> Iterator[str]:
    """Yield the look-up paths to the texts that name a record of a register: for a class its school's name, then its own."""
    fields = {field.name: field for field in model._meta.fields}
    own = next((name for name in ("name", "title") if name in fields), None)
    names = [*leading(model), own] if own else model.natural_key
    for name in names:
        if is_by_right(fields[name]):
            continue
        if is_link(fields[name]):
            yield from (f"{name}__{path}" for path in named_by(linked_register(fields[name])))
        elif not isinstance(fields[name], EncryptedField):
            yield name


def with_links(rows: QuerySet[RecordT], user: User) -> QuerySet[RecordT]:
    """Return ``rows`` with the linked records loaded that the texts of the rows name, so that none is queried singly.

    A link from a register that is not about persons to a person is loaded only where ``user`` may see that
    person; elsewhere the linked record of a visible row is shown too.
    """
    for field in filter(is_link, rows.model._meta.fields):
        linked_model = linked_register(field)
        further = [
            name.name for name in linked_model._meta.fields if is_link(name) and _is_named(linked_model, name)
        ]
        if is_by_right(field):
            visible = linked_model.objects.visible_to(user).select_related(*further)
            rows = rows.prefetch_related(Prefetch(field.name, queryset=visible))
        else:
            rows = rows.select_related(field.name, *(f"{field.name}__{name}" for name in further))
    return rows


def _is_named(model: type[Record], field: ModelField) -> bool:
    return field.name in leading(model) or (model.personal and linked_register(field).personal)


def person_path(model: type[Record]) -> str | None:
    """Return the look-up path from a register to the person whom a row is about, as ``person__``.

    "" for the register of persons itself; None for a register whose rows are about no person.
    """
    if model is Person:
        return ""
    fields = model._meta.fields
    links = [
        field
        for field in fields
        if is_link(field) and not is_by_right(field) and linked_register(field) is not model
    ]
    return next((f"{field.name}__" for field in links if person_path(linked_register(field)) == ""), None)


def called(model: type[Record], text: str, path: str = "") -> Q:
    """Return the condition that each word of ``text`` occurs in the name of a record.

    At most eight words count. ``path`` is the look-up path to the record, ending in "__", or "" for the row
    itself; ``model`` is the record's register.
    """
    condition = Q()
    for word in text.split()[:_MOST_WORDS]:
        condition &= _any(word, [f"{path}{name}" for name in named_by(model)])
    return condition


def search(model: type[Record], text: str, user: User) -> Q:
    """Return the condition that each word of ``text`` occurs in the row, or in a linked record that ``user`` may see.

    At most eight words count.
    """
    paths = list(_texts(model))
    condition = Q()
    for word in text.split()[:_MOST_WORDS]:
        matches = _any(word, paths)
        for field in filter(is_by_right, model._meta.fields):
            linked_model = linked_register(field)
            matches |= Q(
                **{
                    f"{field.name}__in": linked_model.objects.visible_to(user)
                    .filter(called(linked_model, word))
                    .values("pk")
                }
            )
        condition &= matches
    return condition


def _any(word: str, paths: Iterable[str]) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(**{f"{path}__icontains": word})
    return condition


def _texts(model: type[Record], path: str = "", depth: int = 2) -> Iterator[str]:
    for field in shown_fields(model):
        if is_link(field):
            if depth and not is_by_right(field):
                yield from _texts(linked_register(field), f"{path}{field.name}__", depth - 1)
            continue
        # Encrypted numbers are no such type: they are found whole, by their keyed hash.
        plain = field.get_internal_type() in ("CharField", "TextField") and not field.choices
        if plain and (not path or field.name in ("name", *model.natural_key)):
            yield path + field.name


def record_address(record: Record) -> str:
    """Return the address of a record's page."""
    return reverse("web:record", args=[record.table_name(), record.pk])


def can_see(user: User, record: Record) -> bool:
    """Whether the user may open the record's page."""
    return type(record).objects.visible_to(user).filter(pk=record.pk).exists()
