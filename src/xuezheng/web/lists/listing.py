"""A register's list as one user asks for it: the page, the export and the sums all begin here, so they tell the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from xuezheng.records.fields import keyed_hash
from xuezheng.records.models import Record, User
from xuezheng.web.lists.columns import Column, columns_of, read_along, usual_columns
from xuezheng.web.lists.conditions import (
    Condition,
    RecordsByWords,
    Unreadable,
    Words,
    condition_of,
    conditions_on,
)
from xuezheng.web.lists.lookup import rows_of
from xuezheng.web.lists.request import ANYWHERE, SCHOOL, SIZES, Asked
from xuezheng.web.models import ListHabit
from xuezheng.web.ui import display


class Head(NamedTuple):
    """What stands above a column: how to sort by it, and what it is held to."""

    column: Column
    condition: Condition | None
    sort: str
    sorted: str


class Chip(NamedTuple):
    """One thing that the list is held to, and the address without it."""

    told: str
    without: str


class Leaves:
    """The rows of a list in their order, to be turned over: first which they are, then what their cells tell.

    So the database sorts keys and not whole rows; and where words make it read every row, it does so once, not again to
    count them.
    """

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.keys = listing.found.order_by(*listing.order).values_list("pk", flat=True)
        if any(isinstance(condition, Words) for condition in listing.conditions):
            self.keys = list(self.keys)

    def count(self) -> int:
        """How many rows there are."""
        return len(self.keys) if isinstance(self.keys, list) else self.listing.found.count()

    def __getitem__(self, place: slice) -> list[Record]:
        keys = list(self.keys[place])
        rows = self.listing.told_of(self.listing.visible).in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


class Listing:
    """Rows of a register that a user may see, as asked for; ``fault`` says what of it could not be read."""

    def __init__(self, asked: Asked, user: User, session: Any) -> None:
        self.asked = asked
        self.model = asked.model
        self.user = user
        self.visible = asked.model.objects.visible_to(user)
        self.conditions = list(conditions_on(asked, user))
        self.pasted = rows_of(asked, session)
        self.fault = ""

    @cached_property
    def habit(self) -> ListHabit | None:
        """What the reader chose for this register."""
        return ListHabit.of(self.user, self.model)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns in order: those that are asked for, those that the reader chose last, or the usual ones."""
        known = columns_of(self.model)
        chosen = self.asked.columns or (self.habit.columns.split(",") if self.habit else ())
        keys = [key for key in chosen if key in known] or usual_columns(self.model)
        return [known[key] for key in keys]

    @property
    def rows(self) -> QuerySet:
        """All rows that are found, in order, with all that their cells tell."""
        return self.told_of(self.found).order_by(*self.order)

    def told_of(self, rows: QuerySet) -> QuerySet:
        """Rows of the register with all that their cells tell."""
        return read_along(display.with_links(rows, self.user), self.columns)

    @cached_property
    def found(self) -> QuerySet:
        """All rows that are found."""
        rows = self.visible
        if self.asked.unread:
            self.fault = "网址里的查找词是别人输入的，或已失效。请重新输入。"
            return self.model.objects.none()
        try:
            for condition in self.conditions:
                rows = rows.filter(condition.q())
        except Unreadable as fault:
            self.fault = str(fault)
            return self.model.objects.none()
        if self.asked.pasted:
            if self.pasted is None:
                self.fault = "粘贴的名单已经不在了。请重新粘贴。"
                return self.model.objects.none()
            rows = rows.filter(pk__in=self.pasted)
        return rows

    @cached_property
    def page(self) -> Page:
        """The page that is asked for; of one beyond the end the last."""
        return Paginator(Leaves(self), self.asked.size).get_page(self.asked.page)

    @property
    def lines(self) -> Iterator[tuple[Record, list[tuple[Column, str]]]]:
        """Each row of the page with its cells."""
        for record in self.page:
            yield record, [(column, column.write(record)) for column in self.columns]

    @cached_property
    def heads(self) -> list[Head]:
        """What stands above the columns."""
        return list(self._heads())

    def _heads(self) -> Iterator[Head]:
        active = {key: condition for condition in self.conditions for key in condition.keys}
        for column in self.columns:
            condition = active.get(column.key) or condition_of(column, self.asked, self.user)
            sort = self.asked.sorted_by(column).address(self.user) if column.order else ""
            way = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.asked.sort, "")
            yield Head(column, condition, sort, way)

    @cached_property
    def chips(self) -> list[Chip]:
        """What the list is held to."""
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        for condition in self.conditions:
            yield Chip(condition.told(), self.asked.without(condition.keys).address(self.user))
        if self.asked.pasted and self.pasted is not None:
            told = f"粘贴的名单：{len(self.pasted)}条"
            yield Chip(told, self.asked.but(pasted="").address(self.user))

    @property
    def key(self) -> str:
        """What tells apart lists of other rows: what is selected in one is not in another."""
        asked = self.asked.but(sort="", size=SIZES[0], columns=(), view="", words={}).query(self.user)
        return keyed_hash(f"{asked} {sorted(self.asked.words.items())}")

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """The parameters that the form above the list must send along, since no control of it tells them."""
        shown = {column.key for column in self.columns if condition_of(column, self.asked, self.user)} | {
            SCHOOL
        }
        links = {
            condition.column.key for condition in self.conditions if isinstance(condition, RecordsByWords)
        }
        for name, values in self.asked.chosen.items():
            if name.partition(".")[0] not in shown or name in links:
                yield from ((name, value) for value in values)
        for key, text in self.asked.words.items():
            if key not in shown and key != ANYWHERE:
                yield f"words.{key}", text
        plain = {
            "sort": self.asked.sort,
            "columns": ",".join(self.asked.columns),
            "pasted": self.asked.pasted,
        }
        yield from (
            (name, text)
            for name, text in {**plain, "view": self.asked.view, "size": str(self.asked.size)}.items()
            if text
        )

    @property
    def choices(self) -> list[tuple[str, list[Column]]]:
        """The columns to choose among: those that are shown, in their order, the further own ones, and those beside."""
        usual = usual_columns(self.model)
        others = [column for column in columns_of(self.model).values() if column not in self.columns]
        own = [column for column in others if column.key in usual]
        beside = [column for column in others if column.key not in usual]
        return [("显示的列", self.columns), ("本台账的其他列", own), ("相关台账的列", beside)]

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """How many rows a page may show, with the address of each."""
        return [(size, self.asked.but(size=size).address(self.user)) for size in SIZES]

    @property
    def pages(self) -> Iterator[tuple[int | str, str]]:
        """The pages to turn to, with the address of each; "" of a gap between them."""
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1):
            yield number, self._at(number) if isinstance(number, int) else ""

    @property
    def previous(self) -> str:
        """The address of the page before."""
        return self._at(self.page.previous_page_number())

    @property
    def next(self) -> str:
        """The address of the page after."""
        return self._at(self.page.next_page_number())

    def _at(self, number: int) -> str:
        return self.asked.but(page=number).address(self.user)

    @property
    def told(self) -> list[str]:
        """Say in Chinese what the list is held to and how it is sorted."""
        said = [chip.told for chip in self.chips]
        key = self.asked.sort.removeprefix("-")
        if key:
            said.append(
                f"按{columns_of(self.model)[key].title}{'从大到小' if self.asked.sort[0] == '-' else '从小到大'}排序"
            )
        return said

    @property
    def order(self) -> list[str]:
        """The look-up paths by which the rows are sorted."""
        sign = "-" if self.asked.sort.startswith("-") else ""
        column = columns_of(self.model).get(self.asked.sort.removeprefix("-"))
        asked = [f"{sign}{path}" for path in column.order] if column else self.model._meta.ordering
        # Rows that are alike stand in the same order each time: else a row might stand on two pages, another on none.
        return [*asked, "pk"]
