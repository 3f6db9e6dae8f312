"""A day at the desk in a real browser: log in, open a figure, reach its rows, download the report."""

import re
import shutil

import docx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from xuezheng.web.assets import bundle

CHROMIUM = shutil.which("chromium")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no chromium on this machine"),
]


@pytest.fixture(scope="session", autouse=True)
def assets():
    if not bundle.is_current():
        bundle.bundle()


class Desk:
    """A page that notes what must not happen: a request to another place, an error, a refusal by the policy."""

    def __init__(self, page: Page, home: str) -> None:
        self.page = page
        self.faults: list[str] = []
        page.on("console", lambda message: message.type == "error" and self.faults.append(message.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("response", lambda answer: answer.status >= 400 and self.faults.append(answer.url))
        page.on("request", lambda request: request.url.startswith(home) or self.faults.append(request.url))

    def log_in(self, home: str, name: str, password: str) -> None:
        self.page.goto(home)
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("云岭区教育局")


@pytest.fixture
def desk(snapshot, users, live_server, password):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)

        def sit_down(name: str, width: int, height: int) -> Desk:
            page = browser.new_page(viewport={"width": width, "height": height}, locale="zh-CN")
            page.set_default_timeout(10_000)
            found = Desk(page, live_server.url)
            found.log_in(live_server.url, name, password)
            return found

        yield sit_down
        browser.close()


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
