"""Writes workbooks: empty templates, and workbooks with records that can be imported again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import xlsxwriter
from django.db import models
from django.utils.timezone import localdate
from xlsxwriter.utility import xl_col_to_name

from xuezheng.core.atomic_files import written_whole
from xuezheng.records.fields import CodeField, EncryptedField, ModelField, MoneyField
from xuezheng.workbooks.cells import YES_NO
from xuezheng.workbooks.sheet import Sheet

INSTRUCTIONS = "填写说明"
OPTIONS = "选项"
SUMMARY = "问题汇总"
#: The name of a hidden sheet whose first cell says for which collection and school the workbook was made.
STAMP = "学政"
#: Options of xlsxwriter by which every text stays a text, whether it looks like a number, a formula or an address.
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
#: The names of the sheets that this system adds to workbooks and that have no rows of a register.
OURS = (INSTRUCTIONS, OPTIONS, SUMMARY, STAMP)
Rows = Iterable[Sequence[str | None]]

_EXCEL_ROWS = 1_048_576
# A list written into the cell check itself may have 255 signs; longer ones stand in a sheet of their own.
_LIST_SIGNS = 255


def write_workbook(
    path: Path, sheets: Mapping[Sheet, Rows], stamp: str = "", day: date | None = None
) -> None:
    """Write a workbook with one sheet per template and its rows of texts.

    Texts are labels of choices, yuan and ISO dates; None is a blank cell. Every column is formatted as text,
    so that Excel keeps all digits of long numbers. ``stamp`` is a text for a hidden sheet, by which a
    collection recognises its workbook; "" for none. Drop-downs offer the codes in force on ``day``, by
    default today. The file is written completely or not at all.
    """
    with written_whole(path) as temporary:
        _write(temporary, sheets, stamp, day or localdate())


def _write(path: Path, sheets: Mapping[Sheet, Rows], stamp: str, day: date) -> None:
    book = xlsxwriter.Workbook(path, TEXT_ONLY)
    text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": "@"})
    required = book.add_format(
        {"bold": True, "bg_color": "#DDEBF7", "border": 1, "num_format": "@", "font_color": "#C00000"}
    )
    options: list[list[str]] = []
    for sheet, rows in sheets.items():
        page = book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(
                place, place, max(12, len(column.title) * 2 + 4, 22 if column.secret else 0), text
            )
            page.write_string(0, place, column.title, required if column.required else heading)
            page.write_comment(
                0,
                place,
                f"{'必填' if column.required else '可不填'}。{rule(column.field, day)}",
                {"x_scale": 1.6},
            )
            _add_drop_down(page, place, options_of(column.field, day), options)
        for number, row in enumerate(rows, start=1):
            for place, value in enumerate(row):
                if value is not None:
                    page.write_string(number, place, value, text)
    _write_instructions(book, sheets, day)
    if options:
        page = book.add_worksheet(OPTIONS)
        page.hide()
        for place, allowed in enumerate(options):
            page.write_column(0, place, allowed)
    if stamp:
        page = book.add_worksheet(STAMP)
        page.very_hidden()
        page.write_string(0, 0, stamp)
    book.close()


def options_of(field: ModelField, day: date) -> list[str]:
    """Return the texts that a cell of a field may have: labels of codes in force on ``day``, of choices, or 是 and 否.

    [] if any text is possible.
    """
    if isinstance(field, CodeField):
        return [label for _, label in field.code_list.in_force(day)]
    if field.choices:
        return [str(label) for _, label in field.flatchoices]
    return list(YES_NO) if isinstance(field, models.BooleanField) else []


def _add_drop_down(
    page: xlsxwriter.worksheet.Worksheet, place: int, allowed: list[str], options: list[list[str]]
) -> None:
    if not allowed:
        return
    source: list[str] | str = allowed
    if len(",".join(allowed)) > _LIST_SIGNS:
        options.append(allowed)
        letter = xl_col_to_name(len(options) - 1)
        source = f"={OPTIONS}!${letter}$1:${letter}${len(allowed)}"
    check = {
        "validate": "list",
        "source": source,
        "error_title": "不在可选项内",
        "error_message": "请从下拉框选择。",
    }
    page.data_validation(1, place, _EXCEL_ROWS - 1, place, check)


def rule(field: ModelField, day: date | None = None) -> str:
    """Return a Chinese description of what to fill in in a cell of a field, for the instructions in a template.

    It lists the codes in force on ``day``, by default today.
    """
    parts = [str(field.help_text)] if field.help_text else []
    if allowed := options_of(field, day or localdate()):
        parts.append(f"从下拉框选择：{'、'.join(allowed)}")
    elif isinstance(field, models.DateField):
        parts.append("日期，如2019-02-25")
    elif isinstance(field, MoneyField):
        parts.append("以元为单位，最多两位小数")
    elif isinstance(field, models.IntegerField):
        parts.append("整数")
    elif isinstance(field, EncryptedField):
        parts.append("文本格式" if parts else "文本格式，身份证号18位，末位X大写")
    elif field.max_length:
        parts.append(f"不超过{field.max_length}字")
    return "；".join(parts)


def _write_instructions(book: xlsxwriter.Workbook, sheets: Mapping[Sheet, Rows], day: date) -> None:
    page = book.add_worksheet(INSTRUCTIONS)
    bold = book.add_format({"bold": True})
    page.set_column(0, 1, 18)
    page.set_column(3, 3, 80)
    page.write_row(0, 0, ["表", "列", "必填", "填写方法"], bold)
    line = 1
    for sheet in sheets:
        for column in sheet.columns:
            page.write_row(
                line, 0, [sheet.title, column.title, "是" if column.required else "", rule(column.field, day)]
            )
            line += 1
