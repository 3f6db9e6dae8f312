"""A day at the desk in a real browser: log in, open a figure, reach its rows, download the report."""

import re

import docx
import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_from_login_to_the_report(desk, tmp_path):
    seat = desk("aid", 1440, 900)
    page = seat.page
    page.get_by_role("link", name=re.compile("建档立卡资助学生")).first.click()
    expect(page.locator(".xz-number-big")).to_have_text("3人")
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    page.locator(".xz-chip", has_text="义务教育").click()
    expect(page.get_by_text("2019年上半年 · 义务教育")).to_be_visible()
    page.locator("#rows").get_by_role("link", name=re.compile("学生甲")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("学生甲")
    page.get_by_role("link", name="报告").click()
    page.locator(".xz-paper a", has_text="3人").first.click()
    expect(page.locator(".xz-number-big")).to_have_text("3人")
    page.go_back()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 Word").click()
    waiting.value.save_as(tmp_path / "report.docx")
    assert any("3人" in paragraph.text for paragraph in docx.Document(tmp_path / "report.docx").paragraphs)
    assert seat.faults == []


def test_searching_a_register(district, desk, live_server):
    number = district.pupils[0].student_number
    seat = desk("clerk", 1440, 900)
    page = seat.page
    page.goto(f"{live_server.url}/registers/pupil/")
    search = page.get_by_label("查找")
    search.press_sequentially("学生丙")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("q="))
    search.fill("")
    expect(page.locator("#list tbody tr")).to_have_count(4)
    page.locator("#list th", has_text="入学日期").get_by_role("link").click()
    expect(page.locator("#list th[aria-sort]")).to_have_text(re.compile("入学日期"))
    page.go_back()
    expect(page.get_by_role("link", name="首页")).to_be_visible()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    search.press_sequentially(number)
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("学生甲")
    assert not any(number[:14] in address for address in addresses)
    assert seat.faults == []


def test_on_a_phone_nothing_overflows(desk, live_server):
    seat = desk("office", 390, 844)
    page = seat.page
    addresses = [
        "/",
        "/registers/",
        "/registers/aid_award/",
        "/registers/person/1/",
        "/figures/",
        "/figures/aid.registered_poor_amount/",
        "/reports/half_year/2019H1/",
    ]
    for address in addresses:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.get_by_role("button", name="打开导航").click()
    page.get_by_role("link", name="台账").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("台账")
    assert seat.faults == []
