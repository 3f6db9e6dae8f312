"""Whoever is told of persons leaves a line: who, when, what page or file, what for, and of whom; nobody changes it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from tests.web.test_rights import NAMES

from xuezheng.records.models import Look, Seen
from xuezheng.web.security import access_log

pytestmark = pytest.mark.django_db
FIGURE = "/figures/aid.registered_poor_pupils/"


@pytest.fixture
def lines(snapshot):
    """File what waits, and return what was noted since the last time: (kind, page or file, keys of persons)."""
    for left in access_log._folder().iterdir():
        left.unlink()

    def filed():
        known = set(Look.objects.values_list("pk", flat=True))
        access_log.file_away()
        fresh = Look.objects.exclude(pk__in=known).order_by("pk")
        return [(it.kind, it.what, sorted(it.seen.values_list("person", flat=True))) for it in fresh]

    return filed


def test_a_list_leaves_one_line_with_those_that_the_reader_saw_and_writes_nothing_to_the_database(
    as_user, users, lines
):
    client = as_user("clerk")
    client.get("/registers/pupil/")
    lines()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/registers/pupil/", REMOTE_ADDR="10.0.0.7")
    assert not [it for it in asked if it["sql"].startswith("INSERT")]
    assert lines() == [("page", "台账：学生", [1, 2, 3, 4])]
    line = Look.objects.first()
    assert (line.by, line.machine, line.purpose, line.people) == (users["clerk"], "10.0.0.7", "查询台账", 4)
    assert timezone.now() - line.at < timedelta(minutes=5)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/registers/person/5/", ("page", "记录：人员", [5])),
        ("/registers/classgroup/2/", ("page", "记录：班级", [5, 6])),
        ("/registers/school/", None),
        (FIGURE, ("page", "指标的来源行：资助", [1, 2, 5])),
        ("/linkage/?state=open", ("page", "比对：名单", [2])),
        ("/linkage/2/", ("page", "比对：一行", [2])),
        ("/aid/people/5/", ("page", "一人的资助", [5])),
    ],
)
def test_a_page_tells_its_name_and_of_whom(as_user, lines, address, told):
    as_user("aid").get(address)
    assert lines() == ([told] if told else [])


def test_a_search_by_name_leaves_a_line_and_one_for_a_page_none(as_user, lines):
    client = as_user("office")
    client.post("/search/", {"q": "台账"})
    assert lines() == []
    client.post("/search/", {"q": "学生甲"})
    assert lines() == [("page", "搜索", [1])]


def test_a_school_s_workbook_leaves_a_line_without_anything_of_its_pupils(
    as_user, users, school_workbook, lines
):
    assert as_user("clerk").get(school_workbook).status_code == 200
    assert as_user("aid").get(school_workbook).status_code == 200
    assert lines() == [("school_workbook", "云岭第一小学 名册.xlsx", [1, 2, 3, 4])] * 2
    page = as_user("office").get("/looks/?kind=whole_numbers").content.decode()
    assert page.count("云岭第一小学 名册.xlsx") == 2
    assert not [name for name in NAMES.values() if name in page]


def test_who_is_refused_leaves_no_line(as_user, school_workbook, lines):
    assert as_user("leader").get(school_workbook).status_code in (403, 404)
    as_user("leader").get("/registers/pupil/")
    as_user("leader").get(FIGURE)
    assert lines() == []


def test_what_cannot_be_noted_does_not_go_out(as_user, school_workbook, monkeypatch):
    def broken(*told):
        raise OSError("disk full")

    monkeypatch.setattr(access_log, "write_whole", broken)
    for address in (school_workbook, "/registers/pupil/"):
        response = as_user("clerk").get(address)
        assert response.status_code == 507
        assert not response.streaming
        assert not any(name in response.content.decode() for name in NAMES.values())


def test_a_line_that_was_filed_but_not_taken_away_is_there_once(as_user, lines, monkeypatch):
    as_user("office").get("/registers/person/1/")
    with monkeypatch.context() as killed:
        killed.setattr("pathlib.Path.unlink", lambda path, missing_ok: None)
        assert len(lines()) == 1
    access_log.file_away()
    assert (Look.objects.count(), Seen.objects.count()) == (1, 1)


def test_who_has_seen_a_child_is_told_to_the_office_and_the_section_that_answers(as_user, lines):
    as_user("clerk").get("/registers/pupil/")
    address = reverse("web:record_looks", args=["pupil", 1])
    page = as_user("office").get(address).content.decode()
    assert "谁看过学生甲" in page
    assert "云岭第一小学" in page
    assert "查询台账" in page
    assert "查询台账" not in as_user("office").get(address.replace("/1/", "/5/")).content.decode()
    assert "没有这样的记录" in as_user("office").get(f"{address}?last=2019-01-01").content.decode()
    assert as_user("aid").get(address).status_code == 403
    assert as_user("aid").get(reverse("web:record_looks", args=["aid_award", 1])).status_code == 200
    assert as_user("clerk").get(address).status_code == 403
    assert as_user("clerk").get(address.replace("/1/", "/5/")).status_code == 404
    assert as_user("office").get(reverse("web:record_looks", args=["school", 1])).status_code == 404
    assert address in as_user("office").get("/registers/pupil/1/").content.decode()
    assert address not in as_user("clerk").get("/registers/pupil/1/").content.decode()


def test_only_the_office_and_administrators_see_the_log_and_nobody_changes_it(as_user, users, lines):
    as_user("clerk").get("/registers/pupil/")
    lines()
    for name in ("aid", "leader", "clerk"):
        assert as_user(name).get("/looks/").status_code == 403
        assert not Look.objects.visible_to(users[name])
    assert as_user("administrator").get("/looks/").status_code == 200
    assert 'href="/looks/"' in as_user("office").get("/system/").content.decode()
    assert 'href="/looks/"' not in as_user("clerk").get("/system/").content.decode()
    line = Look.objects.get()
    for change in (line.save, line.delete, Look.objects.all().delete, Look.objects.update):
        with pytest.raises(TypeError, match="never"):
            change()


def test_lines_go_when_they_have_been_kept_as_long_as_they_must_be(as_user, lines, settings):
    as_user("clerk").get("/registers/pupil/")
    settings.ACCESS_LOG_KEPT_DAYS = 30
    assert len(lines()) == 1
    assert Look.objects.forget(timezone.now() - timedelta(days=30)) == 0
    assert Look.objects.forget(timezone.now() + timedelta(seconds=1)) == 1
    assert not Seen.objects.exists()


def find(client, words, purpose="家长投诉核查"):
    return client.post("/looks/persons/", {"words": words, "purpose": purpose})


@pytest.mark.parametrize("name", ["auditor", "administrator", "office"])
def test_who_audits_asks_who_has_seen_a_person_and_the_question_is_noted(
    as_user, users, district, lines, name
):
    as_user("clerk").get("/registers/person/1/")
    for words in (NAMES[1], district.pupils[0].person.id_number):
        html = find(as_user(name), words).content.decode()
        assert "学**" in html
        assert "记录：人员" in html
        assert "云岭第一小学" in html
        assert NAMES[1] not in html
        assert district.pupils[0].person.id_number not in html
    lines()
    questions = Look.objects.filter(what="查某人被谁看过", purpose="家长投诉核查", by=users[name])
    assert [list(it.seen.values_list("person", flat=True)) for it in questions] == [[1], [1]]


@pytest.mark.parametrize(
    ("words", "purpose", "sentence"),
    [
        ("学", "家长投诉核查", "请写姓名的全部汉字"),
        ("' OR 1=1", "家长投诉核查", "请写姓名的全部汉字"),
        ("学生甲", "查", "4"),
        ("学生甲", "查349900200103010011", "用途里不写证件号"),
    ],
)
def test_what_cannot_be_asked_is_said_and_notes_nothing(as_user, lines, words, purpose, sentence):
    assert sentence in find(as_user("auditor"), words, purpose).content.decode()
    assert lines() == []


def test_that_there_is_no_such_person_is_noted_as_well(as_user, lines):
    assert "没有这个人" in find(as_user("auditor"), "无此人").content.decode()
    assert lines() == [("page", "查某人被谁看过", [])]


def test_others_do_not_ask_it(as_user, settings):
    for name in ("aid", "leader", "clerk", "security"):
        assert (
            as_user(name).get("/looks/persons/").status_code
            == find(as_user(name), "学生甲").status_code
            == 403
        )
    settings.SEPARATED_ROLES = True
    assert find(as_user("administrator"), "学生甲").status_code == 403
