"""Lists and pages of records: who sees which rows, what is hidden, and how a record is changed by hand."""

import re

import pytest
from django.test import Client

from xuezheng.records.identifiers import masked
from xuezheng.records.models import Person, registers

FULL_NUMBER = re.compile(r"\d{17}[\dXx]")


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("register", sorted(registers()))
def test_every_register_has_a_list_and_pages_without_a_full_id_number(as_user, register):
    client = as_user("office")
    if registers()[register].confidential:
        assert client.get(f"/registers/{register}/").status_code == 403
        return
    assert not FULL_NUMBER.search(text(client.get(f"/registers/{register}/")))
    for record in registers()[register].objects.all():
        assert not FULL_NUMBER.search(text(client.get(f"/registers/{register}/{record.pk}/")))


def test_id_numbers_are_masked(as_user):
    html = text(as_user("office").get("/registers/pupil/"))
    number = Person.objects.get(pk=1).id_number
    assert f"{number[:3]}***********{number[-4:]}" in html
    assert masked(f"G{number}") in html


def test_a_clerk_sees_the_own_school_only(as_user):
    client = as_user("clerk")
    html = text(client.get("/registers/pupil/"))
    assert "学生甲" in html
    assert "学生戊" not in html
    assert "松溪小学" not in html
    assert client.get("/registers/pupil/1/").status_code == 200
    assert client.get("/registers/pupil/5/").status_code == 404
    assert client.get("/registers/person/5/").status_code == 404
    assert client.get("/registers/school/2/").status_code == 404
    assert "松溪小学" not in text(client.get("/registers/pupil/?in_school=2"))
    assert "没有符合条件的记录" in text(client.post("/registers/pupil/", {"words.q": "学生戊"}, follow=True))


def test_pages_with_persons_are_not_kept_by_the_browser(as_user, snapshot):
    client = as_user("clerk")
    for address in ("/registers/pupil/", "/registers/pupil/1/", "/figures/aid.registered_poor_pupils/"):
        assert "no-store" in client.get(address)["Cache-Control"]


def test_a_leader_sees_no_persons(as_user):
    client = as_user("leader")
    assert client.get("/registers/person/1/").status_code == 404
    refused = client.get("/registers/pupil/")
    assert refused.status_code == 403
    assert "没有权限" in refused.content.decode()
    assert "人员" not in text(client.get("/registers/"))
    assert "云岭第一小学" in text(client.get("/registers/school/"))


@pytest.mark.parametrize(
    ("query", "shown", "not_shown"),
    [
        ("in_school=2", ["学生戊", "学生己"], ["学生甲"]),
        ("boarding=boarder", ["没有符合条件的记录"], ["学生甲"]),
        ("person=3", ["学生丙", "人员：学生丙"], ["学生甲"]),
        ("sort=-entered_on&page=99", ["学生甲"], []),
    ],
)
def test_search_filters_and_pages(as_user, query, shown, not_shown):
    html = text(as_user("office").get(f"/registers/pupil/?{query}", headers={"HX-Request": "true"}))
    assert "<html" not in html
    assert all(words in html for words in shown)
    assert not any(words in html for words in not_shown)


def test_a_whole_id_number_is_looked_up_without_standing_in_an_address(as_user):
    client = as_user("clerk")
    number = Person.objects.get(pk=1).id_number
    assert client.post("/registers/pupil/", {"words.q": number})["Location"] == "/registers/pupil/1/"
    assert client.post("/registers/pupil/", {"words.q": f"G{number}"})["Location"] == "/registers/pupil/1/"
    foreign = Person.objects.get(pk=5).id_number
    response = client.post("/registers/pupil/", {"words.q": foreign}, follow=True)
    assert "不在您的范围内" in text(response)
    assert number not in text(client.get(f"/registers/pupil/?q={number}", follow=True))


def test_a_record_tells_where_it_came_from_and_what_belongs_to_it(as_user):
    html = text(as_user("aid").get("/registers/person/1/"))
    assert "学生名册-春.xlsx" in html
    assert "第2行" in html
    assert "建档立卡" in html
    assert "/registers/aid_award/1/" in html


def change(client: Client, **fields: str):
    page = client.get("/registers/person/2/")
    form = {name: page.context["form"][name].value() or "" for name in page.context["form"].fields}
    return client.post("/registers/person/2/", {**form, "reason": "对照户口簿更正", **fields}, follow=True)


def test_a_name_is_settled_by_hand_with_a_reason(as_user):
    html = text(change(as_user("aid"), name="学生易"))
    assert "已保存" in html
    person = Person.objects.get(pk=2)
    assert person.name == "学生易"
    newest = person.history.first()
    assert (newest.history_user.username, newest.history_change_reason) == ("aid", "对照户口簿更正")
    assert re.search(r"姓名</th><td><del[^>]*>学生乙</del></td><td><ins[^>]*>学生易", html)


def test_a_change_is_checked_as_an_import_is(as_user):
    html = text(change(as_user("aid"), birth_date="2011-03-01"))
    assert "不一致" in html
    assert "学生乙" in html
    assert (
        "该项" in text(change(as_user("aid"), name="学生易", reason=""))
        or Person.objects.get(pk=2).name == "学生乙"
    )


def test_a_change_of_what_somebody_else_changed_meanwhile_is_refused(as_user):
    html = text(change(as_user("aid"), name="学生易", version="0"))
    assert "刚被别人改过" in html
    assert Person.objects.get(pk=2).name == "学生乙"
    # What was typed stays, beside what is now; who has seen that may save.
    assert 'value="学生易"' in html
    assert "<dd>学生乙</dd>" in html
    newest = re.search(r'name="version" value="([0-9]+)"', html).group(1)
    assert "已保存" in text(change(as_user("aid"), name="学生易", version=newest))
    assert Person.objects.get(pk=2).name == "学生易"


def test_a_clerk_may_not_change(as_user):
    client = as_user("clerk")
    assert "更改原因" not in text(client.get("/registers/person/1/"))
    assert client.post("/registers/person/1/", {"name": "x", "reason": "y"}).status_code == 403


def test_query_counts(as_user, django_assert_num_queries):
    client = as_user("office")
    client.get("/registers/pupil/")
    # Session, user, jobs; the rows of every register at once.
    with django_assert_num_queries(5):
        client.get("/registers/")
    # Session, user, jobs; what the user chose and the views; count, which rows, what they tell, and the schools to filter by.
    with django_assert_num_queries(10):
        client.get("/registers/pupil/")
    # Session, user, jobs; the person, its history, version and documents; the rows of every register that points to persons at once,
    # and the first of each of the three that have any.
    with django_assert_num_queries(12):
        client.get("/registers/person/1/")
