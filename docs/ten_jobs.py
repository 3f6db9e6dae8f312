"""The ten commonest jobs, each from home without help: the tests play them and hold the clicks that docs/how-to/ten-jobs.md states."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

import docx
import openpyxl
from docs.five_days import Seat, fill_new_account
from playwright.sync_api import expect


class Job(NamedTuple):
    """A job: who does it, what it is in Chinese, and the function that plays it."""

    user: str
    title: str
    play: Callable[[Seat], None]


def report_rolls(seat: Seat) -> None:
    """A school's clerk sends the workbook for which the bureau asks."""
    page = seat.page
    seat.click(page.locator("#xz-todos a").first)
    workbook = seat.download("下载本校工作簿")
    seat.upload(workbook)
    seat.press("提交上报")
    expect(page.get_by_text("已上报").first).to_be_visible(timeout=60_000)


def find_pupil(seat: Seat) -> None:
    """A clerk opens the record of a pupil of the school by a part of the name."""
    page = seat.page
    seat.press("台账", "link")
    seat.click(page.get_by_role("link", name=re.compile("^学生 ?[0-9]")))
    name = page.locator("#list tbody a").first.inner_text()
    page.keyboard.press("Control+k")
    page.keyboard.type(name)
    seat.click(page.locator("#xz-hits a", has_text=name).first)
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def print_class(seat: Seat) -> None:
    """A clerk prints the list of the school's pupils with room to sign."""
    page = seat.page
    seat.press("台账", "link")
    seat.click(page.get_by_role("link", name=re.compile("^学生 ?[0-9]")))
    seat.press("签名表")
    expect(page.get_by_role("columnheader", name="签名")).to_be_visible()


def draw_up_payment(seat: Seat) -> None:
    """The aid section opens what is due and draws up a list."""
    page = seat.page
    seat.press("资助", "link")
    expect(page.get_by_role("heading", level=1)).to_contain_text("资助")


def explain_number(seat: Seat) -> None:
    """The aid section sees who the pupils behind a number are."""
    page = seat.page
    seat.click(page.get_by_role("link", name=re.compile("建档立卡资助学生")).first)
    seat.click(page.locator("#rows tbody a").first)
    seat.press("本人的资助", "link")
    expect(page.get_by_text("规则").first).to_be_visible()


def cross_number(seat: Seat) -> None:
    """The office has a number by school and stage as a workbook."""
    page = seat.page
    seat.click(page.get_by_role("link", name=re.compile("在校学生")).first)
    seat.press("交叉表", "link")
    openpyxl.load_workbook(seat.download("导出Excel", "button"))


def draft_report(seat: Seat) -> None:
    """The office drafts the half-year's report and takes the Word file."""
    page = seat.page
    seat.press("报告", "link")
    seat.click(page.get_by_role("link", name=re.compile("起草")))
    seat.press("起草")
    page.wait_for_url(re.compile(r"/reports/releases/\d+/"))
    docx.Document(str(seat.download("下载第 1 版")))


def audit_text(seat: Seat) -> None:
    """The office lets a text be audited."""
    page = seat.page
    seat.press("报告", "link")
    seat.press("核数", "link")
    page.get_by_label("或者粘贴文字").fill("高考报名1197人，其中文史类464人，理工类743人。")
    seat.press("核数")
    expect(page.get_by_text("各部分之和是1207人").first).to_be_visible(timeout=60_000)


def see_plan(seat: Seat) -> None:
    """A leader sees what of the plan is late."""
    seat.press("计划", "link")
    seat.press("看板", "link")
    expect(seat.page.get_by_text("已逾期").first).to_be_visible()


def make_account(seat: Seat) -> None:
    """An administrator makes an account and hands the link over."""
    seat.press("系统", "link")
    seat.press("账号", "link")
    fill_new_account(seat, "wang", "王老师")


JOBS = (
    Job("clerk", "学校：上报要求填报的工作簿", report_rolls),
    Job("clerk", "学校：查一名学生", find_pupil),
    Job("clerk", "学校：打印学生签名表", print_class),
    Job("aid", "资助：查一个数由哪些学生、按什么标准算出", explain_number),
    Job("aid", "资助：看应发放的资助", draw_up_payment),
    Job("office", "办公室：按学校和学段取一个数", cross_number),
    Job("office", "办公室：起草半年报告，取走Word", draft_report),
    Job("office", "办公室：核对一段文字里的数字", audit_text),
    Job("leader", "局领导：看计划中逾期的工作", see_plan),
    Job("admin", "系统管理员：建一个账号", make_account),
)
