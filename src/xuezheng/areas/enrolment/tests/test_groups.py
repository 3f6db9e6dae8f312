"""Groups of pupils through a workbook, a snapshot and the figures of any day."""

from datetime import date

import pytest
from tests.conftest import named

from xuezheng.areas.enrolment.models import GroupMembership
from xuezheng.core.periods import Period
from xuezheng.figures.catalogue import figure
from xuezheng.intake.importing import import_workbook
from xuezheng.records.identifiers import id_check_digit
from xuezheng.records.models import Person, User
from xuezheng.records.permissions import Scope, kind_of, permits
from xuezheng.snapshots import freeze
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.template import write_workbook

FIRST, SECOND, PRIVATE = "2134990001", "2134990002", "2134990003"


def number(order, born="20110301"):
    body = f"349900{born}{order:02}1"
    return body + id_check_digit(body)


def pupil(order, school):
    citizen = number(order)
    return [
        school,
        "一年级1班",
        named(order, "学生"),
        "男",
        "2011-03-01",
        "居民身份证",
        citizen,
        f"G{citizen}",
        "349900",
        "走读",
        "2017-09-01",
        "",
    ]


def member(order, kind, detail, since, until="", placement=""):
    return [named(order, "学生"), number(order), kind, detail, placement, since, until, "登记表"]


@pytest.fixture
def upload(lone_district, tmp_path):
    """Import a workbook; return its problems, or whether it was saved."""

    def import_rows(**sheets):
        path = tmp_path / "上报.xlsx"
        write_workbook(path, {sheet_catalogue.sheet(title): rows for title, rows in sheets.items()})
        outcome = import_workbook(path)
        return [str(problem) for problem in outcome.problems] or outcome.saved

    assert import_rows(
        学校名册=[
            [FIRST, "一小", "小学", "村庄", "县级教育部门", "", ""],
            [SECOND, "二小", "小学", "村庄", "县级教育部门", "", ""],
            [PRIVATE, "民小", "小学", "村庄", "民办", "", ""],
        ],
        班级名册=[[code, "一年级1班", "小学", "1", ""] for code in (FIRST, SECOND, PRIVATE)],
        学生名册=[pupil(1, FIRST), pupil(2, FIRST), pupil(3, PRIVATE), pupil(4, PRIVATE)],
    )
    return import_rows


def values(snapshot, key, *days, **slice_):
    return [figure(f"enrolment.{key}").at(snapshot, Period.parse(day), **slice_).value for day in days]


def test_a_pupil_who_moves_is_counted_where_the_pupil_is_on_the_day(upload):
    assert upload(
        学生群体登记表=[
            member(1, "随迁子女", "进城务工人员随迁子女（外省迁入）", "2017-10-09"),
            member(2, "农村留守儿童", "单亲留守儿童", "2017-10-09", "2018-05-07"),
        ]
    )
    moved = [
        "学生一",
        number(1),
        "2018-03-05",
        "本地转学",
        FIRST,
        "一年级1班",
        SECOND,
        "一年级1班",
        "",
        "",
        "",
        "",
        "",
    ]
    assert upload(学籍异动表=[moved])
    snapshot = freeze(date(2018, 7, 5))
    schools = {name: str(key) for key, name in snapshot.names("school").items()}
    days = ("2017-10-08", "2017-10-09", "2018-03-04", "2018-03-05")
    assert values(snapshot, "migrant_pupils", *days) == [None, 1, 1, 1]
    assert values(snapshot, "migrant_pupils", *days, school=schools["一小"]) == [None, 1, 1, 0]
    assert values(snapshot, "migrant_pupils", *days, school=schools["二小"]) == [None, 0, 0, 1]
    assert values(snapshot, "left_behind_pupils", "2018-05-06", "2018-05-07") == [1, None]
    rows = figure("enrolment.migrant_pupils").rows(snapshot, Period.parse("2018-03-05"))
    assert rows.table["id"].to_pylist() == [GroupMembership.objects.get(kind="migrant").pk]
    assert freeze(date(2018, 7, 5)).id == snapshot.id


def test_a_later_registration_of_a_kind_takes_the_place_of_the_earlier(upload):
    assert upload(
        学生群体登记表=[
            member(1, "随迁子女", "其他随迁子女（本省外县迁入）", "2017-09-01"),
            member(1, "随迁子女", "进城务工人员随迁子女（本省外县迁入）", "2018-03-01"),
        ]
    )
    snapshot = freeze(date(2018, 7, 5))
    days = ("2018-02-28", "2018-03-01")
    assert values(snapshot, "migrant_pupils", *days) == [1, 1]
    assert values(snapshot, "migrant_pupils", *days, worker="true") == [0, 1]


def test_bought_places_count_as_public_and_children_without_a_school_as_not_enrolled(upload):
    assert upload(
        学生群体登记表=[
            member(1, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01"),
            member(3, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01"),
            member(4, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01", placement="政府购买学位"),
            member(2, "残疾儿童少年", "听力残疾", "2017-09-01"),
            member(9, "残疾儿童少年", "智力残疾", "2017-09-01"),
        ]
    )
    snapshot = freeze(date(2018, 7, 5))
    assert figure("enrolment.migrant_public_rate").at(snapshot, Period.parse("2018H1")).text() == "66.7%"
    assert figure("enrolment.disabled_enrolment_rate").at(snapshot, Period.parse("2018H1")).value == 50
    assert values(snapshot, "disabled_pupils", "2018-06-30", schooling="ordinary") == [1]
    assert Person.objects.get(name="学生九").sex == "male"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (member(1, "随迁子女", "听力残疾", "2017-09-01"), "“听力残疾”不用于随迁子女"),
        (member(1, "残疾儿童少年", "", "2017-09-01"), "残疾儿童少年须填细类"),
        (
            member(1, "少数民族学生", "回族", "2011-03-01", placement="附设特教班"),
            "“附设特教班”不用于少数民族学生",
        ),
        (member(1, "随迁子女", "其他随迁子女（外省迁入）", "2017-09-01", "2017-08-31"), "早于起始日期"),
    ],
)
def test_what_contradicts_itself_is_refused(upload, row, message):
    (problem,) = upload(学生群体登记表=[row])
    assert message in problem
    assert not GroupMembership.objects.exists()


def test_the_rows_are_personal():
    assert kind_of(GroupMembership) == "personal"


@pytest.mark.parametrize(
    ("role", "section", "scope"),
    [
        ("office", "", Scope.ALL),
        ("section", "enrolment", Scope.SECTION),
        ("leader", "", Scope.NONE),
        ("clerk", "", Scope.SCHOOL),
        ("administrator", "", Scope.NONE),
        ("auditor", "", Scope.NONE),
    ],
)
def test_leaders_and_administrators_see_no_row(role, section, scope):
    assert permits(User(role=role, section=section), "see", GroupMembership) == scope
