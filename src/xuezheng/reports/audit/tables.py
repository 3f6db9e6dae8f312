"""The rules held against a table: rows and columns of totals, amounts by head."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from xuezheng.reports.audit.mentions import mentions
from xuezheng.reports.audit.reading import Grid
from xuezheng.reports.audit.slips import Certainty, Rule, Slip

_TOTAL = re.compile(r"(?:合\s*计|总\s*计|共\s*计|全区|总数|小\s*计|合 计|全部|^计$|总额)")
_SUBTOTAL = re.compile(r"小\s*计")
_NO_SUM = re.compile("率|比|均|占|序号|编号|代码|日期|时间|年度|年份|标准|电话|%|名次|分数|年龄")
_HEADS = re.compile("人数|人次|学生数|户数|受助|数量")
_RATE = re.compile("标准|单价")
_AMOUNT = re.compile("金额|资金|合计金额|经费")
Cells = dict[tuple[int, int], Decimal]


def check_table(title: str, grid: Grid) -> Iterator[Slip]:
    """Hold every rule against one table."""
    cells = {
        (row, column): value
        for row, line in enumerate(grid)
        for column, text in enumerate(line)
        if (value := number(text)) is not None
    }
    head = _head(grid, cells)
    if not head or len(grid) - head < 2:
        return
    yield from _columns(title, grid, cells, head)
    yield from _rows(title, grid, cells, head)
    yield from _products(title, grid, cells, head)


def number(text: str) -> Decimal | None:
    """The number of a cell, in its own unit; None where a cell tells none or more than one."""
    plain = text.replace(",", "").replace("，", "").strip().rstrip("%％")
    try:
        return Decimal(plain)
    except InvalidOperation:
        pass
    if plain in ("无", "—", "-", "/"):
        return Decimal(0)
    found = mentions(text)
    if len(found) == 1 and found[0].exact and found[0].text.strip() == text.strip():
        return found[0].value
    return None


def _head(grid: Grid, cells: Cells) -> int:
    """How many rows at the top hold headings."""
    for row, line in enumerate(grid):
        told = [text for text in line if text]
        numbers = sum((row, column) in cells for column in range(len(line)))
        if told and numbers * 2 >= len(told) - 1 and numbers:
            return row
    return 0


def _label(grid: Grid, row: int) -> str:
    return next((text for text in grid[row] if text and number(text) is None), f"第{row + 1}行")


def _heading(grid: Grid, head: int, column: int) -> str:
    return "·".join(
        dict.fromkeys(line[column] for line in grid[:head] if column < len(line) and line[column])
    )


def _is_total(grid: Grid, row: int) -> bool:
    return any(_TOTAL.search(text) for text in grid[row][:3] if number(text) is None)


def _columns(title: str, grid: Grid, cells: Cells, head: int) -> Iterator[Slip]:
    """A row of totals is the sum of the rows before it; subtotals count for their rows."""
    totals = [row for row in range(head, len(grid)) if _is_total(grid, row)]
    subtotals = [row for row in totals if any(_SUBTOTAL.search(text) for text in grid[row][:3])]
    for total in totals:
        if total in subtotals:
            start = max([row + 1 for row in subtotals if row < total], default=head)
            rows = list(range(start, total))
        elif subtotals:
            rows = subtotals
        elif total == head:
            rows = list(range(head + 1, len(grid)))
        else:
            rows = list(range(max([row + 1 for row in totals if row < total], default=head), total))
        rows = [row for row in rows if row != total]
        if len(rows) < 2:
            continue
        for column in range(len(grid[total])):
            heading = _heading(grid, head, column)
            if (total, column) not in cells or _NO_SUM.search(heading) or column == 0:
                continue
            yield from _compare(
                title, f"“{heading}”列", cells[total, column], grid[total][column],
                [cells[row, column] for row in rows if (row, column) in cells],
            )  # fmt: skip


def _rows(title: str, grid: Grid, cells: Cells, head: int) -> Iterator[Slip]:
    """A column of totals is the sum of the other columns of its group."""
    width = max(len(line) for line in grid)
    headings = [_heading(grid, head, column) for column in range(width)]
    totals = [column for column in range(width) if _TOTAL.search(headings[column])]
    if len(totals) != 1:
        return
    [total] = totals
    parts = [
        column
        for column in range(width)
        if column != total
        and headings[column]
        and not _NO_SUM.search(headings[column])
        and sum((row, column) in cells for row in range(head, len(grid))) * 2 > len(grid) - head
    ]
    if len(parts) < 2:
        return
    fits = [
        row
        for row in range(head, len(grid))
        if (row, total) in cells and cells[row, total] == sum(cells.get((row, column), 0) for column in parts)
    ]
    # Columns of different things are not to be added: unless most rows fit, they are that.
    told = [row for row in range(head, len(grid)) if (row, total) in cells]
    if len(fits) * 2 < len(told):
        return
    for row in told:
        yield from _compare(
            title, f"“{_label(grid, row)}”行", cells[row, total], grid[row][total],
            [cells[row, column] for column in parts if (row, column) in cells],
        )  # fmt: skip


def _products(title: str, grid: Grid, cells: Cells, head: int) -> Iterator[Slip]:
    """Heads times the standard are the amount."""
    width = max(len(line) for line in grid)
    headings = [_heading(grid, head, column) for column in range(width)]
    found = [
        [column for column in range(width) if kind.search(headings[column])]
        for kind in (_HEADS, _RATE, _AMOUNT)
    ]
    if any(len(columns) != 1 for columns in found):
        return
    heads, rate, amount = (columns[0] for columns in found)
    rows = [
        row
        for row in range(head, len(grid))
        if not _is_total(grid, row) and all((row, column) in cells for column in (heads, rate, amount))
    ]
    scale = _scale(cells, rows, heads, rate, amount)
    if not scale:
        return
    for row in rows:
        product = cells[row, heads] * cells[row, rate] / scale
        if product != cells[row, amount]:
            yield Slip(
                Rule.TABLE, Certainty.CERTAIN, f"{title}：“{_label(grid, row)}”行",
                (grid[row][heads], grid[row][rate], grid[row][amount]),
                f"{grid[row][heads]}×{grid[row][rate]}应为{product.normalize():f}，表中写的是{grid[row][amount]}。",
            )  # fmt: skip


def _scale(cells: Cells, rows: list[int], heads: int, rate: int, amount: int) -> Decimal | None:
    """By what the products are divided to give the amounts of most rows: 1, or 10000 for 万元."""
    for scale in (Decimal(1), Decimal(10000)):
        fits = sum(cells[row, heads] * cells[row, rate] == cells[row, amount] * scale for row in rows)
        if fits * 2 > len(rows):
            return scale
    return None


def _compare(title: str, place: str, total: Decimal, text: str, parts: list[Decimal]) -> Iterator[Slip]:
    if len(parts) < 2 or sum(parts) == total:
        return
    off = sum(parts, Decimal(0)) - total
    places = max(-int(value.as_tuple().exponent) for value in (total, *parts))
    # Parts rounded to the last digit told may add up to a little less or more.
    if places > 0 and abs(off) <= Decimal(len(parts)) / 2 / 10**places:
        return
    if total and abs(off) / abs(total) > Decimal("0.6"):
        return
    yield Slip(
        Rule.TABLE, Certainty.CERTAIN, f"{title}：{place}", (text, *(f"{part:f}" for part in parts)),
        f"各项之和是{sum(parts, Decimal(0)).normalize():f}，合计写的是{text}。",
    )  # fmt: skip
