"""Conversions of cells of other layouts to the texts of a template.

A text that a conversion cannot read stays as it is, and is reported when the template's column reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from xuezheng.records.fields import CodeField, MoneyField
from xuezheng.records.identifiers import id_number_in
from xuezheng.workbooks.cells import EXCEL_DAY_ZERO, Cell, plain_text
from xuezheng.workbooks.layouts.class_names import class_name, grade_of
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.vocabulary import vocabulary
from xuezheng.workbooks.sheet import Column

#: By the code of each conversion, what it does, in Chinese for the user who confirms it.
CONVERSIONS = {
    "": "照原样",
    "text": "去掉多余的空格、引号和全角",
    "id": "号码去掉空格和引号，末位x改为X",
    "disability": "残疾人证号的前18位为身份证号",
    "date": "日期改写为2019-02-25的形式",
    "month": "只有年月的，记为当月1日",
    "birth": "只有年月的出生年月：与身份证号相符时，出生日期从身份证号取",
    "cohort": "“2018级”记为该年9月1日入学",
    "ten_thousand": "万元换算为元",
    "money": "金额去掉逗号和“元”",
    "number": "去掉数字后面的单位",
    "values": "换成系统的说法",
    "school": "学校名称换成学校标识码",
    "division": "地名换成区划代码",
    "class": "班级换成系统的写法",
    "grade": "年级换成本学段的第几年级",
    "stage": "从年级、班级看学段",
}
_SHORT_DAY = re.compile(
    r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?:\s?00:00(?::00)?)?|([0-9]{4})([0-9]{2})([0-9]{2})"
)
_MONTH = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})月?|([0-9]{4})([0-9]{2})")
_NUMBER = re.compile(
    r"([-+]?[0-9]+(?:\.[0-9]+)?)\s*(人|元|名|次|个|天|间|份|分|秒|岁|度|所|亩|平方米|㎡|cm|kg)?"
)
_SERIAL = re.compile(r"[23][0-9]{4}|4[0-9]{4}")


@dataclass(frozen=True)
class Row:
    """What a conversion of a cell may use of the cell's row.

    ``texts`` are the texts of the row already converted, by column path (``person.name``), ``references`` the
    names of schools, classes and divisions in the registers.
    """

    texts: dict[str, str]
    references: References


def convert(conversion: str, column: Column, text: str, row: Row) -> str:
    """Return the text of a cell of another layout, converted to what a column of a template expects.

    ``conversion`` is a key of :data:`CONVERSIONS`, "" for none. The text is unchanged if the conversion
    cannot read it. "" is returned for a blank cell. Raises ``KeyError`` for an unknown conversion.
    """
    plain = plain_text(text)
    if not conversion:
        return text
    if not plain:
        return ""
    converted = _FUNCTIONS[conversion](plain, column, row)
    return text if converted is None else converted


def readable(column: Column, text: str) -> bool:
    """Return whether a column of a template reads a text without an error, and without a reading to confirm."""
    cell: Cell = column.read(text)
    return not cell.problem


def candidates(column: Column, unit: str) -> Iterable[str]:
    """Return the conversions (keys of :data:`CONVERSIONS`) that may apply to a column of a template.

    The most cautious is first. ``unit`` is the unit of the column in the other layout, such as 万元, or "".
    """
    field, path = column.field, column.path
    kind = type(field).__name__
    if isinstance(field, MoneyField):
        return ["ten_thousand"] if unit == "万元" else ["", "money"]
    if kind == "DateField":
        options = ["", "date", "birth" if path.endswith("birth_date") else "month"]
        return [*options, "cohort"] if path == "entered_on" else options
    if path.endswith("school.code"):
        return ["", "school"]
    if path.endswith("household_division"):
        return ["", "division"]
    if column.title in ("班级名称", "班级") and kind == "CharField":
        return ["class"]
    if "年级" in column.title and kind.endswith("IntegerField"):
        return ["grade", ""]
    if column.title == "证件号（原样）":
        return ["", "disability"]
    if column.secret:
        return ["", "id"]
    if field.choices or isinstance(field, CodeField):
        return ["", "values", "stage"] if column.title == "学段" else ["", "values"]
    return ["", "text", "number"] if kind not in ("CharField",) else ["", "text"]


def _text(text: str, column: Column, row: Row) -> str:
    return "".join(text.split()) if re.fullmatch(r"[\u3400-\u9fff·\s]+", text) else text


def _id(text: str, column: Column, row: Row) -> str:
    return "".join(text.split()).upper()


def _disability(text: str, column: Column, row: Row) -> str | None:
    number = "".join(text.split()).upper()
    return number[:18] if re.fullmatch(r"[0-9]{17}[0-9X][0-9A-Z]{2,3}", number) else None


def _date(text: str, column: Column, row: Row) -> str | None:
    if match := _SHORT_DAY.fullmatch(text):
        parts = [part for part in match.groups() if part]
        try:
            return date(*map(int, parts)).isoformat()
        except ValueError:
            return None
    if _SERIAL.fullmatch(text):
        return (EXCEL_DAY_ZERO + timedelta(days=int(text))).isoformat()
    return None


def _month(text: str, column: Column, row: Row) -> str | None:
    if (day := _date(text, column, row)) is not None:
        return day
    if match := _MONTH.fullmatch(text):
        year, month = (int(part) for part in match.groups() if part)
        # A decimal number has lost the zero of October: 2018.1 is January or October.
        if 1 <= month <= 12 and not re.fullmatch(r"[0-9]{4}\.1", text):
            return date(year, month, 1).isoformat()
    return None


def _cohort(text: str, column: Column, row: Row) -> str | None:
    match = re.search(r"(20[0-9]{2})级", text) or re.fullmatch(r"(20[0-9]{2})年?", text)
    return f"{match[1]}-09-01" if match else _month(text, column, row)


def _birth(text: str, column: Column, row: Row) -> str | None:
    if (day := _date(text, column, row)) is not None:
        return day
    prefix = column.path.rpartition("birth_date")[0]
    number = id_number_in(row.texts.get(f"{prefix}id_number", ""))
    if number and len(number) == 18 and (match := _MONTH.fullmatch(text)):
        year, month = (part for part in match.groups() if part)
        same = number[6:10] == year and (
            int(number[10:12]) == int(month) or (month == "1" and number[10:12] == "10")
        )
        return "" if same else None
    return None


def _ten_thousand(text: str, column: Column, row: Row) -> str | None:
    try:
        amount = Decimal(text.replace(",", "").removesuffix("万元").removesuffix("万")) * 10_000
    except InvalidOperation:
        return None
    if not amount.is_finite():
        return None
    exact = amount.quantize(Decimal("0.01"))
    return f"{exact:f}".removesuffix(".00") if exact == amount else None


def _money(text: str, column: Column, row: Row) -> str:
    return re.sub(r"[,，\s]|^[¥￥]|元(/.*)?$", "", text)


def _number(text: str, column: Column, row: Row) -> str | None:
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    return match[1].removeprefix("+").removesuffix(".0")


def _values(text: str, column: Column, row: Row) -> str | None:
    form = "".join(text.split())
    return vocabulary().values.get(column.title, {}).get(form)


def _school(text: str, column: Column, row: Row) -> str | None:
    return row.references.school("".join(text.split()))


def _division(text: str, column: Column, row: Row) -> str | None:
    return row.references.division(text)


def _class(text: str, column: Column, row: Row) -> str | None:
    school = next((value for path, value in row.texts.items() if path.endswith("school.code")), "")
    return row.references.class_name(text, school) or class_name(text)


def _grade(text: str, column: Column, row: Row) -> str | None:
    grade_read = grade_of(text)
    if grade_read is None:
        number = _number(text, column, row)
        if number and number.isdigit() and 7 <= int(number) <= 12:
            return str((int(number) - 7) % 3 + 1)
        return number
    return str(grade_read[1])


def _stage(text: str, column: Column, row: Row) -> str | None:
    if (value := _values(text, column, row)) is not None:
        return value
    grade_read = grade_of(text)
    return grade_read[0] if grade_read else None


_FUNCTIONS: dict[str, Callable[[str, Column, Row], str | None]] = {
    "text": _text,
    "id": _id,
    "disability": _disability,
    "date": _date,
    "month": _month,
    "birth": _birth,
    "cohort": _cohort,
    "ten_thousand": _ten_thousand,
    "money": _money,
    "number": _number,
    "values": _values,
    "school": _school,
    "division": _division,
    "class": _class,
    "grade": _grade,
    "stage": _stage,
}
