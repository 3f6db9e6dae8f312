"""The standards: read by all who work with records, proposed by their section, approved by another, in force from the next freeze."""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from playwright.sync_api import expect

from xuezheng.core.periods import Period
from xuezheng.figures import catalogue
from xuezheng.policy import proposals, taking
from xuezheng.policy.current import entry
from xuezheng.policy.models import LocalVersion, TakenPack
from xuezheng.policy.packs import shipped
from xuezheng.records.models import District
from xuezheng.snapshots import Snapshot, freeze

SOURCE = "云教〔2026〕12号第三条"
HERE = "/policy/aid.boarder/"


def html(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def client_of(as_user, snapshot, policy_of_the_database):
    return as_user


@pytest.mark.django_db
def test_standards_are_listed_with_value_source_and_doubt(client_of):
    page = html(client_of("clerk").get("/policy/"))
    assert "小学625，初中750" in page
    assert "2024年春季学期起" in page
    assert "项依据待核实" in page
    assert "待审批" not in page
    page = html(client_of("clerk").get(HERE))
    assert "国家政策" in page
    assert "提出本局的标准" not in page
    assert client_of("aid").get("/policy/aid.nothing/").status_code == 404


@pytest.mark.django_db
def test_a_section_records_who_compared_a_standard_with_its_document(client_of):
    here = "/policy/aid.grant_tier/"
    assert "核实：还没有人登记" in html(client_of("clerk").get(here))
    sent = {"pack": "start", "first": "2016-09-01", "document": SOURCE, "checked_on": "2026-03-02"}
    page = html(client_of("clerk").post(f"{here}check/record/", sent, follow=True))
    assert "您不负责这项标准" in page
    page = html(client_of("aid").post(f"{here}check/record/", sent, follow=True))
    assert f"2026-03-02，对照{SOURCE}" in page
    assert "依据待核实" not in page
    assert "2026-03-02" in html(client_of("leader").get("/policy/"))
    assert client_of("aid").get(f"{here}check/record/").status_code == 302
    assert client_of("aid").post(f"{here}check/nothing/", sent).status_code == 404
    page = html(client_of("aid").post(f"{here}check/withdraw/", sent, follow=True))
    assert "核实：还没有人登记" in page


@pytest.mark.django_db
def test_every_standard_has_a_page(client_of, snapshot):
    client = client_of("office")
    for key in re.findall(r'href="(/policy/[a-z_]+\.[a-z_0-9]+/)"', html(client.get("/policy/"))):
        assert "提出本局的标准" in html(client.get(key)), key


@pytest.mark.django_db(transaction=True)
def test_a_bureau_without_a_pack_of_its_province_opens_figures_and_standards(client_of):
    District.objects.update(code="110101")
    taking.take(shipped()["huizhou-2019"], None)
    freeze(date(2019, 7, 5))
    assert entry("aid.senior_tuition").versions == ()
    client = client_of("aid")
    assert "还没有标准" in html(client.get("/policy/aid.senior_tuition/"))
    html(client.get("/figures/aid.due_amount/"))
    html(client.get("/figures/"))
    assert "aid.senior_tuition" not in html(client.get("/whatif/"))
    assert client.get("/whatif/aid.senior_tuition/").status_code == 404


def form_of(page, **changed):
    fields = re.findall(r'<input [^>]*?name="(value-\d+)" value="([^"]*)"', page)
    return dict(fields) | {"first": "2026-09-01", "source": SOURCE} | changed


@pytest.mark.django_db
def test_a_section_proposes_and_another_approves(client_of):
    aid = client_of("aid")
    form = form_of(html(aid.get(HERE)), note="会议通过")
    form[next(name for name, value in form.items() if value == "625")] = "700"
    assert "由另一人审批后生效" in html(aid.post(HERE, form, follow=True))
    local = LocalVersion.objects.get()
    assert (local.first, local.value["primary"], local.source) == (date(2026, 9, 1), 70_000, SOURCE)
    assert "1项待审批" in html(aid.get("/policy/"))
    page = html(aid.post(f"/policy/versions/{local.pk}/approve/", follow=True))
    assert "提出的人不能自己审批" in page
    assert "批准</button>" not in page
    page = html(client_of("leader").get(HERE))
    assert "批准</button>" in page
    assert "试算影响" in page
    client_of("leader").post(f"/policy/versions/{local.pk}/approve/")
    assert entry("aid.boarder").value(date(2026, 9, 1), "primary") == 70_000
    page = html(client_of("office").post(f"/policy/versions/{local.pk}/revoke/", {"note": ""}, follow=True))
    assert "请写明原因" in page
    client_of("office").post(f"/policy/versions/{local.pk}/revoke/", {"note": "文件已废止"})
    assert entry("aid.boarder").value(date(2026, 9, 1), "primary") == 62_500


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["aid.boarder", "policy.hardship.orphan"])
def test_the_scanned_paper_is_sent_to_whoever_sees_the_standard(client_of, key):
    aid, here = client_of("aid"), f"/policy/{key}/"
    page = html(aid.get(here))
    form = form_of(page) | {"label": "孤儿"}
    refused = html(aid.post(here, form | {"scan": SimpleUploadedFile("依据.pdf", b"<script>")}))
    assert "扫描件须是PDF文件" in refused
    assert not LocalVersion.objects.exists()
    aid.post(here, form | {"scan": SimpleUploadedFile("依据<b>.pdf", b"%PDF-1.7 a")})
    local = LocalVersion.objects.get()
    page = html(client_of("clerk").get(here))
    assert "扫描件：依据&lt;b&gt;.pdf" in page
    sent = client_of("clerk").get(f"/policy/versions/{local.pk}/scan/")
    assert b"".join(sent.streaming_content) == b"%PDF-1.7 a"
    assert sent.headers["Content-Type"] == "application/pdf"
    assert sent.headers["Content-Disposition"].startswith("attachment")
    assert client_of("clerk").get(f"/policy/versions/{local.pk + 1}/scan/").status_code == 404


@pytest.mark.django_db
def test_values_that_are_codes_are_shown_and_written_by_name(client_of):
    client = client_of("aid")
    page = html(client.get("/policy/aid.grant_tier/"))
    assert "特别困难 一档" in page
    form = form_of(page)
    form[next(name for name, value in form.items() if value == "一档")] = "二档"
    client.post("/policy/aid.grant_tier/", form)
    assert LocalVersion.objects.get().value == {"severe": "second", "middle": "second", "slight": "third"}
    form |= {"value-0": "五档", "first": "2027-09-01"}
    assert "“五档”不是可选的值。可填：一档、二档、三档。" in html(
        client.post("/policy/aid.grant_tier/", form)
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": "今天"}, "施行日期无法识别"),
        ({"published_on": "昨天"}, "发文日期无法识别"),
        ({"source": ""}, "请写明依据"),
        ({"value-0": "五百"}, "不是金额"),
        ({"value-0": "0.001"}, "不是整分"),
        ({"value-0": "NaN"}, "过大或不是数"),
        ({"value-0": "1e99"}, "过大或不是数"),
        ({f"value-{place}": "" for place in range(9)}, "至少要填写一项标准"),
    ],
)
def test_what_cannot_be_proposed_is_told_in_the_form(client_of, changed, words):
    client = client_of("aid")
    page = html(client.post(HERE, form_of(html(client.get(HERE)), **changed)))
    assert words in page
    assert not LocalVersion.objects.exists()


@pytest.mark.django_db
def test_who_does_not_answer_for_it_proposes_nothing(client_of, users):
    assert client_of("clerk").post(HERE, form_of("")).status_code == 403
    assert client_of("leader").post(HERE, form_of("")).status_code == 403
    local = proposals.propose("aid.preschool", date(2026, 9, 1), 600, SOURCE, users["aid"])
    client_of("clerk").post(f"/policy/versions/{local.pk}/approve/")
    assert client_of("office").get(f"/policy/versions/{local.pk}/approve/")["Location"] == "/policy/"
    assert client_of("office").post(f"/policy/versions/{local.pk}/enforce/").status_code == 404
    local.refresh_from_db()
    assert local.state == "proposed"


@pytest.mark.django_db
def test_the_office_sees_what_a_pack_would_change_and_takes_it(client_of):
    taking.pin_beginning()
    office = client_of("office")
    assert "安徽省政策" in html(office.get("/policy/packs/"))
    page = html(office.get("/policy/packs/huizhou-2019/"))
    assert "建档立卡（脱贫）学生执行哪一项标准" in page
    assert client_of("aid").post("/policy/packs/huizhou-2019/", {"step": "take"}).status_code == 403
    assert "没有采用" in page
    assert "已采用" in html(office.post("/policy/packs/huizhou-2019/", {"step": "take"}, follow=True))
    assert TakenPack.objects.filter(code="huizhou-2019").count() == 1
    assert "没有：与现行的标准相同" in html(office.get("/policy/packs/huizhou-2019/"))
    assert "没有变化" in html(office.post("/policy/packs/huizhou-2019/", {"step": "take"}, follow=True))
    office.post("/policy/packs/huizhou-2019/", {"step": "withdraw"})
    assert "停用" in html(office.get("/policy/packs/"))
    assert office.get("/policy/packs/nowhere/").status_code == 404
    assert office.post("/policy/packs/national/", {"step": "burn"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_the_impact_of_a_later_edition_is_worked_out_before_it_is_taken(client_of, work, monkeypatch):
    taking.take(shipped()["huizhou-2019"], None)
    office = client_of("office")
    unchanged = office.post("/policy/packs/national/", {"step": "try", "period": "2019H1"}, follow=True)
    assert "与现行的标准相同" in html(unchanged)
    first, *later = shipped()["national"].versions["aid.boarder"]
    dearer = replace(first, value={"primary": 60_000, "junior": 62_500})
    versions = {**shipped()["national"].versions, "aid.boarder": (dearer, *later)}
    edition = replace(shipped()["national"], edition="2027.1", versions=versions)
    monkeypatch.setattr("xuezheng.web.policy.packs.shipped", lambda: {**shipped(), "national": edition})
    assert "有更新" in html(office.get("/policy/packs/"))
    job = office.post("/policy/packs/national/", {"step": "try", "period": "2019H1"})["Location"]
    assert [done.state for done in work()] == ["done"]
    page = html(office.get(office.get(job, headers={"HX-Request": "true"})["HX-Redirect"]))
    assert '<td>小学</td><td class="num">500</td><td class="num">600</td>' in page
    assert "建档立卡应资助金" in page
    assert entry("aid.boarder").value(date(2019, 2, 25), "primary") == 50_000


@pytest.mark.browser
def test_a_section_changes_a_rate_and_the_next_freeze_uses_it(
    desk, live_server, worker, policy_of_the_database, monkeypatch
):
    # The browser's driver runs a loop in this thread, in which Django would refuse to ask the database.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    taking.take(shipped()["huizhou-2019"], None)
    older, period = freeze(date(2019, 7, 5)), Period.parse("2019H1")
    figure = catalogue.figure("aid.registered_poor_approved_amount")
    before = figure.at(older, period).number()
    seat = desk("aid", 1440, 900)
    seat.page.goto(f"{live_server.url}{HERE}?base=2016-02-01")
    form = seat.page.locator("form", has=seat.page.get_by_role("button", name="提出", exact=True))
    form.get_by_label("施行日期").fill("2019-01-01")
    form.get_by_label("依据").fill(SOURCE)
    form.get_by_label("文件扫描件").set_input_files(
        {"name": "云教12号.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    form.get_by_label("小学（元/学期）").fill("600")
    form.get_by_role("button", name="提出", exact=True).click()
    expect(seat.page.get_by_text("已提出自2019-01-01起施行的一版")).to_be_visible()
    seat.page.get_by_label("算哪个时期").select_option("2019H1")
    seat.page.get_by_role("button", name="试算影响").click()
    expect(seat.page.get_by_role("heading", level=1)).to_contain_text("试算结果", timeout=60_000)
    expect(seat.page.get_by_role("row", name=re.compile("建档立卡应资助金 合计"))).to_contain_text("元")
    assert entry("aid.boarder").value(date(2019, 2, 25), "primary") == 50_000
    leader = desk("leader", 1440, 900)
    leader.page.goto(live_server.url + HERE)
    expect(leader.page.get_by_role("link", name="扫描件：云教12号.pdf")).to_be_visible()
    leader.page.get_by_role("button", name="批准", exact=True).click()
    expect(leader.page.get_by_text("已批准。下一次生成快照起按新的标准计算")).to_be_visible()
    newer = freeze(date(2019, 7, 6))
    assert newer.id != older.id
    primaries = sum(row["stage"] == "primary" for row in figure.rows(newer, period).table.to_pylist())
    assert primaries > 0
    assert figure.at(newer, period).number() == before + primaries * 100
    assert figure.at(Snapshot.open(older.id), period).number() == before
    assert seat.faults == leader.faults == []
