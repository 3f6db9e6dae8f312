"""Since the login before: what others did and the reader may see, and nothing of the reader's own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from xuezheng.records.models import Batch
from xuezheng.snapshots import Snapshot
from xuezheng.web.answers.news import news


@pytest.fixture
def log_in(client, users, password):
    def sit_down(name):
        client.post("/logout/")
        client.post("/login/", {"username": users[name].username, "password": password})
        return client.get("/").content.decode()

    return sit_down


def imported(user, name):
    return Batch.objects.create(file_name=name, content_sha256="1" * 64, made_by=user, sheets=[])


def test_the_second_login_tells_what_others_did_since_the_first(log_in, users, snapshot):
    assert "上次登录以来" not in log_in("office")
    imported(users["aid"], "资助名单.xlsx")
    imported(users["office"], "自己的.xlsx")
    html = log_in("office")
    section = html.partition("上次登录以来")[2].partition("</section>")[0]
    assert "导入了“资助名单.xlsx”" in section
    assert "自己的.xlsx" not in section
    assert "上次登录以来" not in log_in("office")


def test_a_clerk_is_told_nothing_of_others(users, snapshot, district):
    imported(users["aid"], "资助名单.xlsx")
    texts = [
        item.text for item in news(users["clerk"], Snapshot.latest(), timezone.now() - timedelta(days=1))
    ]
    assert not any("资助名单" in text for text in texts)


def test_only_what_came_later_counts_and_the_newest_comes_first(users, snapshot):
    first, second = imported(users["aid"], "甲.xlsx"), imported(users["aid"], "乙.xlsx")
    since = first.made_at
    Batch.objects.exclude(pk__in=(first.pk, second.pk)).update(made_at=since - timedelta(hours=1))
    items = [item for item in news(users["office"], Snapshot.latest(), since) if "xlsx" in item.text]
    assert [item.address for item in items] == [f"/intake/batches/{second.pk}/"]
    frozen_at = Snapshot.latest().frozen_at
    assert any(
        "新快照" in item.text
        for item in news(users["office"], Snapshot.latest(), frozen_at - timedelta(seconds=1))
    )
    assert not any("新快照" in item.text for item in news(users["office"], Snapshot.latest(), frozen_at))
