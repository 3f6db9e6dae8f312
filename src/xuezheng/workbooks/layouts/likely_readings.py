"""Likely readings of cells that a column of a template cannot read.

Examples are other words for a choice, names of schools, or months. They are never used without confirmation:
each is a reading that a user must confirm.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from xuezheng.records.models import ClassGroup
from xuezheng.workbooks.cells import Cell
from xuezheng.workbooks.layouts.conversions import Row, candidates, convert
from xuezheng.workbooks.layouts.references import References, references
from xuezheng.workbooks.sheet import Column

#: What is said of a cell that a conversion can read.
_MESSAGES = {
    "values": "不是下拉框里的写法。请从下拉框选择。",
    "date": "日期的写法不是2019-02-25的形式。",
    "id": "号码里有空格或小写字母。请改正。",
    "month": "只有年月，没有日。请填写到日，如2019-02-25。",
    "cohort": "写的是年级，没有月日。请填写到日，如2018-09-01。",
    "school": "填的是学校名称，不是学校标识码。请改填标识码。",
    "division": "填的是地名，不是区划代码。请改填六位代码。",
    "grade": "年级写成了文字。请填本学段的第几年级，只填数字。",
    "stage": "不是下拉框里的写法。请从下拉框选择。",
    "number": "数字后面带了单位。请只填数字。",
    "money": "金额里有逗号或“元”。请只填数字。",
}
_CLASS = "班级的写法与“班级名册”不同。请改成登记的写法。"


class LikelyReadings:
    """What the unreadable cells of one sheet probably mean, for a user to confirm.

    ``texts`` has the cells of its data rows, in order, by column of the template.
    """

    def __init__(self, texts: Mapping[Column, Sequence[str]]) -> None:
        self._texts = texts

    @cached_property
    def _known(self) -> References:
        return references()

    def of(self, column: Column, cells: Mapping[str, Cell]) -> dict[int, Cell]:
        """Return, by row index from 0, a :class:`Cell` with a reading for each row of ``column`` that has a likely one.

        ``cells`` has the distinct texts of the column, each as the column reads it; only those that it cannot
        read are examined. A name of a class is compared with the classes registered at the row's school
        instead.
        """
        if column.field.model is ClassGroup and column.field.name == "name" and "." in column.path:
            return dict(self._classes(column))
        unread = (text for text, cell in cells.items() if cell.problem and cell.reading is None)
        likely = {text: cell for text in unread if (cell := self._read(column, text))}
        if not likely:
            return {}
        return {row: likely[text] for row, text in enumerate(self._texts[column]) if text in likely}

    def _read(self, column: Column, text: str) -> Cell | None:
        for conversion in candidates(column, ""):
            if conversion not in _MESSAGES:
                continue
            converted = convert(conversion, column, text, Row({}, self._known))
            cell = column.read(converted)
            if converted not in ("", text) and not cell.problem:
                return Cell(cell.value, _MESSAGES[conversion], f"“{converted}”")
        return None

    def _classes(self, column: Column) -> Iterator[tuple[int, Cell]]:
        """Yield the rows whose class is written in another form than the one registered at the row's school."""
        path = f"{column.path.rpartition('.')[0]}.school.code"
        schools = next((texts for sibling, texts in self._texts.items() if sibling.path == path), None)
        if schools is None:
            return
        forms: dict[tuple[str, str], Cell | None] = {}
        for row, (school, text) in enumerate(zip(schools, self._texts[column], strict=True)):
            if (school, text) not in forms:
                forms[school, text] = self._class(column, school.strip(), text.strip())
            if cell := forms[school, text]:
                yield row, cell

    def _class(self, column: Column, school: str, text: str) -> Cell | None:
        code = school if school.isdigit() else self._known.school(school) or school
        if not text or text in self._known.classes.get(code, {}).values():
            return None
        name = self._known.class_name(text, code)
        return None if name in (None, text) else Cell(name, _CLASS, f"“{name}”")
