"""The tables of the staff against a count by hand, for a one-stage and a two-stage school."""

from datetime import date

import pytest
from tests.statistics.conftest import OTHER, SCHOOL, id_number

from xuezheng.areas.staffing.models import Profile, TeachingSubject
from xuezheng.intake.importing import import_workbook
from xuezheng.records.models import District, School, StaffMember
from xuezheng.snapshots import freeze
from xuezheng.statistics.cells import counting_day, fill
from xuezheng.statistics.checks import check, check_filled
from xuezheng.statistics.declarations import statistical_tables

KINDERGARTEN = "2134990005"
#: School, sex, birthday, post, first and last day, title, degree, stage taught, subject taught. "" is not registered.
STAFF = (
    (SCHOOL, "男", "1970-01-01", "校（园）长", "2010-09-01", "", "高级", "本科", "", ""),
    (SCHOOL, "女", "1993-08-31", "专任教师", "2016-09-01", "", "中级", "本科", "小学", "语文"),  # 25 years old
    (SCHOOL, "女", "1993-09-01", "专任教师", "2016-09-01", "", "助理级", "硕士研究生", "小学", "英语"),  # 24
    (SCHOOL, "男", "1958-08-31", "专任教师", "2016-09-01", "2018-09-01", "员级", "专科", "小学", "音乐"),  # 60, last day
    (SCHOOL, "男", "1970-01-01", "专任教师", "2016-09-01", "2018-08-31", "高级", "专科", "小学", "数学"),  # gone
    (SCHOOL, "男", "1970-01-01", "专任教师", "2018-09-02", "", "高级", "专科", "小学", "数学"),  # not yet there
    (SCHOOL, "男", "1980-01-01", "行政人员", "2016-09-01", "", "", "", "", ""),
    (SCHOOL, "女", "1980-01-01", "教辅人员", "2016-09-01", "", "", "", "", ""),
    (SCHOOL, "男", "1980-01-01", "工勤人员", "2018-09-01", "", "", "", "", ""),
    (OTHER, "男", "1984-09-01", "专任教师", "2016-09-01", "", "正高级", "博士研究生", "初中", "物理"),  # 33
    (OTHER, "女", "1978-09-01", "专任教师", "2016-09-01", "", "未定级", "高中阶段以下", "小学", "日语"),  # 39
    (KINDERGARTEN, "女", "1990-01-01", "专任教师", "2016-09-01", "", "未定级", "专科", "", ""),
    ("", "男", "1990-01-01", "行政教辅人员", "2016-09-01", "", "", "", "", ""),  # the bureau's
)  # fmt: skip


def rows():
    posts, profiles, subjects = [], [], []
    for order, (school, sex, born, post, since, until, title, degree, stage, subject) in enumerate(STAFF, 1):
        person = [f"教师{'甲乙丙丁戊己庚辛壬癸子丑寅'[order - 1]}", id_number(order, born, sex)]
        posts.append([*person, school, post, since, until])
        if degree:
            graded = "2015-12-01" if title != "未定级" else ""
            profiles.append([*person, degree, "", title, graded, "", ""])
        if stage:
            subjects.append([*person, school, stage, subject])
    return {"教职工名册": posts, "教师业务档案": profiles, "任教学科表": subjects}


@pytest.fixture
def registered(transactional_db, workbook, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
    schools = [
        [SCHOOL, "云岭小学", "小学", "村庄", "县级教育部门", "", ""],
        [OTHER, "云岭学校", "九年一贯制学校", "村庄", "县级教育部门", "", ""],
        [KINDERGARTEN, "云岭幼儿园", "幼儿园", "村庄", "县级教育部门", "", ""],
    ]
    outcome = import_workbook(
        workbook({"学期": [["2018秋", "2018-09-01", "2019-01-25"]], "学校名册": schools, **rows()})
    )
    assert outcome.saved, [str(problem) for problem in outcome.problems]


def frozen():
    return freeze(date(2018, 10, 1))


def filled(snapshot, code, school=None):
    school = school and School.objects.get(code=school)
    return fill(statistical_tables()[f"教基{code}"], snapshot, counting_day(2018), school)


def line(table, row, columns):
    return [table.cells[row, str(column)].value for column in columns]


def broken(table, snapshot):
    return [str(each.rule) for each in check_filled(table, snapshot) if each.holds is False]


def test_staff_by_kind_as_counted_by_hand(registered):
    snapshot = frozen()
    table = filled(snapshot, "4149")
    # Neither the kindergarten's teacher nor the bureau's clerk.
    assert line(table, "01", range(1, 9)) == [9, 5, 2, 1, 1, 0, None, None]
    assert line(table, "02", range(1, 7)) == [4, 3, 0, 1, 0, 0]
    assert table.cells["04", "1"].missing == "台账没有登记教职工是否在编"
    assert broken(table, snapshot) == []
    [answer] = table.cells["02", "2"].answers
    assert dict(answer.slice) == {"school_group": "school", "sex": "female", "staff_kind": "teacher"}


def test_administration_and_support_are_no_numbers_where_a_post_does_not_divide_them(registered):
    StaffMember.objects.filter(post="support").update(post="clerk")
    snapshot = frozen()
    table = filled(snapshot, "4149")
    assert line(table, "01", range(1, 6)) == [9, 5, None, None, 1]
    assert table.cells["01", "3"].missing == "有1人的岗位（如行政教辅人员）没有分清行政人员、教辅人员"
    assert line(table, "02", (3, 4)) == [None, None]
    assert broken(table, snapshot) == []
    second = filled(snapshot, "4149", OTHER)
    assert line(second, "01", range(1, 6)) == [2, 2, 0, 0, 0]


def test_a_post_without_a_kind_leaves_no_number_of_any_kind(registered):
    StaffMember.objects.filter(post="worker").update(
        post_from=date(1949, 9, 1)
    )  # before any code was in force
    snapshot = frozen()
    staff = filled(snapshot, "4149")
    assert line(staff, "01", range(1, 7)) == [9, None, None, None, None, None]
    assert staff.cells["01", "2"].missing == "有1人的岗位，代码表没有写明统计中的类别"
    assert line(staff, "02", (1, 2)) == [4, 3]  # of the women all are known


def test_teachers_by_age_as_counted_by_hand(registered):
    snapshot = frozen()
    table = filled(snapshot, "4153")
    ages = range(1, 12)
    assert line(table, "01", ages) == [1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert line(table, "10", ages) == [4, 3, 1, 1, 0, 1, 0, 0, 0, 0, 1]
    assert line(table, "19", ages) == [1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert [table.cells[f"{row}", "1"].value for row in range(13, 19)] == [0, 0, 1, 1, 1, 1]
    assert line(table, "28", ages) == [0] * 11
    assert broken(table, snapshot) == []


def test_teachers_by_subject_and_degree_as_counted_by_hand(registered):
    snapshot = frozen()
    table = filled(snapshot, "4155")
    assert {column: value for column in range(1, 24) if (value := table.cells["01", str(column)].value)} == {
        1: 4, 2: 3, 4: 1, 6: 2, 7: 1, 8: 1, 18: 1, 19: 1,
    }  # fmt: skip
    assert [table.cells[f"{row:02}", "1"].value for row in range(4, 10)] == [0, 1, 1, 1, 0, 1]
    assert line(table, "10", (1, 13, 18)) == [1, 1, 0]
    assert line(table, "13", (1, 13)) == [1, 1]
    assert table.cells["01", "24"].missing == "台账没有登记本学年是否授课"
    assert broken(table, snapshot) == []


def test_who_is_not_registered_leaves_cells_empty(registered):
    Profile.objects.filter(title="middle").update(title="junior", degree="graduate")
    TeachingSubject.objects.filter(subject="physics").delete()
    snapshot = frozen()
    ages = filled(snapshot, "4153")
    assert ages.cells["16", "1"].missing == "有1名专任教师的职称登记为初级，没有分清助理级、员级"
    assert [ages.cells[f"{row}", "1"].value for row in (13, 14, 15)] == [None, 0, 0]
    assert ages.cells["10", "1"].missing == "有1名专任教师看不出教哪个学段"  # at the school of nine grades
    assert line(ages, "01", (1, 4)) == [1, 1]
    school = filled(snapshot, "4153", SCHOOL)
    assert line(school, "10", (1, 3, 4)) == [3, 1, 1]
    assert [school.cells[f"{row}", "1"].value for row in (15, 16, 17)] == [0, None, None]
    subjects = filled(snapshot, "4155", SCHOOL)
    assert [subjects.cells[f"{row:02}", "1"].value for row in (4, 5, 6)] == [None, None, 0]
    Profile.objects.filter(title="junior").delete()
    snapshot = frozen()
    school = filled(snapshot, "4153", SCHOOL)
    assert school.cells["15", "1"].missing == "有1名专任教师没有登记职称级别"
    assert school.cells["15", "3"].value == 0  # all of this age are registered
    assert broken(school, snapshot) == []


def test_the_tables_of_a_school_of_one_stage_agree(registered):
    snapshot = frozen()
    for code in ("4153", "4155"):
        school = filled(snapshot, code, SCHOOL)
        between = [each for each in check_filled(school, snapshot) if each.rule.scope == "tables"]
        assert {each.holds for each in between} == {True}
        two_stages = filled(snapshot, code, OTHER)
        assert not any(each.rule.stage for each in check_filled(two_stages, snapshot))
        wrong = {**school.numbers, ("10" if code == "4153" else "01", "1"): 4}
        elsewhere = {"教基4149": {("01", "2"): 3}, "教基4153": {("10", "1"): 3, ("19", "1"): 0}}
        messages = [
            str(each) for each in check(school.table, wrong, elsewhere, school.school) if each.holds is False
        ]
        assert any("教基4149:01.2（3）" in each for each in messages)


@pytest.mark.parametrize(
    ("code", "place", "rule"),
    [
        ("4149", ("01", "6"), "1 = 2 + 3 + 4 + 5 + 6"),
        ("4153", ("10", "3"), "1 = 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10 + 11"),
        ("4153", ("15", "1"), "10 = 13 + 14 + 15 + 16 + 17 + 18"),
        ("4155", ("01", "9"), "6 >= 7 + 8 + 9"),
        ("4155", ("01", "20"), "18 >= 19 + 20"),
        ("4155", ("06", "4"), "01 = 04 + 05 + 06 + 07 + 08 + 09"),
    ],
)
def test_each_break_is_told(code, place, rule):
    table = statistical_tables()[f"教基{code}"]
    zeros = {(row.code, column.code): 0 for row in table.rows for column in table.columns}
    assert not [each for each in check(table, zeros) if each.holds is False]
    assert rule in {str(each.rule) for each in check(table, {**zeros, place: 1}) if each.holds is False}
