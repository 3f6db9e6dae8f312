"""How a field of a record is written on a page. ID numbers are never written in full."""

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
    """Return the fields of a register that a page shows, in the order of their declaration."""
    provenance = {field.name for field in Record._meta.fields}
    return [
        field
        for field in model._meta.fields
        if not (field.primary_key or field.name in provenance or isinstance(field, KeyedHashField))
    ]


def is_link(field: ModelField) -> TypeGuard[Link]:
    """Whether the field points to another record."""
    return isinstance(field, ForeignKey) and is_register(field.related_model)


def is_by_right(field: ModelField) -> bool:
    """Whether a field links to a person whom the row is not about, so that it is shown only to users who may see that person."""
    return is_link(field) and linked_register(field).personal and not getattr(field.model, "personal", False)


def header(field: ModelField) -> str:
    """Return the heading of a field.

    A link may be named after the number by which a workbook identifies the other record; a page shows the record's title instead.
    """
    if is_link(field):
        linked_model = linked_register(field)
        if field.verbose_name in {
            field_of(linked_model, name).verbose_name for name in linked_model.natural_key
        }:
            return str(linked_model._meta.verbose_name)
    return str(field.verbose_name)


def write(record: Model, field: ModelField) -> str:
    """Return one field of a record as text."""
    if is_link(field):
        # A record that the reader may not see was not read along: see with_links.
        linked = getattr(record, field.name, None)
        return NOTHING if linked is None else label(linked)
    return write_value(getattr(record, field.attname), field)


def write_value(value: Any, field: ModelField) -> str:
    """Return a plain value of a field as text; encrypted numbers are masked."""
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
    """Return the name of a record outside of its own page: for a class the school's name, then its own."""
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
    """Return the names of the links in a record's natural key that ``str(record)`` leaves out."""
    if model.personal:
        return []
    fields = (field_of(model, name) for name in model.natural_key)
    return [field.name for field in fields if is_link(field) and not linked_register(field).personal]


def named_by(model: type[Record]) -> Iterator[str]:
    """Yield the look-up paths to the texts that name a record: for a class its school's name, then its own."""
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
    """Add to a query the records that the rows' texts name, as far as ``user`` may see them.

    A row about a person that the user sees shows the person; elsewhere a person is shown only to users who may see that person.
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
    """Return the look-up path from a register to its persons, as ``person__``; "" for the register of persons, None without one."""
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
    """Return the condition that each word of ``text`` occurs in the names of the record at the end of a look-up path.

    ``path`` ends with "__", or is "" for the row itself.
    """
    condition = Q()
    for word in text.split()[:_MOST_WORDS]:
        condition &= _any(word, [f"{path}{name}" for name in named_by(model)])
    return condition


def search(model: type[Record], text: str, user: User) -> Q:
    """Return the condition that each word of ``text`` occurs in the row, or in a linked record that ``user`` may see."""
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
