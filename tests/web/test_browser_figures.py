"""From the home page to a number in the report, in a real browser, by somebody who has never seen it."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_number_is_found_understood_and_put_into_the_report(desk, short_report):
    seat = desk("aid", 1440, 900)
    page = seat.page
    page.get_by_role("link", name=re.compile("建档立卡资助学生")).first.click()
    page.locator(".xz-chip", has_text="义务教育").click()
    expect(page.get_by_text("2019年上半年 · 义务教育")).to_be_visible()
    expect(page.locator("#rows").get_by_role("link", name=re.compile("学生甲"))).to_be_visible()
    page.get_by_text("查询语句（SQL）").click()
    expect(page.locator(".xz-sql")).to_contain_text("SELECT")
    page.get_by_role("link", name="按本地学校").click()
    expect(page.locator('[data-chart="chart"] canvas')).to_be_visible()
    page.get_by_role("link", name="插入报告").click()
    page.get_by_label("句子下面附一张图").select_option(label="按学段")
    page.get_by_role("button", name="插入报告").click()
    expect(page.locator(".xz-paper")).to_contain_text("其中，建档立卡资助学生（义务教育）3人。")
    expect(page.locator(".xz-paper [data-chart] canvas")).to_be_visible()
    assert seat.faults == []


def test_pins_stand_on_the_home_page_and_a_narrow_page_does_not_scroll_sideways(desk, live_server):
    seat = desk("leader", 390, 844)
    page = seat.page
    page.goto(f"{live_server.url}/figures/aid.registered_poor_pupils/?period=2019H1")
    page.get_by_role("button", name="固定到首页").click()
    expect(page.get_by_role("button", name="从首页取下")).to_be_visible()
    for address in (
        "/",
        "/dashboards/leader/",
        "/plan/?period=2019H1&view=board",
        "/plan/?period=2019H1&view=timeline",
    ):
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
    page.goto(live_server.url)
    expect(page.get_by_role("button", name="取下“建档立卡资助学生”")).to_be_visible()
    assert seat.faults == []
