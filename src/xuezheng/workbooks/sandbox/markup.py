"""Reads an HTML page that a system exported under the name of a workbook: ``markup.py FILE``.

The output is that of ``read.py``. Each table of the page is a sheet; a table inside another belongs to its
cell's text.
"""

from __future__ import annotations

import json
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xuezheng.workbooks.sandbox.refused import AGAIN, CELLS, Refused
    from xuezheng.workbooks.sandbox.separated import decoded
else:  # beside this script, which runs by itself
    from refused import AGAIN, CELLS, Refused
    from separated import decoded

_SHEETS = 500
_WIDEST = 1_000
_LONGEST = 32_767


class _Tables(HTMLParser):
    """Collects the cells of tables; ``spans`` are the areas that a cell covers, as (row, column, last row, last column)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[tuple[dict[tuple[int, int], str], list[tuple[int, int, int, int]]]] = []
        self.depth = 0
        self.row = -1
        self.place = (1, 1)
        self.text: list[str] | None = None
        self.covered: set[tuple[int, int]] = set()
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append(({}, []))
                self.row, self.covered = -1, set()
                if len(self.tables) > _SHEETS:
                    raise Refused(f"里面有超过{_SHEETS}张表。请把需要的表复制到新文件再试。")
        elif self.depth == 1 and tag == "tr":
            self._end_cell()
            self.row += 1
        elif self.depth == 1 and tag in ("td", "th"):
            self._end_cell()
            self.row = max(self.row, 0)
            values = dict(attrs)
            self.place = (_count(values.get("rowspan")), _count(values.get("colspan")))
            self.text = []
        elif tag == "br" and self.text is not None:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self.depth:
            if self.depth == 1:
                self._end_cell()
            self.depth -= 1
        elif self.depth == 1 and tag in ("td", "th", "tr"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text.append(data)

    def _end_cell(self) -> None:
        if self.text is None:
            return
        text, self.text = "".join(self.text).replace("\xa0", " ").strip(), None
        if len(text) > _LONGEST:
            raise Refused(f"有一格超过{_LONGEST}字。{AGAIN}后再试。")
        cells, spans = self.tables[-1]
        column = 0
        while (self.row, column) in self.covered:
            column += 1
        height, width = self.place
        self.cells += height * width
        if self.cells > CELLS or column + width > _WIDEST:
            raise Refused(f"超过{CELLS // 10_000}万个单元格，或宽过{_WIDEST}列。请拆成几个较小的文件。")
        self.covered |= {
            (self.row + down, column + right) for down in range(height) for right in range(width)
        }
        for down in range(height if width == 1 else 1):
            cells[self.row + down, column] = text
        if height > 1 or width > 1:
            spans.append((self.row, column, self.row + height - 1, column + width - 1))


def _count(text: str | None) -> int:
    return min(max(int(text), 1), 10_000) if text and text.isdigit() and len(text) < 6 else 1


def _read(content: bytes) -> Any:
    try:
        parser = _Tables()
        parser.feed(decoded(content))
        parser.close()
        sheets = [_sheet(number, *table) for number, table in enumerate(parser.tables, 1) if table[0]]
        if not sheets:
            raise Refused(f"是网页或XML格式，里面没有表格。{AGAIN}后再试。")
        if len(sheets) == 1:
            sheets[0][0] = ""
        return sheets
    except Refused as why:
        return {"refused": str(why)}


def _sheet(
    number: int, cells: dict[tuple[int, int], str], spans: list[tuple[int, int, int, int]]
) -> list[Any]:
    height = max(row for row, _ in cells) + 1
    width = max(column for _, column in cells) + 1
    if height * width > CELLS:
        raise Refused(f"超过{CELLS // 10_000}万个单元格。请拆成几个较小的文件。")
    columns = [[cells.get((row, column), "") for row in range(height)] for column in range(width)]
    down = [
        [left, top, bottom] for top, left, bottom, right in spans if left == right and top < bottom < height
    ]
    across = [list(span) for span in spans if span[1] < span[3] and columns[span[1]][span[0]]]
    return [f"表{number}", columns, down, across]


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_read(Path(sys.argv[1]).read_bytes())))
