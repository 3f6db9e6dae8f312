"""Code lists on the pages: a section adds a category, a track and a contest, another approves, and workbooks offer and accept them."""

import re
from dataclasses import replace
from datetime import date

import openpyxl
import pytest
from playwright.sync_api import expect

from xuezheng.intake import import_workbook
from xuezheng.policy import codes, taking
from xuezheng.policy.codes import code_list
from xuezheng.policy.current import using
from xuezheng.policy.entries import Version
from xuezheng.policy.models import LocalVersion
from xuezheng.policy.packs import shipped
from xuezheng.records.models import PersonCategory, School
from xuezheng.web.ui.forms import form_of
from xuezheng.workbooks import sheet_catalogue, write_workbook

SOURCE = "云教〔2026〕12号第三条"
HERE = "/policy/codes/policy.hardship/"
NEW = {"label": "因病致困家庭", "like": "rural_allowance", "first": "2026-09-01", "source": SOURCE}


def html(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def client_of(as_user, snapshot, policy_of_the_database):
    return as_user


@pytest.mark.django_db
def test_lists_are_on_the_page_of_standards_and_every_list_and_code_has_a_page(client_of):
    client = client_of("office")
    page = html(client.get("/policy/"))
    lists = re.findall(r'href="(/policy/codes/[a-z_.]+/)"', page)
    assert HERE in lists
    page = html(client.get(HERE))
    for word in (
        "脱贫家庭",
        "边缘易致贫户",
        "已停用",
        "现行",
        "待核实",
        "由名单确定",
        "义务教育寄宿生生活费补助",
    ):
        assert word in page, word
    for address in [*lists, "/policy/policy.hardship.registered_poor/", "/policy/enrolment.exam_track.arts/"]:
        html(client.get(address))
    assert "由脱贫家庭" in html(client.get("/policy/policy.hardship.registered_poor/"))
    for address in (
        "/policy/codes/policy.nothing/",
        "/policy/policy.hardship.nothing/",
        "/policy/policy.hardship.A B/",
    ):
        assert client.get(address).status_code == 404


@pytest.mark.django_db
def test_a_code_is_proposed_approved_renamed_and_ended(client_of):
    aid, leader = client_of("aid"), client_of("leader")
    assert "由另一人审批后可以选用" in html(aid.post(HERE, NEW, follow=True))
    local = LocalVersion.objects.get()
    assert local.value["label"] == "因病致困家庭"
    assert "day_pupil" in local.value["entitles"]
    assert "待审批的新项" in html(aid.get(HERE))
    leader.post(f"/policy/versions/{local.pk}/approve/")
    address = f"/policy/{local.key}/"
    assert "因病致困家庭" in html(aid.get(HERE))
    change = {**NEW, "label": "大病致困家庭", "like": "", "first": "2027-02-01"}
    assert "由另一人审批后生效" in html(aid.post(address, change, follow=True))
    end = {**change, "first": "2027-09-01", "ended": "on", "successor": "sudden_event"}
    html(aid.post(address, end, follow=True))
    for version in LocalVersion.objects.filter(state="proposed"):
        leader.post(f"/policy/versions/{version.pk}/approve/")
    codes.forget()
    known = code_list("policy.hardship")
    code = local.key.rpartition(".")[2]
    assert known.codes[code].on(date(2027, 2, 1)).label == "大病致困家庭"
    assert "突发事件致贫家庭" in known.why_unusable(code, date(2027, 9, 1))
    assert "由突发事件致贫家庭接续" in html(aid.get(address))


@pytest.mark.django_db(transaction=True)
def test_the_impact_of_a_proposed_code_is_worked_out_before_it_is_approved(
    as_user, snapshot, work, district, policy_of_the_database
):
    taking.take(shipped()["huizhou-2019"], None)
    aid, address = as_user("aid"), "/policy/aid.programme.registered_poor/"
    change = {"label": "建档立卡学生资助", "like": "preschool", "first": "2014-01-01", "source": SOURCE}
    assert "试算影响" in html(aid.post(address, change, follow=True))
    local = LocalVersion.objects.get()
    job = aid.post(f"/policy/versions/{local.pk}/impact/", {"period": "2019H1"})["Location"]
    assert [each.state for each in work()] == ["done"]
    page = html(aid.get(aid.get(job, headers={"HX-Request": "true"})["HX-Redirect"]))
    assert "资助项目“建档立卡学生资助”：试算结果" in page
    assert "学前教育困难幼儿资助标准" in page
    assert "按这个方案提出" not in page
    assert "没有指标会变" not in page
    assert code_list("aid.programme").codes["registered_poor"].versions[0].properties == {
        "standard": "listed"
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"label": ""}, "1至40个字"),
        ({"label": "农村低保"}, "已经有另一项"),
        ({"first": "今天"}, "施行日期无法识别"),
        ({"source": ""}, "请写明依据"),
        ({"like": "nothing"}, "没有这个现行的代码"),
        ({"like": "registered_poor"}, "没有这个现行的代码"),
    ],
)
def test_what_cannot_be_proposed_is_shown_in_the_form(client_of, changed, words):
    assert words in html(client_of("aid").post(HERE, NEW | changed))
    assert not LocalVersion.objects.exists()


@pytest.mark.django_db
def test_only_the_section_of_a_list_and_the_office_propose(client_of):
    assert "提出增加一项" not in html(client_of("clerk").get(HERE))
    assert client_of("clerk").post(HERE, NEW).status_code == 403
    assert "提出增加一项" in html(client_of("office").get(HERE))


def offered(path, column):
    """The options of a column's drop-down in the first sheet of a workbook, in Excel's own words."""
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    letter = next(cell.column_letter for cell in page[1] if cell.value == column)
    check = next(check for check in page.data_validations.dataValidation if f"{letter}2" in str(check.sqref))
    if check.formula1.startswith('"'):
        return check.formula1.strip('"').split(",")
    place = re.search(r"\$([A-Z]+)\$", check.formula1)[1]
    return [cell.value for cell in book["选项"][place]]


@pytest.mark.django_db
def test_a_template_offers_the_codes_of_its_day_and_an_import_takes_those_of_the_row(district, tmp_path):
    sheet = sheet_catalogue.sheet("困难学生认定名单")
    for day, has, lacks in (
        (date(2019, 6, 30), "建档立卡", "脱贫家庭"),
        (date(2026, 6, 30), "脱贫家庭", "建档立卡"),
    ):
        write_workbook(tmp_path / "template.xlsx", {sheet: []}, day=day)
        labels = offered(tmp_path / "template.xlsx", "困难类别")
        assert has in labels
        assert lacks not in labels
    person = district.pupils[2].person
    row = [person.name, person.id_number, "", "建档立卡", "2026-03-01"]
    write_workbook(tmp_path / "rows.xlsx", {sheet: [row]})
    outcome = import_workbook(tmp_path / "rows.xlsx")
    assert not outcome.saved
    assert any("脱贫家庭" in problem.message for problem in outcome.problems)
    write_workbook(
        tmp_path / "rows.xlsx", {sheet: [[*row[:4], "2019-03-01"], [*row[:3], "脱贫家庭", "2026-03-01"]]}
    )
    assert import_workbook(tmp_path / "rows.xlsx").saved
    assert set(PersonCategory.objects.filter(person=person).values_list("category", flat=True)) == {
        "registered_poor", "former_poor",
    }  # fmt: skip


@pytest.mark.django_db
def test_a_form_offers_the_codes_of_the_day_and_that_of_the_row(district, users):
    form = form_of(School)(instance=district.own, user=users["office"])
    offered_kinds = [value for value, _ in form.fields["kind"].choices]
    assert {"", "111", "211", "365"} <= set(offered_kinds)
    with using(
        [edition_with("policy.school_kind.211", {"label": "小学", "ended": True, "stages": ["primary"]})]
    ):
        assert "211" not in dict(code_list("policy.school_kind").in_force(date(2026, 9, 1)))
        form = form_of(School)(instance=district.own, user=users["office"])
        assert "211" in dict(form.fields["kind"].choices)
        district.own.kind = "111"
        form = form_of(School)(instance=district.own, user=users["office"])
        assert "211" not in dict(form.fields["kind"].choices)


def edition_with(key, value):
    """The national pack with a code that has another version from 2020 on."""
    national = shipped()["national"]
    later = Version(date(2020, 9, 1), value, SOURCE, "A")
    return replace(national, versions={**national.versions, key: (*national.versions[key], later)})


@pytest.mark.browser
def test_a_section_adds_a_category_a_track_and_a_contest_in_a_browser(
    desk, live_server, worker, district, policy_of_the_database, tmp_path, monkeypatch
):
    added = {
        "policy.hardship": ("因病致困家庭", "突发事件致贫家庭"),
        "enrolment.exam_track": ("体育类", ""),
        "activities.contest": ("校园歌手大赛", ""),
    }
    # The browser's driver has an event loop in this thread, in which Django refuses its database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    taking.take(shipped()["huizhou-2019"], None)
    office = desk("office", 1440, 900)
    for key, (label, like) in added.items():
        page = office.page
        page.goto(f"{live_server.url}/policy/")
        page.locator(f'a[href="/policy/codes/{key}/"]').click()
        page.get_by_label("名称").fill(label)
        page.get_by_label("施行日期").fill("2026-09-01")
        page.get_by_label("依据").fill(SOURCE)
        if like:
            page.get_by_label("待遇和属性与哪一项相同").select_option(label=like)
        page.get_by_role("button", name="提出").click()
        expect(page.get_by_text("由另一人审批后可以选用").first).to_be_visible()
    leader = desk("leader", 390, 800)
    for key, (label, _) in added.items():
        leader.page.goto(f"{live_server.url}/policy/codes/{key}/")
        leader.page.get_by_role("link", name=re.compile(label)).click()
        if key == "policy.hardship":
            address = leader.page.url
            leader.page.get_by_role("button", name="试算影响").click()
            result = leader.page.get_by_role("heading", level=1)
            expect(result).to_contain_text(f"“{label}”：试算结果", timeout=60_000)
            expect(leader.page.get_by_role("row", name=re.compile("2026-09-01.*名称和属性"))).to_contain_text(
                label
            )
            expect(leader.page.get_by_text("没有指标会变")).to_be_visible()
            leader.page.goto(address)
        leader.page.get_by_role("button", name="批准", exact=True).click()
        expect(leader.page.get_by_text("已批准").first).to_be_visible()
    assert office.faults == leader.faults == []
    codes.forget()
    for title, column, key in (
        ("困难学生认定名单", "困难类别", "policy.hardship"),
        ("高考报名册", "科类", "enrolment.exam_track"),
        ("赛事活动台账", "赛事活动", "activities.contest"),
    ):
        for day, is_offered in ((date(2026, 9, 1), True), (date(2026, 8, 31), False)):
            write_workbook(tmp_path / "template.xlsx", {sheet_catalogue.sheet(title): []}, day=day)
            assert (added[key][0] in offered(tmp_path / "template.xlsx", column)) == is_offered
    person = district.pupils[0].person
    write_workbook(
        tmp_path / "rows.xlsx",
        {
            sheet_catalogue.sheet("困难学生认定名单"): [
                [person.name, person.id_number, "", "因病致困家庭", "2026-09-01"]
            ],
            sheet_catalogue.sheet("高考报名册"): [
                [person.name, person.id_number, "", "体育类", "2027-06-07"]
            ],
            sheet_catalogue.sheet("赛事活动台账"): [["校园歌手大赛", "1", "2026-10-01", "", "区级"]],
        },
    )
    outcome = import_workbook(tmp_path / "rows.xlsx")
    assert outcome.saved, outcome.problems
