"""The forms in which people write classes and grades: 二(1)班, 二年级1班, 初二（1）班, 201班."""

from __future__ import annotations

import re
from typing import TypeAlias

#: (stage in Chinese, grade within the stage from 1, number of the class).
ClassKey: TypeAlias = tuple[str, int, int]

_DIGITS = "零一二三四五六七八九"
_GRADES = {"小学": 6, "初中": 3, "高中": 3}
_GRADE = r"(?P<level>小学?|初中?|高中?)?(?P<grade>[一二三四五六七八九]|1[0-2]|[1-9])"
_CLASS = re.compile(
    rf"{_GRADE}(?:年级|年|[.、-]|(?=[(]))?[(]?(?P<number>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})[)]?班?"
)
_SHORT = re.compile(r"(?P<grade>[1-9])0?(?P<number>[0-9]{1,2})班")
_ONLY_GRADE = re.compile(rf"{_GRADE}(?:年级|年)?")
_BEFORE = re.compile(r".*[0-9]{4}级(?=.*[级班])|.*(?:小学|中学|学校)(?=[一二三四五六七八九初高])")


def _form(text: str) -> str:
    form = "".join(text.split()).replace("（", "(").replace("）", ")").replace("○", "零")
    return _BEFORE.sub("", form)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return (_DIGITS.index(tens) if tens else 1) * 10 + (_DIGITS.index(ones) if ones else 0)
    return _DIGITS.index(text) if len(text) == 1 else 0


def _stages(level: str | None, grade: int) -> list[tuple[str, int]]:
    """The stages and grades that a grade may mean, the likeliest first."""
    if level:
        stage = {"小": "小学", "初": "初中", "高": "高中"}[level[0]]
        return [(stage, grade)] if grade <= _GRADES[stage] else []
    if grade > 9:
        return [("高中", grade - 9)]
    if grade > 6:
        return [("初中", grade - 6)]
    stages = [("小学", grade)]
    if grade <= 3:
        stages += [("初中", grade), ("高中", grade)]
    return stages


def class_keys(text: str) -> list[ClassKey]:
    """Return the classes that a text may mean, as (stage, grade, number), the likeliest first.

    Returns [] if it is no numbered class. ``stage`` is 小学, 初中 or 高中; the grade counts from 1 within the
    stage.
    """
    form = _form(text)
    match = _CLASS.fullmatch(form) if "班" in form or "(" in form or "." in form else None
    match = _SHORT.fullmatch(form) or match
    if match is None:
        return []
    level = match.groupdict().get("level")
    number = _number(match["number"])
    return [(stage, grade, number) for stage, grade in _stages(level, _number(match["grade"])) if number]


def class_name(text: str) -> str | None:
    """Return the usual name of the class that a text most likely means, such as ``二年级1班`` or ``高三1班``.

    Returns None if it means none.
    """
    keys = class_keys(text)
    if not keys:
        return None
    stage, grade, number = keys[0]
    if stage == "高中":
        return f"高{_DIGITS[grade]}{number}班"
    return f"{_DIGITS[grade + (6 if stage == '初中' else 0)]}年级{number}班"


def grade_of(text: str) -> tuple[str, int] | None:
    """Return the (stage, grade) that a text with a grade or a class most likely means; None if it is none.

    The stage is 小学, 初中 or 高中; the grade counts from 1 within the stage.
    """
    if keys := class_keys(text):
        return keys[0][:2]
    match = _ONLY_GRADE.fullmatch(_form(text))
    if match is None or (match["grade"].isdigit() and "级" not in text and int(match["grade"]) < 7):
        return None
    stages = _stages(match["level"], _number(match["grade"]))
    return stages[0] if stages else None
