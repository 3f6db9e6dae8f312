"""The filters of a list, column by column: words, choices, records, ranges of dates and amounts, and missing values."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, reduce
from operator import and_
from typing import Any, ClassVar, NamedTuple

from django.db.models import CharField, DateTimeField, IntegerField, Q, TextField

from xuezheng.core.number_text import some_of
from xuezheng.records.fields import EncryptedField, ModelField, keyed_hash
from xuezheng.records.identifiers import id_number_in, masked
from xuezheng.records.models import School, User, linked_register
from xuezheng.web.lists.columns import Column, Kind, columns_of
from xuezheng.web.lists.request import ANYWHERE, SCHOOL, ListQuery
from xuezheng.web.ui import display

_MOST_OPTIONS = 200
_MOST_DIGITS = 15
_MOST_WORDS = 8


class Unreadable(ValueError):
    """A filter value that cannot be read; the message is a Chinese sentence."""


class Option(NamedTuple):
    """One option of a filter: its value in the address, its Chinese title, and whether it is selected."""

    value: str
    title: str
    chosen: bool


class Condition:
    """The base class of filters: the filter of one column of a list, as the query sets it for a user.

    ``missing`` is "yes" for rows with an empty value only, "no" for rows with a value, else "". A subclass
    names the kind of its form control in ``form``, and implements ``_filter`` (the ``Q`` of the values) and
    ``_describe`` (the same as Chinese text), which are called only where ``_is_set``; it overrides that where
    its values are not those of the parameter named after the column.
    """

    form: ClassVar[str] = ""

    def __init__(self, column: Column, query: ListQuery, user: User) -> None:
        self.column = column
        self.query = query
        self.user = user
        self.missing = query.value(f"{column.key}.missing")

    @property
    def keys(self) -> tuple[str, ...]:
        """The query parameters of the filter without suffixes such as ``.from``; removing all of them removes the filter."""
        return (self.column.key,)

    @property
    def title(self) -> str:
        """The Chinese title of the filter."""
        return self.column.title

    @property
    def active(self) -> bool:
        """Whether the filter limits the rows: it has values, or asks for missing or filled ones."""
        return bool(self.missing) or self._is_set

    @property
    def _is_set(self) -> bool:
        """Whether a condition on values is set, apart from one on missing values."""
        return bool(self.query.values(self.column.key))

    def q(self) -> Q:
        """Return the filter as a ``Q``, empty where it is not set.

        Raises :class:`Unreadable` for a value that does not fit the column, is no option, or names a record
        that the user may not see.
        """
        condition = self._filter() if self._is_set else Q()
        if not self.missing:
            return condition
        if self.missing not in ("yes", "no"):
            raise Unreadable(f"“{self.title}”的筛选无法识别。")
        gap = _gap(self.column)
        return condition & (gap if self.missing == "yes" else ~gap)

    def describe(self) -> str:
        """Return the condition as Chinese text, as “班级·学段：小学”."""
        gaps = {"yes": "未填", "no": "已填"}.get(self.missing)
        parts = [*([self._describe()] if self._is_set else []), *([gaps] if gaps else [])]
        return f"{self.title}：{'，'.join(parts)}"

    def _filter(self) -> Q:
        """Return the query condition for what the user entered; raises :class:`Unreadable` where that does not fit the column's type."""
        raise NotImplementedError

    def _describe(self) -> str:
        """Return the condition on values as Chinese text."""
        raise NotImplementedError


class Words(Condition):
    """A filter by words: only rows whose text contains each of them, in upper or lower case."""

    form = "words"

    @property
    def word(self) -> str:
        """The words as typed, separated by spaces; "" for none."""
        return self.query.words.get(self.column.key, "")

    @property
    def _is_set(self) -> bool:
        return bool(self.word)

    def _filter(self) -> Q:
        words = self.word.split()[:_MOST_WORDS]
        return reduce(and_, (Q(**{f"{self.column.key}__icontains": word}) for word in words), Q())

    def _describe(self) -> str:
        return f"含“{self.word}”"


class WholeNumber(Words):
    """A filter for an encrypted number, such as an ID number: it is found only by the complete number, by its hash."""

    form = "number"

    def _filter(self) -> Q:
        number = self.word.upper()
        hashes = [keyed_hash(text) for text in {number, id_number_in(number) or number}]
        return Q(**{f"{self.column.key}_hash__in": hashes})

    def _describe(self) -> str:
        return masked(self.word)


class Choice(Condition):
    """A filter by the values of a field with choices, or of a boolean field: only rows with one of those selected."""

    form = "options"

    @cached_property
    def options(self) -> list[Option]:
        """All values of the field as options."""
        chosen = self.query.values(self.column.key)
        choices = self.column.field.flatchoices or [("True", "是"), ("False", "否")]
        return [
            Option(str(value), str(title), str(value) in chosen) for value, title in choices if value != ""
        ]

    def _filter(self) -> Q:
        chosen = set(self.query.values(self.column.key))
        if chosen - {option.value for option in self.options}:
            raise Unreadable(f"“{self.title}”没有这个选项。")
        values = chosen if self.column.field.choices else {value == "True" for value in chosen}
        return Q(**{f"{self.column.key}__in": values})

    def _describe(self) -> str:
        return "、".join(option.title for option in self.options if option.chosen)


class Records(Condition):
    """A filter by a link: only rows that point to one of the chosen records, which the user must be allowed to see."""

    form = "options"

    @cached_property
    def options(self) -> list[Option]:
        """The records to choose from: all that the user may see of a register open to everybody, else only the selected ones.

        At most 200 are offered.
        """
        chosen = self.query.values(self.column.key)
        rows = linked_register(self.column.field).objects.visible_to(self.user)
        if not linked_register(self.column.field).open_to_all:
            numbers = [value for value in chosen if value.isdecimal() and len(value) < 18]
            rows = rows.filter(pk__in=numbers) if numbers else rows.none()
        shown = display.with_links(rows, self.user)[:_MOST_OPTIONS]
        return [Option(str(row.pk), display.label(row), str(row.pk) in chosen) for row in shown]

    def _filter(self) -> Q:
        keys = [option.value for option in self.options if option.chosen]
        if len(keys) < len(set(self.query.values(self.column.key))):
            raise Unreadable(f"“{self.title}”没有这一条，或不在您的范围内。")
        return Q(**{f"{self.column.key}__in": keys})

    def _describe(self) -> str:
        return some_of([option.title for option in self.options if option.chosen])


class RecordsByWords(Records, Words):
    """A filter by words in the name of a linked record.

    A link from another page selects the record by its key instead.
    """

    form = "words"

    @property
    def _is_set(self) -> bool:
        return bool(self.word) or bool(self.query.values(self.column.key))

    def _filter(self) -> Q:
        condition = self._called() if self.word else Q()
        return condition & Records._filter(self) if self.query.values(self.column.key) else condition

    def _called(self) -> Q:
        key, linked_model = self.column.key, linked_register(self.column.field)
        if not display.is_by_right(self.column.field):
            return display.called(linked_model, self.word, f"{key}__")
        named = linked_model.objects.visible_to(self.user).filter(display.called(linked_model, self.word))
        return Q(**{f"{key}__in": named.values("pk")})

    def _describe(self) -> str:
        words = [Words._describe(self)] if self.word else []
        return "，".join([*words, *([Records._describe(self)] if self.query.values(self.column.key) else [])])


class Span(Condition):
    """A filter by a range, both ends included: days (as ``2019-05-20``), amounts in yuan, or numbers."""

    form = "span"

    @property
    def ends(self) -> tuple[str, str]:
        """The lower and the upper end as typed, "" for an open one."""
        return self.query.value(f"{self.column.key}.from"), self.query.value(f"{self.column.key}.to")

    @property
    def control(self) -> str:
        """The type of the two input elements, "date" or "text"."""
        return "date" if self.column.kind is Kind.DAY else "text"

    @property
    def _is_set(self) -> bool:
        return any(self.ends)

    def _filter(self) -> Q:
        day = "__date" if isinstance(self.column.field, DateTimeField) else ""
        condition = Q()
        for text, end, rounding in zip(self.ends, ("gte", "lte"), (math.ceil, math.floor), strict=True):
            if text:
                value = self._read(text)
                # Between two whole numbers (or fen) lies none: 1.5起 begins at 2.
                bound = rounding(value) if isinstance(self.column.field, IntegerField) else value
                condition &= Q(**{f"{self.column.key}{day}__{end}": bound})
        return condition

    def _describe(self) -> str:
        first, last = self.ends
        if first == last:
            return first
        return f"{first}至{last}" if first and last else f"{first}起" if first else f"至{last}"

    def _read(self, text: str) -> Any:
        try:
            if self.column.kind is Kind.DAY:
                return date.fromisoformat(text)
            value = Decimal(text.replace(",", ""))
            if not value.is_finite() or value.adjusted() > _MOST_DIGITS:
                raise InvalidOperation
            return value * 100 if self.column.kind is Kind.MONEY else value
        except (ValueError, InvalidOperation):
            example = "2019-05-20" if self.column.kind is Kind.DAY else "1250或312.5"
            raise Unreadable(f"“{self.title}”的“{text}”无法识别。请写成{example}。") from None


class InSchool(Condition):
    """A filter by school: only rows that belong to it, by a field of their own or by linked records."""

    form = "select"

    @property
    def keys(self) -> tuple[str, ...]:
        """The query parameter of the filter."""
        return (SCHOOL,)

    @property
    def title(self) -> str:
        """The Chinese title of the filter."""
        return "学校"

    @property
    def _is_set(self) -> bool:
        return bool(self.query.value(SCHOOL))

    @cached_property
    def options(self) -> list[Option]:
        """The schools that the user may see, as options whose values are primary keys."""
        schools = School.objects.visible_to(self.user).values_list("pk", "name")
        return [Option(str(key), name, str(key) == self.query.value(SCHOOL)) for key, name in schools]

    def _filter(self) -> Q:
        if not any(option.chosen for option in self.options):
            raise Unreadable("没有这所学校，或不在您的范围内。")
        school = int(self.query.value(SCHOOL))
        if self.column.key:
            return Q(**{self.column.key: school})
        return Q(pk__in=self.query.model.objects.of_school(school).values("pk"))

    def _describe(self) -> str:
        return next((option.title for option in self.options if option.chosen), "")


class Anywhere(Words):
    """A filter by words: only rows that contain each of them in some text, or in the name of a linked record."""

    form = "search"

    @property
    def keys(self) -> tuple[str, ...]:
        """The query parameter of the filter."""
        return (ANYWHERE,)

    @property
    def title(self) -> str:
        """The Chinese title of the filter."""
        return "查找"

    @property
    def word(self) -> str:
        """The words as typed, separated by spaces; "" for none."""
        return self.query.words.get(ANYWHERE, "")

    def _filter(self) -> Q:
        return display.search(self.query.model, self.word, self.user)


_KINDS = {
    Kind.CHOICE: Choice, Kind.DAY: Span, Kind.MONEY: Span, Kind.NUMBER: Span, Kind.TEXT: Words,
    Kind.NUMBER_OF_A_PERSON: WholeNumber,
}  # fmt: skip


def condition_of(column: Column, query: ListQuery, user: User) -> Condition | None:
    """Return the filter of a column for a query and a user, whether or not the query sets it.

    None for a column that cannot be filtered, such as an encrypted one without a hash.
    """
    if column.kind is Kind.LINK:
        of_all = linked_register(column.field).open_to_all
        return Records(column, query, user) if of_all else RecordsByWords(column, query, user)
    if column.kind is Kind.NUMBER_OF_A_PERSON and _hash_of(column.field) is None:
        return None
    kind = _KINDS.get(column.kind)
    return kind(column, query, user) if kind else None


def conditions_on(query: ListQuery, user: User) -> Iterator[Condition]:
    """Yield the filters that a query sets on its list: first those on whole rows, then those of columns."""
    model = query.model
    everywhere = Column("", "", model._meta.pk)
    if query.words.get(ANYWHERE):
        yield Anywhere(everywhere, query, user)
    if (school := in_school(query, user)) and school.active:
        yield school
    queried = {name.partition(".")[0] for name in query.chosen} | set(query.words)
    for key, column in columns_of(model).items():
        condition = condition_of(column, query, user) if key in queried else None
        if condition and condition.active:
            yield condition


def in_school(query: ListQuery, user: User) -> InSchool | None:
    """Return the filter by school for a query's register, whether or not the query sets it.

    None for a register whose rows belong to no school, and for that of the schools itself.
    """
    paths = query.model.school_paths
    if not paths or paths == ("pk",):
        return None
    # With several paths to a school the register itself combines them.
    return InSchool(Column(paths[0] if len(paths) == 1 else "", "学校", query.model._meta.pk), query, user)


def _hash_of(field: ModelField) -> str | None:
    """Return the name of the field with the hash of an encrypted field; None where there is none."""
    name = f"{field.name}_hash"
    return name if any(candidate.name == name for candidate in field.model._meta.fields) else None


def _gap(column: Column) -> Q:
    if isinstance(column.field, EncryptedField):
        return Q(**{f"{column.key}_hash__isnull": True})
    nothing = Q(**{f"{column.key}__isnull": True})
    return nothing | Q(**{column.key: ""}) if isinstance(column.field, CharField | TextField) else nothing
