"""Look-up of the ID numbers of people whom a workbook of another layout names by school, class and name only.

A number is filled in only if the registers have exactly one such person; otherwise the row is reported to the
user.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from xuezheng.records.bulk import parts
from xuezheng.records.models import Pupil, StaffMember, User
from xuezheng.workbooks.layouts.class_names import class_keys
from xuezheng.workbooks.layouts.mapping import FROM_REGISTER
from xuezheng.workbooks.permissions import Rights
from xuezheng.workbooks.reader import RawSheet
from xuezheng.workbooks.sheet import Sheet

_NUMBER, _NAME, _SCHOOL = "person.id_number", "person.name", "school.code"
#: Columns that narrow down who is meant, where the template has them.
_CLASS, _GRADE, _STAGE = "class_name", "grade", "stage"


class _Known(NamedTuple):
    """A person of the registers in a school; a member of the staff has no class."""

    number: str
    school: str
    group: str = ""
    stage: str = ""
    grade: str = ""


def with_id_numbers(sheet: Sheet, raw: RawSheet, user: User | None) -> RawSheet:
    """Return a converted sheet in which the ID numbers to be looked up are filled in.

    These are the cells with :data:`FROM_REGISTER`. If no person, or more than one, fits a row, the cell
    becomes blank and the row's origin gets the Chinese reason. Only people whom ``user`` may see are looked
    up. A sheet without such cells is returned unchanged.
    """
    paths = [column.path for column in sheet.columns]
    if not sheet.people or FROM_REGISTER not in raw.columns[paths.index(_NUMBER)][1:]:
        return raw
    texts = {path: raw.columns[place][1:] for place, path in enumerate(paths)}
    known = _known(sheet, set(texts[_NAME]), user)
    numbers, origins = [], []
    for row, origin in enumerate(raw.origins):
        number, reason = texts[_NUMBER][row], ""
        if number == FROM_REGISTER:
            cells = {path: column[row].strip() for path, column in texts.items()}
            number, reason = _look_up(cells, known, sheet)
        numbers.append(number)
        origins.append(replace(origin, reasons={_NUMBER: reason}) if reason else origin)
    place = paths.index(_NUMBER)
    columns = [*raw.columns[:place], [raw.columns[place][0], *numbers], *raw.columns[place + 1 :]]
    return replace(raw, columns=columns, origins=origins)


def _known(sheet: Sheet, names: Iterable[str], user: User | None) -> dict[str, list[_Known]]:
    known: dict[str, list[_Known]] = defaultdict(list)
    for part in parts(sorted(filter(None, names))):
        for name, person in _pupils(part, user) if sheet.people == "pupils" else _staff(part, user):
            known[name].append(person)
    return known


def _pupils(names: Sequence[str], user: User | None) -> Iterator[tuple[str, _Known]]:
    rows = Rights(user).visible(Pupil)
    for pupil in rows.filter(person__name__in=names, left_on=None).select_related(
        "person", "class_group__school"
    ):
        group = pupil.class_group
        yield (
            pupil.person.name,
            _Known(pupil.person.id_number, group.school.code, group.name, group.stage, str(group.grade)),
        )


def _staff(names: Sequence[str], user: User | None) -> Iterator[tuple[str, _Known]]:
    rows = Rights(user).visible(StaffMember)
    in_post = rows.filter(person__name__in=names, post_until=None, school__isnull=False)
    for member in in_post.select_related("person", "school"):
        yield member.person.name, _Known(member.person.id_number, member.school.code if member.school else "")


def _look_up(cells: Mapping[str, str], known: Mapping[str, list[_Known]], sheet: Sheet) -> tuple[str, str]:
    """Return the ID number of the one person whom a row means, or the reason why there is none."""
    name = cells[_NAME]
    of_school = [person for person in known.get(name, ()) if person.school == cells[_SCHOOL]]
    fitting = [person for person in of_school if sheet.people == "staff" or _fits(person, cells, sheet)]
    numbers = {person.number for person in fitting}
    where = "这个班" if sheet.people == "pupils" and cells.get(_CLASS) else "这所学校"
    if len(numbers) == 1:
        return numbers.pop(), ""
    if numbers:
        return "", f"台账中{where}有{len(numbers)}个“{name}”。请在来源表中补一列身份证件号，再上传。"
    return "", f"台账中{where}没有“{name}”。请核对姓名、学校和班级，或在来源表中补一列身份证件号，再上传。"


def _fits(person: _Known, cells: Mapping[str, str], sheet: Sheet) -> bool:
    """Whether a pupil is in the row's class, else in its stage and grade, as far as the row gives them."""
    if group := cells.get(_CLASS):
        return group == person.group or bool(set(class_keys(group)) & set(class_keys(person.group)))
    stages = {path: column for column in sheet.columns if (path := column.path) in (_STAGE, _GRADE)}
    given = {path: column.read(cells[path]).value for path, column in stages.items() if cells.get(path)}
    return (
        given.get(_STAGE, person.stage) == person.stage
        and str(given.get(_GRADE, person.grade)) == person.grade
    )
