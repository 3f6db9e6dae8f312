"""An office adopts a foreign Word report as its template, adds a heading, and downloads the report of a new half-year."""

import shutil
from datetime import date

import docx
import pytest
from playwright.sync_api import expect

from xuezheng.records.models import WorkEntry
from xuezheng.reports.word import marks
from xuezheng.snapshots import freeze

pytestmark = pytest.mark.browser

FOREIGN = (
    "云岭区教育局2025年上半年工作总结",
    "一、学生资助",
    "2025年上半年，资助建档立卡学生3人，获各级表彰98765人次。",
    "二、学校情况",
    "学校总体平稳。",
)


@pytest.fixture
def of_2026(transactional_db, users, snapshot, frozen, tmp_path, monkeypatch):
    """The registers frozen in July 2026, with a note of work on school meals, in a data folder of the test's own."""
    shutil.copytree(frozen, tmp_path / "home")
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    WorkEntry.objects.create(
        section="health",
        topic="校园餐",
        day=date(2026, 5, 20),
        title="校园餐专项整治",
        document="云教〔2026〕9号",
        text="联合市场监管部门检查学校食堂，公示大宗食材采购价格。",
        picked=True,
    )
    freeze(date(2026, 7, 5))


def test_an_office_adopts_last_years_report_and_composes_a_new_half_year(
    of_2026, desk, live_server, worker, tmp_path
):
    old = docx.Document()
    for line in FOREIGN:
        old.add_paragraph(line)
    table = old.add_table(2, 2)
    for place, text in enumerate(("学校", "图书（册）", "岩寺小学", "98764")):
        table.cell(place // 2, place % 2).text = text
    old.save(tmp_path / "总结.docx")

    seat = desk("office", 1440, 900)
    page = seat.page
    page.goto(f"{live_server.url}/reports/templates/")
    page.get_by_role("link", name="由旧的Word报告建立").click()
    page.get_by_label("旧的Word报告").set_input_files(tmp_path / "总结.docx")
    page.get_by_label("这份报告写的是哪个时期").select_option("2025H1")
    page.get_by_role("button", name="读取").click()
    expect(page.get_by_role("heading", name="确认旧报告中的数")).to_be_visible()
    expect(page.get_by_text("98765人次：没有对应的指标")).to_be_visible()
    expect(page.get_by_text("岩寺小学·图书 98764：没有对应的指标")).to_be_visible()
    page.get_by_label("代号").fill("county_half_year")
    page.get_by_label("名称").fill("本局半年总结")
    page.get_by_role("button", name="建立模板").click()

    source = page.locator("#id_source")
    expect(source).to_contain_text("{{ blank(")
    source.press("Control+End")
    page.get_by_role("button", name="校园餐", exact=True).click()
    page.get_by_label("找指标").fill("学校数")
    page.locator("#palette [data-insert*='enrolment.schools']").first.click()
    source.press_sequentially("，均已公示。")
    page.get_by_label("时期").select_option("2026H1")
    page.get_by_role("button", name="预览").click()
    expect(page.locator(".xz-paper")).to_contain_text("公示大宗食材采购价格")
    expect(page.locator(".xz-paper a.number")).to_have_count(1)
    page.get_by_role("button", name="保存为新的一版").click()
    expect(page.get_by_text("已保存为第2版。")).to_be_visible()

    page.goto(f"{live_server.url}/reports/county_half_year/2026H1/")
    expect(page.locator(".xz-paper")).to_contain_text("校园餐")
    expect(page.locator(".xz-paper")).not_to_contain_text("98765")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 Word").click()
    waiting.value.save_as(tmp_path / "新.docx")
    prose = "\n".join(paragraph.text for paragraph in docx.Document(tmp_path / "新.docx").paragraphs)
    assert "2026年上半年工作总结" in prose
    assert "98765" not in prose
    assert marks.read(tmp_path / "新.docx").template == "county_half_year"

    narrow = desk("office", 390, 844).page
    for address in ("", "of/county_half_year/", "adopt/"):
        narrow.goto(f"{live_server.url}/reports/templates/{address}")
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 390, address
    assert seat.faults == []
