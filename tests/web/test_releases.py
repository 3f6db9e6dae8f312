"""The pages of the releases: who sees what, each step of the way to issue, and the files."""

import hashlib
import io
import re

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml.ns import qn
from tests.web.conftest import PASSWORD, do_jobs

from xuezheng.core.data_folder import home
from xuezheng.intake.expectations.deviations import period_field
from xuezheng.reports.releases.models import Release, Version
from xuezheng.reports.templates import catalogue
from xuezheng.web.reports.releases import UploadForm
from xuezheng.workbooks import sheet_catalogue

LIST, PAGE = "/reports/releases/", "/reports/releases/{}/"
AID, BASIC = "学生资助管理中心", "基础教育股"


@pytest.fixture
def drafted(as_user, snapshot, short_report):
    """A release that the office drafted on the page; its number."""
    response = as_user("office").post(LIST, {"template": "half_year", "period": "2019H1"})
    return int(re.search(r"/releases/(\d+)/", response["Location"])[1])


@pytest.fixture
def issued(drafted, as_user):
    office = as_user("office")
    step(as_user("aid"), drafted, "review", section=AID)
    step(office, drafted, "review", section=BASIC)
    step(office, drafted, "explain", item=items(office, drafted), text="由组织部门统计。")
    sign(as_user("leader"), drafted)
    assert "已印发" in step(office, drafted, "issue")
    return drafted


def shown(client, number, **query):
    response = client.get(PAGE.format(number), query)
    assert response.status_code == 200
    return response.content.decode()


def items(client, number):
    return re.findall(r'name="item" value="(\w+)"', shown(client, number))


def step(client, number, name, version=1, **further):
    """Take a step, and let the worker do what is left to it; return the page to which that leads."""
    response = client.post(PAGE.format(number), {"step": name, "version": version, **further}, follow=True)
    if response.redirect_chain and response.redirect_chain[-1][0].startswith("/jobs/"):
        do_jobs()
        response = client.get(response.redirect_chain[-1][0], follow=True)
    assert response.status_code == 200
    return response.content.decode()


def sign(leader, number, version=1):
    html = step(leader, number, "sign", version=version, document_number="云教〔2019〕12号")
    assert f"第{version}版已签发" in html


def file_of(client, number, version=1, **query):
    return client.get(f"{PAGE.format(number)}{version}/docx/", query, follow=True)


def content_of(response):
    assert "attachment" in response["Content-Disposition"]
    return b"".join(response.streaming_content)


def nine_pupils(content):
    opened = docx.Document(io.BytesIO(content))
    next(text for text in opened.element.body.iter(qn("w:t")) if text.text == "3人").text = "9人"
    saved = io.BytesIO()
    opened.save(saved)
    return SimpleUploadedFile("修改稿.docx", saved.getvalue())


def test_a_draft_shows_its_text_what_stands_in_the_way_and_who_may_do_what(drafted, as_user):
    html = shown(as_user("office"), drafted)
    assert "起草" in html
    assert f"还没有会签的科室：{BASIC}、{AID}。" in html
    assert "党员…。——其中的指标没有数据（党员）。" in html
    assert re.search(
        r'资助建档立卡学生<a class="number" href="/figures/aid\.registered_poor_pupils/[^"]*">3人</a>', html
    )
    assert html.count(">会签</button>") == 1  # of the section without an account
    assert "印发第 1 版" not in html
    section = shown(as_user("aid"), drafted)
    assert section.count(">会签</button>") == 1
    assert section.count("xz-own") == 2  # a paragraph and a table
    assert "写下说明" in section
    assert "加一个新版本" not in section
    leader = shown(as_user("leader"), drafted)
    assert not re.findall("<button[^>]*>(?:会签|写下说明|印发)", leader)


def test_schools_see_what_was_issued_and_no_drafts(issued, as_user):
    clerk, office = as_user("clerk"), as_user("office")
    office.post(LIST, {"template": "half_year", "period": "2019H1"})
    assert clerk.get(LIST).content.decode().count("工作情况报告") == 1
    assert office.get(LIST).content.decode().count("工作情况报告") == 2
    assert "已印发" in shown(clerk, issued)
    draft = Release.objects.get(issued_at=None).pk
    for address in (PAGE.format(draft), f"{PAGE.format(draft)}1/docx/", f"{PAGE.format(draft)}changes/"):
        assert clerk.get(address).status_code == 404


def test_schools_see_no_findings_in_the_text(drafted, as_user):
    office = as_user("office")
    step(office, drafted, "upload", file=nine_pupils(content_of(file_of(office, drafted))))
    step(as_user("aid"), drafted, "review", version=2, section=AID)
    step(office, drafted, "review", version=2, section=BASIC)
    step(office, drafted, "explain", version=2, item=items(office, drafted), text="另有说明。")
    sign(as_user("leader"), drafted, version=2)
    step(office, drafted, "issue", version=2)
    assert "已说明：另有说明。" in shown(as_user("leader"), drafted)
    assert "9人" in (html := shown(as_user("clerk"), drafted))
    assert "xz-finding" not in html


def test_schools_see_the_issued_version_and_nothing_of_how_it_came_about(issued, as_user):
    clerk = as_user("clerk")
    html = shown(clerk, issued)
    assert "资助建档立卡学生" in html
    assert not re.findall("会签|清单|由组织部门统计", html.split('class="xz-paper"')[0].split("page-body")[1])
    Release.objects.update(latest=2)
    Version.objects.update(number=2)
    Version.objects.create(
        **{**Version.objects.values().get(), "id": None, "number": 1, "snapshot_id": "x", "sha256": "x"}
    )
    assert file_of(clerk, issued, 2).status_code == 200
    assert (
        file_of(clerk, issued, 1).status_code
        == clerk.get(PAGE.format(issued) + "?version=1").status_code
        == 404
    )
    assert clerk.get(f"{PAGE.format(issued)}changes/").status_code == 404


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("office", ["sign"]),
        ("aid", ["compose", "upload", "sign", "issue"]),
        ("leader", ["review", "explain", "compose", "issue"]),
    ],
)
def test_a_step_that_is_not_ones_own_is_forbidden(drafted, as_user, name, steps):
    client = as_user(name)
    content = content_of(file_of(client, drafted))
    if name != "office":
        assert client.post(LIST, {"template": "half_year", "period": "2018H2"}).status_code == 403
    for step in steps:
        sent = {"step": step, "version": 1, "section": AID, "item": ["x"], "text": "不要紧。"}
        response = client.post(PAGE.format(drafted), {**sent, "file": nine_pupils(content)})
        assert response.status_code == 403, step
    assert Release.objects.get().latest == 1


def test_from_draft_to_the_issued_file_with_its_hash(issued, as_user):
    client = as_user("clerk")
    html = shown(client, issued)
    sha256 = re.search(r'id="sha256">(\w{64})<', html)[1]
    content = content_of(file_of(client, issued))
    assert hashlib.sha256(content).hexdigest() == sha256
    assert "由组织部门统计。" in shown(as_user("leader"), issued)
    assert "不能再改" in step(as_user("office"), issued, "compose")


def test_an_edited_report_is_a_new_version_with_what_was_found_in_place(drafted, as_user):
    office = as_user("office")
    step(as_user("aid"), drafted, "review", section=AID)
    step(office, drafted, "review", section=BASIC)
    html = step(office, drafted, "upload", file=nine_pupils(content_of(file_of(office, drafted))))
    assert "已作为第2版" in html
    found = re.search(r'<p id="p\d+" class="xz-found xz-own">', shown(as_user("aid"), drafted))
    assert found
    assert "应为3人，被手工改成了9人" in html
    assert f"还没有会签的科室：{AID}。" in html
    assert "（第 1 版）" in html
    changes = office.get(f"{PAGE.format(drafted)}changes/").content.decode()
    assert all(word in changes for word in ("1 个数有变化，0 句", "3人", "9人", "手工写的"))
    assert "只有最新一版可以印发" in shown(office, drafted, version=1)


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"no", "不是能打开的Word文档"), (b"", "空"), (None, "请去掉图片等附件后再试")],
)
def test_a_file_that_cannot_be_a_version_is_said(drafted, as_user, monkeypatch, content, words):
    if content is None:
        monkeypatch.setattr(UploadForm.base_fields["file"], "megabytes", 0)
        content = b"something"
    html = step(as_user("office"), drafted, "upload", file=SimpleUploadedFile("x.docx", content))
    assert words in html
    assert Release.objects.get().latest == 1


def test_a_composed_version_comes_with_its_sources_too(drafted, as_user):
    office = as_user("office")
    appendix = docx.Document(io.BytesIO(content_of(file_of(office, drafted, sources="appendix"))))
    assert any("数字出处一览表" in paragraph.text for paragraph in appendix.paragraphs)
    comments = docx.Document(io.BytesIO(content_of(file_of(office, drafted, sources="comments"))))
    assert len(list(comments.comments)) == 4
    clean = docx.Document(io.BytesIO(content_of(file_of(office, drafted))))
    assert not any("数字出处一览表" in paragraph.text for paragraph in clean.paragraphs)
    assert office.get(f"{PAGE.format(drafted)}1/docx/?sources=x").status_code == 404


def test_a_copy_with_sources_is_not_made_where_the_template_says_something_else_by_now(drafted, as_user):
    catalogue.shipped_templates()["half_year"].write_text("# 别的\n\n另一份报告。\n", encoding="utf-8")
    html = file_of(as_user("office"), drafted, sources="appendix").content.decode()
    assert "报告模板在第1版之后改过" in html


def test_a_damaged_file_is_told_and_not_served(issued, as_user):
    [path] = [it for it in (home() / "releases").iterdir() if it.stem == Release.objects.get().current.sha256]
    path.write_bytes(b"other")
    client = as_user("leader")
    assert "已损坏或被改动" in shown(client, issued)
    assert "已损坏或被改动，没有提供" in file_of(client, issued).content.decode()


def test_a_second_draft_of_the_same_report_is_refused_with_a_sentence(drafted, as_user):
    response = as_user("office").post(LIST, {"template": "half_year", "period": "2019H1"}, follow=True)
    assert "已在起草" in response.content.decode()


@pytest.mark.parametrize(
    "sent",
    [{"template": "nothing", "period": "2019H1"}, {"template": "half_year", "period": "never"}, {}],
)
def test_what_cannot_be_drafted_is_said(as_user, snapshot, short_report, sent):
    response = as_user("office").post(LIST, sent, follow=True)
    assert re.search(r'class="alert alert-danger"', response.content.decode())
    assert not Release.objects.exists()


def test_without_a_snapshot_the_list_is_still_there(as_user, tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    assert "还没有快照" in as_user("office").get(LIST).content.decode()
    assert "还没有您可以看的报告" in as_user("leader").get(LIST).content.decode()


@pytest.mark.parametrize(
    "address", ["99/", "{}/?version=7", "{}/?version=x", "{}/7/docx/", "{}/changes/?new=9"]
)
def test_what_is_not_there_is_not_found(drafted, as_user, address):
    assert as_user("office").get(LIST + address.format(drafted)).status_code == 404


def test_the_pages_are_closed(drafted, as_user, assert_closed):
    office = as_user("office")
    for address in (LIST, PAGE.format(drafted), f"{PAGE.format(drafted)}changes/"):
        assert_closed(office.get(address))


def test_query_counts(issued, as_user, django_assert_num_queries):
    client = as_user("office")
    client.get(LIST)
    # Session, user, jobs; releases, their versions with authors, the reviews with theirs.
    with django_assert_num_queries(10):
        client.get(LIST)
    # The same; explanations; open collections; later imports; each register with numbers that may have to be explained.
    expecting = [it for it in sheet_catalogue.sheets().values() if it.expects and period_field(it.model)]
    with django_assert_num_queries(12 + len(expecting)):
        client.get(PAGE.format(issued))
    response = client.post(LIST, {"template": "half_year", "period": "2019H1"})
    # No reviews yet, so nobody who made one; which sections have accounts.
    with django_assert_num_queries(12 + len(expecting)):
        client.get(response["Location"])


def test_a_leader_signs_with_the_password_and_who_signed_for_a_section_is_shown(drafted, as_user):
    office, leader = as_user("office"), as_user("leader")
    step(as_user("aid"), drafted, "review", section=AID)
    assert "办公室代签" in step(office, drafted, "review", section=BASIC)
    step(office, drafted, "explain", item=items(office, drafted), text="由组织部门统计。")
    assert "待领导签发" in shown(office, drafted)
    assert "领导还没有签发" in step(office, drafted, "issue")
    assert "签发：2019年上半年报告" in leader.get("/").content.decode()
    session = leader.session
    session["confirmed"] = 0
    session.save()
    sent = {"step": "sign", "version": 1, "document_number": "云教〔2019〕12号"}
    assert "请再输一次密码" in leader.post(PAGE.format(drafted), sent).content.decode()
    assert "待领导签发" in shown(office, drafted)
    sent |= {"password": PASSWORD, "confirm_method": "POST"}
    html = leader.post(PAGE.format(drafted), sent, follow=True).content.decode()
    assert "云教〔2019〕12号。签发人：leader" in html
    assert "印发：2019年上半年报告" in office.get("/").content.decode()
    assert "已印发" in step(office, drafted, "issue")
