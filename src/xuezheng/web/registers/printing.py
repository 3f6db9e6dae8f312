"""The printable page of a register's list: the rows, who printed them and when, and room for signatures."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone

from xuezheng.web.lists.access import posted, register_of
from xuezheng.web.lists.listing import Listing
from xuezheng.web.lists.request import read_query
from xuezheng.web.registers.export import MOST_AT_ONCE, describe, selected_rows
from xuezheng.web.security import access_log
from xuezheng.web.security.requests import UserRequest


@posted
def print_list(request: UserRequest, model: str) -> HttpResponseBase:
    """Show rows of a list on a page for printing: the selected ones, or all of the filter if none is.

    ``model`` is the name of the register. The parameter ``sign`` in the POST adds a column for signatures. ID
    numbers are masked as on the list, and the persons are recorded in the access log. With more than 2000
    rows it redirects to the list with a warning.
    """
    query = read_query(request, register_of(request, model))
    listing = Listing(query, request.user, request.session)
    selection = selected_rows(listing, request.POST)
    count = selection.matching_rows.count()
    if count > MOST_AT_ONCE:
        messages.warning(
            request, f"一次最多打印{MOST_AT_ONCE:,}条，这里有{count:,}条。请先筛选，或者导出成工作簿。"
        )
        return redirect(query.address(request.user))
    records = list(selection.rows)
    access_log.note(
        request, f"打印：{listing.model._meta.verbose_name}", "打印台账", access_log.persons_in(records)
    )
    context = {
        "title": listing.model._meta.verbose_name,
        "columns": listing.columns,
        "lines": [[(column, column.write(record)) for column in listing.columns] for record in records],
        "totals": selection.totals()[1],
        "description": describe(selection, count, f"{timezone.localtime():%Y-%m-%d %H:%M}", "打印"),
        "sign": "sign" in request.POST,
        "back": query.address(request.user),
    }
    return render(request, "web/lists/printed.html", context)
