"""The head of the section judges the county in a real browser: what fails, the cheapest way, the form, and targets of the plan."""

import shutil
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from xuezheng.areas.balance.models import Facilities, GapPlan, StageCondition
from xuezheng.plans.models import PlanItem, Target
from xuezheng.records.models import School
from xuezheng.snapshots import freeze

pytestmark = pytest.mark.browser


@pytest.fixture
def snapshot(frozen, tmp_path, monkeypatch):
    """A data folder of its own: the test adds snapshots."""
    shutil.copytree(frozen, tmp_path / "home")
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread


def enter_forms():
    """Enter the forms of both schools: the second has no backbone teacher, and the first three."""
    for school, pupils, backbone in zip(School.objects.order_by("code"), (200, 100), (3, 0), strict=True):
        Facilities.objects.create(
            school=school, year=2019, teaching_area=6 * pupils, indoor_sports_area=0, sports_area=8 * pupils,
            equipment=2100_00 * pupils, media_rooms=pupils // 40 + 1, music_rooms=1, art_rooms=1,
        )  # fmt: skip
        StageCondition.objects.create(
            school=school, stage="primary", year=2019, pupils=pupils, grades=6, classes=6, largest_class=45, teachers=20,
            associate=5, bachelor=10, master=0, backbone=backbone, pe_teachers=1, music_teachers=1, art_teachers=1,
        )  # fmt: skip


@pytest.mark.usefixtures("worker")
def test_the_verdict_the_cheapest_way_the_form_and_the_targets(desk, live_server, district, tmp_path):
    enter_forms()
    freeze(date(2019, 12, 20))
    office = desk("office", 1440, 900)
    page = office.page
    page.goto(live_server.url)
    page.get_by_role("link", name="优质均衡", exact=True).click()
    expect(page.get_by_role("heading", name="2019年优质均衡认定")).to_be_visible()
    expect(page.locator("[data-conclusion]")).to_have_text("不通过")
    expect(page.get_by_text("松溪小学（小学）达标6项").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="申报表Excel").click()
    download.value.save_as(tmp_path / "申报表.xlsx")
    sheet = load_workbook(tmp_path / "申报表.xlsx")["表Ⅱ-2 小学校际均衡状况"]
    assert [(row[1].value, row[13].value) for row in sheet.iter_rows(min_row=4, max_row=5)] == [
        ("云岭第一小学", "是"), ("松溪小学", "否"),
    ]  # fmt: skip
    page.get_by_role("link", name="测算方案").click()
    page.get_by_role("button", name="测算", exact=True).click()
    expect(page.get_by_role("heading", name="2019年达标方案")).to_be_visible()
    plan = GapPlan.objects.get()
    expect(page.get_by_role("heading", name="费用 0万元")).to_be_visible()
    expect(page.get_by_role("row", name="所选条件下费用最少 0万元 已证明最优")).to_be_visible()
    expect(page.get_by_role("row", name="松溪小学 小学 县级以上骨干教师 1人")).to_be_visible()
    page.get_by_label("计划时期").fill("2020H1")
    page.get_by_label("完成时限").fill("2020-06-30")
    page.get_by_role("button", name="登记任务和目标").click()
    expect(page.get_by_text("已登记为计划任务和目标")).to_be_visible()
    assert PlanItem.objects.filter(planned_for="2020H1", section="balance").count() == 2
    assert Target.objects.get(figure="balance.backbone_per_100").school.name == "松溪小学"
    page.goto(f"{live_server.url}/balance/plans/{plan.pk}/")
    page.get_by_role("button", name="重算核对").click()
    expect(page.get_by_text("与当时的方案一致")).to_be_visible()
    # A changed row changes the verdict on the school, and its gap is gone.
    StageCondition.objects.filter(backbone=0).update(backbone=1)
    freeze(date(2019, 12, 31))
    phone = desk("leader", 390, 844)
    phone.page.goto(f"{live_server.url}/balance/verdict/")
    expect(phone.page.locator("[data-conclusion]")).to_have_text("不能判定")
    expect(phone.page.get_by_text("松溪小学（小学）达标6项")).to_have_count(0)
    expect(phone.page.get_by_text("各项指标都达到标准")).to_be_visible()
    assert phone.page.evaluate("document.documentElement.scrollWidth") <= 390
    assert office.faults == phone.faults == []
