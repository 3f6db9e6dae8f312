"""A list as a workbook: the same columns, rows and order as on the page, cells as they are written there."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.http import FileResponse, HttpRequest
from django.utils import timezone

from xuezheng.imports.template import TEXT_ONLY
from xuezheng.records.models import Look
from xuezheng.web import looks
from xuezheng.web.files import disclosed
from xuezheng.web.lists.asked import asked_of
from xuezheng.web.lists.columns import Column, Kind
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.reach import posted, register_of
from xuezheng.web.lists.selection import Selection

_AT_ONCE = 2000
_SHEET_NAME = 31


@posted
def export(request: HttpRequest, model: str) -> FileResponse:
    """Hand out what a list shows, all of it or the rows that are selected. ID numbers stay masked as on the page."""
    listing = Listing(asked_of(request, register_of(request, model)), request.user, request.session)
    selection = Selection(listing, request.POST)
    if not selection.keys:
        selection.all = True
    title = str(listing.model._meta.verbose_name)
    now = timezone.localtime()
    name = f"{title} {now:%Y-%m-%d}.xlsx"
    return disclosed(
        request,
        Look.Kind.FILE,
        name,
        "导出台账",
        lambda path: write(path, selection, f"{now:%Y-%m-%d %H:%M}"),
    )


def write(path: Path, selection: Selection, when: str) -> set[int]:
    """Write the selected rows of a list, with a line below that tells what they are; return the keys of the persons in them."""
    listing = selection.listing
    title = str(listing.model._meta.verbose_name)
    # In constant memory a row is on the disk before the next is written: 60,000 rows need no more room than one.
    book = xlsxwriter.Workbook(path, {**TEXT_ONLY, "constant_memory": True})
    page = book.add_worksheet(title[:_SHEET_NAME])
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
    numbers = {column: book.add_format({"num_format": _format(column)}) for column in listing.columns}
    text = book.add_format({"num_format": "@"})
    page.freeze_panes(1, 1)
    for place, column in enumerate(listing.columns):
        page.set_column(place, place, max(10, min(40, len(column.title) * 2 + 4, 40)))
    for place, column in enumerate(listing.columns):
        page.write_string(0, place, column.title, heading)
    count, persons = 0, set[int]()
    for record in selection.rows.iterator(chunk_size=_AT_ONCE):
        count += 1
        persons |= looks.persons_in([record])
        for place, column in enumerate(listing.columns):
            number = _number(column, record)
            if number is None:
                page.write_string(count, place, column.write(record), text)
            else:
                page.write_number(count, place, number, numbers[column])
    page.write_string(count + 2, 0, _told(selection, count, when))
    book.close()
    return persons


def _number(column: Column, record: object) -> float | int | None:
    """The value of a cell that a workbook can add up; None of one that is a text."""
    if not column.counts:
        return None
    value = column.value(record)  # type: ignore[arg-type]
    if value is None:
        return None
    return float(Decimal(value) / 100) if column.kind is Kind.MONEY else value


def _format(column: Column) -> str:
    places = 2 if column.kind is Kind.MONEY else getattr(column.field, "decimal_places", None)
    return "General" if places is None else f"#,##0.{'0' * places}"


def _told(selection: Selection, count: int, when: str) -> str:
    listing = selection.listing
    parts = listing.told or ["没有筛选"]
    if not selection.all:
        parts.append("只含所选的行")
    masked = "；证件号按规定遮盖" if any(it.kind is Kind.NUMBER_OF_A_PERSON for it in listing.columns) else ""
    who = listing.user.get_full_name() or listing.user.get_username()
    return f"{listing.model._meta.verbose_name}，共{count}行。{'；'.join(parts)}{masked}。{when}由{who}导出。"
