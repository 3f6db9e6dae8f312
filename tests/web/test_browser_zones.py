"""School zones in a real browser, over two seats: from the inputs to the map, a move tried and locked, and the decision by a second person."""

import re

import pytest
from playwright.sync_api import expect
from tests.web.test_accessibility import RULES, obstacles
from tests.web.test_browser_mapping import commit, upload

from xuezheng.areas.enrolment.models import SchoolZone, ZonePlan
from xuezheng.records.models import SchoolSite, User
from xuezheng.workbooks import sheet_catalogue, write_workbook

pytestmark = pytest.mark.browser

OWN, OTHER = "2134990001", "2134990002"
NAMES = ("东溪社区", "西山社区", "丰乐社区", "凤凰社区", "水阳社区")


def registers(send, page):
    """Upload what a plan rests on: five communities on a street, a full school at one end and one with places at the other."""
    send(
        page,
        "社区表",
        [[name, "", f"{118 + 0.004 * place:.6f}", "29.000000"] for place, name in enumerate(NAMES)],
    )
    send(page, "适龄儿童摸底表", [[name, "小学", "2026", "30"] for name in NAMES])
    send(page, "招生计划表", [[school, "小学", "2026", "2", "45", ""] for school in (OWN, OTHER)])
    zones = [[OWN if name != "水阳社区" else OTHER, "小学", "2025", name, "30"] for name in NAMES]
    send(page, "学区划片表", zones)


@pytest.mark.usefixtures("snapshot")
def test_zones_from_the_map_to_the_decision(
    desk, live_server, district, users, worker, tmp_path, monkeypatch
):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread
    SchoolSite.objects.create(school=district.own, longitude="118.000000", latitude="29.000000")
    SchoolSite.objects.create(school=district.other, longitude="118.016000", latitude="29.000000")
    User.objects.create(
        username="enrol", password=users["office"].password, toured_at=users["office"].toured_at,
        role=User.Role.SECTION, section="enrolment",
    )  # fmt: skip
    section, office, clerk = desk("enrol", 1440, 900), desk("office", 390, 844), desk("clerk", 390, 844)

    def send(page, title, rows):
        file = tmp_path / f"{title}.xlsx"
        write_workbook(file, {sheet_catalogue.sheet(title): rows})
        upload(page, live_server, file)
        commit(page)

    page = section.page
    registers(send, page)
    page.goto(f"{live_server.url}/enrolment/zones/")
    page.get_by_label("招生年份").fill("2026")
    page.get_by_role("button", name="查看数据是否齐全").click()
    expect(page.get_by_role("heading", name="数据齐了")).to_be_visible()
    page.get_by_role("button", name="固定数据，排方案").click()
    expect(page.get_by_text("方案已排出。")).to_be_visible()
    expect(page.locator("svg.xz-zone-map")).to_have_count(2)
    expect(page.get_by_role("img", name=re.compile("方案")).first).to_be_visible()
    assert obstacles(page, type="tag", values=RULES) == []
    row = page.get_by_role("row").filter(has_text="凤凰社区")
    expect(row).to_contain_text("去年在云岭第一小学")
    # What a move would come to is only shown.
    option = page.get_by_label("凤凰社区的学校").locator("option", has_text="云岭第一小学")
    page.get_by_label("凤凰社区的学校").select_option(option.get_attribute("value"))
    page.get_by_role("button", name="试看").click()
    expect(page.get_by_text("这是试看，没有保存。")).to_be_visible()
    expect(page.get_by_text("云岭第一小学超出30人。")).to_be_visible()
    assert ZonePlan.objects.get().version == 2
    # Locked, the others make room.
    page.get_by_label("锁定凤凰社区").check()
    page.get_by_role("button", name="保存，锁定的不动，其余重排").click()
    expect(page.get_by_text("方案已排出。")).to_be_visible()
    expect(page.get_by_text("锁定凤凰社区）")).to_be_visible()
    expect(page.get_by_role("button", name="登记决定，写入学区划片")).to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="征求意见稿").click()
    assert download.value.suggested_filename.endswith(".docx")
    # Somebody else decides, on a small screen.
    office.page.goto(page.url)
    assert office.page.evaluate("document.documentElement.scrollWidth") <= 390
    office.page.get_by_label("决定依据").fill("局务会纪要第3号")
    office.page.get_by_role("button", name="登记决定，写入学区划片").click()
    expect(office.page.get_by_text("已写入2026年学区划片")).to_be_visible()
    zones = dict(SchoolZone.objects.filter(year=2026).values_list("community", "school__code"))
    assert zones == {"东溪社区": OWN, "西山社区": OWN, "凤凰社区": OWN, "丰乐社区": OTHER, "水阳社区": OTHER}
    # The school sees its own zone.
    clerk.page.goto(f"{live_server.url}/enrolment/zones/")
    expect(clerk.page.get_by_text("凤凰社区（30人）")).to_be_visible()
    expect(clerk.page.get_by_text("水阳社区")).to_have_count(0)
    assert section.faults == office.faults == clerk.faults == []
