"""Announcements: who may make one, to whom it goes, who has read it, and what must not stand in it."""

import re

import pytest
from django.utils import timezone

from xuezheng.records.models import Announcement

TODAY = timezone.localdate()


def post(client, **changed):
    words = {"title": "名册填报说明", "text": "请于周五前上报。", "to": "schools", "until": TODAY.isoformat()}
    return client.post("/announcements/", words | changed, follow=True).content.decode()


def test_a_school_sees_it_until_its_clerk_has_read_it(as_user, snapshot):
    assert "已发布" in post(as_user("aid"))
    home = as_user("clerk").get("/").content.decode()
    assert "请于周五前上报。" in home
    address = re.search(r"/announcements/[0-9]+/", home)[0]
    assert "请于周五前上报。" not in as_user("clerk").post(address, follow=True).content.decode()
    assert "请于周五前上报。" not in as_user("leader").get("/").content.decode()
    assert "1人已读" in as_user("aid").get("/announcements/").content.decode()


def test_who_made_it_withdraws_it_and_nobody_else_but_the_office(as_user, snapshot):
    post(as_user("aid"), to="all")
    address = f"/announcements/{Announcement.objects.get().pk}/"
    assert as_user("leader").post(address, {"step": "withdraw"}).status_code == 403
    assert Announcement.objects.active().count() == 1
    as_user("aid").post(address, {"step": "withdraw"})
    assert Announcement.objects.active().count() == 0
    assert "请于周五前上报。" not in as_user("clerk").get("/").content.decode()


@pytest.mark.parametrize("name", ["clerk", "leader"])
def test_schools_and_leaders_make_none(as_user, name):
    assert as_user(name).post("/announcements/", {"title": "试"}).status_code == 403
    assert "发通知" not in as_user(name).get("/announcements/").content.decode()


def test_a_day_that_is_past_and_an_id_number_are_refused(as_user, district):
    number = district.pupils[0].person.id_number
    assert "没有人会看到" in post(as_user("office"), until="2019-01-01")
    assert "人人可见" in post(as_user("office"), text=f"请核对{number}。")
    assert not Announcement.objects.exists()
