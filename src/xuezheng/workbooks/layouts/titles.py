"""Facts about all rows of a table in the texts that belong to it: term, date, school, class, unit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property

from django.db import models
from django.utils.timezone import localdate

from xuezheng.records.fields import CodeField
from xuezheng.workbooks.layouts.class_names import class_keys, class_name, grade_of
from xuezheng.workbooks.layouts.references import References
from xuezheng.workbooks.layouts.vocabulary import vocabulary, without_parts
from xuezheng.workbooks.sheet import Column

_TERM = re.compile(r"(20[0-9]{2})年?(春|秋)")
_SCHOOL_YEAR = re.compile(r"(20[0-9]{2})\s*[-—－~至]+\s*(20[0-9]{2})\s*学?年")
_HALF = re.compile(r"第?(一|二|上|下|1|2)学期")
_YEAR = re.compile(r"(20[0-9]{2})\s*(?:年|届|级)")
_MONTH = re.compile(r"(20[0-9]{2})[年.](1[0-2]|0?[1-9])月?")
_DAY = re.compile(r"(20[0-9]{2})[-年./](1[0-2]|0?[1-9])[-月./]([12][0-9]|3[01]|0?[1-9])日?")
_UNIT = re.compile(r"(?:单位|金额单位)[:：]\s*(万元|元)")
_GRADE = re.compile(r"(?:[初高][一二三123])|[一二三四五六七八九]年级|[0-9]年级")
_CLASS_WORD = re.compile(
    r"(?:班级|班别)[:：]\s*(\S+)|((?:[初高小]?[一二三四五六七八九]|[1-9])(?:年级)?[(（]?[0-9一二三四五六七八九十]{1,2}[)）]?班|[大中小托][(（]?[0-9一二三四五六七八九十]{1,2}[)）]?班)"
)

_KINDERGARTEN_CLASS = re.compile(r"[大中小托]\S{1,4}班")


class Titles:
    """The facts about all rows of a table that the texts around it state, such as its term and school.

    ``texts`` are the lines above the table, the sheet's name and the file's name, the nearest to the table
    first; ``references`` are the names in the registers.
    """

    def __init__(self, texts: Sequence[str], references: References) -> None:
        self.texts = [text for text in texts if text.strip()]
        self.references = references

    @cached_property
    def unit(self) -> str:
        """The unit of amounts, 元 or 万元; "" if none is stated."""
        return next((match[1] for text in self.texts if (match := _UNIT.search("".join(text.split())))), "")

    @cached_property
    def school_year(self) -> str:
        """The school year, such as ``2018-2019``, stated or that of the term; "" if none is stated."""
        if match := self._search(_SCHOOL_YEAR):
            return f"{match[1]}-{match[2]}"
        if term := self.term:
            first = int(term[:4]) - (term[4] == "春")
            return f"{first}-{first + 1}"
        return ""

    @cached_property
    def term(self) -> str:
        """The code of the term, such as ``2019春``; "" if none is stated."""
        if match := self._search(_TERM):
            return match[1] + match[2]
        for text in self.texts:
            if (year := _SCHOOL_YEAR.search(text)) and (half := _HALF.search(text)):
                return f"{year[1]}秋" if half[1] in "一上1" else f"{year[2]}春"
        return ""

    @cached_property
    def school(self) -> str:
        """The code of the only registered school in the nearest text that names one; "" if there is none."""
        for text in self.texts:
            longest = without_parts([name for name in self.references.schools if name in text])
            if len(longest) == 1:
                return self.references.schools[longest[0]]
        return ""

    @cached_property
    def class_text(self) -> str:
        """The class as it is written; "" if none is stated."""
        for text in self.texts:
            if class_keys(text):
                return text
            if match := _CLASS_WORD.search(text):
                written = match[1] or match[2]
                if class_keys(written) or _KINDERGARTEN_CLASS.fullmatch(written):
                    return written
        return ""

    @cached_property
    def year(self) -> str:
        """The first year stated, as text; "" if there is none."""
        return match[1] if (match := self._search(_YEAR)) else ""

    def year_of(self, half: str) -> str:
        """Return the year in which the term ``half`` (``春`` or ``秋``) of the stated school year lies.

        Without a stated school year it is the stated year; "" if there is none.
        """
        if match := self._search(_SCHOOL_YEAR):
            return match[1] if half == "秋" else match[2]
        return self.year

    @cached_property
    def exam_year(self) -> int:
        """The year stated; without one, the year of the next June, in which examinations are (this June included)."""
        if self.year:
            return int(self.year)
        today = localdate()
        return today.year + (today.month > 6)

    def _search(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return next((match for text in self.texts if (match := pattern.search(text))), None)

    def _search_dated(self) -> re.Match[str] | None:
        """The date of the list, which is not that on which somebody filled it in."""
        texts = [text for text in self.texts if not any(word in text for word in vocabulary().undated)]
        return next((match for text in texts if (match := _DAY.search(text))), None)

    def fill(self, column: Column, template: str) -> str:
        """Return the text that a column of a template has in all rows, from these facts or the vocabulary.

        ``template`` is the title of the template. Returns "" if there is none. The text may contain
        ``{row}``, to be replaced by the number of the row.
        """
        if pattern := vocabulary().fills.get(template, {}).get(column.title):
            return pattern if "{row}" in pattern else pattern.format(exam_year=self.exam_year)
        path, field = column.path, column.field
        if path.endswith("term.code") or column.title == "学期":
            return self.term
        if column.title == "学年":
            return self.school_year
        if path.endswith("school.code"):
            return self.school
        if path == "school_name":
            return next((name for name, code in self.references.schools.items() if code == self.school), "")
        if column.title in ("班级名称", "班级"):
            text = self.class_text
            return self.references.class_name(text, self.school) or class_name(text) or text
        if column.title == "学段" or column.title.startswith("年级"):
            return self._grade(column)
        if isinstance(field, models.DateField):
            return self._day(column)
        if path.rpartition(".")[2] == "year":
            return self.year
        if field.choices or isinstance(field, CodeField):
            return self._label(column)
        return ""

    def _grade(self, column: Column) -> str:
        texts = [self.class_text, *(match[0] for text in self.texts if (match := _GRADE.search(text)))]
        grade_read = next((grade for text in texts if text and (grade := grade_of(text))), None)
        if grade_read is not None:
            return grade_read[0] if column.title == "学段" else str(grade_read[1])
        return self._label(column) if column.title == "学段" else ""

    def _day(self, column: Column) -> str:
        if column.title in vocabulary().dated and (match := self._search_dated()):
            try:
                return date(*map(int, match.groups())).isoformat()
            except ValueError:
                return ""
        if column.path.endswith("month") and (match := self._search(_MONTH)):
            return date(int(match[1]), int(match[2]), 1).isoformat()
        return ""

    def _label(self, column: Column) -> str:
        """The one label of a column, or another word for it, that the nearest title names."""
        words = {label: label for label in labels(column)}
        words |= {
            word: value for word, value in vocabulary().values.get(column.title, {}).items() if len(word) > 2
        }
        for text in self.texts:
            named = [word for word in words if len(word) > 1 and word in text]
            values = {words[word] for word in without_parts(named)}
            if len(values) == 1:
                return values.pop()
        return ""


def labels(column: Column) -> Iterable[str]:
    """Return the Chinese labels that a cell may have in a column of codes or choices; [] for any other column."""
    field = column.field
    if isinstance(field, CodeField):
        return list(field.code_list.by_label)
    return [str(label) for _, label in field.flatchoices] if field.choices else []
