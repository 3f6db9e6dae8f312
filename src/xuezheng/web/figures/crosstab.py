"""A figure broken down by two dimensions: a table with totals, on a page and as an Excel file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from django.http import FileResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from xuezheng.core.number_text import plain_number
from xuezheng.figures import Answer, Dimension
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.addresses import figure_address
from xuezheng.web.answers.newest_snapshot import with_snapshot
from xuezheng.web.figures.figures import FigureRequest, read
from xuezheng.web.security.requests import UserRequest
from xuezheng.web.ui import values
from xuezheng.web.ui.file_transfer import send_download
from xuezheng.workbooks.template import TEXT_ONLY

#: The largest numbers of columns and of cells of a table.
_MOST_COLUMNS, _MOST_CELLS = 40, 20_000
_TOTAL = "合计"


class Cell(NamedTuple):
    """A number of the table.

    ``answer`` is None if no row counts for it; ``address`` is the URL of the figure's page for it.
    """

    answer: Answer | None
    address: str


class Line(NamedTuple):
    """A line of the table.

    ``label`` is the name of its member, ``address`` the URL of the figure's page for it; ``cells`` are in the
    order of the columns, and ``total`` is the figure for the member as a whole.
    """

    label: str
    address: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True)
class Crosstab:
    """A figure by two dimensions: a line for each member of ``rows``, a column for each of ``columns``.

    ``labels`` are the headings of the columns, ``totals`` their totals, and ``total`` the answer for the
    whole table. ``adds_up`` is whether every total is the sum of its cells; it is not for ratios and means,
    and may not be for persons or schools, who are counted once in a total.
    """

    rows: Dimension
    columns: Dimension
    labels: list[str]
    lines: list[Line]
    totals: list[Cell]
    total: Answer
    adds_up: bool


class TooLarge(Exception):
    """The table would have more than 40 columns or 20,000 cells.

    The text is a Chinese sentence with the remedy.
    """


def cross(requested: FigureRequest, rows: Dimension, columns: Dimension) -> Crosstab:
    """Return the table of the requested figure, period and slice by two dimensions.

    Raises :class:`TooLarge` if it would have more than 40 columns or 20,000 cells.
    """
    figure, period, slice_ = requested.figure, requested.choice.period, requested.slice
    of_rows, of_columns = (
        figure.per(requested.snapshot, period, each.name, **slice_) for each in (rows, columns)
    )
    if len(of_columns) > _MOST_COLUMNS or len(of_rows) * len(of_columns) > _MOST_CELLS:
        raise TooLarge(
            f"“{columns.label}”有{len(of_columns)}个、“{rows.label}”有{len(of_rows)}个，表太大。请先选定一部分，或把项目多的一个放在行上。"
        )
    answers = {
        (answer.slice[rows.name], answer.slice[columns.name]): answer
        for answer in figure.breakdown(requested.snapshot, period, (rows.name, columns.name), **slice_)
        if rows.name in answer.slice and columns.name in answer.slice
    }

    def cell(answer: Answer | None, **members: str) -> Cell:
        return Cell(answer, figure_address(figure.key, period.key, {**slice_, **members}))

    names = [answer.slice[columns.name] for answer in of_columns]
    lines = []
    for of_row in of_rows:
        member = of_row.slice[rows.name]
        cells = [
            cell(answers.get((member, name)), **{rows.name: member, columns.name: name}) for name in names
        ]
        line_total = cell(of_row, **{rows.name: member})
        lines.append(Line(rows.member(member), line_total.address, cells, line_total))
    totals = [cell(answer, **{columns.name: name}) for name, answer in zip(names, of_columns, strict=True)]
    adds_up = all(_adds_up(line.cells, line.total.answer) for line in lines) and _adds_up(
        totals, requested.answer
    )
    return Crosstab(
        rows, columns, [columns.member(name) for name in names], lines, totals, requested.answer, adds_up
    )


def _adds_up(cells: Sequence[Cell], total: Answer | None) -> bool:
    parts = [cell.answer.value for cell in cells if cell.answer and cell.answer.value is not None]
    return total is not None and total.value is not None and sum(parts) == total.value


@require_GET
@with_snapshot
def figure_table(request: UserRequest, snapshot: Snapshot, key: str) -> HttpResponseBase:
    """Show the figure with the key ``key`` by two of its dimensions.

    ``?rows`` and ``?columns`` are names of dimensions, by default the first two that are free; ``?file=1``
    sends the table as an Excel file.
    """
    requested = read(request, snapshot, key)
    dimensions = requested.figure.dimensions(requested.snapshot)
    free = [dimension for name, dimension in dimensions.items() if name not in requested.slice]
    context: dict[str, Any] = {
        "figure": requested.figure,
        "choice": requested.choice,
        "snapshot": requested.snapshot,
        "answer": requested.answer,
        "slice": requested.slice,
        "free": free,
        "back": figure_address(key, requested.choice.period.key, requested.slice),
    }
    if len(free) < 2:
        context["fault"] = "这个指标在这个范围里不能再按两个方面细分。"
        return render(request, "web/figure_table.html", context)
    # Of the first two the one with more members, so that the table is rather long than wide.
    rows = _chosen(request.GET.get("rows"), free, max(free[:2], key=lambda each: len(each.members)))
    rest = [dimension for dimension in free if dimension is not rows]
    columns = _chosen(request.GET.get("columns"), rest, rest[0])
    context |= {"rows": rows, "columns": columns}
    try:
        table = cross(requested, rows, columns)
    except TooLarge as error:
        return render(request, "web/figure_table.html", {**context, "fault": str(error)})
    if request.GET.get("file"):
        return _download(requested, table)
    return render(request, "web/figure_table.html", {**context, "table": table})


def _chosen(name: str | None, dimensions: Sequence[Dimension], usual: Dimension) -> Dimension:
    return next((dimension for dimension in dimensions if dimension.name == name), usual)


def _download(requested: FigureRequest, table: Crosstab) -> FileResponse:
    names = f"{requested.figure.label}-{requested.choice.period.label}"
    title = f"{names}-按{table.rows.label}和{table.columns.label}.xlsx"
    return send_download(title, lambda path: _write_workbook(requested, table, path))


def _write_workbook(requested: FigureRequest, table: Crosstab, path: Path) -> None:
    """Write the table: what it shows, the headings, a line for each member, and the totals; numbers as numbers, reasons as text."""
    with xlsxwriter.Workbook(path, TEXT_ONLY) as book:
        bold, sheet = book.add_format({"bold": True}), book.add_worksheet("交叉表")
        scope = f"（{requested.answer.slice_label}）" if requested.answer.slice_label else ""
        sheet.write(
            0,
            0,
            f"{requested.choice.period.label}{requested.figure.label}{scope}，单位：{requested.figure.unit}",
            bold,
        )
        sheet.write(1, 0, f"数据截至{requested.snapshot.day:%Y-%m-%d}；{requested.answer.definition}")
        sheet.write_row(2, 0, [table.rows.label, *table.labels, _TOTAL], bold)
        for place, line in enumerate(table.lines, start=3):
            _write_line(sheet, place, line.label, [*line.cells, line.total])
        last = [*table.totals, Cell(table.total, "")]
        _write_line(sheet, 3 + len(table.lines), _TOTAL, last)
        sheet.set_column(0, 0, 24)
        sheet.freeze_panes(3, 1)


def _write_line(sheet: xlsxwriter.worksheet.Worksheet, place: int, label: str, cells: Sequence[Cell]) -> None:
    sheet.write(place, 0, label)
    for column, cell in enumerate(cells, start=1):
        if cell.answer is not None:
            number = plain_number(cell.answer.number())
            sheet.write(place, column, values.shown(cell.answer) if number is None else number)
