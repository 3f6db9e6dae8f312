"""The demonstration's enrolment workbooks bear out the expected figures."""

from collections import Counter
from datetime import date

from xuezheng.areas.enrolment.demo import EXPECTED, autumn_workbooks, workbooks
from xuezheng.areas.enrolment.procedures.forecast import Forecast
from xuezheng.areas.enrolment.procedures.forecast_inputs import Capacity, Inputs, Settings
from xuezheng.areas.enrolment.procedures.ratio_method import BirthCount
from xuezheng.demo.autumn import autumn
from xuezheng.demo.district import district
from xuezheng.records.code_lists import code_list
from xuezheng.records.models import ClassGroup, Pupil
from xuezheng.workbooks.sheet_catalogue import sheet


def rows(title):
    return [row for _, sheets in workbooks() for row in sheets.get(title, ())]


def test_file_names_differ_and_order_the_imports():
    names = [name for name, _ in workbooks()]
    assert len(set(names)) == len(names) == 47
    assert sorted(name[:2] for name in names) == [name[:2] for name in names]


def test_every_row_has_the_columns_of_its_sheet():
    for _, sheets in workbooks():
        for title, sheet_rows in sheets.items():
            assert {len(row) for row in sheet_rows} == {len(sheet(title).paths)}


def test_candidates_bear_out_the_expected_figures():
    tracks = Counter(row[3] for row in rows("高考报名册"))
    labels = dict(code_list("enrolment.exam_track").choices)
    for figure, where, value, text, _ in EXPECTED:
        assert figure == "enrolment.exam_candidates"
        assert value == (tracks[labels[where["track"]]] if where else tracks.total())
        assert text == f"{value}人"
    assert len(EXPECTED) == 3


def test_candidates_are_seniors_of_the_last_grade_or_without_a_school():
    last_grade = {row[6]: row for row in rows("学生名册") if row[1].startswith("高三") and row[11] is None}
    candidates = rows("高考报名册")
    assert len({row[1] for row in candidates}) == len(candidates)
    for name, id_number, school, *_ in candidates:
        if school is None:
            assert id_number not in last_grade
        else:
            assert (last_grade[id_number][0], last_grade[id_number][2]) == (school, name)
    assert sum(school is None for _, _, school, *_ in candidates) == 6


def test_choices_are_written_as_their_labels():
    for title, place, allowed in (
        ("学校名册", 2, code_list("policy.school_kind").by_label),
        ("学校名册", 3, code_list("policy.urban_rural").by_label),
        ("班级名册", 2, [label for _, label in ClassGroup._meta.get_field("stage").choices]),
        ("班级名册", 4, ["是", "否"]),
        ("学生名册", 9, Pupil.Boarding.labels),
        ("高考报名册", 3, code_list("enrolment.exam_track").by_label),
    ):
        assert {row[place] for row in rows(title)} <= set(allowed), title


def forecast_inputs():
    """What the forecast rests on, read from the rows of the workbooks, for primary schools by their names."""
    [(_, sheets)] = [book for book in autumn_workbooks() if "学位预测" in book[0]]
    names = {school.code: school.name for school in autumn().schools}
    births, places, rolls = {}, {}, {}
    for community, first, last, number, _ in sheets["出生人口表"]:
        count = BirthCount(date.fromisoformat(first), date.fromisoformat(last), int(number))
        births.setdefault(community, []).append(count)
    for school, stage, year, classes, size in sheets["学位表"]:
        if stage == "小学":
            places[names[school], "primary"] = {int(year): Capacity(int(classes), int(size))}
    for school, stage, year, grade, pupils in sheets["历年在校学生表"]:
        if stage == "小学":
            rolls.setdefault((names[school], "primary"), {})[int(grade), int(year)] = int(pupils)
    for year, roster in ((2018, district()), (2019, autumn())):
        for pupil in roster.enrolled("小学"):
            grades = rolls.setdefault((pupil.school.name, "primary"), {})
            place = pupil.class_group.grade, year
            grades[place] = grades.get(place, 0) + 1
    zones = {("primary", row[3]): names[row[0]] for row in rows("学区划片表") if row[1] == "小学"}
    limits = {"red": 1, "orange": 0.95, "yellow": 0.85, "surplus": 0.5}
    schools = {name: name for name in names.values()}
    settings = Settings(6, 9, 3, 3, limits)
    return Inputs(2019, 2018, settings, schools, "register", ("register",), births, zones, {}, rolls, places)


def test_one_school_will_be_full_one_nearly_and_one_has_places_to_spare():
    inputs = forecast_inputs()
    for school, level in (
        ("岩寺小学", "red"),
        ("下街小学", "yellow"),
        ("长源小学", "surplus"),
        ("南山小学", "ample"),
    ):
        forecast = Forecast(inputs, "primary", school)
        assert forecast.worst.level == level, school
        # Eight autumns before the registers are enough for intervals of some years.
        assert all(forecast.interval("roll", line) for line in forecast.coming[:3]), school
        assert max(line.year for line in forecast.coming if line.roll is not None) == 2025
