"""The plan's page: items, targets, what the figures say, and the states that follow."""

import re


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
