"""Model fields of the registers: money, codes, encrypted text, and the hash by which that is found."""

from __future__ import annotations

import hmac
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from django import forms
from django.core.exceptions import FieldDoesNotExist, FieldError
from django.db import models
from django.utils.timezone import localdate

from xuezheng.core.encryption import seal, unseal
from xuezheng.core.keys import keys
from xuezheng.records.code_lists import CodeList, code_list

if TYPE_CHECKING:
    from django.db.models import BigIntegerField, CharField

    #: A column of any model. What a row of that column holds is known by the kind of the field alone.
    ModelField: TypeAlias = models.Field[Any, Any]
    #: A column that holds the key of a row of another table.
    Link: TypeAlias = models.ForeignKey[Any, Any]
else:
    ModelField, Link = models.Field, models.ForeignKey

    class CharField(models.CharField):
        """A text field that accepts type parameters (``CharField[str, str]``), for the type checker alone."""

        def __class_getitem__(cls, types):
            return cls

    class BigIntegerField(models.BigIntegerField):
        """An integer field that accepts type parameters, for the type checker alone."""

        def __class_getitem__(cls, types):
            return cls


#: What may be written to a field, and what is read of it: with None where the column may be empty.
_Set = TypeVar("_Set", contravariant=True)
_Get = TypeVar("_Get", covariant=True)


def field_of(model: type[models.Model] | models.Model, name: str) -> ModelField:
    """Return the column of a model by its name.

    Raises ``FieldDoesNotExist`` for an unknown name and for a reverse relation.
    """
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field):
        raise FieldDoesNotExist(f"{model._meta.label} has no column {name}")
    return field


def linked_model(link: ModelField | models.ForeignObjectRel) -> type[models.Model]:
    """Return the model at the other end of a forward or reverse relation.

    Raises ``TypeError`` for a generic relation.
    """
    model = link.related_model
    if not isinstance(model, type):
        raise TypeError(f"{link} links to no model")
    return model


def keyed_hash(text: str, key: bytes | None = None) -> str:
    """Return 32 hexadecimal digits by which ``text`` can be found but not read (HMAC-SHA-256, cut to 128 bits).

    ``key`` defaults to the district's hashing key.
    """
    return hmac.digest(key or keys().hashing, text.encode(), "sha256").hex()[:32]


class EncryptedField(CharField[_Set, _Get]):
    """Text that is encrypted in the database (AES-256-GCM, a fresh nonce each time) and plain in Python.

    Of look-ups only ``isnull`` is possible, others raise ``FieldError``; search by a :class:`KeyedHashField`
    of the same record instead.
    """

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_prep_value(self, value: str | None) -> bytes | None:
        return None if value is None else seal(value.encode())

    def get_db_prep_value(self, value: str | None, connection: Any, prepared: bool = False) -> Any:
        encrypted = value if prepared else self.get_prep_value(value)
        return None if encrypted is None else connection.Database.Binary(encrypted)

    def get_placeholder(self, value: Any, compiler: Any, connection: Any) -> str:
        return str(connection.ops.binary_placeholder_sql(value))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str | None:
        return None if value is None else unseal(bytes(value)).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: look it up by {self.name}_hash=keyed_hash(…)")
        return super().get_lookup(lookup_name)


class AsWrittenField(EncryptedField[_Set, _Get]):
    """A number from another office's list: encrypted, stored exactly as the list has it, even if it is wrong."""


class KeyedHashField(CharField[_Set, _Get]):
    """A hash of another field of the same record, by which records are found although that field is encrypted.

    ``of`` is the name of the field; the hash (:func:`keyed_hash`) is computed on every save, and is None if
    that field is empty.
    """

    def __init__(self, *args: Any, of: str, **kwargs: Any) -> None:
        self.of = of
        kwargs.setdefault("max_length", 32)
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        text = getattr(model_instance, self.of)
        value = keyed_hash(text) if text else None
        setattr(model_instance, self.attname, value)
        return value


class CodeField(CharField[_Set, _Get]):
    """A code of the code list with the key ``codes`` (``policy.hardship``).

    The choices are content and no part of migrations. ``on`` is the look-up path from a row to the date, year
    or school year on which its code must be in force (``starts_on``, ``term__starts_on``); without it, that
    is today. Codes that have ended can still be read; forms offer those in force.
    """

    def __init__(self, *args: Any, codes: str, on: str = "", **kwargs: Any) -> None:
        self.codes, self.on = codes, on
        kwargs.setdefault("max_length", 20)
        kwargs["choices"] = partial(_all_codes, codes)
        super().__init__(*args, **kwargs)

    @property
    def code_list(self) -> CodeList:
        """The code list of the field, as :func:`xuezheng.records.code_lists.code_list` returns it."""
        return code_list(self.codes)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("choices", None)
        return name, path, args, {**kwargs, "codes": self.codes, "on": self.on}

    def _check_choices(self) -> list[Any]:
        return []  # they are in the database, which is not asked while the program starts

    def _check_max_length_attribute(self, **kwargs: Any) -> list[Any]:
        return []

    def formfield(self, **kwargs: Any) -> forms.Field | None:  # type: ignore[override]
        """Return a form field that offers the codes in force today."""
        made = super().formfield(**kwargs)
        if isinstance(made, forms.TypedChoiceField):
            made.choices = partial(_offered_codes, self.codes)
        return made

    def day_of(self, record: models.Model) -> date | None:
        """Return the day on which the row's code must be in force: the date to which ``on`` leads, today without ``on``.

        Returns None if that date is still empty. For a year it is 31 December; for a school year
        (``2018-2019``) it is 1 September, its first day.
        """
        if not self.on:
            return localdate()
        value: Any = record
        for step in self.on.split("__"):
            value = getattr(value, step, None)
        if isinstance(value, int):  # a year
            return date(value, 12, 31)
        if isinstance(value, str) and value[:4].isdigit():  # a school year, as 2018-2019
            return date(int(value[:4]), 9, 1)
        return value if isinstance(value, date) else None

    def offered(self, record: models.Model) -> list[tuple[str, str]]:
        """Return (code, label) of the codes that may be chosen for a row, in the order of the list.

        They are those in force on the row's day (:meth:`day_of`, else today), plus the row's own code even if
        it has ended.
        """
        current = dict(self.code_list.in_force(self.day_of(record) or localdate()))
        own = self.code_list.codes.get(getattr(record, self.attname))
        return list((current | ({own.code: current.get(own.code, own.label)} if own else {})).items())

    def why_unusable(self, record: models.Model) -> str:
        """Return a Chinese sentence if the row's code is not in force on the row's day.

        Returns "" if it is, or if the code or day is empty.
        """
        code, day = getattr(record, self.attname), self.day_of(record)
        return self.code_list.why_unusable(code, day) if code and day else ""


def code_has(record: models.Model, name: str, property_name: str, value: Any = True) -> bool:
    """Return whether the code in the field ``name`` of a row has a property with ``value``.

    A property that is a list must contain the value. False if the field is empty or the code unknown. Raises
    ``TypeError`` if the field is no :class:`CodeField`.
    """
    field = record._meta.get_field(name)
    if not isinstance(field, CodeField):
        raise TypeError(f"{field} holds no code")
    code = field.code_list.codes.get(getattr(record, field.attname))
    content = code.properties(field.day_of(record)).get(property_name) if code else None
    return value in content if isinstance(content, list | tuple) else content == value


def _all_codes(key: str) -> tuple[tuple[str, str], ...]:
    return code_list(key).choices


def _offered_codes(key: str) -> list[tuple[str, str]]:
    return [("", "---------"), *code_list(key).in_force(localdate())]


def code_fields(model: type[models.Model]) -> tuple[CodeField[Any, Any], ...]:
    """Return the fields of a model that are :class:`CodeField`."""
    return tuple(field for field in model._meta.concrete_fields if isinstance(field, CodeField))


class MoneyField(BigIntegerField[_Set, _Get]):
    """An amount of money in whole fen (分); forms show and accept it in yuan."""

    def formfield(
        self,
        form_class: type[forms.Field] | None = None,
        choices_form_class: type[forms.ChoiceField] | None = None,
        **kwargs: Any,
    ) -> forms.Field | None:
        options = {"form_class": form_class or YuanField, "choices_form_class": choices_form_class, **kwargs}
        return super().formfield(**options)


class YuanField(forms.DecimalField):
    """A form field that shows and accepts yuan with at most two decimals.

    Its cleaned value is an ``int`` in fen, or None.
    """

    def __init__(self, **kwargs: Any) -> None:
        for name in ("min_value", "max_value"):
            kwargs.pop(name, None)
        super().__init__(decimal_places=2, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        yuan = super().clean(value)
        return None if yuan is None else int(yuan * 100)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)
