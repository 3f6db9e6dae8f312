"""The pages of the yearly statistical tables: the list, and each table, which can be compared with a typed one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from xuezheng.records.models import School
from xuezheng.records.permissions import may, require
from xuezheng.snapshots import Snapshot
from xuezheng.statistics.cells import Cell, FilledTable, Place, counting_day, fill, first_known_day
from xuezheng.statistics.checks import check
from xuezheng.statistics.declarations import statistical_tables
from xuezheng.statistics.findings import (
    Change,
    ExplanationRefused,
    examine,
    explain,
    limits,
)
from xuezheng.statistics.workbook import read_table, write_table
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui.file_transfer import LimitedFileField, received, send_download, takes_files
from xuezheng.web.ui.forms import style_fields
from xuezheng.web.ui.parameters import parse_number
from xuezheng.workbooks.problems import WorkbookRefused

MEGABYTES = 2
_FIRST_YEAR = 2000
_PREFIX = "教基"


class TypedTableForm(forms.Form):
    """The form for uploading a statistical table that a school has filled in itself, as a workbook in the official layout.

    The page compares it with the computed table; the file is not stored.
    """

    file = LimitedFileField(
        megabytes=MEGABYTES,
        remedy="只要这一张表。",
        label="学校填的表",
        help_text="按本页下载的表样，有“甲、乙、1、2……”一行",
    )


@require_GET
@with_snapshot
def statistics(request: UserRequest, snapshot: Snapshot) -> HttpResponse:
    """List the statistical tables that the program computes, with links to them."""
    tables = [(code.removeprefix(_PREFIX), table) for code, table in statistical_tables().items()]
    return render(request, "web/statistics.html", {"tables": tables})


@takes_files(MEGABYTES)
@require_http_methods(["GET", "POST"])
@with_snapshot
def statistical_table(request: UserRequest, snapshot: Snapshot, code: str) -> HttpResponse:
    """Show the table ``code`` (without the prefix 教基) as of the counting day of a year, with its arithmetic checks.

    The query parameters are ``year``, by default the latest one that the snapshot covers, and ``school``, the
    key of a school, by default all schools. A POST uploads the same table as a school typed it, and shows the
    cells that differ; nothing of it is stored. Raises ``Http404`` for an unknown table, year or school.
    """
    filled = _filled(request, snapshot, code)
    examined = examine(filled, snapshot)
    form = TypedTableForm(request.POST or None, request.FILES or None)
    typed: Mapping[Place, int] | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            with received(file) as path:
                typed = read_table(filled.table, path, file.name)
        except WorkbookRefused as refusal:
            form.add_error("file", str(refusal))
    known = first_known_day()
    typed_checks = check(filled.table, typed) if typed is not None else []
    style_fields(*form.fields.values())
    context = {
        "table": filled.table,
        "code": code,
        "filled": filled,
        "year": filled.day.year,
        "years": range(
            _newest_year(snapshot), min(known.year if known else filled.day.year, filled.day.year) - 1, -1
        ),
        "known": known,
        "is_early": bool(known and filled.day < known),
        "schools": School.objects.order_by("kind", "name"),
        "lines": [
            (
                row,
                [
                    _shown(filled, row.code, column.code, typed, examined.changes)
                    for column in filled.table.columns
                ],
            )
            for row in filled.table.rows
        ],
        "before": examined.before,
        "limits": limits(filled.day),
        "findings": examined.findings,
        "broken": sum(each.holds is False for each in examined.checks),
        "may_explain": may(
            request.user, "explain", "statistics", school=filled.school.pk if filled.school else None
        ),
        "count": sum(each.holds is not None for each in examined.checks),
        "open": sum(each.holds is None for each in examined.checks),
        "typed": typed is not None,
        "typed_broken": [each for each in typed_checks if each.holds is False],
        "typed_kept": sum(each.holds is True for each in typed_checks),
        "differences": _differences(filled, typed or {}),
        "compared": len(filled.numbers.keys() & (typed or {}).keys()),
        "form": form,
    }
    return render(request, "web/statistical_table.html", context)


@require_GET
@with_snapshot
def statistical_workbook(request: UserRequest, snapshot: Snapshot, code: str) -> FileResponse:
    """Send the table ``code`` as a workbook in the layout of the official form.

    Further sheets compare it with the year before, and list what has to be explained with the explanations.
    The query string is that of its page.
    """
    filled = _filled(request, snapshot, code)
    examined = examine(filled, snapshot)
    return send_download(
        f"{filled.table.code} {filled.scope} {filled.day}.xlsx",
        lambda path: write_table(filled, path, examined.before, examined.findings),
    )


@require_POST
@with_snapshot
def statistical_explanation(request: UserRequest, snapshot: Snapshot, code: str) -> HttpResponse:
    """Keep the explanation of a finding of the table ``code``, and lead back to its page.

    The query string is that of the page. The form fields are ``subject`` and ``numbers`` of the finding as
    shown, and the ``text``. The user must be permitted to explain the table of the school; else
    ``PermissionDenied`` is raised.
    """
    filled = _filled(request, snapshot, code)
    require(request.user, "explain", "statistics", school=filled.school.pk if filled.school else None)
    subject, numbers, text = (request.POST.get(name, "") for name in ("subject", "numbers", "text"))
    try:
        explain(filled, examine(filled, snapshot).findings, subject, numbers, text, request.user)
    except ExplanationRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "说明已保存。")
    school = filled.school.pk if filled.school else ""
    address = reverse("web:statistical_table", args=[code])
    return redirect(f"{address}?year={filled.day.year}&school={school}#findings")


def _newest_year(snapshot: Snapshot) -> int:
    """Return the latest year whose counting day the snapshot knows."""
    year = snapshot.day.year
    return year if counting_day(year) <= snapshot.day else year - 1


def _filled(request: UserRequest, snapshot: Snapshot, code: str) -> FilledTable:
    table = statistical_tables().get(f"{_PREFIX}{code}")
    newest = _newest_year(snapshot)
    year = parse_number(request.GET.get("year") or str(newest))
    if table is None or not _FIRST_YEAR <= year <= newest:
        raise Http404("没有这张表，或没有这一年。")
    key = request.GET.get("school", "")
    school = get_object_or_404(School, pk=parse_number(key)) if key else None
    return fill(table, snapshot, counting_day(year), school)


def _shown(
    filled: FilledTable,
    row: str,
    column: str,
    typed: Mapping[Place, int] | None,
    changed: Mapping[Place, Change],
) -> dict[str, Any]:
    """Return what a cell of the page shows: its number with the address of its rows, the change, and the typed number where it differs."""
    cell = filled.cells[row, column]
    typed_number = (typed or {}).get((row, column))
    return {
        "value": cell.value,
        "missing": cell.missing,
        "address": _address(cell),
        "change": changed.get((row, column)),
        "typed": typed_number if typed_number not in (None, cell.value) else None,
    }


def _address(cell: Cell) -> str:
    """Return the address of the figure behind a cell; "" for a cell that adds up several, or none."""
    if len(cell.answers) != 1:
        return ""
    [answer] = cell.answers
    return figure_address(answer.figure, answer.period.key, answer.slice)


def _differences(filled: FilledTable, typed: Mapping[Place, int]) -> list[tuple[str, str, int, int]]:
    """Return the row, the column, our number and the typed one of each cell in which they differ."""
    return [
        (*filled.table.titles_of(*place), filled.numbers[place], number)
        for place, number in typed.items()
        if place in filled.numbers and filled.numbers[place] != number
    ]
