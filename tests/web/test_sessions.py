"""How long one stays logged in, and before which steps one shows again who one is."""

import time

import pytest
from django.utils import timezone

from xuezheng.records.models import User


@pytest.fixture
def set_back():
    """Let so many seconds have passed for some notes of a session."""

    def set_(client, seconds, *notes):
        session = client.session
        for note in notes:
            session[note] = time.time() - seconds
        session.save()

    return set_


def test_a_session_in_use_is_written_once_in_some_minutes_and_not_on_every_page(as_user, set_back):
    client = as_user("office")
    client.get("/registers/")
    seen = client.session["seen"]
    client.get("/registers/")
    assert client.session["seen"] == seen
    set_back(client, 301, "seen")
    client.get("/jobs/", headers={"X-Unattended": "1"})
    assert client.session["seen"] < seen
    client.get("/registers/")
    assert client.session["seen"] >= seen


@pytest.mark.parametrize(("note", "seconds"), [("seen", 30 * 60 + 1), ("begun", 12 * 3600 + 1)])
def test_a_session_that_was_idle_or_is_old_ends_with_a_page_that_leads_back(as_user, set_back, note, seconds):
    client = as_user("office")
    client.get("/registers/")
    set_back(client, seconds, note)
    response = client.get("/registers/pupil/?page=2", follow=True)
    page = response.content.decode()
    assert "已超时，请重新登录" in page
    assert 'name="next" value="/registers/pupil/?page=2"' in page
    assert client.get("/registers/").status_code == 302


def test_a_part_of_a_page_and_a_form_lead_back_to_their_page(as_user, set_back):
    client = as_user("office")
    set_back(client, 31 * 60, "seen")
    part = client.get(
        "/registers/pupil/?page=2",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/registers/pupil/"},
    )
    assert part["HX-Redirect"] == "/login/?next=%2Fregisters%2Fpupil%2F&over=1"
    for referer, back in (("http://testserver/plan/", "%2Fplan%2F"), ("http://elsewhere/plan/", "%2F")):
        client = as_user("office")
        set_back(client, 31 * 60, "seen")
        form = client.post("/jobs/freeze/", headers={"Referer": referer})
        assert form["Location"] == f"/login/?next={back}&over=1"


def test_an_administrator_ends_the_sessions_of_an_account_and_a_later_one_holds(as_user, users):
    client = as_user("office")
    assert client.get("/registers/").status_code == 200
    User.objects.filter(username="office").update(sessions_since=timezone.now())
    assert client.get("/registers/").status_code == 302
    assert as_user("office").get("/registers/").status_code == 200


def test_a_file_with_whole_numbers_asks_for_the_password_that_was_typed_long_ago(
    as_user, set_back, school_workbook, password
):
    client = as_user("clerk")
    assert client.get(school_workbook).streaming
    set_back(client, 5 * 60 + 1, "confirmed")
    page = client.get(school_workbook).content.decode()
    assert "请再输一次密码" in page
    wrong = client.post(school_workbook, {"password": "不对", "confirm_method": "GET"}).content.decode()
    assert "密码不对" in wrong
    assert "请再输一次密码" in client.get(school_workbook).content.decode()
    right = client.post(school_workbook, {"password": password, "confirm_method": "GET"}).content.decode()
    assert f"0;url={school_workbook}" in right
    assert client.get(school_workbook).streaming


def test_wrong_passwords_lock_the_account_there_as_well(as_user, set_back, school_workbook, password):
    client = as_user("clerk")
    set_back(client, 3600, "confirmed")
    for _ in range(5):
        answer = client.post(school_workbook, {"password": "不对", "confirm_method": "GET"})
    assert answer.status_code == 429
    answer = client.post(school_workbook, {"password": password, "confirm_method": "GET"})
    assert answer.status_code == 429
    assert not client.get(school_workbook).streaming
