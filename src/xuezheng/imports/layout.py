"""Finds the heading row of a sheet and the rows of data under it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field

from xuezheng.imports.problems import Problem
from xuezheng.imports.reader import RawSheet
from xuezheng.imports.sheet import Column, Sheet
from xuezheng.records.identifiers import with_numbers_masked

_HEADING_WITHIN = 20
_TOTALS = ("合计", "总计", "小计", "共计")


@dataclass
class Layout:
    """Where things stand: for each column of the template its place in the file, and the rows of data.

    ``heading`` and ``rows`` are indexes from 0 into the raw sheet; ``problems`` what is wrong with the layout itself.
    """

    places: dict[Column, int] = field(default_factory=dict)
    heading: int = 0
    rows: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def find_layout(sheet: Sheet, raw: RawSheet) -> Layout:
    """Find heading row, columns and data rows of ``raw`` for ``sheet``."""
    layout = Layout()
    titles = {column.title: column for column in sheet.columns}
    heights = range(min(raw.height, _HEADING_WITHIN))
    matches = {row: sum(_heading(text) in titles for text in raw.row(row)) for row in heights}
    heading = max(matches, key=lambda row: (matches[row], -row), default=0)
    if not matches.get(heading):
        wanted = "、".join(titles)
        layout.problems.append(
            Problem(
                raw.name,
                0,
                None,
                "",
                "",
                f"前{_HEADING_WITHIN}行里找不到表头。请使用下载的模板，表头应为：{wanted}。",
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


def _heading(text: str) -> str:
    return text.strip().lstrip("*★")


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
    for title, column in titles.items():
        if column in layout.places:
            continue
        near = difflib.get_close_matches(title, strangers, n=1, cutoff=0.4)
        if near:
            place = strangers.pop(near[0])
            message = f"模板中没有这一列，是否即“{title}”？请把表头改回“{title}”。"
            layout.problems.append(Problem(raw.name, heading + 1, place, near[0], "", message))
        else:
            message = f"缺少“{title}”列。请从模板补上这一列" + (
                "并填写。" if column.required else "（可不填）。"
            )
            layout.problems.append(Problem(raw.name, heading + 1, None, "", "", message))
    for title, place in strangers.items():
        message = "模板中没有这一列。请删去，或改用最新模板。"
        layout.problems.append(Problem(raw.name, heading + 1, place, title, "", message, "“不导入此列”"))


def _find_rows(layout: Layout, raw: RawSheet, heading: int) -> None:
    filled: set[int] = set()
    for place in layout.places.values():
        filled.update(row for row, text in enumerate(raw.columns[place]) if row > heading and text.strip())
    layout.rows = sorted(filled)
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
    last = layout.rows[-1]
    total = next(
        (
            text.strip()
            for text in raw.row(last)
            if text.strip().replace(" ", "").replace("\u3000", "") in _TOTALS
        ),
        None,
    )
    if total:
        layout.rows.pop()
        layout.problems.append(
            Problem(raw.name, last + 1, None, "", total, "是合计行，不是数据。请删去合计行。", "“不导入此行”")
        )
