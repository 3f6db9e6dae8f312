"""The abstract record: provenance, history, row permissions, and the rules for its import."""

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
        """Return the rows that ``user`` may see: the only way by which a page reaches rows."""
        scope = permits(user, "see", self.model)
        if Scope.ALL in scope:
            return self
        if Scope.SECTION in scope:
            return self.of_section(user.section)
        return self.of_school(user.school_id) if Scope.SCHOOL in scope else self.none()

    def of_section(self, section: str) -> Self:
        """Return the rows that a section is responsible for: all, if the register belongs to the section's area, else none."""
        return self if self.model._meta.app_label == section else self.none()

    def of_school(self, school: int | None) -> Self:
        """Return the rows that belong to a school, given by its key; none of a register without ``school_paths``, or without a key."""
        if not self.model.school_paths or school is None:
            return self.none()
        own = reduce(or_, (models.Q(**{path: school}) for path in self.model.school_paths))
        reachable = self.model._base_manager.filter(own)
        return self.filter(pk__in=reachable.values("pk"))

    def of_period(self, period: Period) -> Self:
        """Return the rows of a period, of a register kept by term, school year, year or month; all rows of any other register."""
        names = {field.name for field in self.model._meta.concrete_fields}
        if "term" in names and period.terms:
            return self.filter(term__code__in=period.terms)
        if "school_year" in names:
            return self.filter(school_year=period.school_year)
        if "year" in names:
            return self.filter(year=period.end.year)
        return self.filter(month__range=(period.start, period.end)) if "month" in names else self


class RegisterBase(models.base.ModelBase):
    """The metaclass of registers: adds to ``Meta`` the constraint of the natural key and the plural name.

    A natural key of several fields, or one that has a name, gets a unique constraint. The plural is the singular: Chinese has no plural.
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

    ``natural_key``  the fields that identify a row to people; an imported row finds its record by them
    ``natural_key_name``  the name of the unique constraint on the natural key; a single field may be ``unique`` instead
    ``added_by_reference``  whether a sheet of another register adds rows here, as awards add persons
    ``settled``      fields that an import never overwrites: a difference must be settled by a person
    ``derived``      fields that follow from rows of another register or from other rows: an import changes them, nobody by hand
    ``private``      fields that never leave the register: kept out of snapshots and logs
    ``personal``     whether rows are about single persons
    ``open_to_all``  whether everyone who may log in sees all rows
    ``confidential`` whether only the section that keeps the register sees its rows, not even the office
    ``as_sent``      whether text is kept as another office wrote it, without warnings about unusual spellings
    ``ordered``      pairs of date fields of which the second, if filled, is not before the first
    ``school_paths`` the look-up paths from a row to its school, for the rights of a school's clerk
    ``frozen``       extra columns that a snapshot adds to the row: name → Django look-up path into another
                     register, or (Chinese label, Django expression or a function that returns one)
    ``frozen_per``   the column of ``frozen`` that tells apart the rows that a snapshot has of one record, where a path leads to several rows
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
    #: Why and by whom the record is changed, for its history: set before it is saved.
    _change_reason: str | None
    _history_user: User | None

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def table_name(cls) -> str:
        """Return the name of the register's table in a snapshot: ``pupil``, ``aid_award``."""
        label, name = cls._meta.app_label, str(cls._meta.model_name)
        return name if label == "records" else f"{label}_{name}"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield (field, Chinese sentence) for fields that are right alone but contradict each other.

        An area's model overrides this with the rules of its register; checks of a record call :meth:`faults`.
        """
        yield from ()

    def faults(self) -> Iterator[tuple[str, str]]:
        """Yield (field, Chinese sentence) for every contradiction, including dates in the wrong order (``ordered``) and codes of another time.

        Forms and imports both call this, so a check is written once.
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
        """Yield (field, Chinese sentence, what is taken for right) for what is unlikely in a new record: an import asks before it adds the record."""
        yield from ()

    def complete(self) -> None:
        """Fill empty fields whose value follows from the others, before the record is checked; by default none."""

    def clean(self) -> None:
        """Fill derived fields and raise ``ValidationError`` with every contradiction, by field; Django's forms call this."""
        self.complete()
        faults = dict(self.faults())
        if faults:
            raise ValidationError(faults)


def is_register(model: object) -> TypeGuard[type[Record]]:
    """Return whether an object is a register: a subclass of :class:`Record`."""
    return isinstance(model, type) and issubclass(model, Record)


def linked_register(field: ModelField) -> type[Record]:
    """Return the register to which a foreign key points; raises ``TypeError`` where it points to no register."""
    linked = field.related_model
    if not is_register(linked):
        raise TypeError(f"{field} links to no register")
    return linked


@cache
def registers() -> dict[str, type[Record]]:
    """Return every register by the name of its snapshot table."""
    models_ = [model for model in apps.get_models() if issubclass(model, Record)]
    return {model.table_name(): model for model in models_}


def register(name: str) -> type[Record]:
    """Return a register by the name of its snapshot table; raises :class:`xuezheng.registry.Unknown`."""
    try:
        return registers()[name]
    except KeyError:
        raise Unknown("台账", name, registers()) from None


def check_first_of_month(record: Record, name: str) -> Iterator[tuple[str, str]]:
    """Yield a contradiction if a field that stands for a month is not its first day."""
    day = getattr(record, name)
    if day.day != 1:
        yield name, f"{field_of(record, name).verbose_name}应填当月首日，如{day:%Y-%m}-01。"
