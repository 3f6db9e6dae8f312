"""Sections ask schools for sheets on a page; a school sees its own task and answers it."""

import re
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from playwright.sync_api import expect

from xuezheng.areas.aid.models import Award
from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.records.models import Collection, School, Standing, Submission
from xuezheng.workbooks import sheet_catalogue

AWARDS = "资助发放名单"
NEW = "/intake/collections/new/"


@pytest.fixture
def collection(district):
    sheets = [sheet_catalogue.sheet(AWARDS)]
    return collecting.open_collection(
        "春季资助名单", Period.parse("2019春"), "aid", sheets, School.objects.all(), date(2019, 6, 20)
    )


@pytest.fixture
def own(collection):
    return f"/intake/submissions/{collection.submissions.get(school=1).pk}/"


@pytest.fixture
def foreign(collection):
    return f"/intake/submissions/{collection.submissions.get(school=2).pk}/"


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def asked(**changes):
    told = {
        "title": "名单",
        "period": "2019春",
        "due_on": "2019-06-20",
        "sheets": [AWARDS],
        "schools": [1, 2],
    }
    return {**told, **changes}


def test_a_section_asks_schools_for_its_sheets(as_user):
    client = as_user("aid")
    page = text(client.get(NEW))
    assert AWARDS in page
    assert 'value="学生名册"' not in page
    html = text(client.post(NEW, asked(), follow=True))
    assert "2所学校登录后即可看到" in html
    opened = Collection.objects.get()
    assert (opened.section, opened.period, opened.submissions.count()) == ("aid", "2019春", 2)
    assert "已有名为“名单”的填报任务" in text(client.post(NEW, asked()))
    assert "无法识别时期“春”" in text(client.post(NEW, asked(title="又一", period="春")))
    assert Collection.objects.count() == 1


def test_neither_leaders_nor_schools_ask(as_user):
    for name in ("leader", "clerk"):
        assert as_user(name).get(NEW).status_code == 403
        assert as_user(name).post(NEW, asked()).status_code == 403


def test_a_clerk_sees_the_task_of_the_own_school_only(as_user, collection, own, foreign):
    client = as_user("clerk")
    assert "春季资助名单" in text(client.get("/intake/"))
    assert client.get(f"/intake/collections/{collection.pk}/")["Location"] == own
    assert "下载本校工作簿" in text(client.get(own))
    for address in (foreign, f"{foreign}workbook/"):
        assert client.get(address).status_code == 404
    assert client.post(foreign, {}).status_code == 404
    assert client.post(f"/intake/collections/{collection.pk}/").status_code == 302
    collection.refresh_from_db()
    assert collection.closed_on is None


def test_leaders_see_how_far_schools_are_and_get_no_workbook(as_user, collection, own):
    client = as_user("leader")
    page = text(client.get(f"/intake/collections/{collection.pk}/"))
    assert "未开始 2" in page
    assert "代填" not in page
    assert client.get(own).status_code == 403
    assert client.get(f"{own}workbook/").status_code == 403
    assert client.post(f"/intake/collections/{collection.pk}/").status_code == 403


def test_a_section_answers_on_a_schools_behalf_and_closes_its_collection(as_user, collection, foreign):
    client = as_user("aid")
    content = b"".join(client.get(f"{foreign}workbook/").streaming_content)
    preview = client.post(foreign, {"file": SimpleUploadedFile("代填.xlsx", content)})["Location"]
    assert "与台账完全一致。如果台账中的内容都对，请提交" in text(client.get(preview))
    assert "“春季资助名单”已上报" in text(client.post(preview, {"decision": "commit"}, follow=True))
    page = text(client.post(f"/intake/collections/{collection.pk}/", follow=True))
    assert "不再接收" in page
    assert "无变化" in page
    refused = text(client.post(foreign, {"file": SimpleUploadedFile("再.xlsx", content)}))
    assert "如需补报，请联系" in refused


def test_a_section_reminds_schools_and_those_that_have_not_reported_see_it(as_user, collection, own):
    client, address = as_user("aid"), f"/intake/collections/{collection.pk}/"
    assert "催报2所学校" in text(client.get(address))
    assert "催报" not in text(as_user("clerk").get(own))
    html = text(client.post(address, {"remind": "1"}, follow=True))
    day = timezone.localdate()
    words = f"{day.month}月{day.day}日催报"
    assert f"{words}过" in html
    assert "催报2所学校" not in html  # once a day
    collection.refresh_from_db()
    assert (collection.reminded_on, collection.closed_on) == (day, None)
    clerk = as_user("clerk")
    assert f"资助管理中心{words}，请尽快上报。" in text(clerk.get(own))
    assert f"未开始，{words}" in text(clerk.get("/"))
    collection.submissions.filter(school=1).update(reported_on=day)
    assert "催报" not in text(clerk.get(own))
    Collection.objects.update(reminded_on=day - timedelta(days=1))
    assert "催报1所学校" in text(client.get(address))
    for name in ("leader", "clerk"):
        as_user(name).post(address, {"remind": "1"})
    collection.refresh_from_db()
    assert collection.reminded_on == day - timedelta(days=1)


def test_a_task_that_closes_before_the_commit_is_told(as_user, collection, foreign):
    client = as_user("aid")
    content = b"".join(client.get(f"{foreign}workbook/").streaming_content)
    preview = client.post(foreign, {"file": SimpleUploadedFile("代填.xlsx", content)})["Location"]
    collecting.close(collection)
    assert "已经结束" in text(client.post(preview, {"decision": "commit"}, follow=True))
    assert Submission.objects.get(school=2).standing is Standing.BEGUN


def test_query_counts(as_user, collection, own, django_assert_num_queries):
    client = as_user("aid")
    client.get("/intake/")
    # Session, user, jobs, the collection, the submissions with schools and imports.
    with django_assert_num_queries(6):
        client.get(f"/intake/collections/{collection.pk}/")
    # Session, user, jobs, the submission with what it belongs to.
    with django_assert_num_queries(5):
        client.get(own)


def test_the_pages_are_closed(as_user, collection, own, assert_closed):
    client = as_user("aid")
    for address in (NEW, f"/intake/collections/{collection.pk}/", own):
        assert_closed(client.get(address))


@pytest.mark.browser
def test_from_asking_to_undoing(desk, live_server, tmp_path, monkeypatch):
    # The browser's driver runs a loop in this thread, for which Django would refuse to look into the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    before = list(Award.objects.order_by("pk").values())
    section = desk("aid", 1440, 900)
    page = section.page
    page.goto(f"{live_server.url}/intake/")
    page.get_by_role("link", name="新建").click()
    page.get_by_label("任务名称").fill("春季资助名单")
    page.get_by_label("统计期").fill("2019春")
    page.get_by_label("截止日期").fill("2030-06-20")
    page.get_by_label(AWARDS, exact=True).check()
    page.get_by_role("button", name="发布").click()
    expect(page.get_by_text("未开始 2", exact=True)).to_be_visible()
    board = page.url

    clerk = desk("clerk", 390, 844)
    desk_page = clerk.page
    desk_page.goto(f"{live_server.url}/intake/")
    desk_page.get_by_role("link", name="春季资助名单").click()
    desk_page.wait_for_load_state()
    assert desk_page.evaluate("document.documentElement.scrollWidth") <= 390
    with desk_page.expect_download() as waiting:
        desk_page.get_by_role("link", name="下载本校工作簿").click()
    workbook = tmp_path / "本校.xlsx"
    waiting.value.save_as(workbook)

    def fill(amount):
        book = openpyxl.load_workbook(workbook)
        sheet = book[AWARDS]
        titles = [cell.value for cell in sheet[1]]
        place = next(number for number, title in enumerate(titles, 1) if "金额" in title)
        sheet.cell(2, place).value = amount
        book.save(workbook)

    def hand_in():
        desk_page.get_by_label("工作簿").set_input_files(workbook)
        desk_page.get_by_role("button", name="上传并预览").click()

    fill("五百")
    hand_in()
    expect(desk_page.get_by_text("有1处错误，不能提交。")).to_be_visible()
    with desk_page.expect_download() as waiting:
        desk_page.get_by_role("link", name="下载标出问题的工作簿").click()
    waiting.value.save_as(workbook)
    assert "问题汇总" in openpyxl.load_workbook(workbook).sheetnames
    page.goto(board)
    expect(page.get_by_text("有问题 1", exact=True)).to_be_visible()

    fill("450")
    desk_page.goto(f"{live_server.url}/intake/")
    desk_page.get_by_role("link", name="春季资助名单").click()
    hand_in()
    expect(desk_page.locator("del", has_text="500")).to_be_visible()
    desk_page.get_by_role("button", name="提交上报").click()
    expect(desk_page.get_by_text("“春季资助名单”已上报")).to_be_visible()
    assert Award.objects.filter(amount=45_000).count() == 1

    page.goto(board)
    expect(page.get_by_text("已上报 1", exact=True)).to_be_visible()
    page.get_by_role("link", name="批次").click()
    page.get_by_text("撤销这次导入").click()
    page.get_by_role("button", name="撤销批次").click()
    expect(page.get_by_text(re.compile("已撤销：")).first).to_be_visible()
    kept = [{**row, "batch_id": None} for row in Award.objects.order_by("pk").values()]
    assert kept == [{**row, "batch_id": None} for row in before]
    page.goto(board)
    expect(page.get_by_text("已撤销 1", exact=True)).to_be_visible()
    assert (section.faults, clerk.faults) == ([], [])
