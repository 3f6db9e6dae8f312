"""The pupil's way in a real browser, through the roles: a transfer, an absence until the return, and a season from applications to class rolls."""

import shutil
from datetime import date

import pytest
from django.utils import timezone
from openpyxl import load_workbook
from playwright.sync_api import expect
from tests.conftest import citizen_id
from tests.web.test_browser_mapping import commit, upload

from xuezheng.areas.enrolment.models import Absence, Draw
from xuezheng.records.models import EnrolmentEvent, Pupil, User
from xuezheng.snapshots import freeze
from xuezheng.workbooks import sheet_catalogue, write_workbook

pytestmark = pytest.mark.browser

SEED = "051218222633"
OWN, OTHER = "2134990001", "2134990002"


@pytest.fixture
def snapshot(frozen, tmp_path, monkeypatch):
    """A data folder of its own: the tests add snapshots."""
    shutil.copytree(frozen, tmp_path / "home")
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # the browser's driver runs a loop in this thread


@pytest.fixture
def send(live_server, tmp_path):
    """Upload a sheet of rows and commit it."""

    def upload_and_commit(page, title, rows):
        file = tmp_path / f"{title}.xlsx"
        write_workbook(file, {sheet_catalogue.sheet(title): rows})
        upload(page, live_server, file)
        commit(page)

    return upload_and_commit


def child(order, born="2009-05-12"):
    """The texts of a new child: name, sex, birth date, document, number."""
    sex = "男女"[order % 2]
    return [
        f"新生{'甲乙丙丁戊己庚辛壬癸'[order % 10]}",
        sex,
        born,
        "居民身份证",
        citizen_id(order, born, sex),
    ]


def enrolled(page, send, *orders):
    rows = []
    for order in orders:
        about = child(order)
        rows.append([OWN, "三年级1班", *about, f"G{about[-1]}", "349900", "走读", "2016-09-01", ""])
    send(page, "学生名册", rows)


def number_of(page, live_server, figure, period):
    page.goto(f"{live_server.url}/figures/{figure}/?period={period}")
    return page.locator(".xz-number-big")


def test_a_transfer_leaves_one_school_and_reaches_the_other(desk, live_server, district, send):
    clerk = desk("clerk", 1440, 900)
    enrolled(clerk.page, send, 1, 2)
    name, number = child(1)[0], child(1)[-1]
    office = desk("office", 1440, 900)
    move = [name, number, "2019-03-18", "本地转学", "", "", OTHER, "三年级1班", "", "", "2019-03-05", "随父母搬迁", "转字〔2019〕1号"]  # fmt: skip
    send(office.page, "学籍异动表", [move])
    pupil = Pupil.objects.get(person__name=name)
    assert pupil.class_group.school.code == OTHER
    event = EnrolmentEvent.objects.get(kind="transfer")
    assert (event.from_class.school.code, event.to_class.school.code) == (OWN, OTHER)
    clerk.page.goto(f"{live_server.url}/registers/pupil/")
    expect(clerk.page.get_by_text("新生丙")).to_be_visible()
    expect(clerk.page.get_by_text(name)).to_have_count(0)
    freeze(date(2019, 6, 30))
    leader = desk("leader", 390, 844)
    for day, here, there in (("2019-03-17", "2人", "0人"), ("2019-03-18", "1人", "1人")):
        for school, expected in (("云岭第一小学", here), ("松溪小学", there)):
            key = {"云岭第一小学": 1, "松溪小学": 2}[school]
            leader.page.goto(f"{live_server.url}/figures/enrolment.roll/?period={day}&school={key}")
            expect(leader.page.locator(".xz-number-big")).to_have_text(expected)
    expect(number_of(leader.page, live_server, "enrolment.departures", "2019H1")).to_have_text("1人次")
    assert [seat.faults for seat in (clerk, office, leader)] == [[], [], []]


def test_an_absent_pupil_is_suspected_persuaded_and_returns(desk, live_server, district, send):
    clerk = desk("clerk", 390, 844)
    enrolled(clerk.page, send, 3, 4)
    name, number = child(3)[0], child(3)[-1]
    absence = [name, number, OWN, "小学", "2019-05-06", "2019-05-08", "随父母在外地", "程老师", "", "", ""]
    send(clerk.page, "未到校学生台账", [absence])
    freeze(date(2019, 5, 31))
    office = desk("office", 1440, 900)
    suspected = "enrolment.suspected_dropouts"
    expect(number_of(office.page, live_server, suspected, "2019-05-12")).to_have_text("无数据")
    expect(number_of(office.page, live_server, suspected, "2019-05-13")).to_have_text("1人")
    send(clerk.page, "劝返记录表", [[name, number, OWN, "2019-05-14", "家访", "程老师", "答应返校"]])
    send(clerk.page, "未到校学生台账", [[*absence[:-2], "已返校", "2019-05-20"]])
    assert Absence.objects.get().cleared_on == date(2019, 5, 20)
    freeze(date(2019, 6, 30))
    leader = desk("leader", 1440, 900)
    expect(number_of(leader.page, live_server, "enrolment.returned_pupils", "2019H1")).to_have_text("1人")
    expect(number_of(leader.page, live_server, "enrolment.persuasions", "2019H1")).to_have_text("1次")
    expect(number_of(leader.page, live_server, suspected, "2019-05-20")).to_have_text("无数据")
    assert [seat.faults for seat in (clerk, office, leader)] == [[], [], []]


def test_a_season_from_applications_to_class_rolls(
    desk, live_server, district, users, send, password, tmp_path
):
    year = timezone.localdate().year
    User.objects.create(
        username="enrol", password=users["office"].password, toured_at=users["office"].toured_at,
        role=User.Role.SECTION, section="enrolment",
    )  # fmt: skip
    office = desk("office", 1440, 900)
    page = office.page
    send(page, "招生计划表", [[OWN, "小学", str(year), "2", "3", ""]])
    born = f"{year - 7}-05-12"
    tiers = ("户籍与房产一致", "有户籍无房产", "有房产无户籍", "随迁子女（居住证）")
    children = [child(order, born) for order in range(10, 18)]
    send(
        page, "入学报名表",
        [[*about, "349900", OWN, "小学", str(year), f"B{place:03}", f"{year}-06-15", tiers[place % 4], "", "东溪社区", "", "云岭幼儿园", "否", "", ""]
         for place, about in enumerate(children)],
    )  # fmt: skip
    season = f"{live_server.url}/enrolment/season/{year}/primary/"
    page.goto(season)
    page.get_by_role("link", name="派位", exact=True).click()
    second = desk("enrol", 390, 844)

    def draw(expected):
        page.get_by_label("种子数取自").fill("某日公开号码")
        page.get_by_label("产生日期").fill("2099-12-31")
        page.get_by_role("button", name="固定名单").click()
        expect(page.get_by_text("请现在就公布名单文件和校验值")).to_be_visible()
        Draw.objects.update(seed_on=timezone.localdate())  # the day has come
        page.reload()
        page.get_by_label("种子数", exact=True).fill(SEED)
        page.get_by_role("button", name="录入种子数").click()
        expect(page.get_by_text("已录种子数，待复录").first).to_be_visible()
        second.page.goto(page.url)
        second.page.get_by_label("种子数", exact=True).fill(SEED)
        second.page.get_by_role("button", name="再录一遍，出结果").click()
        expect(second.page.get_by_text(expected)).to_be_visible()

    draw("录取6人，候补2人。现在重算，与当时一致。")
    page.goto(season)
    page.get_by_role("link", name="编班", exact=True).click()
    draw("1班3人，2班3人。现在重算，与当时一致。")
    page.goto(page.url)
    with page.expect_download() as download:
        page.get_by_role("link", name="分班名册").click()
    download.value.save_as(tmp_path / "分班名册.xlsx")
    assert office.faults == second.faults == []
    # The school adds the student numbers, and the children are on its roll.
    book = load_workbook(tmp_path / "分班名册.xlsx")
    sheet = book["学生名册"]
    titles = [cell.value for cell in sheet[1]]
    identity, student = (next(place for place, title in enumerate(titles, 1) if title and name in title) for name in ("身份证件号", "学籍号"))  # fmt: skip
    for row in range(2, sheet.max_row + 1):
        if sheet.cell(row, identity).value:
            sheet.cell(row, student).value = f"G{sheet.cell(row, identity).value}"
    book.save(tmp_path / "分班名册.xlsx")
    clerk = desk("clerk", 1440, 900)
    upload(clerk.page, live_server, tmp_path / "分班名册.xlsx")
    commit(clerk.page)
    entered = Pupil.objects.filter(class_group__name__in=["一年级1班", "一年级2班"])
    assert entered.count() == 6
    assert EnrolmentEvent.objects.filter(kind="entry", person__in=entered.values("person")).count() == 6
    assert clerk.faults == []
