"""The numbers of a table as sentences, in which they can be matched like those of prose.

What a number counts stands in its row, its column and the table's title: 岩寺小学 | 资助金额（万元） | 21.5 reads 岩寺小学资助金额21.5万元.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from xuezheng.proofing.grids import NO_NUMBERS, Table, number
from xuezheng.proofing.number_tokens import UNITS, alike, find_number_tokens

LONGEST = 300  # rows; a longer table is a register, not a report's
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_IN_BRACKETS = re.compile(rf"（(?:单位：?)?((?:百|千)?万?亿?(?:{_UNIT}))）")
_OF_TABLE = re.compile(rf"单位：?((?:(?:百|千)?万?亿?(?:{_UNIT})[、，/]?)+)")
_MONEY = re.compile("金额|资金|经费|投资|收入|支出|[款费]$|补助|投入")
_COUNT = re.compile("数|人次?$|学生|教师|学校")
_SHARE = re.compile("率|占比|比例|比重|均|标准")


@dataclass(frozen=True)
class TableNumber:
    """A cell that contains a number, and the sentence that states what it counts.

    ``row`` and ``column`` are its indices in the grid, from 0, and ``text`` is its text, which begins at
    ``offset`` in the sentence. ``name`` names the cell by its row and column; ``unit`` is the one in the
    heading or title of the table, "" where the cell itself has it or there is none.
    """

    row: int
    column: int
    text: str
    sentence: str
    offset: int
    name: str
    unit: str

    def is_in(self, start: int, end: int) -> bool:
        """Return whether the range from ``start`` to ``end`` (excluded) of the sentence overlaps the cell's text.

        A number matched in the sentence is the cell's number if this is true.
        """
        return start < self.offset + len(self.text) and self.offset < end


def table_numbers(table: Table) -> Iterator[TableNumber]:
    """Yield the cells of a table that contain a number which counts something, in reading order.

    Headings, and columns such as serial numbers or telephone numbers, are left out. A table of more than
    :data:`LONGEST` rows has none: it is a list of records.
    """
    if len(table.grid) > LONGEST:
        return
    for (row, column), value in sorted(table.cells.items()):
        heading = alike(table.headings[column]) if table.head else ""
        text = table.grid[row][column].strip()
        if row < table.head or NO_NUMBERS.search(heading) or not value or text == "无":
            continue
        tokens = find_number_tokens(text)
        unit = "" if tokens and tokens[0].unit else _unit_of(heading, table.title)
        label = _row_label(table, row, column)
        counted = _IN_BRACKETS.sub("", heading).replace("·", "")
        before = f"{alike(table.title)}。{label}{counted} "  # the space parts 一年级 from its number
        name = "·".join(part for part in (label, _IN_BRACKETS.sub("", heading)) if part)
        yield TableNumber(row, column, text, f"{before}{text}{unit}", len(before), name, unit)


def _unit_of(heading: str, title: str) -> str:
    """Return the unit that a column's heading gives in brackets, else the one of the table that fits the heading; "" where none is sure."""
    if bracket := _IN_BRACKETS.search(heading):
        return bracket[1]
    of_table = _OF_TABLE.search(alike(title))
    if not of_table or _SHARE.search(heading):
        return ""
    units = re.findall(rf"(?:百|千)?万?亿?(?:{_UNIT})", of_table[1])
    money = [unit for unit in units if unit.endswith("元")]
    if _MONEY.search(heading):
        return money[0] if len(money) == 1 else ""
    others = [unit for unit in units if not unit.endswith("元")]
    if len(units) == 1:
        return "" if money and _COUNT.search(heading) else str(units[0])
    return others[0] if len(others) == 1 else ""


def _row_label(table: Table, row: int, column: int) -> str:
    """Return what a row is of: its names; in a table without headings, the text to the left of the cell."""
    if table.head:
        return "".join(dict.fromkeys(table.names(row)))
    before = [text.strip() for text in table.grid[row][:column] if text.strip() and number(text) is None]
    return before[-1] if before else ""
