"""A register's list as one user requests it.

The page, the export and the sums all use it, so that they contain the same rows.
"""

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
from xuezheng.web.lists.request import ANYWHERE, SCHOOL, SIZES, ListQuery
from xuezheng.web.models import ListHabit
from xuezheng.web.ui import display


class Header(NamedTuple):
    """The header of a column with its filter, None where it has none.

    ``sort`` is the address that sorts by the column, "" where it cannot be sorted; ``sorted`` is the present
    direction, "ascending", "descending" or "".
    """

    column: Column
    condition: Condition | None
    sort: str
    sorted: str


class Chip(NamedTuple):
    """A filter of the list as Chinese text; ``without`` is the address of the list without it."""

    text: str
    without: str


class Leaves:
    """The rows of a list for Django's paginator, which reads the keys of all rows but the cells of one page only.

    So the database sorts keys and not complete rows; and where a filter by words makes it read every row, it
    does so once, not again to count them.
    """

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        self.keys: QuerySet[Record, int] | list[int] = listing.matching_rows.order_by(
            *listing.order
        ).values_list("pk", flat=True)
        if any(isinstance(condition, Words) for condition in listing.conditions):
            self.keys = list(self.keys)

    def count(self) -> int:
        """Return the number of rows."""
        return len(self.keys) if isinstance(self.keys, list) else self.listing.matching_rows.count()

    def __getitem__(self, place: slice) -> list[Record]:
        keys = list(self.keys[place])
        rows = self.listing.prefetch_cells(self.listing.visible).in_bulk(keys)
        return [rows[key] for key in keys if key in rows]


class Listing:
    """The rows of a register that a user may see and that match a query, with all that the page shows of them.

    ``session`` is the user's session, in which a pasted column is stored; a background job passes a dict in
    its place (see :func:`xuezheng.web.lists.lookup.as_session`). ``error`` is a Chinese sentence where a part
    of the query could not be read, else ""; it is set once ``matching_rows`` was read.
    """

    def __init__(self, query: ListQuery, user: User, session: Any) -> None:
        self.query = query
        self.model = query.model
        self.user = user
        self.visible = query.model.objects.visible_to(user)
        self.conditions = list(conditions_on(query, user))
        self.pasted = rows_of(query, session)
        self.error = ""

    @cached_property
    def habit(self) -> ListHabit | None:
        """The user's stored columns and default view for this register; None if there are none."""
        return ListHabit.find(self.user, self.model)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns in order: those of the query, else those that the user chose last, else the default ones."""
        known = columns_of(self.model)
        chosen = self.query.columns or (self.habit.columns.split(",") if self.habit else ())
        keys = [key for key in chosen if key in known] or usual_columns(self.model)
        return [known[key] for key in keys]

    @property
    def rows(self) -> QuerySet[Record]:
        """The query set of all matching rows in order, with the linked records that their cells show."""
        return self.prefetch_cells(self.matching_rows).order_by(*self.order)

    def prefetch_cells(self, rows: QuerySet[Record]) -> QuerySet[Record]:
        """Return ``rows`` with the linked records that the cells of the list show loaded by the same query."""
        return read_along(display.with_links(rows, self.user), self.columns)

    @cached_property
    def matching_rows(self) -> QuerySet[Record]:
        """The query set of all rows that match, in no particular order.

        It is empty where a filter cannot be read; ``error`` then has the reason.
        """
        rows = self.visible
        if self.query.unread:
            self.error = "网址里的查找词是别人输入的，或已失效。请重新输入。"
            return self.model.objects.none()
        try:
            for condition in self.conditions:
                rows = rows.filter(condition.q())
        except Unreadable as error:
            self.error = str(error)
            return self.model.objects.none()
        if self.query.pasted:
            if self.pasted is None:
                self.error = "粘贴的名单已经不在了。请重新粘贴。"
                return self.model.objects.none()
            rows = rows.filter(pk__in=self.pasted)
        return rows

    @cached_property
    def page(self) -> Page[Record]:
        """The requested page of rows, a Django ``Page``; the last one for a number beyond the end."""
        pages: Paginator[Record] = Paginator(
            Leaves(self),  # type: ignore[arg-type]  # it counts and slices, no more is needed
            self.query.size,
        )
        return pages.get_page(self.query.page)

    @property
    def lines(self) -> Iterator[tuple[Record, list[tuple[Column, str]]]]:
        """Yield each row of the page with its cells, as (column, text) pairs."""
        for record in self.page:
            yield record, [(column, column.write(record)) for column in self.columns]

    @cached_property
    def headers(self) -> list[Header]:
        """The headers of the columns, in order."""
        return list(self._headers())

    def _headers(self) -> Iterator[Header]:
        active = {key: condition for condition in self.conditions for key in condition.keys}
        for column in self.columns:
            condition = active.get(column.key) or condition_of(column, self.query, self.user)
            sort = self.query.sorted_by(column).address(self.user) if column.order else ""
            direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.query.sort, "")
            yield Header(column, condition, sort, direction)

    @cached_property
    def chips(self) -> list[Chip]:
        """The filters of the list as chips, a pasted column included."""
        return list(self._chips())

    def _chips(self) -> Iterator[Chip]:
        for condition in self.conditions:
            yield Chip(condition.describe(), self.query.without(condition.keys).address(self.user))
        if self.query.pasted and self.pasted is not None:
            text = f"粘贴的名单：{len(self.pasted)}条"
            yield Chip(text, self.query.but(pasted="").address(self.user))

    @property
    def key(self) -> str:
        """A hash of the filters, which identifies the set of rows.

        A selection made in one list does not apply to a list with another key.
        """
        query_string = self.query.but(sort="", size=SIZES[0], columns=(), view="", words={}).query_string(
            self.user
        )
        return keyed_hash(f"{query_string} {sorted(self.query.words.items())}")

    @property
    def kept(self) -> Iterator[tuple[str, str]]:
        """Yield (name, value) of the query parameters for which the form above the list has no control.

        The form has them as hidden fields, so that submitting it does not lose them.
        """
        shown = {column.key for column in self.columns if condition_of(column, self.query, self.user)} | {
            SCHOOL
        }
        links = {
            condition.column.key for condition in self.conditions if isinstance(condition, RecordsByWords)
        }
        for name, values in self.query.chosen.items():
            if name.partition(".")[0] not in shown or name in links:
                yield from ((name, value) for value in values)
        for key, text in self.query.words.items():
            if key not in shown and key != ANYWHERE:
                yield f"words.{key}", text
        plain = {
            "sort": self.query.sort,
            "columns": ",".join(self.query.columns),
            "pasted": self.query.pasted,
        }
        yield from (
            (name, text)
            for name, text in {**plain, "view": self.query.view, "size": str(self.query.size)}.items()
            if text
        )

    @property
    def choices(self) -> list[tuple[str, list[Column]]]:
        """The columns to choose from, as (Chinese title, columns).

        The groups are the columns shown, the register's further ones, and those of linked registers.
        """
        usual = usual_columns(self.model)
        others = [column for column in columns_of(self.model).values() if column not in self.columns]
        own = [column for column in others if column.key in usual]
        related = [column for column in others if column.key not in usual]
        return [("显示的列", self.columns), ("本台账的其他列", own), ("相关台账的列", related)]

    @property
    def sizes(self) -> list[tuple[int, str]]:
        """The page sizes on offer, as (number of rows, address of the list with this size)."""
        return [(size, self.query.but(size=size).address(self.user)) for size in SIZES]

    @property
    def pages(self) -> Iterator[tuple[int | str, str]]:
        """Yield the pages to turn to, as (number, address); for a gap between them ("…", "")."""
        for number in self.page.paginator.get_elided_page_range(self.page.number, on_each_side=2, on_ends=1):
            yield number, self._at(number) if isinstance(number, int) else ""

    @property
    def previous(self) -> str:
        """The address of the previous page; raises ``EmptyPage`` on the first one."""
        return self._at(self.page.previous_page_number())

    @property
    def next(self) -> str:
        """The address of the next page; raises ``EmptyPage`` on the last one."""
        return self._at(self.page.next_page_number())

    def _at(self, number: int) -> str:
        return self.query.but(page=number).address(self.user)

    @property
    def description(self) -> list[str]:
        """The filters and the order of the list as Chinese phrases."""
        parts = [chip.text for chip in self.chips]
        key = self.query.sort.removeprefix("-")
        if key:
            parts.append(
                f"按{columns_of(self.model)[key].title}{'从大到小' if self.query.sort[0] == '-' else '从小到大'}排序"
            )
        return parts

    @property
    def order(self) -> list[str]:
        """The look-up paths by which the rows are sorted."""
        sign = "-" if self.query.sort.startswith("-") else ""
        column = columns_of(self.model).get(self.query.sort.removeprefix("-"))
        paths = [f"{sign}{path}" for path in column.order] if column else self.model._meta.ordering or ()
        # Equal rows are in the same order each time: else a row might be on two pages, another on none.
        return [*paths, "pk"]
