"""Help: the tour of the first login, and a sheet of A4 for each role."""

import re

import pytest
from playwright.sync_api import expect

from xuezheng.records.models import User
from xuezheng.web.home.help import SHEETS


def test_the_tour_is_shown_until_it_has_been_seen(as_user, users, snapshot):
    User.objects.update(toured_at=None)
    for name in users:
        assert "xz-tour-stops" in as_user(name).get("/").content.decode()
    assert as_user("clerk").post("/help/toured/").status_code == 204
    assert "xz-tour-stops" not in as_user("clerk").get("/").content.decode()
    assert "xz-tour-stops" in as_user("clerk").get("/?tour=1").content.decode()
    assert "xz-tour-stops" in as_user("aid").get("/").content.decode()


@pytest.mark.parametrize("role", SHEETS)
def test_each_role_has_a_sheet(as_user, role):
    assert f"{SHEETS[role]}：一页纸" in as_user("clerk").get(f"/help/{role}/").content.decode()


def test_ones_own_sheet_comes_first(as_user):
    html = as_user("leader").get("/help/").content.decode()
    assert re.findall(r'href="/help/([a-z]+)/"', html)[-7:][0] == "leader"


@pytest.mark.browser
def test_the_tour_walks_through_the_page_and_each_sheet_is_one_page_of_paper(desk, live_server):
    seat = desk("office", 1440, 900)
    page = seat.page
    tour = page.locator("#xz-tour")
    page.goto(f"{live_server.url}/?tour=1")
    for title in ("待办", "指标", "报告", "计划", "搜索", "帮助在这里"):
        tour.get_by_role("button", name="下一步").click()
        expect(tour.get_by_role("heading")).to_have_text(title)
        expect(page.locator(".xz-lit")).to_have_count(1)
    with page.expect_response("**/help/toured/"):
        tour.get_by_role("button", name="开始使用").click()
    expect(tour).to_be_hidden()
    for role in SHEETS:
        page.goto(f"{live_server.url}/help/{role}/")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1, role
    assert seat.faults == []


def test_a_question_mark_tells_how_a_field_is_filled_and_by_which_sheet(as_user):
    for page in ("/registers/pupil/1/", "/registers/pupil/"):
        html = as_user("office").get(page).content.decode()
        assert 'aria-label="入学日期：说明"' in html
        assert "日期，如2019-02-25。" in html
        assert "由工作簿填写：“学生名册”的“入学日期”" in html
        assert "加密保存，页面上遮住中间几位。" in html


def test_a_record_leads_to_the_aid_of_its_person_by_right(as_user, district):
    address = f'href="/aid/people/{district.pupils[0].person_id}/"'
    for register in ("pupil", "person", "aid_award"):
        assert address in as_user("aid").get(f"/registers/{register}/1/").content.decode()
    assert address not in as_user("aid").get("/registers/school/1/").content.decode()
