"""The reconciliation's pages: who sees them, the queue, and deciding beside the people."""

import re

import pytest

from xuezheng.areas.aid.models import Entitlement
from xuezheng.linkage.models import Decision, Link, ListRow
from xuezheng.records.models import Pupil
from xuezheng.web.linkage import linkage

QUEUE, CONFLICT = "/linkage/", "/linkage/2/"


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def choose(client, choice, note="对照户口簿", **further):
    return client.post(CONFLICT, {"choice": choice, "note": note, **further}, follow=True)


@pytest.mark.parametrize(("name", "status"), [("office", 200), ("aid", 200), ("leader", 403), ("clerk", 403)])
def test_the_office_and_the_declaring_section_reconcile_and_nobody_else(as_user, name, status):
    client = as_user(name)
    assert client.get(QUEUE).status_code == status
    assert client.get(CONFLICT).status_code == (200 if status == 200 else 404)
    assert client.post(QUEUE).status_code in ((302,) if status == 200 else (403,))
    assert choose(client, "same-2").status_code == (200 if status == 200 else 404)
    assert (">比对<" in client.get("/registers/").content.decode()) == (status == 200)
    assert (Decision.objects.count() == 1) == (status == 200)


def test_the_queue_shows_what_is_open_and_other_rows_on_demand(as_user):
    client = as_user("aid")
    page = html(client.get(QUEUE))
    assert "覃大壮" in page
    assert "学生甲" not in page
    assert "证件号相同而姓名不同 1" in page
    found = html(client.get(f"{QUEUE}?state=found"))
    assert "学生甲" in found
    assert "覃大壮" not in found
    assert "没有这样的行" in html(client.get(f"{QUEUE}?state=open&reason=nobody"))
    assert client.get(f"{QUEUE}?state=nothing").status_code == 404
    assert client.get(f"{QUEUE}?page=nothing").status_code == 200


def test_no_page_of_it_tells_a_number(as_user):
    client = as_user("aid")
    for page in (
        QUEUE,
        f"{QUEUE}?state=found",
        CONFLICT,
        "/linkage/1/",
        "/registers/linkage_listrow/",
        "/registers/linkage_listrow/1/",
    ):
        assert not re.search(r"\d{15,}", re.sub(r'name="csrf[^>]+>', "", html(client.get(page))))
    assert "349***********" in html(client.get(CONFLICT))


def test_side_by_side_marks_what_differs(as_user):
    page = html(as_user("aid").get(CONFLICT))
    marked = re.findall(r'class="xz-differs">([^<]+)', page)
    assert [it.strip() for it in marked] == ["学生乙"]
    assert "证件号相同而姓名不同" in page


def test_a_decision_is_told_with_who_when_and_why_and_undone(as_user):
    client = as_user("aid")
    page = html(choose(client, "same-2"))
    assert "已记下" in page
    assert re.search(r"aid · \d{4}-\d\d-\d\d \d\d:\d\d · 对照户口簿", page)
    assert 'name="choice"' not in page
    assert Link.objects.get(pk=2).person_id == 2
    undone = html(client.post(CONFLICT, {"undo": Decision.objects.get().pk}, follow=True))
    assert "已撤销" in undone
    assert 'name="choice"' in undone
    assert Link.objects.get(pk=2).state == "open"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"choice": "same-2", "note": ""}, "这个字段是必填项"),
        ({"choice": "", "note": "核对"}, "这个字段是必填项"),
        ({"choice": "same-1", "note": "核对"}, "same-1 不在可用的选项中"),
        ({"choice": "absent", "note": "核对"}, "须填明在哪里就读"),
        ({"choice": "absent", "note": "核对", "school_name": "某校", "study_division": "省外"}, "行政区划代码应为6位数字"),
        ({"choice": "absent", "note": "核对", "school_name": "本区某校", "study_division": "349900"}, "应是外地的"),
    ],
)  # fmt: skip
def test_what_is_missing_or_cannot_be_is_said_at_its_place(as_user, told, words):
    assert words in html(as_user("aid").post(CONFLICT, told))
    assert Decision.objects.count() == 0


def test_what_was_found_is_not_offered_to_be_confirmed_but_to_be_refused(as_user):
    page = html(as_user("aid").get("/linkage/1/"))
    assert "就是学生甲" not in page
    assert "不是学生甲" in page
    assert "改定" in page


def test_who_is_elsewhere_is_evidenced(as_user):
    page = html(
        choose(as_user("aid"), "absent", "学校回函", school_name="青澜实验小学", study_division="990201")
    )
    assert "青澜实验小学（990201）" in page
    assert Link.objects.get(pk=2).study_division == "990201"


def test_a_second_decision_on_a_page_that_is_old_is_refused_with_a_sentence(as_user):
    choose(as_user("office"), "same-2")
    page = html(choose(as_user("aid"), "different-2"))
    assert "这一行已由office于" in page
    assert Decision.objects.count() == 1


def test_a_decision_of_another_row_is_not_undone_here(as_user):
    client = as_user("aid")
    choose(client, "same-2")
    for number in (Decision.objects.get().pk, "x", "9" * 30):
        assert client.post("/linkage/1/", {"undo": number}).status_code == 404


def test_reconciling_from_the_page(as_user):
    client = as_user("aid")
    page = html(client.post(QUEUE, follow=True))
    assert "比对了2行，2行有变化，1行待核" in page
    assert "比对了2行，0行有变化，1行待核" in html(client.post(QUEUE, follow=True))


def test_those_who_are_settled_are_put_on_the_list_of_those_to_be_aided(as_user):
    client = as_user("aid")
    assert "2019春应助名单：扶贫部门名单新增1人" in html(client.post(QUEUE, {"term": "2019春"}, follow=True))
    added = Entitlement.objects.get()
    assert (added.person_id, added.history.get().history_user.username) == (1, "aid")
    assert "新增0人" in html(client.post(QUEUE, {"term": "2019春"}, follow=True))
    assert client.post(QUEUE, {"term": "1999春"}).status_code == 404


def test_what_takes_long_is_left_to_the_command_line(as_user, monkeypatch):
    monkeypatch.setattr(linkage, "MOST_ROWS", 1)
    assert "xuezheng link" in html(as_user("aid").post(QUEUE, follow=True))


def test_rows_that_are_not_reconciled_yet_are_told(as_user):
    client = as_user("aid")
    Link.objects.all().delete()
    assert "有 2 行还没有比对" in html(client.get(QUEUE))
    assert "覃大壮" in html(client.get(f"{QUEUE}?state=none"))
    ListRow.objects.all().delete()
    assert "还没有名单" in html(client.get(QUEUE))


def test_somebody_who_left_the_register_is_still_shown(as_user):
    Pupil.objects.filter(person=2).delete()
    assert "学生乙" in html(as_user("aid").get(CONFLICT))


def test_query_counts(as_user, django_assert_num_queries):
    client = as_user("aid")
    client.get(QUEUE)
    # Session, user, jobs; counts by state and reason, rows in all, rows, candidates, terms.
    with django_assert_num_queries(9):
        client.get(QUEUE)
    # Session, user, jobs; the row, candidates, pupils, refusals, earlier lists, decisions, the next open row.
    with django_assert_num_queries(12):
        client.get(CONFLICT)
