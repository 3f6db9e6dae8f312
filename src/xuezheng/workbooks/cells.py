"""Conversion of the text of a cell to the value of a model field, and of a value to text, by the type of the field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.timezone import localdate

from xuezheng.records.fields import AsWrittenField, CodeField, ModelField, MoneyField

YES_NO = {"是": True, "否": False}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B) if chr(code - 0xFEE0).isalnum()}
EXCEL_DAY_ZERO = date(1899, 12, 30)
_LOST_DIGITS = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+[0-9]{2,}")
_PROTECTED = re.compile(r"'([^']*)|=\"([^\"]*)\"")
#: Every two signs apart, or a text of two to four signs with blanks somewhere, as people stretch names.
_SPACED = re.compile(
    r"[\u3400-\u9fff](?:\s+[\u3400-\u9fff])+|(?=(?:\s*[\u3400-\u9fff]){2,4}$)[\u3400-\u9fff]+(?:\s+[\u3400-\u9fff]+)+"
)
_LOWER_X = re.compile(r"[GJL]?[0-9]{17}x")
_UNSEEN = re.compile(r"[\x00-\x1f\ufffe\uffff]")
_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!|UNKNOWN!|GETTING_DATA)|Err:[0-9]{3}"
)
#: A year outside is a slip of the pen.
_YEARS = range(1900, 2100)
_DATE_FORMS = (
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?: 00:00:00)?",
    r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})",
    r"([0-9]{4})\.([0-9]{1,2})\.([0-9]{1,2})",
    r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日",
    r"([0-9]{4})([0-9]{2})([0-9]{2})",
)


@dataclass(frozen=True)
class Cell:
    """The result of reading the text of a cell: a ``value``, or a Chinese ``problem``.

    If both are set, the text is unusual: ``reading`` is then the Chinese text of the value, which a user must
    confirm before it is used.
    """

    value: Any = None
    problem: str = ""
    reading: str | None = None


def reader(field: ModelField) -> Callable[[str], Cell]:
    """Return the function that reads the text of a cell for ``field`` and returns a :class:`Cell`.

    A blank cell has the value ``""`` for a text field that cannot be NULL, else None. Money is read as yuan
    and returned in fen, a choice by its Chinese label. Raises ``TypeError`` for a field of a type that sheets
    do not support.
    """
    if isinstance(field, AsWrittenField) and field.max_length is not None:
        return _as_written(field.max_length)
    parse = _parser(field)

    def read(text: str) -> Cell:
        plain = plain_text(text)
        if not plain and text.strip():
            return Cell(problem="只有引号，没有内容。请填上内容，或清空这个单元格。")
        if not plain:
            return Cell("" if isinstance(field, models.CharField) and not field.null else None)
        if _ERROR.fullmatch(plain):
            return Cell(problem="是公式算出的错误值，不是内容。请改正公式，或把单元格改成数值。")
        cell = parse(plain)
        if cell.problem and cell.reading is None:
            return cell
        try:
            field.run_validators(cell.value)
        except ValidationError as error:
            return Cell(problem="".join(error.messages))
        if plain != text and cell.reading is None:
            return Cell(cell.value, _what_was_plain(text), f"“{plain}”")
        return cell

    return read


def text_of(field: ModelField, value: Any) -> str:
    """Return a value of ``field`` as the text of a cell, which :func:`reader` reads as the same value.

    Returns "" for None.
    """
    if value is None or value == "":
        return ""
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(field, models.BooleanField):
        return next(text for text, truth in YES_NO.items() if truth == value)
    if isinstance(field, MoneyField):
        return typed_yuan(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def typed_yuan(fen: int) -> str:
    """Return an amount in fen as people type it in yuan: ``500``, ``312.50``."""
    yuan, rest = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{yuan}{f'.{rest:02d}' if rest else ''}"


def plain_text(text: str) -> str:
    """Return a cell's text without outer blanks, with half-width letters and digits.

    Quotes by which people protect a number (``'01``, ``="01"``) are removed.
    """
    return _unprotected(text).strip().translate(_FULL_WIDTH)


def _unprotected(text: str) -> str:
    """Remove the marks that people put around a number so that Excel keeps it as text: ``'01`` or ``="01"``."""
    match = _PROTECTED.fullmatch(text.strip())
    return (match[1] or match[2] or "") if match else text


def _what_was_plain(text: str) -> str:
    if _PROTECTED.fullmatch(text.strip()):
        return '外面有为保住号码而加的单引号或“=""”。请去掉，并把整列设为“文本”格式。'
    if text.strip() != text:
        return "前后有多余的空格。请删去空格。"
    return "含全角的数字或字母。请改用半角（英文输入法）填写。"


def _parser(field: ModelField) -> Callable[[str], Cell]:
    if isinstance(field, CodeField):
        return _code(field)
    if field.choices:
        return _choice({label: value for value, label in field.flatchoices})
    if isinstance(field, models.BooleanField):
        return _choice(YES_NO)
    if isinstance(field, models.DateField):
        return _date
    if isinstance(field, MoneyField):
        return _money
    if isinstance(field, models.IntegerField):
        return _integer
    if isinstance(field, models.DecimalField):
        return _decimal
    if isinstance(field, models.CharField):
        return _text_as_sent if getattr(getattr(field, "model", None), "as_sent", False) else _text
    raise TypeError(f"no way to read a cell for {field!r}")


def _as_written(longest: int) -> Callable[[str], Cell]:
    def read(text: str) -> Cell:
        if len(text) > longest:
            return Cell(problem=f"超过{longest}个字。请核对这一格是不是填错了列。")
        return Cell(text)

    return read


def _choice(values: dict[str, Any]) -> Callable[[str], Cell]:
    allowed = "、".join(values)

    def parse(text: str) -> Cell:
        if text in values:
            return Cell(values[text])
        return Cell(problem=f"不在可选项内。请从下拉框选择：{allowed}。")

    return parse


def _code(field: CodeField[Any, Any]) -> Callable[[str], Cell]:
    """Read a label of any time; whether the code is in force on the row's day is a check of the whole row."""

    def parse(text: str) -> Cell:
        # Columns live as long as the process, and codes are added meanwhile.
        known = field.code_list
        if text in known.by_label:
            return Cell(known.by_label[text])
        current = "、".join(label for _, label in known.in_force(localdate()))
        return Cell(problem=f"不在可选项内。请从下拉框选择：{current}。")

    return parse


def _date(text: str) -> Cell:
    for number, form in enumerate(_DATE_FORMS):
        if not (match := re.fullmatch(form, text)):
            continue
        try:
            day = date(*(int(part) for part in match.groups()))
        except ValueError:
            return Cell(problem="没有这一天。请核对后写作“2019-02-25”这样的日期。")
        if day.year not in _YEARS:
            return Cell(problem=f"{day.year}年像是写错了年份。请核对。")
        # Excel writes its own dates as year-month-day with two digits each: those are plain dates.
        if number == 0 and text[:10] == day.isoformat():
            return Cell(day)
        return Cell(day, "日期写法不统一。请写作“2019-02-25”这样的形式。", day.isoformat())
    if re.fullmatch(r"[1-9][0-9]{4}", text):
        day = EXCEL_DAY_ZERO + timedelta(days=int(text))
        return Cell(day, "日期显示成了数字。请把单元格格式改为日期，或写作“2019-02-25”。", day.isoformat())
    return Cell(problem="无法识别这个日期。请写作“2019-02-25”这样的形式。")


def _money(text: str) -> Cell:
    plain = re.fullmatch(r"(-?[0-9]{1,13})(?:\.([0-9]{1,2}))?", text)
    if plain:
        fen = int(plain[1]) * 100
        cents = int((plain[2] or "").ljust(2, "0") or 0)
        return Cell(fen - cents if text.startswith("-") else fen + cents)
    grouped = text.replace(",", "").removesuffix("元").removeprefix("¥")
    if grouped != text and re.fullmatch(r"-?[0-9]{1,13}(?:\.[0-9]{1,2})?", grouped):
        return Cell(
            _money(grouped).value, "金额里有逗号、“元”或“¥”。请只填数字，如“1312.50”。", f"{grouped}元"
        )
    return Cell(problem="不是金额。请填以元为单位的数字，最多两位小数，如“312.50”。")


def _integer(text: str) -> Cell:
    if re.fullmatch(r"-?[0-9]{1,15}", text):
        return Cell(int(text))
    return Cell(problem="应为整数。请填数字，如“45”。")


def _decimal(text: str) -> Cell:
    if re.fullmatch(r"-?[0-9]{1,20}(?:\.[0-9]{1,10})?", text):
        return Cell(Decimal(text))
    return Cell(problem="应为数字。请填数字，如“4.8”。")


def _text_as_sent(text: str) -> Cell:
    if _LOST_DIGITS.fullmatch(text):
        return Cell(
            problem="长号码被存成了数字，第16位起的数字已经丢失、无法恢复。请先把整列设为“文本”格式，再照原件重新填写。"
        )
    # Printable text has none of these, and is much faster to see.
    if not text.isprintable() and (
        _UNSEEN.search(text) or any(unicodedata.category(s) == "Cf" for s in text)
    ):
        return Cell(problem="含有看不见的字符。请清除该单元格后重新填写。")
    return Cell(text)


def _text(text: str) -> Cell:
    cell = _text_as_sent(text)
    if cell.problem:
        return cell
    if _SPACED.fullmatch(text):
        joined = "".join(text.split())
        return Cell(joined, "字与字之间有空格。请删去空格。", f"“{joined}”")
    if _LOWER_X.fullmatch(text):
        return Cell(text.upper(), "号码末位是小写的x。请改为大写X。", f"“{text.upper()}”")
    return cell
