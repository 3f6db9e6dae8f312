"""A list on paper: every row of the filter, what it is, who printed it and when; masked, noted, and within a limit."""

import re

import pytest

from xuezheng.records.models import Look
from xuezheng.web.registers import printing
from xuezheng.web.security import access_log

PUPILS = "/registers/pupil/print/"


def page(response):
    assert response.status_code == 200
    return response.content.decode()


def names(html):
    return re.findall(r"<td[^>]*>(学生.)</td>", html)


def test_all_rows_of_the_filter_are_printed_whatever_the_page_shows(as_user, district):
    html = page(as_user("office").post(f"{PUPILS}?size=2", {}))
    assert len(names(html)) == 6
    assert "共6行。没有筛选" in html
    assert re.search(r"[0-9-]{10} [0-9:]{5}由\S+打印。", html)
    assert "签名</th>" not in html
    assert len(names(page(as_user("office").post(f"{PUPILS}?class_group__school=2", {})))) < 6


def test_selected_rows_are_printed_with_room_to_sign(as_user, district):
    html = page(as_user("office").post(PUPILS, {"rows": "1,3", "sign": "1"}))
    assert len(names(html)) == 2
    assert "只含所选的行" in html
    assert html.count('class="xz-sign"') == 3


def test_numbers_stay_masked_and_the_persons_are_noted(as_user, users, district):
    html = page(as_user("office").post(f"{PUPILS}?columns=person,person__id_number", {}))
    assert "证件号按规定遮盖" in html
    assert not re.search(r"[0-9]{17}[0-9X]", html)
    access_log.file_away()
    access = Look.objects.latest("pk")
    assert access.what == "打印：学生"


def test_a_clerk_prints_the_own_school_alone(as_user, district):
    html = page(as_user("clerk").post(PUPILS, {"rows": "1,2,3,4,5,6"}))
    assert "学生戊" not in html
    assert "学生甲" in html


@pytest.mark.parametrize(("limit", "refused"), [(5, True), (6, False)])
def test_too_many_rows_are_refused_with_a_remedy(as_user, district, monkeypatch, limit, refused):
    monkeypatch.setattr(printing, "MOST_AT_ONCE", limit)
    html = page(as_user("office").post(PUPILS, {}, follow=True))
    assert ("一次最多打印5条，这里有6条。请先筛选" in html) is refused
