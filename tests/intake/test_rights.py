"""Who may import what: a clerk rows of the own school, a section its own sheets, a leader nothing."""

import pytest

from xuezheng import registry
from xuezheng.records.models import Person, School, User
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.permissions import Rights

PUPILS, AWARDS, SCHOOLS = "学生名册", "资助发放名单", "学校名册"
TERMS, ENTRIES, PRIZES = "学期", "工作纪实", "获奖名单"


@pytest.fixture
def clerk(schools):
    return User.objects.create(username="经办", role="clerk", school=School.objects.get(name="云岭学校"))


@pytest.fixture
def entered(taken, workbook, small, schools):
    return taken(workbook({PUPILS: small[PUPILS]}, "全部.xlsx"))


def section(area):
    return User.objects.create(username=area, role="section", section=area)


def test_a_clerk_imports_the_own_school(clerk, small, workbook, taken):
    own = [row for row in small[PUPILS] if row[0] == clerk.school.code]
    assert taken(workbook({PUPILS: own}), user=clerk).sheets[0].added == len(own)


def test_a_new_row_of_another_school_is_refused_by_row(clerk, small, workbook, refused):
    told = refused(workbook({PUPILS: [small[PUPILS][0], *small[PUPILS][-2:]]}), user=clerk)
    assert told == [
        f"“学生名册”第{row}行：这一行不属于“云岭学校”，不能由您填报。请删去这一行，或改正所填的单位。"
        for row in (3, 4)
    ]


def test_a_pupil_of_another_school_cannot_be_taken_over(clerk, entered, small, workbook, refused, place):
    row = list(small[PUPILS][-1])
    row[0], row[1] = small[PUPILS][0][:2]
    row[place("学籍号")] = "G" + row[place("身份证件号")]
    (told,) = refused(workbook({PUPILS: [row]}, "转入.xlsx"), user=clerk)
    assert "第2行：台账中的这条“学生”不属于“云岭学校”，不能由您更改。" in told


def test_an_own_pupil_cannot_be_moved_away(clerk, entered, small, workbook, refused, place):
    pupil = list(small[PUPILS][0])
    pupil[:2] = small[PUPILS][-3][:2]
    (told,) = refused(workbook({PUPILS: [pupil]}, "转出.xlsx"), user=clerk)
    assert "第2行：这一行不属于“云岭学校”" in told


def test_a_person_of_another_school_is_not_changed_by_an_award(
    clerk, entered, small, workbook, refused, place
):
    Person.objects.filter(name="幼小宝").update(household_division="110101")
    row = list(small["困难学生认定名单"][0])
    row[0], row[1], row[2] = "幼小宝", small[PUPILS][-1][place("身份证件号")], "349900"
    told = refused(workbook({"困难学生认定名单": [row]}), user=clerk)
    assert any("台账中的这条“人员”不属于“云岭学校”" in text for text in told)


def test_a_row_that_is_as_it_is_but_of_another_school_is_refused_too(
    clerk, entered, small, workbook, refused
):
    (told,) = refused(workbook({PUPILS: [small[PUPILS][-1]]}), user=clerk)
    assert "不属于“云岭学校”" in told


def test_a_clerk_does_not_import_what_belongs_to_no_school(clerk, small, workbook, refused):
    (told,) = refused(workbook({TERMS: [["2020春", "2020-02-17", "2020-07-03"]]}), user=clerk)
    assert told == "“学期”：您的账号不能导入这张表。请交办公室或主管科室导入，或从工作簿中删去这张表。"


def test_a_clerk_does_not_register_a_school(clerk, small, workbook, refused):
    told = refused(workbook({SCHOOLS: [["3134990009", "新校", *small[SCHOOLS][0][2:]]]}), user=clerk)
    assert "这一行不属于“云岭学校”" in told[0]


def test_a_clerk_without_a_school_imports_nothing(schools, small, workbook, refused):
    lost = User.objects.create(username="无校", role="clerk")
    assert "您的账号不能导入这张表" in refused(workbook({PUPILS: small[PUPILS][:2]}), user=lost)[0]


def test_a_section_imports_its_own_sheets_and_no_other(entered, small, workbook, taken, refused):
    aid = section("aid")
    assert taken(workbook({AWARDS: small[AWARDS]}), user=aid).saved
    assert "您的账号不能导入这张表" in refused(workbook({PUPILS: small[PUPILS][:2]}), user=aid)[0]


def test_a_section_notes_its_own_work_in_the_shared_sheets(schools, workbook, taken, refused):
    def entry(area):
        title = registry.areas()[area].title
        return [title, "常规", "2019-10-08", f"{title}例会", "", "工作有序推进。", "", "否", "50"]

    aid = section("aid")
    assert taken(workbook({ENTRIES: [entry("aid")]}), user=aid).saved
    told = refused(workbook({ENTRIES: [entry("aid"), entry("health")]}), user=aid)
    assert told == ["“工作纪实”第3行：这一行不属于本科室，不能由您填报。请删去这一行，或改正所填的单位。"]


def test_a_leader_imports_nothing(schools, small, workbook, refused):
    leader = User.objects.create(username="局长", role="leader")
    assert not any(Rights(leader).may_send(sheet) for sheet in sheet_catalogue.sheets().values())
    assert "您的账号不能导入这张表" in refused(workbook({PUPILS: small[PUPILS][:2]}), user=leader)[0]


def test_what_a_section_keeps_to_itself_it_alone_imports(db):
    kept = [sheet for sheet in sheet_catalogue.sheets().values() if sheet.model.confidential]
    assert kept
    for sheet in kept:
        assert Rights(User(role="section", section=sheet.area)).may_send(sheet)
        for other in (
            User(role="office"),
            User(role="section", section="aid"),
            User(role="clerk", school_id=1),
        ):
            assert not Rights(other).may_send(sheet)
