"""Rosters become events, events become the present pupils, and both are undone together."""

from datetime import date

import pytest

from xuezheng.intake.undo import undo
from xuezheng.records.models import ClassGroup, EnrolmentEvent, Pupil, School

NINE_YEAR, SENIOR, KINDERGARTEN = "3134990001", "3434990002", "1134990003"
EVENTS, ROSTER = "学籍异动表", "学生名册"
#: The first day of the term that last began in the small district.
TERM = date(2019, 9, 1)


@pytest.fixture
def district(schools, small, workbook, taken):
    small[ROSTER] = [
        row for row in small[ROSTER] if row[2] in ("众生一", "众生二", "初小兰", "离小风", "高生一", "幼小宝")
    ]
    small["班级名册"] += [
        [NINE_YEAR, "四年级1班", "小学", "4", ""],
        [NINE_YEAR, "三年级2班", "小学", "3", ""],
        [NINE_YEAR, "七年级1班", "初中", "1", ""],
    ]
    small["学校名册"].append(["2134990004", "云岭二小", "小学", "村庄", "县级教育部门", "", ""])
    small["班级名册"].append(["2134990004", "三年级1班", "小学", "3", ""])
    taken(workbook({title: small[title] for title in ("学校名册", "班级名册", ROSTER)}))
    return small


def events(name):
    rows = EnrolmentEvent.objects.filter(person__name=name).order_by("occurred_on", "pk")
    return [(str(row.occurred_on), row.get_kind_display(), row.grade) for row in rows]


def pupil(name):
    return Pupil.objects.get(person__name=name)


def changed(rows, name, **cells):
    places = {"school": 0, "group": 1, "entered": 10, "left": 11}
    row = list(next(row for row in rows if row[2] == name))
    for key, value in cells.items():
        row[places[key]] = value
    return row


def event(rows, name, day, kind, school="", group="", **cells):
    number = next(row[6] for row in rows if row[2] == name)
    extra = {
        "from_school": "",
        "from_group": "",
        "grade": "",
        "elsewhere": "",
        "asked": "",
        "reason": "",
        "paper": "",
    } | cells
    return [
        name,
        number,
        day,
        kind,
        extra["from_school"],
        extra["from_group"],
        school,
        group,
        *list(extra.values())[2:],
    ]


def test_a_first_roster_states_the_entry_and_the_leaving(district):
    assert events("众生一") == [("2016-09-01", "入学", 3)]
    assert events("离小风") == [("2018-09-01", "入学", 2), ("2019-03-01", "离校", None)]
    assert EnrolmentEvent.objects.roll_of(date(2019, 2, 28)).count() == 6
    assert EnrolmentEvent.objects.roll_of(date(2019, 3, 1)).count() == 5
    assert EnrolmentEvent.objects.roll_of(date(2016, 8, 31)).count() == 0


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        ("众生一", {"group": "四年级1班"}, [(str(TERM), "升级", 4)]),
        ("众生一", {"group": "三年级2班"}, [(str(TERM), "转班级", 3)]),
        ("众生一", {"school": "2134990004"}, [(str(TERM), "本地转学", 3)]),
        ("众生一", {"school": "2134990004", "entered": "2019-03-04"}, [("2019-03-04", "本地转学", 3)]),
        ("众生一", {"group": "七年级1班", "entered": "2019-09-02"}, [("2019-09-02", "升入本地上一学段", 1)]),
        ("众生一", {"left": "2019-05-06"}, [("2019-05-06", "离校", None)]),
        ("众生一", {"group": "三年级2班", "left": "2019-05-06"}, [("2019-05-06", "转班级", 3), ("2019-05-06", "离校", None)]),
        ("离小风", {"left": "2019-03-02"}, [("2019-03-02", "离校", None)]),
        ("离小风", {"left": ""}, [(str(TERM), "恢复学籍", 2)]),
        ("离小风", {"left": "", "entered": "2019-05-06"}, [("2019-05-06", "入学", 2)]),
    ],
)  # fmt: skip
def test_what_a_roster_changes_becomes_events_and_is_undone(district, workbook, taken, name, cells, expected):
    before, row = events(name), changed(district[ROSTER], name, **cells)
    batch = taken(workbook({ROSTER: [row]}), confirm="" in cells.values()).batch
    assert events(name)[-len(expected) :] == expected
    last = EnrolmentEvent.objects.latest_by(date.max).get(person__name=name)
    assert last.to_class == (None if pupil(name).left_on else pupil(name).class_group)
    # The same roster once more, saved anew, changes nothing.
    assert taken(workbook({ROSTER: [row]})).batch is None
    undo(batch.pk)
    assert events(name) == before


def test_a_corrected_day_of_entry_corrects_the_event(district, workbook, taken):
    taken(workbook({ROSTER: [changed(district[ROSTER], "众生一", entered="2017-02-20")]}))
    assert events("众生一") == [("2017-02-20", "入学", 3)]


def test_a_leaving_before_a_known_event_is_refused_with_its_place(district, workbook, taken, refused):
    rows = district[ROSTER]
    taken(workbook({EVENTS: [event(rows, "众生一", "2019-03-04", "休学", reason="病休")]}))
    (problem,) = refused(workbook({ROSTER: [changed(rows, "众生一", left="2019-03-03")]}))
    assert all(words in problem for words in ("“学生名册”第2行L列", "休学", "已离校"))


def test_a_class_that_goes_up_takes_its_pupils_along_and_a_corrected_grade_is_none(district, workbook, taken):
    taken(workbook({"班级名册": [[NINE_YEAR, "三年级1班", "小学", "4", ""]]}))
    assert events("众生一") == [("2016-09-01", "入学", 3), (str(TERM), "升级", 4)]
    batch = taken(workbook({"班级名册": [[NINE_YEAR, "三年级1班", "小学", "2", ""]]})).batch
    assert events("众生一") == [("2016-09-01", "入学", 3), (str(TERM), "升级", 2)]
    undo(batch.pk)
    assert events("众生一")[-1] == (str(TERM), "升级", 4)


def test_events_make_the_present_pupil_and_are_undone(district, workbook, taken):
    rows = district[ROSTER]
    batch = taken(
        workbook({
            EVENTS: [
                event(rows, "众生一", "2019-03-04", "本地转学", "2134990004", "三年级1班", asked="2019-02-25", paper="转〔2019〕1号"),
                event(rows, "众生二", "2019-03-04", "休学", reason="病休"),
                event(rows, "众生二", "2019-06-03", "复学", NINE_YEAR, "三年级2班"),
                event(rows, "初小兰", "2019-03-04", "转出到外地", elsewhere="外县初级中学"),
            ]
        })
    ).batch  # fmt: skip
    moved = pupil("众生一")
    assert (moved.class_group.school.code, str(moved.entered_on), moved.left_on) == (
        "2134990004",
        "2019-03-04",
        None,
    )
    assert pupil("众生二").class_group.name == "三年级2班"
    assert str(pupil("初小兰").left_on) == "2019-03-04"
    (transfer,) = EnrolmentEvent.objects.filter(kind="transfer")
    assert (transfer.from_class.school.code, transfer.to_class.school.code, transfer.grade) == (
        NINE_YEAR,
        "2134990004",
        3,
    )
    undo(batch.pk)
    assert pupil("众生一").class_group.school.code == NINE_YEAR
    assert pupil("初小兰").left_on is None
    assert EnrolmentEvent.objects.count() == 7


@pytest.mark.parametrize(
    ("name", "day", "kind", "to", "cells", "words"),
    [
        ("众生一", "2019-03-04", "复学", (NINE_YEAR, "三年级1班"), {}, "学籍状态是“在读”"),
        ("众生一", "2019-03-04", "入学", (NINE_YEAR, "三年级1班"), {}, "学籍状态是“在读”"),
        ("离小风", "2019-03-01", "休学", ("", ""), {}, "学籍状态是“已离校”"),
        ("众生一", "2016-08-31", "休学", ("", ""), {}, "学籍状态是“没有学籍”"),
        ("众生一", "2010-02-28", "入学", (NINE_YEAR, "三年级1班"), {}, "早于这名学生的出生日期2010-03-01"),
        ("众生一", "2019-03-04", "退学", ("", ""), {}, "小学阶段不能办“退学”"),
        ("众生一", "2019-03-04", "转出到外地", ("", ""), {}, "须填外地学校"),
        ("众生一", "2019-03-04", "休学", ("", ""), {"elsewhere": "某校"}, "不涉及外地学校"),
        ("众生一", "2019-03-04", "本地转学", ("", ""), {}, "须填现学校、现班级"),
        ("众生一", "2019-03-04", "本地转学", (NINE_YEAR, "三年级2班"), {}, "仍是云岭学校"),
        ("众生一", "2019-03-04", "升级", (NINE_YEAR, "三年级2班"), {}, "以后应是4年级"),
        ("众生一", "2019-03-04", "转班级", (NINE_YEAR, "七年级1班"), {}, "只在本校、本学段内"),
        ("众生一", "2019-03-04", "休学", ("", ""), {"from_school": NINE_YEAR, "from_group": "三年级2班"}, "在云岭学校三年级1班"),
        ("众生一", "2019-03-04", "随班就读结束", ("", ""), {}, "没有随班就读"),
        ("众生一", "2019-03-04", "死亡", (NINE_YEAR, "三年级1班"), {}, "以后不在本地的班级"),
        ("离小风", "2019-03-01", "入学", (NINE_YEAR, "八年级1班"), {"asked": "2019-03-02"}, "早于转学申请日期"),
    ],
)  # fmt: skip
def test_what_contradicts_the_events_is_refused_with_place_and_remedy(
    district, workbook, refused, name, day, kind, to, cells, words
):
    problems = refused(workbook({EVENTS: [event(district[ROSTER], name, day, kind, *to, **cells)]}))
    assert any(words in problem and "“学籍异动表”第2行" in problem for problem in problems), problems
    assert all("请" in problem for problem in problems)


def test_nothing_follows_a_death_and_no_stage_is_entered_twice(district, workbook, taken, refused):
    rows = district[ROSTER]
    taken(workbook({EVENTS: [
        event(rows, "众生一", "2019-03-04", "死亡"), event(rows, "初小兰", "2019-07-05", "毕业"),
    ]}))  # fmt: skip
    again = [
        event(rows, "众生一", "2019-05-06", "恢复学籍", NINE_YEAR, "三年级1班"),
        event(rows, "初小兰", "2019-09-02", "入学", NINE_YEAR, "八年级1班"),
    ]
    problems = refused(workbook({EVENTS: again}))
    assert ["“死亡”" in problems[0], "已从初中毕业，不能再入初中" in problems[1]] == [True, True]
    taken(workbook({EVENTS: [event(rows, "初小兰", "2019-09-02", "入学", SENIOR, "高三1班")]}))
    assert pupil("初小兰").class_group.school.code == SENIOR


def test_an_event_of_nobody_in_the_roster_is_refused(district, workbook, refused, citizen):
    rows = [*district[ROSTER], ["", "", "生人", "", "", "", citizen(88)]]
    (problem,) = refused(
        workbook({EVENTS: [event(rows, "生人", "2019-03-04", "入学", NINE_YEAR, "三年级1班")]})
    )
    assert "学生名册里没有这名学生" in problem


def test_a_school_moves_no_pupil_of_another_school(district, workbook, refused, django_user_model):
    clerk = django_user_model.objects.create_user(
        "clerk", role="clerk", school=School.objects.get(code="2134990004")
    )
    rows = [event(district[ROSTER], "众生一", "2019-03-04", "本地转学", "2134990004", "三年级1班")]
    assert any("不能由您登记异动" in problem for problem in refused(workbook({EVENTS: rows}), user=clerk))


def test_a_class_with_its_name_kept_is_the_same_class(district):
    assert ClassGroup.objects.filter(name="三年级1班").count() == 2
