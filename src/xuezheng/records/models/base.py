"""The abstract model of all registers: provenance, history, row permissions, and the rules for imports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, reduce
from operator import or_
from typing import Any, ClassVar, Self, TypeGuard, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from simple_history.models import HistoricalRecords

from xuezheng.core.periods import Period
from xuezheng.records.fields import ModelField, code_fields, field_of
from xuezheng.records.models.accounts import User
from xuezheng.records.permissions import Scope, permits
from xuezheng.registry import Unknown

#: The model whose rows a query set yields.
RecordT = TypeVar("RecordT", bound="Record", covariant=True)


class RecordQuerySet(models.QuerySet[RecordT]):
    """Rows of a register."""

    def visible_to(self, user: User) -> Self:
        """Return the rows that ``user`` may see; pages must reach rows only through this method."""
        scope = permits(user, "see", self.model)
        if Scope.ALL in scope:
            return self
        if Scope.SECTION in scope:
            return self.of_section(user.section)
        return self.of_school(user.school_id) if Scope.SCHOOL in scope else self.none()

    def of_section(self, section: str) -> Self:
        """Return all rows if the register is declared by the area named ``section`` (``aid``), else none."""
        return self if self.model._meta.app_label == section else self.none()

    def of_school(self, school: int | None) -> Self:
        """Return the rows that belong to the school with the primary key ``school``.

        None are returned if ``school`` is None or the register has no ``school_paths``.
        """
        if not self.model.school_paths or school is None:
            return self.none()
        own = reduce(or_, (models.Q(**{path: school}) for path in self.model.school_paths))
        reachable = self.model._base_manager.filter(own)
        return self.filter(pk__in=reachable.values("pk"))

    def of_period(self, period: Period) -> Self:
        """Return the rows that belong to a period.

        A register with a field ``term`` is filtered by the period's terms, if it has any; one with
        ``school_year`` or ``year`` by the school year or year of the period's last day; one with ``month`` by
        the days of the period, both ends included. All rows of any other register are returned.
        """
        names = {field.name for field in self.model._meta.concrete_fields}
        if "term" in names and period.terms:
            return self.filter(term__code__in=period.terms)
        if "school_year" in names:
            return self.filter(school_year=period.school_year)
        if "year" in names:
            return self.filter(year=period.end.year)
        return self.filter(month__range=(period.start, period.end)) if "month" in names else self


class RegisterBase(models.base.ModelBase):
    """The metaclass of registers: adds to ``Meta`` a unique constraint on the natural key, and the plural name.

    The constraint is added if ``natural_key`` has several fields or ``natural_key_name`` is set. The plural
    is the same as the singular.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **options: Any) -> Any:
        """Create the class of a register, with the defaults added to its ``Meta``."""
        meta, key = attrs.get("Meta"), attrs.get("natural_key", ())
        if meta is not None and not getattr(meta, "abstract", False):
            if not hasattr(meta, "verbose_name_plural"):
                meta.verbose_name_plural = meta.verbose_name
            if len(key) > 1 or "natural_key_name" in attrs:
                constraint_name = attrs.get("natural_key_name", "%(app_label)s_%(class)s_natural_key")
                unique = models.UniqueConstraint(fields=key, name=constraint_name)
                meta.constraints = [unique, *getattr(meta, "constraints", ())]
        return super().__new__(cls, name, bases, attrs, **options)


class Record(models.Model, metaclass=RegisterBase):
    """One row of a register.

    Class attributes declare how the engine treats the register; an area's model sets those that apply:

    ``natural_key``  names of the fields that identify a row to people; an import finds the record of a row by them
    ``natural_key_name``  the name of the unique constraint on the natural key; a single field may be ``unique`` instead
    ``added_by_reference``  whether a sheet of another register adds rows here, as awards add persons
    ``settled``      fields that an import never overwrites: a person must resolve a difference on the record's page
    ``derived``      fields computed from other rows: an import changes them, nobody edits them
    ``private``      fields that never leave the register: they are left out of snapshots and logs
    ``personal``     whether rows are about single persons
    ``open_to_all``  whether everyone who may log in sees all rows
    ``confidential`` whether only the section that owns the register sees its rows, not even the office
    ``as_sent``      whether text is stored as another office wrote it, without warnings about unusual spellings
    ``ordered``      pairs of date fields of which the second, if filled, must not be before the first
    ``school_paths`` the look-up paths from a row to its school, for the permissions of a school's clerk
    ``frozen``       extra columns that a snapshot adds to the row: name → Django look-up path into another
                     register, or (Chinese label, Django expression or a function that returns one)
    ``frozen_per``   the name in ``frozen`` that distinguishes the rows of one record in a snapshot, if a path leads to several rows
    """

    natural_key: ClassVar[tuple[str, ...]] = ()
    natural_key_name: ClassVar[str]
    added_by_reference: ClassVar[bool] = False
    settled: ClassVar[tuple[str, ...]] = ()
    derived: ClassVar[tuple[str, ...]] = ()
    private: ClassVar[tuple[str, ...]] = ()
    personal: ClassVar[bool] = False
    open_to_all: ClassVar[bool] = False
    confidential: ClassVar[bool] = False
    as_sent: ClassVar[bool] = False
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    school_paths: ClassVar[tuple[str, ...]] = ()
    frozen: ClassVar[Mapping[str, Any]] = {}
    frozen_per: ClassVar[str] = ""

    batch = models.ForeignKey(
        "records.Batch", models.PROTECT, null=True, blank=True, editable=False, verbose_name="导入批次",
        related_name="+",
    )  # fmt: skip
    source_sheet = models.CharField("来源表", max_length=100, blank=True, editable=False)
    source_row = models.PositiveIntegerField("来源行", null=True, blank=True, editable=False)
    history = HistoricalRecords(inherit=True)
    #: The reason for a change and the user who makes it, for the record's history: set before :meth:`save`.
    _change_reason: str | None
    _history_user: User | None

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def table_name(cls) -> str:
        """Return the name of the register's table in a snapshot.

        It is like ``pupil`` for a register of the engine, ``aid_award`` for one of the area ``aid``.
        """
        label, name = cls._meta.app_label, str(cls._meta.model_name)
        return name if label == "records" else f"{label}_{name}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield (field name, Chinese sentence) for values that are valid alone but contradict each other.

        By default there are none. An area's model overrides this with the rules of its register. To check a
        record, call :meth:`faults`.
        """
        yield from ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (field name, Chinese sentence) for every contradiction of the record.

        These are dates in the wrong order (``ordered``), codes that are not in force on the row's day, and
        :meth:`contradictions`. Forms and imports both call this.
        """
        for first, second in self.ordered:
            begun, over = getattr(self, first), getattr(self, second)
            if begun and over and over < begun:
                earlier_name, later_name = (field_of(self, name).verbose_name for name in (first, second))
                yield second, f"{later_name}早于{earlier_name}{begun}。请核对两个日期。"
        for field in code_fields(type(self)):
            if reason := field.why_unusable(self):
                yield field.name, reason
        yield from self.contradictions()

    def doubts(self) -> Iterator[tuple[str, str, str]]:
        """Yield (field name, Chinese sentence, assumption) for values of a new record that are possible but unlikely.

        By default there are none; an area's model overrides this. An import shows the sentence and adds the
        record only if the user confirms the assumption, a Chinese sentence such as “张3”是这个人的姓名.
        """
        yield from ()

    def complete(self) -> None:
        """Fill empty fields whose value follows from others, in memory, before the record is checked.

        Forms and imports call this. By default nothing is filled; an area's model overrides it.
        """

    def clean(self) -> None:
        """Call :meth:`complete`, then raise ``ValidationError`` with a message by field if there are :meth:`faults`."""
        self.complete()
        faults = dict(self.faults())
        if faults:
            raise ValidationError(faults)


def is_register(model: object) -> TypeGuard[type[Record]]:
    """Return whether an object is a register: a subclass of :class:`Record`."""
    return isinstance(model, type) and issubclass(model, Record)


def linked_register(field: ModelField) -> type[Record]:
    """Return the register to which a foreign key points.

    Raises ``TypeError`` if its target is no register.
    """
    linked = field.related_model
    if not is_register(linked):
        raise TypeError(f"{field} links to no register")
    return linked


@cache
def registers() -> dict[str, type[Record]]:
    """Return every register by the name of its snapshot table (see :meth:`Record.table_name`)."""
    models_ = [model for model in apps.get_models() if issubclass(model, Record)]
    return {model.table_name(): model for model in models_}


def register(name: str) -> type[Record]:
    """Return the register whose snapshot table has this name.

    Raises :class:`xuezheng.registry.Unknown` if there is none.
    """
    try:
        return registers()[name]
    except KeyError:
        raise Unknown("台账", name, registers()) from None


def check_first_of_month(record: Record, name: str) -> Iterator[tuple[str, str]]:
    """Yield (field name, Chinese sentence) if the date in field ``name`` is not the first of a month.

    The field must not be empty.
    """
    day = getattr(record, name)
    if day.day != 1:
        yield name, f"{field_of(record, name).verbose_name}应填当月首日，如{day:%Y-%m}-01。"
