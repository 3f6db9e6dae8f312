"""A day at the desk in a real browser: log in, open a figure, reach its rows, download the report."""

import re
from urllib.parse import unquote

import docx
import openpyxl
import pytest
from playwright.sync_api import expect

from xuezheng.areas.aid.models import Account, Award, Budget
from xuezheng.areas.aid.procedures.propose import propose

pytestmark = pytest.mark.browser


def test_from_login_to_the_report(desk, tmp_path):
    seat = desk("aid", 1440, 900)
    page = seat.page
    page.get_by_role("link", name=re.compile("建档立卡资助学生")).first.click()
    expect(page.locator(".xz-number-big")).to_have_text("3人")
    expect(page.locator("[data-chart] canvas")).to_be_visible()
    page.locator(".xz-chip", has_text="义务教育").click()
    expect(page.get_by_text("2019年上半年 · 义务教育")).to_be_visible()
    page.locator("#rows").get_by_role("link", name=re.compile("学生甲")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("学生甲")
    page.get_by_role("link", name="报告").click()
    page.locator(".xz-paper a", has_text="3人").first.click()
    expect(page.locator(".xz-number-big")).to_have_text("3人")
    page.go_back()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载 Word").click()
    waiting.value.save_as(tmp_path / "report.docx")
    assert any("3人" in paragraph.text for paragraph in docx.Document(tmp_path / "report.docx").paragraphs)
    assert seat.faults == []


def test_searching_filtering_and_adding_up_in_a_register(district, desk, live_server):
    number = district.pupils[0].student_number
    seat = desk("clerk", 1440, 900)
    page = seat.page
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(unquote(request.url)))
    page.goto(f"{live_server.url}/registers/pupil/")
    search = page.get_by_role("main").get_by_label("查找", exact=True)
    search.press_sequentially("学生丙")
    expect(page.locator("#list tbody tr")).to_have_count(1)
    expect(page).to_have_url(re.compile("words="))
    search.fill("")
    expect(page.locator("#list tbody tr")).to_have_count(4)
    page.locator("#list th", has_text="入学日期").get_by_role("link").click()
    expect(page.locator("#list th[aria-sort]")).to_have_text(re.compile("入学日期"))
    # By the keyboard alone: open a heading's filter, choose, filter, and go on from the same heading.
    page.get_by_role("button", name="筛选就读方式").press("Enter")
    page.get_by_label("住校").press("Space")
    page.get_by_label("住校").press("Enter")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    expect(page.get_by_role("button", name="筛选就读方式（已筛选）")).to_be_focused()
    page.get_by_role("link", name="就读方式：住校").click()
    expect(page.locator("#list tbody tr")).to_have_count(4)
    search.press_sequentially(number)
    search.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("学生甲")
    assert not any(number[1:14] in address or "学生丙" in address for address in addresses)
    page.goto(f"{live_server.url}/registers/aid_award/")
    rows = page.locator("#list tbody tr")
    rows.nth(0).get_by_role("checkbox").click()
    rows.nth(1).get_by_role("checkbox").click(modifiers=["Shift"])
    expect(page.locator("#xz-sums")).to_contain_text("已选 2 条")
    expect(page.locator("#xz-sums")).to_contain_text("合计 1,000.00")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="导出所选").click()
    assert waiting.value.suggested_filename.startswith("资助 ")
    rows.nth(0).locator("td").nth(2).click()
    expect(page.locator("#xz-sums")).to_contain_text("已选 1 条")
    page.get_by_role("button", name="取消选择").click()
    expect(page.locator("#xz-selection")).to_be_hidden()
    assert seat.faults == []


ON_A_PHONE = [
    "/",
    "/registers/",
    "/registers/aid_award/",
    "/registers/person/paste/",
    "/registers/person/1/",
    "/figures/",
    "/figures/aid.registered_poor_amount/",
    "/reports/half_year/2019H1/",
]


def test_on_a_phone_nothing_overflows(desk, live_server):
    seat = desk("office", 390, 844)
    page = seat.page
    for address in ON_A_PHONE:
        page.goto(live_server.url + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.get_by_role("button", name="打开导航").click()
    page.get_by_role("link", name="台账").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("台账")
    assert seat.faults == []


def test_large_type_is_kept_fits_a_phone_and_is_not_printed(desk, live_server):
    seat = desk("office", 390, 844)
    page = seat.page
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    usual = page.evaluate(size)
    assert usual == pytest.approx(16, abs=0.01)
    page.get_by_role("button", name="我的账号").click()
    page.get_by_role("button", name="大字").click()
    for address in ON_A_PHONE:
        page.goto(live_server.url + address)
        assert page.evaluate(size) == pytest.approx(1.25 * usual, abs=0.01)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(size) == usual
    assert seat.faults == []


def test_a_finger_finds_targets_of_44_pixels(desk, live_server):
    seat = desk("office", 390, 844, touch=True)
    page = seat.page
    for address in ON_A_PHONE:
        page.goto(live_server.url + address)
        small = page.eval_on_selector_all(
            "a.btn, button.btn, .navbar-toggler, .nav-link, select, input.form-control",
            "nodes => nodes.filter(node => node.checkVisibility() && node.getBoundingClientRect().height < 44)"
            ".map(node => node.outerHTML.slice(0, 120))",
        )
        assert small == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, address
    assert seat.faults == []


@pytest.fixture
def unpaid(district):
    """The district's three awards, not paid yet, with accounts and a budget."""
    Award.objects.update(paid_on=None)
    for award in Award.objects.all():
        Account.objects.create(
            person=award.person, holder=award.person.name, number="6217000000000000001", bank="农商行"
        )
    Budget.objects.create(programme="registered_poor", term=district.term, amount=150_000)


@pytest.fixture
def drawn_up(unpaid, district, users):
    """A list of the three that waits for approval."""
    return propose("registered_poor", district.term, users["aid"]).list.pk


def test_aid_from_the_list_to_the_receipt(unpaid, desk, tmp_path):
    """One draws up, another approves, the file goes to the bank and its answer comes back; each amount has its reason."""
    maker, checker = desk("aid", 1440, 900), desk("office", 390, 844)
    page = maker.page
    page.get_by_role("link", name="资助", exact=True).click()
    page.get_by_role("button", name=re.compile("编制清单")).click()
    expect(page.get_by_role("status")).to_contain_text("已编制：3笔，共1500元")
    page.locator("tbody tr").first.get_by_role("link", name=re.compile("为什么是这个数")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("为什么是500.00元")
    expect(page.get_by_text("2016-09-01起施行")).to_be_visible()
    page.go_back()
    other = checker.page
    other.goto(page.url)
    other.get_by_role("button", name="审批同意").dblclick()
    expect(other.get_by_role("status").first).to_contain_text(re.compile("已审批：3笔|您这次没有改动"))
    other.wait_for_load_state()
    assert other.evaluate("document.documentElement.scrollWidth") <= 390
    page.reload()
    page.get_by_role("button", name="编批送银行").click()
    expect(page.get_by_text("壹仟伍佰元整")).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载银行文件").click()
    waiting.value.save_as(tmp_path / "银行.xlsx")
    book = openpyxl.load_workbook(tmp_path / "银行.xlsx")
    for row in book.active.iter_rows(min_row=5):
        failed = row[1].value == "2"
        row[9].value, row[10].value, row[11].value = (
            ("失败", "户名不符", "") if failed else ("成功", "", "2019-05-20")
        )
    book.save(tmp_path / "回单.xlsx")
    page.get_by_label("回单").set_input_files(tmp_path / "回单.xlsx")
    page.get_by_role("button", name="读入").click()
    expect(page.get_by_role("status")).to_contain_text("2笔发放成功，1笔退回")
    expect(page.locator(".badge", has_text="已退回 1")).to_be_visible()
    assert maker.faults == checker.faults == []


def test_a_hundred_clicks_on_one_button_take_one_step(drawn_up, desk, live_server):
    seat = desk("office", 1440, 900)
    page = seat.page
    page.goto(f"{live_server.url}/aid/lists/{drawn_up}/")
    answers = page.evaluate(
        """async () => {
            const body = new URLSearchParams(new FormData(document.querySelector("button[value=approve]").form));
            body.set("step", "approve");
            const click = () => fetch(location.href, { method: "POST", body, redirect: "manual" });
            return (await Promise.all(Array.from({ length: 100 }, click))).map((answer) => answer.type);
        }"""
    )
    # Each was led back to the list: an error would be an answer of its own.
    assert answers == ["opaqueredirect"] * 100
    page.reload()
    expect(page.locator(".xz-chip")).to_have_text("已审批 3")
    page.get_by_role("link", name=re.compile("为什么是这个数")).first.click()
    expect(page.locator("section", has_text="办理记录").locator(".list-group-item")).to_have_count(2)
    assert seat.faults == []


def test_dark_and_light_follow_the_system_until_chosen_and_stay_chosen(desk, live_server):
    seat = desk("office", 1440, 900)
    page = seat.page
    shown = page.locator("html")
    page.emulate_media(color_scheme="dark")
    page.goto(live_server.url)
    expect(shown).to_have_attribute("data-bs-theme", "dark")
    page.get_by_label("我的账号").click()
    page.get_by_role("button", name="浅色").click()
    expect(shown).to_have_attribute("data-bs-theme", "light")
    page.goto(f"{live_server.url}/figures/")
    expect(shown).to_have_attribute("data-bs-theme", "light")
    page.get_by_label("我的账号").click()
    page.get_by_role("button", name="随系统").click()
    expect(shown).to_have_attribute("data-bs-theme", "dark")
    page.emulate_media(color_scheme="light")
    expect(shown).to_have_attribute("data-bs-theme", "light")
    assert seat.faults == []


def test_a_school_applies_reviews_and_gives_notice(district, desk, live_server):
    seat = desk("clerk", 390, 844)
    page = seat.page
    page.goto(f"{live_server.url}/aid/recognitions/new/")
    page.get_by_label("身份证件号").fill(district.pupils[3].person.id_number)
    page.get_by_label("困难类别").select_option("农村低保")
    page.get_by_label("困难等级").select_option("困难")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_text("下一步请学校评议")).to_be_visible()
    page.goto(f"{live_server.url}/aid/recognitions/?state=applied")
    page.get_by_role("button", name="评议通过所选").click()
    page.locator(".xz-chip", has_text="学校已评议").click()
    page.get_by_role("button", name="公示所选").click()
    expect(page.locator("tbody tr")).to_have_text(re.compile("1学生丁云岭第一小学三年级1班"))
    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载Word").click()
    assert waiting.value.suggested_filename.startswith("困难认定公示 云岭第一小学")
    assert seat.faults == []
