"""Reading a table: its heading rows, the names of its columns and rows, its numbers, and its rows of totals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from xuezheng.proofing.number_tokens import alike, find_number_tokens
from xuezheng.proofing.text_tables import Grid

TOTAL = re.compile(
    r"合\s*计|总\s*计|共\s*计|小\s*计|^计$|总数|总人数|总额|总量|^总|全[区县市省校][合总]?计?$"
)
_SUBTOTAL = re.compile(r"小\s*计")
#: Rows that are a part of the row above.
_PART = re.compile(r"^\s*(?:其中|#|含)")
#: Matches the headings of columns whose digits count nothing, such as serial numbers, dates and telephone numbers.
NO_NUMBERS = re.compile(
    "序号|编号|代码|编码|日期|时间|年度|年份|电话|联系|身份证|名次|排名|届|月份|^年$|备注"
)
_PLAIN = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_HEAD_ROWS = 5
_MOST_PARTS = 12
#: A code of functions of expenditure, 20501 of 205.
_CODE = re.compile(r"[12][0-9]{2}(?:[0-9]{2}){0,2}")
#: How rows are numbered, from the outermost in.
_STYLES = ("outer", "middle", "inner")
_STYLE = re.compile(
    r"(?P<outer>[一二三四五六七八九十]+、)|(?P<middle>（[一二三四五六七八九十]+）)|(?P<inner>[0-9]+[.、．])"
)


@dataclass(frozen=True)
class Table:
    """A table of cell texts with its title; rows and columns are indices from 0.

    ``offset`` is the number of columns to the left of it, for a block of a wider table.
    """

    title: str
    grid: Grid
    offset: int = 0  # columns to the left of a block

    def blocks(self) -> list[Table]:
        """Return the tables that lie side by side in this one, each with a column of names of its own.

        An example is 收入, 决算数, 支出, 决算数. A table without such blocks is returned alone.
        """
        names = [column for column in range(1, len(self.headings)) if self._begins_block(column)]
        if not names:
            return [self]
        ends = [*names, len(self.headings)]
        return [
            Table(self.title, tuple(line[start:end] for line in self.grid), start)
            for start, end in zip([0, *names], ends, strict=True)
        ]

    def _begins_block(self, column: int) -> bool:
        """Whether a column between numbers names rows: it has a total of its own."""
        if column in self.numeric or column - 1 not in self.numeric or column + 1 not in self.numeric:
            return False
        return any(
            TOTAL.search(line[column].strip()) for line in self.grid[self.head :] if column < len(line)
        )

    @cached_property
    def cells(self) -> dict[tuple[int, int], Decimal]:
        """The numbers in the cells by (row, column); cells without a number are missing."""
        return {
            (row, column): value
            for row, line in enumerate(self.grid)
            for column, text in enumerate(line)
            if (value := number(text)) is not None
        }

    @property
    def numbers(self) -> list[tuple[int, int]]:
        """The (row, column) of the cells below the headings whose numbers can be added or compared."""
        columns = set(self.numeric)
        return [(row, column) for row, column in self.cells if row >= self.head and column in columns]

    @cached_property
    def head(self) -> int:
        """The number of heading rows at the top, 0 to 4."""
        for row, line in enumerate(self.grid[:_HEAD_ROWS]):
            filled = [column for column, text in enumerate(line) if text.strip()]
            numbers = sum((row, column) in self.cells for column in filled)
            if numbers and numbers * 2 >= len(filled) - 1:
                return row
        return 0

    @cached_property
    def headings(self) -> list[str]:
        """The heading of each column, preceded by the headings above it, joined with ·; "" for none."""
        width = max((len(line) for line in self.grid), default=0)
        lines = [
            [re.sub(r"\s", "", line[column]) if column < len(line) else "" for column in range(width)]
            for line in self.grid[: self.head]
        ]
        # A line with one text only is the table's title, or its unit.
        lines = [line for line in lines if len({text for text in line if text}) > 1] or lines
        for order, line in enumerate(lines[:-1]):
            for column in range(1, width):
                # A heading over several columns stands in the first of them.
                if not line[column] and any(below[column] for below in lines[order + 1 :]):
                    line[column] = line[column - 1]
        return [
            "·".join(dict.fromkeys(line[column] for line in lines if line[column])) for column in range(width)
        ]

    @cached_property
    def numeric(self) -> list[int]:
        """The indices of the columns whose numbers can be added or compared.

        Columns of serial numbers, codes or dates do not count.
        """
        rows = range(self.head, len(self.grid))
        return [
            column
            for column, heading in enumerate(self.headings)
            if not NO_NUMBERS.search(heading)
            and sum((row, column) in self.cells for row in rows) * 2 >= len(rows)
        ]

    @cached_property
    def rows(self) -> list[int]:
        """The indices of the rows below the headings that have numbers, except those that begin with 其中 or 含."""
        return [
            row
            for row in range(self.head, len(self.grid))
            if any((row, column) in self.cells for column in self.numeric)
            and not any(_PART.match(text) for text in self.names(row))
        ]

    @cached_property
    def parts(self) -> set[int]:
        """The indices of the rows that are listed as parts of the row above them, which is not a row of totals."""
        return {row for rows in self.families.values() for row in rows}

    @cached_property
    def families(self) -> dict[int, list[int]]:
        """The rows that list the parts of another row, by the index of that row, which is directly above them.

        They are rows after 其中, rows that are numbered or coded within it, or all rows that add up to it.
        """
        families: dict[int, list[int]] = {}
        taken: set[int] = set()
        for first in range(self.head + 1, len(self.grid)):
            above = self.names(first - 1)
            if not above or any(TOTAL.search(text) for text in above):
                continue
            rows = self._parts_from(first)
            if rows and not taken.intersection(rows):
                families[first - 1] = rows
                taken.update(rows)
        return families

    def _parts_from(self, first: int) -> list[int]:
        """Return the rows, from one on, that make up the row above it; [] where none do."""
        parent = first - 1
        among = any(_PART.match(text) for text in self.names(first))
        inner = self._inner(parent)
        if inner:
            good, bad = self._fits(parent, inner)
            return inner if good >= max(bad, 1) else []
        ends = range(first if among else first + 1, min(first + _MOST_PARTS, len(self.grid)))
        least = 1 if among else 2
        fits = [(last, *self._fits(parent, list(range(first, last + 1)))) for last in ends]
        exact = [last for last, good, bad in fits if good >= least and not bad]
        nearly = [last for last, good, bad in fits if good >= 2 * bad and good >= least]
        return list(range(first, (exact or nearly)[0] + 1)) if exact or nearly else []

    def _inner(self, parent: int) -> list[int]:
        """Return the rows directly below one that are numbered or coded within it: （一） below 一、, 20501 below 205."""
        level, rows = self._level(parent), []
        if not level:
            return []
        for row in range(parent + 1, len(self.grid)):
            own = self._level(row)
            if any(TOTAL.search(text) for text in self.names(row)) or (
                own and not self._is_within(own, level)
            ):
                break
            rows.append((row, own))
        nearest = min((len(own) for _, own in rows if own), default=0)
        direct = [
            row
            for row, own in rows
            if not own or (own[:1].isdigit() and len(own) == nearest) or own[:1] in _STYLES
        ]
        return direct if len(direct) > 1 else []

    def _level(self, row: int) -> str:
        """Return the code of a row, or the sign of the style in which it is numbered; "" for neither."""
        for text in self.grid[row][: min(self.numeric, default=0)]:
            if _CODE.fullmatch(text.strip()):
                return text.strip()
            if match := _STYLE.match(text.strip()):
                return match.lastgroup or ""
        return ""

    @staticmethod
    def _is_within(level: str, parent: str) -> bool:
        if level[0].isdigit():
            return level != parent and level.startswith(parent)
        return level in _STYLES and parent in _STYLES and _STYLES.index(level) > _STYLES.index(parent)

    def _fits(self, total_row: int, rows: list[int]) -> tuple[int, int]:
        """Return in how many columns rows add up to a row, and in how many they do not."""
        good = bad = 0
        for column in self.numeric:
            values = [self.cells[row, column] for row in rows if (row, column) in self.cells]
            total = self.cells.get((total_row, column))
            if total and values:
                fine = places([*values, total])
                slack = Decimal(len(values)) / 2 / 10**fine if fine else Decimal(0)
                is_sum = abs(sum(values, Decimal(0)) - total) <= slack
                good, bad = good + is_sum, bad + (not is_sum)
        return good, bad

    @cached_property
    def totals(self) -> list[int]:
        """The indices of the rows of totals and subtotals."""
        return [row for row in self.rows if any(TOTAL.search(text) for text in self.names(row))]

    @cached_property
    def subtotals(self) -> list[int]:
        """The indices of the rows of subtotals (小计)."""
        return [row for row in self.totals if any(_SUBTOTAL.search(text) for text in self.names(row))]

    @cached_property
    def data(self) -> list[int]:
        """The indices of the rows with numbers that are no totals."""
        totals = set(self.totals)
        return [row for row in self.rows if row not in totals]

    def column(self, column: int, rows: list[int]) -> list[tuple[int, Decimal]]:
        """Return (row, number) for those of ``rows`` that have a number in a column; rows and columns are indices from 0."""
        return [(row, self.cells[row, column]) for row in rows if (row, column) in self.cells]

    def text(self, row: int, column: int) -> str:
        """Return the text of a cell without surrounding spaces."""
        return self.grid[row][column].strip()

    def row_name(self, row: int) -> str:
        """Return the name of a row from its texts before the numbers, joined with ·.

        第3行 for the third row without a name.
        """
        return "·".join(dict.fromkeys(self.names(row))) or f"第{row + 1}行"

    def column_name(self, column: int) -> str:
        """Return the heading of a column; 第3列 for the third column without a heading."""
        return self.headings[column] or f"第{column + 1}列"

    def names(self, row: int) -> list[str]:
        """Return the texts of a row before its first column of numbers, which name the row; numbers are left out."""
        first = min(self.numeric, default=len(self.grid[row]))
        line = self.grid[row][:first]
        return [
            text.strip()
            for column, text in enumerate(line)
            if text.strip() and (row, column) not in self.cells
        ]


def number(text: str) -> Decimal | None:
    """Return the number in a cell's text with 万 and 亿 multiplied out, so that 1.2万 is 12000; 0 for 无.

    A percent sign is ignored: 3.9% is 3.9. None where the text has no number, more than one, or words
    besides.
    """
    plain = alike(text).replace(",", "").replace("，", "").strip().rstrip("%")
    if plain == "无":
        return Decimal(0)
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    tokens = find_number_tokens(text)
    alone = len(tokens) == 1 and tokens[0].exact and tokens[0].text.strip() == text.strip()
    return tokens[0].value if alone else None


def places(values: list[Decimal]) -> int:
    """Return the number of decimal places of the most precise of ``values``; 0 for no values."""
    return max((-int(value.as_tuple().exponent) for value in values), default=0)
