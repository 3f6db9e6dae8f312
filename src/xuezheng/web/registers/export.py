"""The export of a list as a workbook: the same columns, rows, order and texts of cells as on the page."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import xlsxwriter
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from xuezheng.core.process_limits import Limits
from xuezheng.jobs.attachments import Attachment, AttachmentGone
from xuezheng.jobs.kinds import Result, Run, job
from xuezheng.records.models import Look
from xuezheng.web.lists import lookup
from xuezheng.web.lists.access import any_register, posted, register_of
from xuezheng.web.lists.columns import Column, Kind
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.request import ListQuery, read_query
from xuezheng.web.registers.selection import Selection
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import disclosed, send_attachment
from xuezheng.workbooks.template import TEXT_ONLY

#: The number of rows above which a background job writes the list.
MOST_AT_ONCE = 2000
_AT_ONCE = 2000
_PURPOSE = "导出台账"
_SHEET_NAME = 31


@posted
def export(request: UserRequest, model: str) -> HttpResponseBase:
    """Send a register's list as a workbook, all of it or the selected rows.

    ID numbers stay masked as on the page. A list of more than ``MOST_AT_ONCE`` rows is written by a
    background job, to which the user is redirected.
    """
    listing = Listing(read_query(request, register_of(request, model)), request.user, request.session)
    selection = selected_rows(listing, request.POST)
    now = timezone.localtime()
    name = f"{listing.model._meta.verbose_name} {now:%Y-%m-%d}.xlsx"
    if selection.matching_rows.count() <= MOST_AT_ONCE:
        return disclosed(
            request,
            Look.Kind.FILE,
            name,
            _PURPOSE,
            lambda path: write(path, selection, f"{now:%Y-%m-%d %H:%M}"),
        )
    attachment = Attachment.create(
        request.user,
        name,
        model=model,
        query=request.GET.urlencode(),
        selection={"all": request.POST.get("all", ""), "rows": ",".join(map(str, selection.keys))},
        pasted=lookup.kept_in(request.session),
    )
    return redirect("web:job", write_export.ask(request.user, token=attachment.token).pk)


@job(
    "list.export",
    "导出台账",
    faults=(AttachmentGone,),
    limits=Limits(megabytes=700, seconds=300, wall_seconds=900),
)
def write_export(run: Run, token: str) -> Result:
    """Write a long list as a workbook, with the rows that its requester may see now, and store it for download.

    ``token`` names the :class:`~xuezheng.jobs.attachments.Attachment` with the query and the selection; the
    keys of the persons in the rows are stored with the file.
    """
    attachment = Attachment.open(run.user, token)
    values = attachment.values
    register = any_register(values["model"])
    query = ListQuery.parse(register, QueryDict(values["query"]), run.user)
    chosen = QueryDict(mutable=True)
    chosen.update(values["selection"])
    selection = selected_rows(Listing(query, run.user, lookup.as_session(values["pasted"])), chosen)
    run("写出各行", 0, 1)
    when = f"{timezone.localtime():%Y-%m-%d %H:%M}"
    attachment.keep_file(".xlsx", lambda path: write(path, selection, when))
    return {"address": reverse("web:exported", args=[token])}


@never_cache
@require_GET
def exported(request: UserRequest, token: str) -> HttpResponseBase:
    """Show that the export ``token`` is ready.

    With the query parameter ``file``, send it and write this to the access log. Only the user who requested
    the export can open it; others, and this user after a day, are redirected to the registers.
    """
    return send_attachment(request, token, _PURPOSE, "web/lists/exported.html", "web:registers")


def selected_rows(listing: Listing, form: QueryDict) -> Selection:
    """Return the rows that a form selects; all rows of the list where it selects none."""
    selection = Selection(listing, form)
    if not selection.keys:
        selection.all = True
    return selection


def write(path: Path, selection: Selection, when: str) -> set[int]:
    """Write the selected rows of a list as a workbook to ``path``, and return the keys of the persons in them.

    The last line describes the filters; ``when`` is the time of the export as text for it.
    """
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
        persons |= access_log.persons_in([record])
        for place, column in enumerate(listing.columns):
            number = _number(column, record)
            if number is None:
                page.write_string(count, place, column.write(record), text)
            else:
                page.write_number(count, place, number, numbers[column])
    page.write_string(count + 2, 0, describe(selection, count, when))
    book.close()
    return persons


def _number(column: Column, record: object) -> float | int | None:
    """Return the value of a cell that a workbook can add up (amounts in yuan); None for a column of texts or an empty cell."""
    if not column.counts:
        return None
    value = column.value(record)  # type: ignore[arg-type]
    if value is None:
        return None
    return float(Decimal(value) / 100) if column.kind is Kind.MONEY else value


def _format(column: Column) -> str:
    places = 2 if column.kind is Kind.MONEY else getattr(column.field, "decimal_places", None)
    return "General" if places is None else f"#,##0.{'0' * places}"


def describe(selection: Selection, count: int, when: str, done: str = "导出") -> str:
    """Return one Chinese sentence on what a printed or exported list contains, when and by whom it was made.

    ``count`` is the number of its rows and ``when`` the time as text; ``done`` is the Chinese verb for making
    it.
    """
    listing = selection.listing
    parts = listing.description or ["没有筛选"]
    if not selection.all:
        parts.append("只含所选的行")
    masked = (
        "；证件号按规定遮盖"
        if any(column.kind is Kind.NUMBER_OF_A_PERSON for column in listing.columns)
        else ""
    )
    who = listing.user.get_full_name() or listing.user.get_username()
    return (
        f"{listing.model._meta.verbose_name}，共{count}行。{'；'.join(parts)}{masked}。{when}由{who}{done}。"
    )
