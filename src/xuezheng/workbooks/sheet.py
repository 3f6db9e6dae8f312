"""Templates of Excel sheets: the register for which a sheet is filled in, and the order of its columns.

Headings, drop-downs and checks follow from the register's model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import Literal

from django.db import models

from xuezheng.records.fields import EncryptedField, Link, ModelField, field_of
from xuezheng.records.models import Record, is_register, linked_register
from xuezheng.registry import Declaration
from xuezheng.workbooks.cells import Cell, reader
from xuezheng.workbooks.expectations import Expectation


@dataclass(frozen=True)
class Column:
    """A column of a sheet: the path to a field, the heading, and the field.

    ``path`` leads from the sheet's register to the field: ``name``, or ``person.name`` through a foreign key.
    ``required`` says whether every row must fill it. The heading ``title`` is the field's Chinese name; if
    two columns have the same name, the second has the name of its foreign key before it.
    """

    path: str
    title: str
    field: ModelField
    required: bool

    @property
    def secret(self) -> bool:
        """Whether the cells contain numbers that must not be shown in full (the field is encrypted)."""
        return isinstance(self.field, EncryptedField)

    @cached_property
    def read(self) -> Callable[[str], Cell]:
        """The function that reads the text of a cell of this column.

        It returns a :class:`~xuezheng.workbooks.cells.Cell`.
        """
        return reader(self.field)


class Sheet(Declaration):
    """A template: an Excel sheet that people fill in for one register, declared in an area's ``workbook.py``.

    ``model`` is the register, ``title`` the sheet's Chinese name. ``columns`` are paths to fields in the
    order of the columns: fields of the register itself (``entered_on``), or of a register to which it has a
    foreign key, by which the linked record is found (``school.code``). If no record is found and the linked
    register has ``added_by_reference``, an import adds one from these columns (``person.name``).

    ``expects`` declares what numbers are expected (see :mod:`xuezheng.intake.expectations.deviations`); one
    that deviates must be explained. ``titles`` has headings, by path, that differ from the field's name.

    ``people`` is for workbooks of another layout that lack ID numbers: ``pupils`` or ``staff`` if the rows
    are about these, whose numbers are then looked up in the registers by name and school (see
    :mod:`xuezheng.intake.mappings.people`); "" if they must not be looked up.
    """

    def __init__(
        self,
        model: type[Record],
        title: str,
        columns: Sequence[str],
        expects: Sequence[Expectation] = (),
        titles: Mapping[str, str] = MappingProxyType({}),
        people: Literal["", "pupils", "staff"] = "",
    ) -> None:
        self.model = model
        self.title = title
        self.paths = tuple(columns)
        self.expects = tuple(expects)
        self.titles = titles
        self.people = people

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order in which they were declared."""
        columns: dict[str, Column] = {}
        for path in self.paths:
            column = _column(self.model, path)
            column = replace(column, title=self.titles.get(path, column.title))
            if column.title in columns:
                link = field_of(self.model, path.split(".")[0])
                column = replace(column, title=f"{link.verbose_name}{column.title}")
            columns[column.title] = column
        return tuple(columns.values())

    @property
    def fills(self) -> set[type[Record]]:
        """The registers to which an import of the sheet may add rows.

        They are its own, and linked registers with ``added_by_reference``, such as that of persons.
        """
        linked = (linked_register(field) for field in links(self.model).values())
        return {self.model, *(model for model in linked if model.added_by_reference)}

    @property
    def depth(self) -> int:
        """The length of the longest chain of foreign keys from the sheet's register to other registers, itself included.

        The sheets of a workbook are imported from the lowest depth to the highest, so that linked records
        exist.
        """
        return depth(self.model)


def _column(model: type[Record], path: str) -> Column:
    *steps, name = path.split(".")
    required = True
    for step in steps:
        link = field_of(model, step)
        required = required and not link.blank
        model = linked_register(link)
    field = field_of(model, name)
    # What can be worked out from the ID number may stay blank, if the register is only referred to.
    derived = bool(steps) and name in ("sex", "birth_date", "id_type")
    return Column(
        path,
        str(field.verbose_name),
        field,
        required and not field.blank and not field.has_default() and not derived,
    )


def depth(model: type[Record]) -> int:
    """Return the length of the longest chain of foreign keys from a register to other registers, itself included.

    It is 1 for a register that refers to no other.
    """
    return 1 + max((depth(linked_register(field)) for field in links(model).values()), default=0)


def links(model: type[Record]) -> dict[str, Link]:
    """Return the foreign keys of a register that point to registers, by field name."""
    return {
        field.name: field
        for field in model._meta.concrete_fields
        if isinstance(field, models.ForeignKey) and is_register(field.related_model)
    }
