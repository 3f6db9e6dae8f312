"""The Excel files of an admission season: the children admitted, and the rolls of the classes formed."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

from xuezheng.areas.enrolment.models import Applicant, Draw
from xuezheng.areas.enrolment.procedures.season import Season, admitted, class_lists
from xuezheng.core.atomic_files import written_whole
from xuezheng.records.models import Pupil, School, Sex, Stage, Term
from xuezheng.workbooks import sheet_catalogue, write_workbook
from xuezheng.workbooks.template import TEXT_ONLY

_HEADINGS = ("报名序号", "姓名", "性别", "出生日期", "毕业幼儿园或小学", "录取顺位", "说明")
_FIRST_GRADES = {Stage.PRIMARY: "一年级", Stage.JUNIOR: "七年级"}


def write_admitted(path: Path, school: School, season: Season) -> list[int]:
    """Write the children admitted by ``school`` to the Excel file ``path``, sorted by number.

    Returns the primary keys of their persons. Raises :class:`DrawRefused` if it is not known who is admitted.
    """
    children = sorted(admitted(school, season), key=lambda child: child.number)
    with (
        written_whole(path) as temporary,
        xlsxwriter.Workbook(temporary, TEXT_ONLY) as book,
    ):
        bold, sheet = book.add_format({"bold": True}), book.add_worksheet("录取名单")
        sheet.write_row(0, 0, _HEADINGS, bold)
        for row, child in enumerate(children, start=1):
            note = f"{child.school}统筹：{child.placed_reason}" if child.placed_school_id == school.pk else ""
            sheet.write_row(
                row,
                0,
                (
                    child.number,
                    child.person.name,
                    Sex(child.person.sex).label,
                    child.person.birth_date.isoformat(),
                    child.kindergarten,
                    child.get_tier_display(),
                    note,
                ),
            )
        sheet.set_column(0, len(_HEADINGS) - 1, 16)
        sheet.freeze_panes(1, 0)
    return [child.person_id for child in children]


def write_class_rolls(path: Path, draw: Draw) -> list[int]:
    """Write the classes that ``draw`` formed to ``path``, as Excel sheets for importing classes and pupils.

    Boarding is set to day pupil and the student number left empty, for the school to complete. Returns the
    primary keys of the persons. Raises :class:`DrawRefused` if a number on the list no longer belongs to an
    application.
    """
    season = Season(draw.stage, draw.year)
    classes = class_lists(draw, season)
    opens = Term.objects.filter(code=f"{season.year}秋").values_list("starts_on", flat=True).first()
    entered_on = opens.isoformat() if opens else f"{season.year}-09-01"
    code, stage = draw.school.code, Stage(season.stage)
    names = [f"{_FIRST_GRADES[stage]}{number}班" for number in range(1, draw.places + 1)]
    groups, pupils = sheet_catalogue.sheet("班级名册"), sheet_catalogue.sheet("学生名册")
    day = Pupil.Boarding.DAY.label
    rows = [_pupil(child, code, name, day, entered_on) for name, children in zip(names, classes, strict=True) for child in children]  # fmt: skip
    write_workbook(path, {groups: [[code, name, stage.label, "1", ""] for name in names], pupils: rows})
    return [child.person_id for children in classes for child in children]


def _pupil(child: Applicant, code: str, class_name: str, boarding: str, entered_on: str) -> list[str]:
    """The row of a child on the roll of a class, in the order of the sheet's columns."""
    person = child.person
    return [
        code,
        class_name,
        person.name,
        Sex(person.sex).label,
        person.birth_date.isoformat(),
        person.get_id_type_display(),
        person.id_number,
        "",
        person.household_division,
        boarding,
        entered_on,
        "",
    ]
