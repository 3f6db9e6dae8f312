"""Dashboards, pins and alerts: the figures that a person sees without looking for them."""

import pytest

from xuezheng import registry
from xuezheng.web.models import Pin
from xuezheng.web.ui.area_pages import Shown, dashboards

FIGURE = "/figures/aid.registered_poor_pupils/?period=2019H1"
UP = {"figure": "aid.registered_poor_pupils", "part_school": "1", "step": "up", "period": "2019H1"}


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_every_declared_dashboard_is_shown_to_just_those_whom_it_is_for(
    as_user, users, snapshot, assert_closed
):
    names = {
        name: board
        for pages in registry.modules("pages").values()
        for name, board in getattr(pages, "DASHBOARDS", {}).items()
    }
    assert names.keys() >= registry.areas().keys() - {"overview"} | {"office", "leader"}
    for name, board in names.items():
        assert all(isinstance(it, Shown) for it in board.shows)
        for user in users:
            response = as_user(user).get(f"/dashboards/{name}/")
            assert response.status_code == (200 if board.shown_to(users[user]) else 404), (name, user)
            if response.status_code == 200:
                assert_closed(response)
                html = response.content.decode()
                assert board.title in html
                assert not any(f"学生{sign}" in html for sign in "甲乙丙丁戊己")


def test_each_opens_the_own_dashboard_and_a_clerk_the_figures(as_user, users, snapshot):
    found = {name: as_user(name).get("/dashboards/")["Location"] for name in users}
    assert found == {
        "office": "/dashboards/office/",
        "aid": "/dashboards/aid/",
        "leader": "/dashboards/leader/",
        "clerk": "/figures/",
        "administrator": "/figures/",
        "security": "/figures/",
        "auditor": "/figures/",
    }
    assert not dashboards(users["clerk"])


def test_a_chart_stands_before_its_table_and_each_number_opens_its_figure(as_user, snapshot):
    html = page(as_user("aid"), "/dashboards/aid/?period=2019H1")
    assert 'aria-label="建档立卡资助学生 · 按就读地：区内3人。全部数字见表"' in html
    assert 'href="/figures/aid.registered_poor_pupils/?period=2019H1&amp;place=district"' in html
    assert 'aria-label="打开建档立卡资助学生 · 走势"' in html


def test_a_figure_is_pinned_put_in_order_and_taken_down_by_its_owner_alone(as_user, snapshot):
    client = as_user("leader")
    assert "固定到首页" in page(client, FIGURE)
    assert client.post("/pins/", UP)["Location"] == f"{FIGURE}&school=1"
    client.post("/pins/", {"figure": "enrolment.pupils", "step": "up"})
    assert "从首页取下" in page(client, f"{FIGURE}&school=1")
    assert "固定到首页" in page(client, FIGURE)
    own = page(client, "/").partition("我的指标</h2>")[2]
    assert own.index("建档立卡资助学生 · 云岭第一小学") < own.index("在校学生</span>")
    client.post("/pins/", {"step": "earlier", "pin": Pin.objects.get(figure="enrolment.pupils").pk})
    assert [pin.figure for pin in Pin.objects.all()] == ["enrolment.pupils", "aid.registered_poor_pupils"]
    other = as_user("office")
    other.post("/pins/", {"step": "earlier", "pin": Pin.objects.last().pk})
    other.post("/pins/", {**UP, "step": "down"})
    assert [pin.figure for pin in Pin.objects.all()] == ["enrolment.pupils", "aid.registered_poor_pupils"]
    client.post("/pins/", {**UP, "step": "down", "home": "1"})
    assert Pin.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"figure": "no.such"}, {"part_colour": "red"}, {"part_school": "1" * 300}])
def test_what_is_no_figure_is_not_pinned(as_user, snapshot, wrong):
    response = as_user("office").post("/pins/", {**UP, **wrong}, follow=True)
    assert "没有固定" in response.content.decode()
    assert not Pin.objects.exists()


def test_a_part_that_is_named_twice_is_not_pinned(as_user, snapshot):
    response = as_user("office").post("/pins/", {**UP, "part_school": ["1", "2"]}, follow=True)
    assert "“school”写了不止一次" in response.content.decode()
    assert not Pin.objects.exists()


def test_a_target_at_risk_is_told_on_home_figure_and_dashboard_to_those_who_answer(as_user, snapshot):
    told = "离时限还有0天，尚未达到"
    for address in ("/", FIGURE, "/dashboards/aid/", "/dashboards/leader/"):
        assert told in page(as_user("office"), address), address
    assert told in page(as_user("aid"), "/")
    assert told not in page(as_user("clerk"), "/")
    assert told not in page(as_user("office"), "/figures/enrolment.pupils/")


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/dashboards/leader/", 4),
        ("/dashboards/aid/", 4),
        ("/figures/enrolment.pupils/?period=2019H1&by=school", 7),
    ],
)
def test_query_counts(as_user, snapshot, django_assert_num_queries, address, queries):
    client = as_user("office")
    client.get(address)
    with django_assert_num_queries(queries):
        client.get(address)
