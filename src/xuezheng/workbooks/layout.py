"""Finds the heading row of a filled-in sheet, its columns, and the data rows below it."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass, field

from xuezheng.records.identifiers import with_numbers_masked
from xuezheng.workbooks.problems import Problem
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Column, Sheet

_HEADING_WITHIN = 20
#: How like a heading must be to a column that is missing, by whether every row must fill the column.
_NEAR = {True: 0.4, False: 0.6}
_TOTAL = re.compile(r"(本页|全[区校]|班级|年级)?[合总小共]\s*计([:：].*)?")
_FOOTER = re.compile(
    r"(填[表报写]|制表|审[核批]|复核|负责|经[办手]|联系|统计|单位|学校|校长|园长|主管|分管)[^,，。:：]{0,8}[:：].*"
    r"|(备\s*注|注|说\s*明|附)\s*[0-9]*[:：].*",
    re.DOTALL,
)
#: What the texts of those two begin with.
_BEGINNINGS = frozenset("本全班年合总小共填制审复负经联统单学校园主分备注说附")
#: What is written below the last row so that nothing can be added.
_END = re.compile(r"[（(]?(以下(空白|无正文|无内容)|此(处|行)以下(空白|无内容)|空白)[）)]?")
#: A part of a signature that stands in a cell of its own.
_SIGNATURE = re.compile(
    r"[（(]?[^,，。:：（()）]{0,6}(签[字名章]|盖[公]?章|公章|签字盖章|负责人|填表人|制表人|审核人|经办人|校长|园长|班主任|填表日期)[)）]?[:：]?.{0,10}"
)
#: So many cells tell what a column holds.
_SAMPLES = 30
#: So many required cells are blank in a row with a single text, which is then a subtitle.
_FEWEST_BLANK = 2
_MOST_OF_SUBTITLE = 2
_ONE_FORM = str.maketrans("（）：＊", "():*")


@dataclass
class Layout:
    """The layout of a filled-in sheet: where each column of the template is, and which rows have data.

    ``places`` has the index of each column in the raw sheet, ``heading`` is the index of the heading row,
    ``rows`` are the indexes of the data rows, all from 0; a column that the file lacks is not in ``places``.
    ``problems`` are those of the layout itself, such as a missing column.
    """

    places: dict[Column, int] = field(default_factory=dict)
    heading: int = 0
    rows: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_total(text: str) -> bool:
    """Return whether a text is the label of a row of totals, such as 合计 or 小计."""
    return _TOTAL.fullmatch(text) is not None


def is_footer(text: str) -> bool:
    """Return whether a text is a signature line or a note below a form, such as 填表人：… or 备注：…."""
    return _FOOTER.fullmatch(text) is not None


def layout_of(sheet: Sheet, raw: RawSheet) -> Layout:
    """Return where the columns and data rows of the template ``sheet`` are in the sheet ``raw`` of a file.

    A sheet that was converted from another layout has exactly the template's columns; in any other they are
    searched by :func:`find_layout`.
    """
    if not raw.origins:
        return find_layout(sheet, raw)
    places = {column: place for place, column in enumerate(sheet.columns)}
    return Layout(places, 0, list(range(1, raw.height)))


def find_layout(sheet: Sheet, raw: RawSheet) -> Layout:
    """Find the heading row, columns and data rows of ``raw`` for the template ``sheet``.

    The heading is searched in the first 20 rows. Nothing is raised: what is missing or unusual becomes a
    problem of the layout.
    """
    layout = Layout()
    titles = {_heading(column.title): column for column in sheet.columns}
    matches = [len(row & titles.keys()) for row in headings_of(raw)]
    heading = max(range(len(matches)), key=lambda row: (matches[row], -row), default=0)
    if not any(matches):
        required_titles = "、".join(column.title for column in sheet.columns)
        layout.problems.append(
            Problem(
                raw.name,
                0,
                None,
                "",
                "",
                f"前{_HEADING_WITHIN}行里找不到表头。请使用下载的模板，表头应为：{required_titles}。",
            )
        )
        return layout
    layout.heading = heading
    if heading:
        layout.problems.append(
            Problem(
                raw.name,
                heading,
                None,
                "",
                with_numbers_masked("".join(raw.row(heading - 1)))[:30],
                f"表头上方多了{heading}行标题。请删去标题行，让表头在第1行。",
                f"第{heading + 1}行为表头",
            )
        )
    _find_columns(layout, titles, raw, heading)
    _find_rows(layout, raw, heading)
    return layout


def headings_of(raw: RawSheet) -> list[set[str]]:
    """Return the set of texts of each of the first 20 rows of a sheet, to be compared with headings.

    The texts are without blanks and outer stars and with half-width brackets.
    """
    return [set(map(_heading, raw.row(row))) for row in range(min(raw.height, _HEADING_WITHIN))]


def _heading(text: str) -> str:
    """Normalise a heading: remove blanks, line breaks and stars, and use one width of brackets."""
    return "".join(text.split()).translate(_ONE_FORM).strip("*★")


def _find_columns(layout: Layout, titles: dict[str, Column], raw: RawSheet, heading: int) -> None:
    strangers: dict[str, int] = {}
    for place, text in enumerate(raw.row(heading)):
        title = _heading(text)
        if not title:
            continue
        if title not in titles:
            strangers[title] = place
        elif titles[title] in layout.places:
            layout.problems.append(
                Problem(raw.name, heading + 1, place, title, "", "这一列出现了两次。请只保留一列。")
            )
        else:
            layout.places[titles[title]] = place
    for form, column in titles.items():
        if column in layout.places:
            continue
        title = column.title
        near = difflib.get_close_matches(form, strangers, n=1, cutoff=_NEAR[column.required])
        if near and _reads(column, raw, strangers[near[0]], heading):
            place = layout.places[column] = strangers.pop(near[0])
            message = f"模板中没有这一列，像是“{title}”。请把表头改回“{title}”。"
            layout.problems.append(Problem(raw.name, heading + 1, place, near[0], "", message, f"“{title}”"))
        elif column.required:
            message = f"缺少“{title}”列。请从模板补上这一列并填写。"
            layout.problems.append(Problem(raw.name, heading + 1, None, "", "", message))
    for title, place in strangers.items():
        message = "模板中没有这一列。请删去，或改用最新模板。"
        layout.problems.append(Problem(raw.name, heading + 1, place, title, "", message, "“不导入此列”"))


def _reads(column: Column, raw: RawSheet, place: int, heading: int) -> bool:
    """Whether a column of a template reads nearly all of the first cells in a place, so that the heading there may mean it."""
    cells = [text for text in raw.columns[place][heading + 1 :] if text.strip()][:_SAMPLES]
    read = sum(not cell.problem or cell.reading is not None for cell in map(column.read, cells))
    return read * 10 >= len(cells) * 9


def _find_rows(layout: Layout, raw: RawSheet, heading: int) -> None:
    blank = list(range(heading + 1, raw.height))
    for place in layout.places.values():
        column = raw.columns[place]
        blank = [row for row in blank if not column[row].strip()]
    layout.rows = sorted(set(range(heading + 1, raw.height)).difference(blank))
    if not layout.rows:
        layout.problems.append(
            Problem(
                raw.name,
                heading + 1,
                None,
                "",
                "",
                "表头下面没有数据。请填写后再导入；不需要这张表就删去它。",
            )
        )
        return
    _leave_out_what_is_no_data(layout, raw)
    _report_merged(layout, raw)


def _leave_out_what_is_no_data(layout: Layout, raw: RawSheet) -> None:
    """Leave out totals, repeated headings and lines below the form, each with a problem that a person has to confirm."""
    required = [place for column, place in layout.places.items() if column.required]
    headings = raw.row(layout.heading)
    dropped = set()
    gaps = _rows_with_gaps(layout, raw, required)
    for row in sorted({*_rows_with_signs_of_none(layout, raw), *gaps}):
        texts = raw.row(row)
        cells = [text.strip() for text in texts if text.strip()]
        if all(text in headings for text in texts if text.strip()):
            note = cells[0], "是重复的表头，不是数据。请删去这一行。"
        elif required and all(texts[place].strip() for place in required):
            continue  # whatever it is called, it is as full as a row of data
        elif total := next(filter(is_total, cells), None):
            note = total, "是合计行，不是数据。请删去合计行。"
        elif is_footer(cells[0]) or any(map(_SIGNATURE.fullmatch, cells)):
            note = cells[0], "是表下的落款或说明，不是数据。请删去这一行。"
        elif len(cells) == 1 and _END.fullmatch(cells[0]):
            note = cells[0], "是写在表末的话，不是数据。请删去这一行。"
        elif len(cells) <= _MOST_OF_SUBTITLE and row in gaps and len(required) > _MOST_OF_SUBTITLE + 1:
            note = cells[0], "只有一两格有字，像是小标题，不是数据。请删去这一行；是数据的，请补填其余各列。"
        else:
            continue
        dropped.add(row)
        value = with_numbers_masked(note[0])[:40]
        layout.problems.append(Problem(raw.name, row + 1, None, "", value, note[1], "“不导入此行”"))
    layout.rows = [row for row in layout.rows if row not in dropped]


def _rows_with_signs_of_none(layout: Layout, raw: RawSheet) -> list[int]:
    """The rows with a cell that repeats its heading or begins like a total or a footer; each distinct text is examined once."""
    rows: set[int] = set()
    for column in raw.columns:
        texts = set(column)
        odd = {text for text in texts if text.lstrip()[:1] in _BEGINNINGS} | {column[layout.heading]}
        odd = {text for text in odd if text.strip()}
        if odd:
            rows.update(row for row, text in enumerate(column) if text in odd)
    return sorted(rows & set(layout.rows))


def _rows_with_gaps(layout: Layout, raw: RawSheet, required: list[int]) -> set[int]:
    """The rows in which two of the required cells are blank, which is rare among data."""
    blanks = Counter(
        row for place in required for row, text in enumerate(raw.columns[place]) if not text.strip()
    )
    return {row for row, count in blanks.items() if count >= _FEWEST_BLANK} & set(layout.rows)


def _report_merged(layout: Layout, raw: RawSheet) -> None:
    """Report cells merged down a column of data: their one visible text is used for each of their rows."""
    titles = {place: column.title for column, place in layout.places.items()}
    rows = set(layout.rows)
    for place, first, last in raw.merged:
        if place in titles and last > layout.heading and rows.intersection(range(first, last + 1)):
            value = with_numbers_masked(raw.columns[place][first])[:40]
            message = f"第{first + 1}至{last + 1}行合并成了一格。请取消合并，逐行填写。"
            layout.problems.append(
                Problem(raw.name, first + 1, place, titles[place], value, message, f"每行都填“{value}”")
            )
