"""From an empty system to the first figure: what each is led to do, in a real browser, for a county of any name and year."""

import re
import shutil

import pytest
from django.utils import timezone
from playwright.sync_api import expect, sync_playwright
from tests.conftest import small_district
from tests.machine import BROWSER, require
from tests.web.conftest import ARGUMENTS, CHROMIUM, PASSWORD, PATIENCE, hashed

from xuezheng.core.data_folder import home
from xuezheng.records.models import User
from xuezheng.web.admin.first_run import first_run_of
from xuezheng.workbooks import sheet_catalogue, write_workbook

pytestmark = pytest.mark.browser


def year(text):
    """The small district's days, five years later."""
    return re.sub(r"20(\d\d)(?=[-秋春])", lambda found: f"20{int(found[1]) + 5:02d}", text)


@pytest.fixture
def people(transactional_db, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    shutil.copy(home() / "keys.json", tmp_path / "home")
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

    def make(name, role, **further):
        return User.objects.create(
            username=name, first_name=name, password=hashed(), role=role, toured_at=timezone.now(), **further
        )

    return make


@pytest.fixture
def browser(assets):
    require(*BROWSER)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


def test_an_empty_system_leads_to_the_first_figure(people, browser, live_server, tmp_path, work):
    people("admin", User.Role.ADMINISTRATOR)

    def log_in(name):
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="zh-CN")
        page.set_default_timeout(PATIENCE)
        page.goto(live_server.url)
        page.get_by_label("账号").fill(name)
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        return page

    admin = log_in("admin")
    expect(admin.get_by_text("下一步：建办公室的账号（系统管理员）")).to_be_visible()
    admin.get_by_role("link", name="打开“账号”").first.click()
    expect(admin.get_by_role("heading", level=1)).to_have_text("账号")
    people("office", User.Role.OFFICE)

    office = log_in("office")
    sheets = small_district()
    for title, following in [
        ("本地信息", "登记学期"), ("学期", "登记学校"), ("学校名册", "登记班级"), ("班级名册", "建科室和各校的账号"),
    ]:  # fmt: skip
        with office.expect_download() as waiting:
            office.get_by_role("link", name=f"下载模板“{title}”").click()
        assert waiting.value.suggested_filename == f"{title}.xlsx"
        _upload(office, live_server, tmp_path, title, [[year(cell) for cell in row] for row in sheets[title]])
        office.goto(live_server.url)
        expect(office.get_by_text(f"下一步：{following}")).to_be_visible()
    people("aid", User.Role.SECTION, section="aid")
    pupils = [
        [*row[:3], *(year(cell) if len(cell) == 10 else cell for cell in row[3:])]
        for row in sheets["学生名册"]
    ]
    pupils = [[*row[:4], old[4], *row[5:]] for row, old in zip(pupils, sheets["学生名册"], strict=True)]
    _upload(office, live_server, tmp_path, "学生名册", pupils)
    office.goto(f"{live_server.url}/start/")
    expect(office.get_by_text("下一步：生成快照，看第一个指标")).to_be_visible()
    office.get_by_role("button", name="生成快照").click()
    expect(office.get_by_role("heading", name="生成快照")).to_be_visible()
    work()
    expect(office.get_by_text("已生成快照")).to_be_visible()
    office.goto(f"{live_server.url}/start/")
    expect(office.get_by_text("全部完成")).to_be_visible()
    office.get_by_role("link", name="看指标").click()
    expect(office.get_by_role("heading", level=1)).to_contain_text("指标")
    expect(office.get_by_text(f"{len(pupils) - 1}人").first).to_be_visible()
    assert first_run_of(User.objects.get(username="office")).is_complete


def _upload(page, live_server, tmp_path, title, rows):
    path = tmp_path / f"{title}-填好.xlsx"
    write_workbook(path, {sheet_catalogue.sheet(title): rows})
    page.goto(f"{live_server.url}/intake/")
    page.get_by_label("工作簿").set_input_files(path)
    page.get_by_role("button", name="上传并预览").click()
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("已导入（批次")).to_be_visible()


def test_who_may_not_take_a_step_is_shown_no_way_to_it(people, client):
    clerk = people("clerk", User.Role.CLERK)
    client.force_login(clerk)
    html = client.get("/start/").content.decode()
    assert "建办公室的账号" in html
    assert "/accounts/" not in html
    assert "下载模板" not in html
    assert 'action="/jobs/freeze/"' not in html
