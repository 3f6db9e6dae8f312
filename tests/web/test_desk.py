"""Home is a desk: each role finds its own numbers, what waits, the days that come and imports that are not counted yet."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from xuezheng.records.models import Batch
from xuezheng.web.answers.desk import _line
from xuezheng.web.ui.area_pages import Highlight


def page(client):
    return client.get("/").content.decode()


def labels(html):
    """The labels of the numbers of the reader's work."""
    section = html.partition('aria-label="我的工作"')[2].partition("</section>")[0]
    return re.findall(r'<span class="text-secondary">([^<]+)</span>', section)


def test_a_clerk_finds_the_numbers_of_the_school(as_user, snapshot, district):
    html = page(as_user("clerk"))
    assert labels(html)[0] == "在校学生"
    assert len(labels(html)) == 6
    assert '<h2 class="card-title">云岭第一小学</h2>' in html
    section = html.partition('aria-label="我的工作"')[2]
    assert re.search(r'href="/figures/enrolment.pupils/[^"]*school=1[^"]*"', section)
    assert "4人" in section
    assert "松溪小学" not in html


def test_a_section_finds_its_own_and_who_looks_after_all_the_district(as_user, snapshot):
    assert labels(page(as_user("aid")))[:2] == ["建档立卡资助学生", "建档立卡资助金"]
    assert labels(page(as_user("leader"))) == [
        "在校学生", "在职教职工", "建档立卡资助覆盖率", "一般公共预算教育支出执行率", "综合达标学校比例", "安全隐患整改率",
    ]  # fmt: skip


def test_an_administrator_finds_the_system(as_user, snapshot):
    html = page(as_user("administrator"))
    system = html.partition('aria-label="系统状态"')[2].partition("</section>")[0]
    for title in ("账号", "备份", "后台任务", "磁盘", "版本"):
        assert f"<span>{title}</span>" in system
    assert "7个在用" in system
    assert 'aria-label="系统状态"' not in page(as_user("office"))


def test_imports_that_no_snapshot_has_are_told(as_user, snapshot, users):
    Batch.objects.update(made_at=timezone.now() - timedelta(days=1))
    assert "还没有计入" not in page(as_user("office"))
    later = [Batch.objects.create(file_name=f"{n}.xlsx", content_sha256="1" * 64, made_by=users["office"], sheets=[]) for n in "甲乙丙"]  # fmt: skip
    Batch.objects.filter(pk__in=[batch.pk for batch in later]).update(
        made_at=timezone.now() + timedelta(hours=1)
    )
    Batch.objects.filter(pk=later[0].pk).update(undone_at=timezone.now())
    html = page(as_user("office"))
    assert "台账有2次导入还没有计入指标和报告。" in html
    assert 'action="/jobs/freeze/"' in html
    html = page(as_user("leader"))
    assert "台账有2次导入" in html
    assert 'action="/jobs/freeze/"' not in html
    assert "还没有计入" not in page(as_user("clerk"))


def test_the_days_that_come_are_told_within_a_month(as_user, snapshot, district):
    html = page(as_user("aid"))
    due = html.partition("近期期限")[2].partition("</section>")[0]
    assert "计划第10项：教育扶贫" in due
    assert "已过6月30日" in due
    assert "近期期限" not in page(as_user("clerk"))


def test_every_page_tells_how_many_things_wait(as_user, snapshot, district):
    cache.clear()
    client = as_user("aid")
    number = int(re.search(r'aria-label="([0-9]+)项待办"', client.get("/plan/").content.decode())[1])
    assert number == page(client).count("xz-todo-title") > 0


def test_without_a_snapshot_the_desk_says_so(as_user, district, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path / "empty"))
    html = page(as_user("leader"))
    assert labels(html) == []
    assert as_user("clerk").get("/").status_code == 200


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((None, None, None, 4), ""),
        ((1, 1, 1, 1), "0,22 33,22 67,22 100,22"),
        ((0, None, 5, 10), "0,22 67,12 100,2"),
    ],
)
def test_a_line_has_a_point_for_each_known_value(monkeypatch, values, expected):
    class Point:
        def __init__(self, value):
            self.answer = None if value is None else self
            self.number = lambda: value

    monkeypatch.setattr("xuezheng.web.answers.desk.trend", lambda *args: [Point(value) for value in values])
    assert _line(Highlight("enrolment.pupils"), [None] * 4) == expected


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("office", "松溪", "松溪小学"),
        ("office", "sxxx", "松溪小学"),
        ("office", "2134990002", "松溪小学"),
        ("clerk", "第一小学", "云岭第一小学"),
        ("office", "账号变动", None),
        ("auditor", "账号变动", "账号变动"),
        ("office", "通知", "通知"),
        ("office", "含在园幼儿", "在校学生"),
    ],
)
def test_the_search_finds_schools_pages_and_figures_by_their_words(as_user, snapshot, name, words, expected):
    html = as_user(name).post("/search/", {"q": words}).content.decode()
    titles = re.findall(r'<a class="list-group-item[^>]*>\s*<[^>]*>?([^<]+)<', html) + re.findall(
        r">([^<>]+)<", html
    )
    assert (expected in titles) if expected else ("账号变动" not in titles)


def test_a_clerk_finds_no_other_school(as_user, snapshot):
    assert "松溪小学" not in as_user("clerk").post("/search/", {"q": "松溪"}).content.decode().replace(
        'value="松溪"', ""
    )
