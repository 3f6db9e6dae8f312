"""The demonstration's enrolment workbooks bear out the expected figures."""

from collections import Counter

from xuezheng.areas.enrolment.demo import EXPECTED, workbooks
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
