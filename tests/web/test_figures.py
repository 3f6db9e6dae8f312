"""Figures, the rows behind them, the home page and the report."""

import io
import re
from dataclasses import replace

import docx
import ibis
import pytest

from xuezheng.figures import catalogue
from xuezheng.figures.ratio import parts_of
from xuezheng.snapshots import Snapshot

PAGE = "/figures/aid.registered_poor_pupils/?period=2019H1"


def text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def page(as_user, snapshot):
    return lambda user, address: text(as_user(user).get(address))


def test_a_figure_shows_its_value_meaning_parts_and_rows(page):
    html = page("office", PAGE)
    assert "3人" in html
    assert "政策依据" in page("office", PAGE.replace("_pupils", "_amount"))
    assert 'id="chart"' in html
    assert "义务教育" in html
    assert all(name in html for name in ("学生甲", "学生乙", "学生戊"))
    assert "/registers/aid_award/5/" in html


def test_a_slice_leads_to_its_rows(page):
    html = page("office", f"{PAGE}&school=2")
    assert "1人" in html
    assert "学生戊" in html
    assert "学生甲" not in html
    assert "松溪小学" in html


def test_a_clerk_sees_the_number_and_the_own_rows(page):
    html = page("clerk", PAGE)
    assert "3人" in html
    assert all(name in html for name in ("学生甲", "学生乙"))
    assert "学生戊" not in html
    assert "其中 1 行不在您的查看范围内" in html


def test_a_leader_sees_the_number_without_persons(page):
    html = page("leader", PAGE)
    assert "3人" in html
    assert "学生甲" not in html
    assert "其中 3 行不在您的查看范围内" in html


def test_a_period_without_rows_has_no_data(page):
    assert "无数据" in page("office", PAGE.replace("2019H1", "2018H2"))


def test_an_unreadable_period_is_said(page):
    assert "无法识别时期" in page("office", PAGE.replace("2019H1", "someday"))


def test_rows_turn_their_pages_alone(as_user, snapshot):
    html = text(as_user("office").get(f"{PAGE}&page=2", headers={"HX-Request": "true"}))
    assert "<html" not in html
    assert "学生甲" in html


def test_the_catalogue_lists_every_figure_by_section(page):
    html = page("leader", "/figures/?period=2019H1")
    assert "学生资助管理中心" in html
    assert "/figures/aid.registered_poor_pupils/?period=2019H1" in html


@pytest.mark.parametrize("wanted", ["JDLKZZXS", "建档立卡 学生 一人多笔计一人"])
def test_the_catalogue_is_searched_by_initials_and_by_words_of_the_definition(as_user, snapshot, wanted):
    response = as_user("leader").get(
        "/figures/", {"period": "2019H1", "q": wanted}, headers={"HX-Request": "true"}
    )
    html = text(response)
    assert "<html" not in html
    assert "/figures/aid.registered_poor_pupils/?period=2019H1" in html
    assert "/figures/enrolment.pupils/" not in html


def test_the_catalogue_says_when_nothing_fits(page):
    assert "没有名称或口径里有“查无此数”的指标" in page("leader", "/figures/?q=查无此数")


def test_the_home_page_tells_key_figures_and_imports(page):
    html = page("office", "/")
    assert "云岭区教育局" in html
    assert "/figures/aid.registered_poor_pupils/?period=2019H1" in html
    assert "学生名册-春.xlsx" in html
    assert "学生名册-春.xlsx" not in page("clerk", "/")


def test_each_number_of_the_report_opens_its_figure(page):
    html = page("leader", "/reports/half_year/2019H1/")
    assert 'href="/figures/aid.registered_poor_pupils/?period=2019H1"' in html


def test_the_report_is_handed_out_as_word(as_user, snapshot):
    response = as_user("leader").get("/reports/half_year/2019H1/docx/")
    document = docx.Document(io.BytesIO(b"".join(response.streaming_content)))
    assert any("3人" in paragraph.text for paragraph in document.paragraphs)
    assert "attachment" in response["Content-Disposition"]


@pytest.fixture
def younger_figure(monkeypatch, snapshot):
    """A figure that reads a column which no snapshot has."""
    figure = catalogue.figure("aid.registered_poor_pupils")
    Snapshot.latest().caches.clear()
    with monkeypatch.context() as patch:
        younger = replace(figure.calculation, where=ibis._.of_a_later_version == 1)
        patch.setattr(figure, "calculation", younger)
        yield
    Snapshot.latest().caches.clear()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/figures/?period=2018",
        "/figures/aid.registered_poor_pupils/?period=2018",
        "/plan/?period=2019H1",
    ],
)
def test_a_snapshot_from_before_a_figures_column_hides_only_that_figure(page, younger_figure, address):
    html = page("office", address)
    assert "快照未收录" in html or "还没有“建档立卡资助学生”所需的列" in html


def test_the_other_figures_are_there_beside_one_that_the_snapshot_is_too_old_for(page, younger_figure):
    html = page("office", "/figures/?period=2019H1")
    resting_on_it = [
        figure
        for figure in catalogue.figures().values()
        if any(part.key == "aid.registered_poor_pupils" for part in parts_of(figure))
    ]
    assert html.count("快照未收录") == len(resting_on_it)
    assert "在校学生" in html


def test_two_periods_stand_beside_each_other_by_the_members_of_a_dimension(page):
    html = page("office", f"{PAGE}&by=school&than=2018H2")
    assert "2019年上半年与2018年下半年对比" in html
    assert 'id="pairs"' in html
    row = html.partition("云岭第一小学</a></td>")[2].partition("</tr>")[0]
    assert re.findall("<td.*?</td>", row)[:2] == [
        '<td class="num"><span class="xz-none">没有</span></td>', '<td class="num">2人</td>',
    ]  # fmt: skip
    assert "对比" in page("office", f"{PAGE}&than=someday")
