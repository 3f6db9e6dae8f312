"""Finds the tables on a sheet: headings of one to three rows, tables side by side or below each other, and forms."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from xuezheng.workbooks.layout import is_footer, is_total
from xuezheng.workbooks.layouts.class_names import class_keys
from xuezheng.workbooks.layouts.vocabulary import Vocabulary, plain
from xuezheng.workbooks.reader import RawSheet

#: A heading is searched for in so many rows of a sheet's beginning, and after the end of each table.
_HEADING_WITHIN = 20
_HEADING_ROWS = 3
_FORM_ROWS = 60
#: A heading without rows is a table, not a line of text, when it has more columns than this.
_FEWEST_EMPTY = 3
#: What is nearly as like a heading as the likest row above or below it is one too.
_ALMOST = 0.6
_DAY = re.compile(r"([0-9]{1,2}月)?[0-9]{1,2}日|(1[0-2]|[1-9])月份?")
_LABEL = re.compile(r"[^:：]{1,12}[:：]")
_SUMMARY = re.compile(
    r"平均分?|均分|及格率|优秀率|优分率|合格率|良好率|最高分|最低分|参考人数|应考人数|实考人数|标准差|以下空白|以下无正文|此页以下空白"
)
_SIGNATURE = re.compile(
    r".{0,12}(签字|签名|签章|盖章|公章|\(章\)|（章）|制表|填表|审核|负责人|经办人|落款)[^0-9]{0,20}.{0,12}"
)
_NUMBER = re.compile(r"[-+]?[0-9][0-9,.]*%?|[0-9]{4}[-./年][0-9]{1,2}.*|G?[0-9]{15,19}[0-9Xx]?")


@dataclass(frozen=True)
class Heading:
    """The heading of a column: its index on the sheet from 0, its own text, and the texts of the groups above it."""

    place: int
    text: str
    groups: tuple[str, ...] = ()

    @property
    def full(self) -> str:
        """The texts of the groups and the heading's own text, joined by ``/``."""
        return "/".join((*self.groups, self.text))


@dataclass
class Table:
    """A table of a sheet: its headings and data rows, and the lines of text above it.

    ``first`` is the index of the last heading row, ``rows`` are the indexes of the data rows, ``left_out``
    those of rows below the heading that are no data (totals, subtitles, notes), all from 0. A form of labels
    and values is a table with one row; ``form`` then has the values by the ``place`` of the heading.
    """

    raw: RawSheet
    headings: list[Heading]
    first: int
    rows: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)
    form: dict[int, str] = field(default_factory=dict)

    def column(self, heading: Heading) -> list[str]:
        """Return the texts of a column in the data rows, in order."""
        if self.form:
            return [self.form[heading.place]]
        cells = self.raw.columns[heading.place]
        return [cells[row] for row in self.rows]


def tables_of(raw: RawSheet, words: Vocabulary) -> list[Table]:
    """Return the tables of a sheet, from top to bottom and left to right; [] if no heading is recognised.

    ``words`` is the vocabulary by which headings are recognised.
    """
    grid = [[text.strip() for text in raw.row(row)] for row in range(raw.height)]
    if form := _form(raw, grid, words):
        return [form]
    tables: list[Table] = []
    start = 0
    while heading_rows := _heading_rows(raw, grid, start, words, first=not tables):
        top, bottom = heading_rows
        lines = [text for row in grid[start:top] for text in dict.fromkeys(row) if text]
        blocks = list(_blocks(_headings(raw, grid, top, bottom)))
        end = _end(raw, grid, top, bottom, words)
        for block in blocks:
            table = Table(raw, block, bottom, lines=lines)
            _find_rows(table, grid, bottom + 1, end, words)
            if table.rows or len(block) > _FEWEST_EMPTY:
                tables.append(table)
        start = end
    return tables


def class_subtitles(table: Table) -> dict[int, str]:
    """Return the class that each left-out row of a table names, as written there, by the index of the row.

    Left-out rows are those below the heading that are no data (``left_out``). The value is "" for a row that
    names no class. A class so named is that of the rows below it.
    """
    return {
        row: next((text for text in table.raw.row(row) if class_keys(text.strip())), "")
        for row in table.left_out
    }


def _known(row: list[str], words: Vocabulary) -> int:
    days = {text for text in row if _DAY.fullmatch(text)}
    return len({text for text in row if text and words.knows(text)}) + (len(days) if len(days) > 2 else 0)


def _heading_rows(
    raw: RawSheet, grid: list[list[str]], start: int, words: Vocabulary, first: bool
) -> tuple[int, int] | None:
    """Return the first and last row of the next heading, from ``start``."""
    reach = range(start, len(grid) if not first else min(len(grid), start + _HEADING_WITHIN))
    # The first heading counts, not the best: another table may follow. In the lines above the first, a few words are no heading.
    most = max((_heading_likeness(grid, row, words) for row in reach), default=0) if first else 0
    least = max(2, _ALMOST * most)
    best = next((row for row in reach if _heading_likeness(grid, row, words) >= least), None)
    if best is None:
        return None
    top = bottom = best
    while bottom + 1 < len(grid) and bottom - top + 1 < _HEADING_ROWS and _is_subheading(raw, grid, bottom):
        bottom += 1
    while top > start and bottom - top + 1 < _HEADING_ROWS and _is_group_row(raw, grid, top - 1):
        top -= 1
    if bottom + 1 < len(grid) and _counts_columns(grid[bottom + 1]):
        bottom += 1
    return top, bottom


def _heading_likeness(grid: list[list[str]], row: int, words: Vocabulary) -> float:
    """How many headings a row has; 0 for a row of data or of a form."""
    cells = [text for text in grid[row] if text]
    known = _known(cells, words)
    if known < 2 or known * 3 < len(set(cells)) or sum(bool(_NUMBER.fullmatch(text)) for text in cells) > 1:
        return 0
    return known + min(len(cells), 10) / 100


def _is_subheading(raw: RawSheet, grid: list[list[str]], row: int) -> bool:
    """Whether the row below ``row`` divides its headings: it has texts under groups, and nothing else."""
    above, below = grid[row], grid[row + 1]
    spanned = {
        place
        for top, left, bottom, right in raw.spans
        if top <= row <= bottom
        for place in range(left, right + 1)
    }
    spanned |= {place for place, text in enumerate(above) if not text and place and any(above[:place])}
    # Where cells were not merged, a group's text stands above its first column only.
    last = len(above) - 1
    spanned |= {place for place in range(last) if above[place] and not above[place + 1] and below[place + 1]}
    new = {place for place, text in enumerate(below) if text and text != above[place]}
    if len(new) < 2 or any(_NUMBER.fullmatch(below[place]) for place in new):
        return False
    return new <= spanned


def _is_group_row(raw: RawSheet, grid: list[list[str]], row: int) -> bool:
    """Whether a row above the headings groups them: two texts or more that are no title, note or data."""
    texts = [text for text in grid[row] if text]
    if len(texts) < 2 or any(_LABEL.match(text) or _NUMBER.fullmatch(text) for text in texts):
        return False
    wide = [area for area in raw.spans if area[0] == row]
    below = grid[row + 1]
    spread = sum(
        1 for place, text in enumerate(grid[row]) if text and place + 1 < len(below) and below[place + 1]
    )
    return bool(wide) or (spread >= 2 and len(texts) < len([text for text in below if text]))


def _counts_columns(row: list[str]) -> bool:
    """Whether a row numbers the columns of a statistics form: 甲 乙 1 2 3."""
    numbers = [text for text in row if text and text not in "甲乙丙丁"]
    return len(numbers) >= 3 and numbers == [str(number + 1) for number in range(len(numbers))]


def _headings(raw: RawSheet, grid: list[list[str]], top: int, bottom: int) -> list[Heading]:
    headings = []
    last = bottom - 1 if bottom > top and _counts_columns(grid[bottom]) else bottom
    filled = [_filled(raw, grid, row, last) for row in range(top, last + 1)]
    for place in range(len(raw.columns)):
        texts: list[str] = []
        for row in filled:
            if row[place] and row[place] not in texts:
                texts.append(row[place])
        if texts:
            headings.append(Heading(place, texts[-1], tuple(texts[:-1])))
    return headings


def _filled(raw: RawSheet, grid: list[list[str]], row: int, last: int) -> list[str]:
    """A heading row in which a group's text is in each of its columns."""
    texts = list(grid[row])
    for top, left, bottom, right in raw.spans:
        if top <= row <= bottom:
            for place in range(left, min(right, len(texts) - 1) + 1):
                texts[place] = texts[place] or grid[top][left]
    if row < last and not any(area[0] == row for area in raw.spans):
        for place in range(1, len(texts)):
            if not texts[place] and grid[last][place] and not all(grid[r][place] for r in range(row, last)):
                texts[place] = texts[place - 1]
    return texts


def _blocks(headings: list[Heading]) -> Iterator[list[Heading]]:
    """Divide headings that repeat from left to right into the blocks side by side."""
    texts = [heading.full for heading in headings]
    period = next(
        (
            at
            for at in range(2, len(texts) // 2 + 1)
            if texts[at : at * 2] == texts[:at] and len(set(texts[:at])) == at
        ),
        None,
    )
    if period is None or any(texts[at] != texts[at % period] for at in range(len(texts))):
        yield headings
        return
    for start in range(0, len(headings), period):
        yield headings[start : start + period]


def _end(raw: RawSheet, grid: list[list[str]], top: int, bottom: int, words: Vocabulary) -> int:
    """The row after a table: that of a title line above another heading, or of another heading."""
    headings = grid[bottom]
    for row in range(bottom + 1, len(grid)):
        if _heading_likeness(grid, row, words) < 2:
            continue
        begins = row
        while begins > bottom + 1 and _is_group_row(raw, grid, begins - 1):
            begins -= 1
        while begins - 1 > bottom and _is_title(grid[begins - 1]):
            begins -= 1
        if grid[row] != headings or begins < row:
            return begins
    return len(grid)


def _is_title(row: list[str]) -> bool:
    texts = {text for text in row if text}
    return not texts or (
        len(texts) == 1 and not _NUMBER.fullmatch(next(iter(texts))) and not is_total(next(iter(texts)))
    )


def _find_rows(table: Table, grid: list[list[str]], start: int, end: int, words: Vocabulary) -> None:
    places = [heading.place for heading in table.headings]
    texts = [plain(grid[table.first][place]) for place in places]
    for row in range(start, end):
        cells = [grid[row][place] for place in places]
        filled = [text for text in cells if text]
        if not filled:
            continue
        if _is_no_data(filled, len(places)) or [plain(text) for text in cells] == texts:
            table.left_out.append(row)
        else:
            table.rows.append(row)


def _is_no_data(filled: list[str], width: int) -> bool:
    """Whether the cells of a row are a total, a summary, a subtitle, a signature or a note."""
    few = len(filled) * 2 <= max(width, 4)
    if (
        is_total(filled[0])
        or (few and any(is_total(text) for text in filled))
        or _SUMMARY.fullmatch(filled[0])
    ):
        return True
    if few and any(is_total(text) or _SUMMARY.fullmatch(text) for text in filled[:2]):
        return True
    if is_footer(filled[0]) or (few and any(_SIGNATURE.fullmatch(text) for text in filled)):
        return True
    return len(set(filled)) == 1 and width > 2 and not _NUMBER.fullmatch(filled[0])


def _form(raw: RawSheet, grid: list[list[str]], words: Vocabulary) -> Table | None:
    """The table of a form in which labels have their values to the right; None where a sheet is no such form."""
    if len(grid) > _FORM_ROWS:
        return None
    boxes: list[tuple[int, int, str, str]] = []
    labels = 0
    for row, cells in enumerate(grid):
        for place, text in enumerate(cells):
            label, separator, value = text.replace("：", ":").partition(":")
            if separator and value.strip() and words.knows(label) and len(label) < 12:
                boxes.append((row, place, label, value.strip()))
                continue
            if not text or not words.knows(text) or (row and grid[row - 1][place] == text):
                continue
            labels += 1
            value = next((cell for cell in cells[place + 1 :] if cell), "")
            if value and not words.knows(value) and value != text:
                boxes.append((row, place, text.rstrip(":："), value))
    rows = {row for row, _, _, _ in boxes}
    if len(boxes) < 4 or len(rows) < 3 or len(boxes) * 2 < labels or _is_list(grid, words):
        return None
    headings, values, known = [], {}, set()
    for number, (_, _, label, value) in enumerate(boxes):
        if plain(label) not in known:
            known.add(plain(label))
            headings.append(Heading(number, label))
            values[number] = value
    first = min(rows)
    lines = [text for row in grid[:first] for text in row if text]
    return Table(raw, headings, first, rows=[first], lines=lines, form=values)


def _is_list(grid: list[list[str]], words: Vocabulary) -> bool:
    """Whether some row is nothing but headings, which is so in a list, not in a form."""
    for row in grid[:_HEADING_WITHIN]:
        cells = {text for text in row if text}
        if len(cells) >= 4 and _known(list(cells), words) * 4 >= len(cells) * 3:
            return True
    return False
