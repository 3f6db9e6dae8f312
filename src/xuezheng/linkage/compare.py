"""Comparison of a list row with a person, field by field."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from xuezheng.linkage.models import ListRow
from xuezheng.linkage.names import plain, sound
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, Pupil

_FEW = 3


class Line(NamedTuple):
    """The comparison of one field: its Chinese title, the texts in the list and in the register, and a Chinese note.

    ``same`` is None if there is nothing to compare. ``note`` describes the difference, "" if there is nothing
    to say. ID numbers are masked.
    """

    title: str
    listed: str
    known: str
    same: bool | None
    note: str = ""


def compare(
    row: ListRow, person: Person, pupil: Pupil | None, family_before: tuple[str, str] = ("", "")
) -> Iterator[Line]:
    """Yield the comparison of every field of a list row with a person, in a fixed order from the name to the village.

    ``pupil`` is the person's enrolment, None without one. ``family_before`` are the guardian and the village
    in earlier lists, "" if unknown.
    """
    same, note = _names(row.name, person.name)
    yield Line("姓名", row.name, person.name, same, note)
    same_number, note = _numbers(row.id_number, person.id_number)
    yield Line("身份证件号", row.masked_id_number, person.masked_id_number, same_number, note)
    born = row.birth_date
    yield Line("出生日期", _text(born), _text(person.birth_date), born == person.birth_date if born else None)
    yield Line(
        "性别",
        row.get_sex_display(),
        person.get_sex_display(),
        row.sex == person.sex if row.sex else None,
    )
    school = pupil.class_group.school.name if pupil else ""
    alike = plain(row.school_name) in plain(school) or plain(school) in plain(row.school_name)
    yield Line("学校", row.school_name, school, alike if row.school_name and school else None)
    stage = pupil.class_group.get_stage_display() if pupil else ""
    same_stage = row.stage == pupil.class_group.stage if row.stage and pupil else None
    yield Line("学段", row.get_stage_display(), stage, same_stage)
    guardian, village = family_before
    same, note = _names(row.guardian, guardian)
    yield Line(
        "监护人",
        row.guardian,
        guardian,
        same if row.guardian and guardian else None,
        note if guardian else "",
    )
    same_village = plain(row.village) == plain(village) if row.village and village else None
    yield Line("村（居）", row.village, village, same_village)


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _names(listed: str, known: str) -> tuple[bool, str]:
    listed_name, known_name = plain(listed), plain(known)
    if listed_name == known_name:
        return True, "" if listed == known else "写法不同"
    if sound(listed_name) == sound(known_name):
        return False, "读音相同"
    wrong = [place for place, (a, b) in enumerate(zip(listed_name, known_name, strict=False), 1) if a != b]
    if len(listed_name) == len(known_name) and len(wrong) == 1:
        return False, f"第{wrong[0]}字不同"
    return False, ""


def _numbers(written: str, known: str) -> tuple[bool | None, str]:
    """Compare ID numbers; return whether they are the same (None without one) and a Chinese note that names places only, not digits."""
    tidy = re.sub("[^0-9A-Z]", "", unicodedata.normalize("NFKC", written).upper())
    if not tidy:
        return None, ""
    if tidy == known:
        return True, "" if written == known else "写法不同，号码相同"
    if re.fullmatch("[0-9]{15}", tidy):
        full = {f"{tidy[:6]}{century}{tidy[6:]}" for century in ("19", "20")}
        return known in {digits + id_check_digit(digits) for digits in full}, "十五位旧号"
    if len(tidy) != len(known):
        return False, f"{len(tidy)}位，不完整"
    wrong = [str(place) for place, (a, b) in enumerate(zip(tidy, known, strict=True), 1) if a != b]
    return False, f"第{'、'.join(wrong)}位不同" if len(wrong) <= _FEW else "多位不同"
