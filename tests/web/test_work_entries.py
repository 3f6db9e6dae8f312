"""The notes of work that the office picks for the report, and their order."""

import re
from datetime import date

import pytest

from xuezheng.records.models import WorkEntry

PAGE = "/reports/entries/?period=2019H1"


@pytest.fixture
def notes(district):
    def make(title, order, topic="教育扶贫", picked=True):
        told = {
            "section": "aid",
            "topic": topic,
            "text": "逐户走访。",
            "evidence": f"{title}纪要",
            "picked": picked,
        }
        return WorkEntry.objects.create(title=title, day=date(2019, 3, order), order=order, **told)

    return [
        make("甲", 3),
        make("乙", 5),
        make("丙", 5),
        make("丁", 7, picked=False),
        make("戊", 9, topic="没有的栏目"),
    ]


def titles(html, topic="教育扶贫"):
    part = next(it for it in html.split("<section")[1:] if f">{topic}</h2>" in it)
    return re.findall(r'<a class="fw-bold" href="[^"]*">(.)</a>', part)


def test_the_office_puts_picked_notes_in_order_and_each_move_is_noted(as_user, snapshot, notes):
    client = as_user("office")
    assert titles(client.get(PAGE).content.decode()) == ["甲", "乙", "丙", "丁"]
    response = client.post(f"/reports/entries/{notes[2].pk}/", {"step": "earlier"})
    assert response["Location"] == f"{PAGE}#n{notes[2].pk}"
    client.post(f"/reports/entries/{notes[3].pk}/", {"step": "pick"})
    client.post(f"/reports/entries/{notes[3].pk}/", {"step": "earlier"})
    client.post(f"/reports/entries/{notes[0].pk}/", {"step": "drop"})
    html = client.get(PAGE).content.decode()
    assert titles(html) == ["丁", "丙", "乙", "甲"]
    assert "甲纪要" in html
    assert html.count("生成快照后写入报告") == 4
    assert "报告没有这个栏目" in html
    assert notes[3].history.first().history_change_reason == "报告中的次序"


def test_a_step_that_was_taken_already_changes_nothing(as_user, snapshot, notes):
    response = as_user("office").post(f"/reports/entries/{notes[0].pk}/", {"step": "pick"}, follow=True)
    assert "已经由别人改动" in response.content.decode()
    assert notes[0].history.count() == 1


def test_sections_see_the_notes_and_only_the_office_picks(as_user, snapshot, notes):
    assert "选入" not in as_user("aid").get(PAGE).content.decode()
    for name, status in (("aid", 403), ("leader", 403), ("clerk", 403)):
        assert as_user(name).post(f"/reports/entries/{notes[3].pk}/", {"step": "pick"}).status_code == status
    assert [as_user(name).get(PAGE).status_code for name in ("aid", "leader", "clerk")] == [200, 403, 403]
    assert not WorkEntry.objects.get(title="丁").picked


def test_query_count(as_user, snapshot, notes, django_assert_num_queries):
    client = as_user("office")
    client.get(PAGE)
    with django_assert_num_queries(6):
        client.get(PAGE)
