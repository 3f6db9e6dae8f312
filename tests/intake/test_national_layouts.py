"""Layouts of national systems are recognised by their headings and read without a question; further columns of a province do not matter."""

from datetime import date

import pytest
from tests.intake.office_layouts import PUPILS, TEACHERS, sight
from tests.intake.test_mapping import confirmed, uploaded

from xuezheng.areas.health.models import VisionScreening
from xuezheng.intake.mappings.national import national_layouts
from xuezheng.records.models import LayoutMapping, Pupil, StaffMember
from xuezheng.workbooks import sheet_catalogue

pytestmark = pytest.mark.usefixtures("own_home")


def sheets_of(layout, further=()):
    """The sheets of a layout with further columns at its end; a number of pupils is made of the ID number, as the system makes it."""
    name, sheets, _, _ = layout()
    [(title, rows, areas)] = sheets
    first = next(number for number, row in enumerate(rows) if len(row) > 3)
    place = rows[first].index("身份证件号") if further else 0
    wider = [
        [
            *row,
            *(
                further
                if number == first
                else (f"G{row[place]}" if name == "学籍号" else "" for name in further)
            ),
        ]
        for number, row in enumerate(rows)
    ]
    return name, [(title, wider, areas)]


@pytest.mark.parametrize("further", [(), ("是否军人子女", "学位所在地")], ids=["national", "wider"])
def test_the_pupils_of_the_national_system_need_no_question(tmp_path, office, further):
    name, sheets = sheets_of(PUPILS, ("学籍号", *further))
    upload = uploaded(tmp_path, sheets, office, name)
    assert upload.mapping_forms == []
    (layout,) = upload.known_layouts
    assert layout.national == "全国中小学生学籍信息管理系统：学生基本信息"
    assert {"民族", *further} <= set(layout.unused)
    assert "身份证件号" not in layout.unused
    # Compact dates are a reading, as in a template.
    upload.confirm(office)
    outcome = upload.commit(office)
    assert outcome.saved, outcome.problems
    assert Pupil.objects.filter(class_group__name="三年级1班", boarding="day").count() == 12
    assert set(Pupil.objects.values_list("entered_on", flat=True)) == {date(2018, 9, 1)}


def test_a_sheet_without_one_of_the_headings_is_asked_about(tmp_path, office):
    name, [(title, rows, areas)] = sheets_of(PUPILS)
    place = rows[0].index("入学方式")
    without = [row[:place] + row[place + 1 :] for row in rows]
    assert len(uploaded(tmp_path, [(title, without, areas)], office, name).mapping_forms) == 1


def test_teachers_and_sight_tests(tmp_path, office):
    for layout, model in ((TEACHERS, StaffMember), (sight, VisionScreening)):
        name, sheets = sheets_of(layout)
        upload = uploaded(tmp_path, sheets, office, name)
        assert upload.mapping_forms == [], name
        assert upload.known_layouts[0].national
        if upload.summary.readings:
            upload.confirm(office)
        assert upload.commit(office).saved, upload.problem_kinds
        assert model.objects.count() == 12


def test_what_a_person_confirmed_comes_before_what_is_shipped(tmp_path, office):
    name, sheets = sheets_of(PUPILS)
    upload = uploaded(tmp_path, sheets, office, name)
    upload.choose(upload.known_layouts[0].fingerprint, "?")
    upload.preview(office)
    assert len(upload.mapping_forms) == 1
    confirmed(upload, office, {}, {})
    assert LayoutMapping.objects.count() == 1
    assert uploaded(tmp_path, sheets, office, name).known_layouts[0].national == ""


def test_every_shipped_layout_gives_what_its_template_requires():
    for layout in national_layouts():
        assert layout.source
        assert layout.grade in "ABC"
        required = {
            column.title for column in sheet_catalogue.sheet(layout.template).columns if column.required
        }
        # The stage follows from the grade.
        assert required - {"学段"} <= set(layout.columns.values()), layout.name
