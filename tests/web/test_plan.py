"""The plan's page: items, targets, what the figures say, and the states that follow."""

import re

from django.utils import timezone

from xuezheng.plans.models import PlanItem


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_plan_shows_each_target_with_its_number_and_state(as_user, snapshot):
    html = page(as_user("leader"), "/plan/?period=2019H1")
    assert "10. 教育扶贫" in html
    assert "逐人核对名单。" in html
    rows = re.findall(r"<tr>\s*<td>(.*?)</tr>", html, re.S)
    assert len(rows) == 2
    assert all(word in rows[0] for word in ("全区资助学生", "不少于3人", ">3人<", "已完成"))
    assert all(word in rows[1] for word in ("第一小学资助学生", "不少于9人", ">2人<", "推进中"))


def test_a_number_of_the_plan_opens_its_figure(as_user, snapshot):
    client = as_user("office")
    html = page(client, "/plan/?period=2019H1")
    address = "/figures/aid.registered_poor_pupils/?period=2019H1&amp;school=1"
    assert f'href="{address}"' in html
    assert "2人" in page(client, address.replace("&amp;", "&"))


def test_a_half_year_without_a_plan_says_how_to_make_one(as_user, snapshot):
    assert "没有登记2018年下半年的计划" in page(as_user("office"), "/plan/?period=2018H2")


def test_the_board_has_a_column_for_each_state_and_the_timeline_a_bar_for_each_item(as_user, snapshot):
    board = page(as_user("leader"), "/plan/?period=2019H1&view=board")
    columns = re.findall(r'<section aria-label="(.*?)">(.*?)</section>', board, re.S)
    assert [(state, "教育扶贫" in text) for state, text in columns] == [
        ("未启动", False), ("推进中", True), ("已逾期", False), ("已完成", False),
    ]  # fmt: skip
    assert "离时限还有0天，尚未达到" in board
    timeline = page(as_user("leader"), "/plan/?period=2019H1&view=timeline")
    # The plan begins on 1 January, the item on 20 February; both end with the day of the freeze.
    assert '<rect class="bar" x="27.78" y="2" width="72.22" height="6">' in timeline
    assert '<rect class="today" x="99.7"' in timeline


def test_an_item_is_begun_and_finished_once_by_its_section_and_noted(as_user, snapshot, district):
    item = PlanItem.objects.create(
        planned_for="2019H1",
        number=11,
        title="走访",
        section="aid",
        due_on="2019-06-30",
        measures="逐户走访。",
    )
    address = f"/plan/items/{item.pk}/"
    aid = as_user("aid")
    assert aid.post(address, {"step": "start"})["Location"] == "/plan/?period=2019H1&view=board"
    assert "已经由别人登记启动" in aid.post(address, {"step": "start"}, follow=True).content.decode()
    aid.post(address, {"step": "finish"})
    item.refresh_from_db()
    assert item.started_on == item.finished_on == timezone.localdate()
    assert [it.history_change_reason for it in item.history.order_by("history_id")][1:] == [
        "登记启动",
        "登记办结",
    ]
    for name in ("leader", "clerk"):
        assert as_user(name).post(address, {"step": "start"}).status_code in (403, 404)


def test_what_was_noted_since_the_freeze_is_told_beside_the_state(as_user, snapshot, district):
    PlanItem.objects.filter(pk=1).update(started_on="2019-03-01")
    assert "登记启动于2019-03-01，下次生成快照后计入" in page(
        as_user("office"), "/plan/?period=2019H1&view=board"
    )
