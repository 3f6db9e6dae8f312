"""Workbooks of other layouts in a real browser: each is confirmed once, the next term's go through without a question, and figures follow."""

import shutil
from datetime import date

import pytest
from playwright.sync_api import expect
from tests.conftest import NINE_YEAR
from tests.intake.foreign_layouts import people, write
from tests.intake.office_layouts import PUPILS, households
from tests.intake.test_mapping import roster
from tests.intake.test_national_layouts import sheets_of

from xuezheng.linkage.models import ListRow
from xuezheng.records.models import ClassGroup, LayoutMapping, Pupil, School
from xuezheng.snapshots import freeze

pytestmark = pytest.mark.browser

OWN = "云岭第一小学"


@pytest.fixture
def snapshot(frozen, tmp_path, monkeypatch):
    """A data folder of its own: the test adds a snapshot."""
    shutil.copytree(frozen, tmp_path / "home")
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread


@pytest.fixture
def classes(district):
    """A class more in each school, none of whose pupils are registered."""
    for school, name, grade in ((district.own, "四年级1班", 4), (district.own, "五年级1班", 5)):
        ClassGroup.objects.create(school=school, name=name, stage="primary", grade=grade)
    national = School.objects.create(
        code=NINE_YEAR, name="云岭学校", kind="312", urban_rural="121", runner="831"
    )
    ClassGroup.objects.create(school=national, name="三年级1班", stage="primary", grade=3)


def rosters(folder, name, number):
    """A sheet a class, with so many pupils in each."""
    pupils = people(number * 2, "2009-05-{:02d}")
    write(folder / name, roster({"四（1）班": pupils[::2], "五（1）班": pupils[1::2]}, school=OWN))
    return folder / name


def poor_households(folder, name, day, number):
    write(folder / name, [("Sheet1", households(number, OWN, day), [])])
    return folder / name


def national(folder):
    name, sheets = sheets_of(PUPILS, ("学籍号",))
    write(folder / name, sheets)
    return folder / name


def upload(page, live_server, file):
    page.goto(f"{live_server.url}/intake/")
    page.get_by_label("工作簿").set_input_files(file)
    page.get_by_role("button", name="上传并预览").click()


def commit(page):
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.get_by_text("已导入").first).to_be_visible()
    page.wait_for_load_state()


def test_layouts_are_confirmed_once_and_figures_follow(classes, desk, live_server, tmp_path, district):
    before = Pupil.objects.count()
    seat = desk("clerk", 1440, 900)
    page = seat.page
    upload(page, live_server, rosters(tmp_path, "花名册.xlsx", 3))
    expect(page.get_by_text("确认一次；以后同样的表不再问")).to_be_visible()
    page.get_by_label("入学日期").fill("2015-09-01")
    page.get_by_role("button", name="确认对应关系").click()
    commit(page)
    assert Pupil.objects.count() == before + 6
    upload(page, live_server, rosters(tmp_path, "下学期花名册.xlsx", 5))
    expect(page.get_by_text("按已确认的对应关系读作“学生名册”")).to_be_visible()
    expect(page.get_by_role("button", name="确认对应关系")).to_have_count(0)
    commit(page)
    assert Pupil.objects.count() == before + 10
    assert seat.faults == []

    seat = desk("aid", 390, 844)
    page = seat.page
    upload(page, live_server, poor_households(tmp_path, "乡村振兴局.xlsx", "2021年3月1日", 6))
    page.get_by_role("button", name="确认对应关系").click()
    commit(page)
    upload(page, live_server, poor_households(tmp_path, "乡村振兴局秋.xlsx", "2021年9月1日", 8))
    expect(page.get_by_role("button", name="确认对应关系")).to_have_count(0)
    commit(page)
    listed = {
        day: ListRow.objects.filter(listed_on=day).count() for day in (date(2021, 3, 1), date(2021, 9, 1))
    }
    assert listed == {date(2021, 3, 1): 6, date(2021, 9, 1): 8}
    assert seat.faults == []

    seat = desk("office", 1440, 900)
    page = seat.page
    upload(page, live_server, national(tmp_path))
    expect(
        page.get_by_text("按系统自带的表样“全国中小学生学籍信息管理系统：学生基本信息”读作“学生名册”")
    ).to_be_visible()
    expect(page.get_by_role("button", name="确认对应关系")).to_have_count(0)
    commit(page)
    assert Pupil.objects.count() == before + 10 + 12
    assert LayoutMapping.objects.count() == 2
    freeze(date(2019, 6, 30))
    page.goto(f"{live_server.url}/figures/enrolment.pupils/?period=2019H1")
    expect(page.locator(".xz-number-big")).to_have_text(f"{before + 22}人")
    assert seat.faults == []
