"""Questions about a sheet before its rows are imported.

They concern hidden sheets, rows and columns, rows struck through, and comments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xlsxwriter.utility import xl_col_to_name

from xuezheng.workbooks.problems import Problem
from xuezheng.workbooks.reader import RawSheet

_NAMED = 5  # rows that a message lists


def questions(raw: RawSheet, heading: int, rows: Sequence[int]) -> Iterator[Problem]:
    """Yield the questions that the marks on a sheet raise: at most one :class:`Problem` for each kind of mark.

    The kinds are a hidden sheet, hidden data rows, hidden columns with data, data rows struck through, and
    comments below the headings. The import asks the user to confirm that the data is read all the same.
    ``heading`` is the index of the heading row, ``rows`` are the indexes of the data rows, counted from 0.
    """
    marks, data = raw.marks, set(rows)
    if marks.get("hidden"):
        yield _question(
            raw, "这张表在工作簿里是隐藏的，可能是旧表。请核对；不要的请删去这张表。", "“这张表照样导入”"
        )
    if hidden := [row for row in marks.get("rows", ()) if row in data]:
        message = f"{_listed(hidden)}是隐藏的，或者被筛选掉了。请取消隐藏后核对；不要的请删去。"
        yield _question(raw, message, "“这些行照样导入”")
    if columns := [place for place in marks.get("columns", ()) if _is_used(raw, place, rows)]:
        names = "、".join(f"{xl_col_to_name(place)}列" for place in columns[:_NAMED])
        yield _question(raw, f"{names}是隐藏的。请取消隐藏后核对。", "“这些列照样读取”")
    if struck := [
        row for row in marks.get("struck", ()) if row in data and any(map(str.strip, raw.row(row)))
    ]:
        yield _question(
            raw, f"{_listed(struck)}画了删除线，可能已经作废。请核对；作废的请删去。", "“这些行照样导入”"
        )
    if comments := [row for row, _ in marks.get("comments", ()) if row > heading]:
        yield _question(
            raw,
            f"{_listed(sorted(set(comments)))}有批注，系统不读批注。请核对批注里有没有要填的内容。",
            "“批注不导入”",
        )


def _question(raw: RawSheet, message: str, reading: str) -> Problem:
    return Problem(raw.name, 0, None, "", "", message, reading)


def _listed(rows: Sequence[int]) -> str:
    names = "、".join(str(row + 1) for row in rows[:_NAMED])
    return f"第{names}行" + (f"等{len(rows)}行" if len(rows) > _NAMED else "")


def _is_used(raw: RawSheet, place: int, rows: Sequence[int]) -> bool:
    return place < len(raw.columns) and any(raw.columns[place][row].strip() for row in rows)
