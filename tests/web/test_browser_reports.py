"""Reports at the desk in a real browser: preview, verify, refresh and audit a file; and a report's way to issue."""

import hashlib
import re

import docx
import pytest
from docx.oxml.ns import qn
from playwright.sync_api import expect

from xuezheng.reports.word import marks

pytestmark = pytest.mark.browser
FOREIGN = "高考报名1197人，其中文史类464人，理工类743人。\n工作有序推进。"


def saved(page, button, path):
    with page.expect_download() as waiting:
        button.click()
    waiting.value.save_as(path)
    return path


def nine_pupils(path):
    opened = docx.Document(path)
    next(text for text in opened.element.body.iter(qn("w:t")) if text.text == "3人").text = "9人"
    opened.save(path)


def test_a_report_is_previewed_verified_refreshed_and_any_text_audited(
    desk, live_server, worker, short_report, tmp_path
):
    seat = desk("office", 1440, 900)
    page = seat.page
    page.get_by_role("link", name="报告", exact=True).click()
    expect(page.locator(".xz-paper a", has_text="3人").first).to_be_visible()
    report = saved(page, page.get_by_role("link", name="下载 Word"), tmp_path / "报告.docx")
    nine_pupils(report)
    page.get_by_role("link", name="核对已改的报告").click()
    page.locator("#id_file").set_input_files(report)
    page.get_by_role("button", name="开始").click()
    expect(page.get_by_role("heading", name="发现 1 处")).to_be_visible()
    expect(page.locator(".xz-found + .xz-finding")).to_contain_text("应为3人，被手工改成了9人")
    page.goto(f"{live_server.url}/reports/check/")
    page.locator("#id_file").set_input_files(report)
    page.get_by_label("刷新、纳入管理用哪个时期").select_option("2018H2")
    page.get_by_text("刷新：换成").click()
    page.get_by_role("button", name="开始").click()
    refreshed = saved(page, page.get_by_role("link", name=re.compile("^下载")), tmp_path / "刷新.docx")
    assert marks.read(refreshed).period == "2018H2"
    page.goto(f"{live_server.url}/reports/audit/")
    page.get_by_label("或者粘贴文字").fill(FOREIGN)
    page.get_by_role("button", name="核数").click()
    expect(page.locator(".xz-found + .xz-finding")).to_contain_text("各部分之和是1207人")
    assert seat.faults == []


def test_a_report_goes_from_draft_by_reviews_and_explanations_to_issue(
    desk, live_server, worker, short_report, tmp_path
):
    office, section = desk("office", 1440, 900), desk("aid", 390, 844)
    page, other = office.page, section.page
    page.goto(f"{live_server.url}/reports/releases/")
    page.get_by_label("时期").select_option("2019H1")
    page.get_by_role("button", name="起草").click()
    expect(page.get_by_text("还没有会签的科室：基础教育股、学生资助管理中心。")).to_be_visible()
    edited = saved(page, page.get_by_role("link", name="下载第 1 版"), tmp_path / "修改稿.docx")

    other.goto(page.url)
    expect(other.get_by_role("button", name="会签")).to_have_count(1)
    other.get_by_role("button", name="会签学生资助管理中心的部分").click()
    expect(other.get_by_text("“学生资助管理中心”的部分已会签。")).to_be_visible()
    other.wait_for_load_state()
    assert other.evaluate("document.documentElement.scrollWidth") <= 390

    page.reload()
    page.get_by_role("button", name="会签基础教育股的部分").click()
    expect(page.get_by_text("清单上还有1项没有说明。")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^印发"))).to_have_count(0)

    nine_pupils(edited)
    page.get_by_text("加一个新版本").click()
    page.get_by_label("修改过的报告").set_input_files(edited)
    page.get_by_role("button", name="上传为第 2 版").click()
    expect(page.locator(".xz-found + .xz-finding")).to_contain_text("应为3人，被手工改成了9人")
    expect(page.get_by_text("还没有会签的科室：学生资助管理中心。")).to_be_visible()
    page.get_by_role("link", name="与前一版的变化").click()
    expect(page.locator("tbody tr")).to_have_text(
        re.compile("建档立卡资助学生.*3人.*9人.*手工写的", re.DOTALL)
    )
    page.go_back()

    other.reload()
    other.get_by_role("button", name="会签学生资助管理中心的部分").click()
    for box in other.get_by_role("checkbox").all():
        box.check()
    other.get_by_label("对勾选的各项，为什么可以这样印发").fill("经与台账逐人核对，另有说明附后。")
    other.get_by_role("button", name="写下说明").click()
    expect(other.get_by_text("会签齐全，清单清零，待领导签发。")).to_be_visible()

    leader = desk("leader", 390, 844)
    leader.page.goto(page.url)
    leader.page.get_by_label("发文字号").fill("云教〔2019〕12号")
    leader.page.get_by_role("button", name="签发第 2 版").click()
    expect(leader.page.get_by_text("云教〔2019〕12号。签发人：leader")).to_be_visible()
    leader.page.wait_for_load_state()
    assert leader.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert leader.faults == []

    page.reload()
    page.get_by_role("button", name="印发第 2 版").click()
    expect(page.get_by_text("文件、快照和校验值不再变化。")).to_be_visible()
    shown = page.locator("#sha256").inner_text()
    issued = saved(page, page.get_by_role("link", name="下载第 2 版"), tmp_path / "印发.docx")
    assert hashlib.sha256(issued.read_bytes()).hexdigest() == shown
    assert office.faults == section.faults == []
