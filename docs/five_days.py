"""The days of five people, each from login to result, on the demonstration district.

The tests play them and count the clicks; `docs/screenshots.py` plays them for the pictures of the tutorial.
"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import openpyxl
from playwright.sync_api import Locator, Page, expect

PASSWORD = "xuezheng-demo"  # noqa: S105 - the demonstration's
XUEZHENG = [sys.executable, "-m", "xuezheng"]
_STARTED_AFTER_SECONDS = 60
Pictured = Callable[[Page, str], None]


class Seat:
    """Somebody at a page of the system: every press of a button or link is counted."""

    def __init__(
        self, page: Page, home: str, folder: Path, picture: Pictured = lambda page, name: None
    ) -> None:
        self.page = page
        self.home = home
        self.folder = folder
        self.clicks = 0
        self._picture = picture

    def click(self, target: Locator) -> None:
        """Press something, once the scripts of the page are there."""
        self.page.wait_for_load_state()
        self.clicks += 1
        target.click()

    def press(self, text: str, role: str = "button") -> None:
        """Press the first button, or link, of some words."""
        self.click(self.page.get_by_role(role, name=text).first)  # type: ignore[arg-type]

    def see(self, name: str) -> None:
        """Draw the page as it is, where pictures are drawn."""
        self._picture(self.page, name)

    def log_in(self, name: str, *, first: bool = True) -> None:
        """Log in as one of the demonstration's users; at the first login, leave the tour."""
        self.page.goto(self.home)
        self.page.get_by_label("账号").fill(name)
        self.page.get_by_label("密码").fill(PASSWORD)
        self.press("登录")
        if not first:
            expect(self.page.get_by_role("heading", level=1)).to_be_visible()
            return
        expect(self.page.locator("#xz-tour")).to_be_visible()
        with self.page.expect_response("**/help/toured/"):
            self.press("不看了")

    def download(self, text: str, role: str = "link") -> Path:
        """Press what hands out a file, and keep the file."""
        with self.page.expect_download() as waiting:
            self.press(text, role)
        path = self.folder / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def upload(self, path: Path) -> None:
        """Choose a file and hand it in; what is large is looked through in the background."""
        self.page.set_input_files("input[type=file]", path)
        self.press("上传并预览")
        self.page.wait_for_url("**/intake/uploads/**")


def clerk(seat: Seat) -> None:
    """A school's clerk is asked for the rolls, sends a workbook with an error, mends it and has reported."""
    page = seat.page
    seat.log_in("clerk")
    seat.see("clerk-1-todo")
    seat.click(page.locator("#xz-todos a").first)
    task = page.url
    workbook = seat.download("下载本校工作簿")
    cell = _a_day(workbook)
    right = _write(workbook, cell, "2019年13月1日")
    seat.upload(workbook)
    expect(page.get_by_role("status").first).to_contain_text("1处")
    seat.see("clerk-2-wrong")
    seat.download("下载标出问题的工作簿")
    _write(workbook, cell, right)
    page.goto(task)
    seat.upload(workbook)
    seat.see("clerk-3-preview")
    seat.press("提交上报")
    expect(page.get_by_text("已上报").first).to_be_visible(timeout=60_000)
    seat.press("首页", "link")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("填报：")).to_have_count(0)


def _a_day(workbook: Path) -> tuple[str, str]:
    """The sheet and the cell of the first day in the workbook."""
    for sheet in openpyxl.load_workbook(workbook).worksheets:
        for row in sheet.iter_rows(min_row=2):
            for cell in row:
                if re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(cell.value)):
                    return sheet.title, cell.coordinate
    raise LookupError(workbook)


def _write(workbook: Path, place: tuple[str, str], value: str) -> str:
    """Write a cell, and return what stood there."""
    book = openpyxl.load_workbook(workbook)
    cell = book[place[0]][place[1]]
    before, cell.value = str(cell.value), value
    book.save(workbook)
    return before


def aid(seat: Seat) -> None:
    """The aid section asks who studies outside the province, who they are, by which rule each gets what, and has it reported."""
    page = seat.page
    seat.log_in("aid")
    seat.click(page.get_by_role("link", name=re.compile("建档立卡资助学生")).first)
    with page.expect_navigation():
        page.get_by_label("时期").select_option("2019H1")
    seat.clicks += 1
    seat.press("按就读地", "link")
    seat.click(page.locator(".xz-chip, table a", has_text="省外").first)
    expect(page.locator(".xz-number-big")).to_have_text("10人")
    seat.see("aid-1-outside")
    figure = page.url
    seat.click(page.locator("#rows tbody a").first)
    seat.press("本人的资助", "link")
    expect(page.get_by_text("规则").first).to_be_visible()
    seat.see("aid-2-why")
    page.goto(figure)
    seat.press("插入报告", "link")
    seat.press("插入报告")
    expect(page.locator(".xz-paper")).to_contain_text("10人")
    seat.see("aid-3-report")


def office(seat: Seat) -> None:
    """The office picks what of the work is told, drafts the half-year's report and takes the Word file away."""
    page = seat.page
    seat.log_in("office")
    seat.press("报告", "link")
    seat.click(page.get_by_role("link", name=re.compile("挑选工作纪实")))
    seat.press("不选")
    expect(page.get_by_role("button", name="选入").first).to_be_visible()
    seat.see("office-1-entries")
    seat.click(page.get_by_role("link", name=re.compile("起草")))
    seat.press("起草")
    page.wait_for_url(re.compile(r"/reports/releases/\d+/"))
    seat.see("office-2-release")
    seat.download("下载第 1 版")


def leader(seat: Seat) -> None:
    """A leader looks at the district for a minute: the numbers, one of them through time, and the plan."""
    seat.log_in("leader")
    seat.see("leader-1-home")
    seat.click(seat.page.get_by_role("link", name=re.compile("在校学生")).first)
    seat.see("leader-2-figure")
    seat.press("计划", "link")
    seat.press("看板", "link")
    expect(seat.page.get_by_text("已逾期").first).to_be_visible()
    seat.see("leader-3-plan")


def administrator(seat: Seat) -> None:
    """An administrator makes an account, hands the link over, locks another, and reads who looked at whom."""
    page = seat.page
    seat.log_in("admin")
    seat.press("系统", "link")
    seat.press("账号", "link")
    fill_new_account(seat, "lan", "兰老师")
    seat.see("administrator-1-link")
    seat.press("已交给本人", "link")
    seat.press("lan", "link")
    seat.press("停用账号")
    expect(page.get_by_text("已停用").first).to_be_visible()
    seat.press("系统", "link")
    seat.press("查阅记录", "link")
    seat.see("administrator-2-looks")


def fill_new_account(seat: Seat, login: str, name: str) -> None:
    """On the page of accounts, make one of a clerk of 岩寺小学 and see its link."""
    page = seat.page
    seat.press("新建账号")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("姓名").fill(name)
    page.locator("#new").get_by_label("角色").select_option(label="学校经办人")
    page.locator("#new").get_by_label("学校").select_option(label="岩寺小学")
    seat.press("建立，并显示一次性链接")
    expect(page.get_by_label("交给本人")).to_have_value(re.compile("/welcome/"))


DAYS = (clerk, aid, office, leader, administrator)


@contextmanager
def served(environment: Mapping[str, str]) -> Iterator[str]:
    """Serve the demonstration on a free port as long as the context lasts."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*XUEZHENG, "serve", "--port", str(port)], env=environment)
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + _STARTED_AFTER_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
