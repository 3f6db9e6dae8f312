"""The search box: anything by its words or initials, people by name, each as far as the user may open it."""

import re

import pytest
from playwright.sync_api import expect

from xuezheng.linkage.names import initials
from xuezheng.records.models import Person


def found(client, text):
    response = client.post("/search/", {"q": text}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return re.findall(r'<a href="([^"]*)"><span>([^<]*)</span>', response.content.decode())


def titles(client, text):
    return [title for _, title in found(client, text)]


@pytest.mark.parametrize(("text", "letters"), [("建档立卡", "jdlk"), ("3岁 A班", "3s ab"), ("", "")])
def test_initials_are_those_of_the_pinyin(text, letters):
    assert initials(text.lower()) == letters


@pytest.mark.parametrize("text", ["建档立卡资助学生", "建档立卡资助", "jdlkzz", "JDLKZZXS"])
def test_a_figure_is_found_by_its_words_and_by_initials(as_user, text):
    assert found(as_user("leader"), text)[0] == ("/figures/aid.registered_poor_pupils/", "建档立卡资助学生")


def test_what_begins_with_the_words_comes_first(as_user):
    listed = titles(as_user("office"), "学生")
    first_register = next(
        title for address, title in found(as_user("office"), "学生") if "/registers/" in address
    )
    assert first_register.startswith("学生")
    assert "在校学生" in listed


def test_people_are_found_only_where_they_may_be_seen(as_user):
    assert titles(as_user("office"), "学生")[-1].startswith("学生")
    assert "学生戊" in titles(as_user("office"), "学生戊")
    assert "学生甲" in titles(as_user("clerk"), "学生甲")
    assert "学生戊" not in titles(as_user("clerk"), "学生戊")
    assert "学生甲" not in titles(as_user("leader"), "学生甲")


def test_a_whole_id_number_finds_its_person_and_is_not_shown(as_user):
    number = Person.objects.get(pk=1).id_number
    response = as_user("office").post("/search/", {"q": number}, headers={"HX-Request": "true"})
    assert "学生甲" in response.content.decode()
    assert number not in response.content.decode()
    assert titles(as_user("clerk"), Person.objects.get(pk=5).id_number) == []


def test_registers_and_templates_are_offered_only_to_those_who_may_use_them(as_user):
    assert "学生名册" in titles(as_user("clerk"), "学生名册")
    assert "学生名册" not in titles(as_user("leader"), "学生名册")


def test_an_address_brings_no_words(as_user):
    page = as_user("office").get("/search/?q=学生甲").content.decode()
    assert "学生甲" not in page


def test_nothing_found_says_how_to_search_on(as_user):
    page = as_user("office").post("/search/", {"q": "<b>没有这样的东西"}).content.decode()
    assert "没有找到" in page
    assert "<b>没有" not in page
    assert "拼音首字母" in page


@pytest.mark.browser
def test_from_any_page_by_the_keyboard(desk, live_server):
    seat = desk("office", 1440, 900)
    page = seat.page
    page.goto(f"{live_server.url}/plan/")
    page.keyboard.press("Control+k")
    page.keyboard.type("jdlkzzxs")
    expect(page.locator("#xz-hits a").first).to_have_text(re.compile("建档立卡资助学生"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("建档立卡资助学生")
    page.wait_for_load_state()  # the heading is there before the script that listens
    page.keyboard.press("Control+k")
    page.keyboard.type("学生甲")
    expect(page.locator("#xz-hits a", has_text="学生甲")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("学生甲")
    assert "%E5%AD%A6%E7%94%9F" not in page.url
    assert seat.faults == []
