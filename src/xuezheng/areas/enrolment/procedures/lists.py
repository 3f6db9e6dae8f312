"""Reads and checks the list of a public draw, uploaded as an Excel file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection
from pathlib import Path

from xuezheng.workbooks.problems import WorkbookRefused
from xuezheng.workbooks.reader import read_workbook

LARGEST = 20_000  # registrations; a county has a few thousand places a year
_NUMBER, _GROUP = ("报名序号", "报名号", "序号"), ("同组编号", "同组", "组号")
_WRITTEN = re.compile(r"[0-9A-Za-z-]{1,20}")
_PERSONAL = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|1[0-9]{10}")


def read_list(path: Path, name: str) -> str:
    """Read an Excel file; return the list as sorted text, a line ``number`` or ``number,group`` per child.

    The first row of the first sheet has the heading 报名序号 and, if children are bound together, 同组编号. ``name``
    is the name of the file for messages. Raises :class:`WorkbookRefused` if the file has no such column or no
    number, or, with the row, if a number or group is invalid, a number is repeated, or a group has only one
    child.
    """
    sheet = read_workbook(path, name)[0]
    rows = [[text.strip() for text in sheet.row(number)] for number in range(sheet.height)]
    if not rows or not any(heading in rows[0] for heading in _NUMBER):
        raise WorkbookRefused(f"“{name}”第1行没有“报名序号”这一列。请把列名写在第1行。")
    number_at = next(place for place, heading in enumerate(rows[0]) if heading in _NUMBER)
    group_at = next((place for place, heading in enumerate(rows[0]) if heading in _GROUP), None)
    listed: dict[str, str] = {}
    for row, cells in enumerate(rows[1:], start=2):
        if not any(cells):
            continue
        number, group = cells[number_at], cells[group_at] if group_at is not None else ""
        if problem := problem_of(number, group, listed):
            raise WorkbookRefused(f"“{name}”第{row}行：{problem}")
        listed[number] = group
    alone = [group for group, count in Counter(filter(None, listed.values())).items() if count == 1]
    if alone:
        raise WorkbookRefused(f"“{name}”同组编号{alone[0]}只有1人。同组的至少2人，请核对；没有同组的请留空。")
    if not listed:
        raise WorkbookRefused(f"“{name}”没有一个报名序号。请填写后再上传。")
    return "".join(f"{number},{group}".removesuffix(",") + "\n" for number, group in sorted(listed.items()))


def hash_of(text: str) -> str:
    """Return the SHA-256 of a text as UTF-8, such as a list, in 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def problem_of(number: str, group: str, listed: Collection[str]) -> str:
    """Return in Chinese why ``number`` with ``group`` cannot be added to a list; "" if it can.

    ``listed`` has the numbers before it. Invalid are an empty or repeated number, one that looks like an
    identity or phone number, other characters than letters, digits and "-", and more than 20,000 numbers.
    """
    if len(listed) >= LARGEST:
        return f"一次派位最多{LARGEST}人。请按学校分开派位。"
    for title, text in (("报名序号", number), ("同组编号", group)):
        if text and _PERSONAL.fullmatch(text):
            return f"{title}像是身份证号或手机号。名单要公布，请用报名时编的序号。"
        if text and not _WRITTEN.fullmatch(text):
            return f"{title}“{text[:20]}”只能用数字、字母和“-”，不超过20位。请改正。"
    if not number:
        return "没有报名序号。请补填。"
    return f"报名序号{number}重复。请核对。" if number in listed else ""
