"""Handing in a report to be verified, refreshed or adopted."""

import io
import re
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx.oxml.ns import qn
from tests.edited import edited

from xuezheng.reports.word import marks

PAGE = "/reports/check/"


@pytest.fixture
def client(as_user, snapshot, short_report, work):
    client = as_user("leader")
    client.work = work
    return client


@pytest.fixture
def report(client):
    return b"".join(client.get("/reports/half_year/2019H1/docx/").streaming_content)


def hand_in(client, content, action, name="报告.docx", **further):
    """Hand a file in, let the worker check it, and follow to what came of it: a page, or the file that was made."""
    file = SimpleUploadedFile(name, content)
    response = client.post(PAGE, {"file": file, "action": action, **further})
    if response.status_code != 302:
        return response
    client.work()
    found = client.get(response["Location"], follow=True)
    if "file/" in (html := found.content.decode()):
        return client.get(re.search(r'href="([^"]+/file/)"', html)[1])
    return found


def nine_pupils(opened):
    for text in opened.element.body.iter(qn("w:t")):
        if text.text == "3人":
            text.text = "9人"
            return


def test_an_untouched_report_is_found_right(client, report):
    html = hand_in(client, report, "verify").content.decode()
    assert "没有发现问题" in html


def test_a_changed_number_is_shown_under_its_paragraph(client, report):
    html = hand_in(client, edited(report, nine_pupils), "verify").content.decode()
    assert "发现 1 处" in html
    assert "应为3人，被手工改成了9人" in html
    assert html.count("xz-found") == 1


def test_each_number_opens_its_figure_and_a_table_stays_one(client, report):
    html = hand_in(client, report, "verify").content.decode()
    assert '<a class="number" href="/figures/aid.registered_poor_pupils/?period=2019H1">3人</a>' in html
    assert re.search(r"<table[^>]*><tbody><tr><td>学段</td>", html)


def test_a_figure_that_nothing_declares_is_no_link(client, report):
    def forge(opened):
        part = marks._part(opened)
        part._blob = part.blob.replace(b'figure="aid.registered_poor_pupils"', b'figure="a/../b"')

    html = hand_in(client, edited(report, forge), "verify").content.decode()
    assert "文件的出处记录被改动过" in html
    assert "/figures/a/" not in html


def test_sources_are_shown_as_the_reader_asks(client):
    def file(sources):
        response = client.get(f"/reports/half_year/2019H1/docx/?sources={sources}")
        return docx.Document(io.BytesIO(b"".join(response.streaming_content)))

    assert any("数字出处一览表" in paragraph.text for paragraph in file("appendix").paragraphs)
    assert list(file("comments").comments)
    clean = file("none")
    assert not list(clean.comments)
    assert not any("数字出处一览表" in paragraph.text for paragraph in clean.paragraphs)
    assert client.get("/reports/half_year/2019H1/docx/?sources=x").status_code == 404


def test_a_report_is_refreshed_and_handed_back(client, report):
    response = hand_in(client, report, "refresh", period="2018H2")
    assert "attachment" in response["Content-Disposition"]
    assert marks.read(io.BytesIO(b"".join(response.streaming_content))).period == "2018H2"


@pytest.mark.parametrize(
    ("name", "content", "action", "words"),
    [
        ("报告.docx", b"no", "verify", "不是能打开的Word文档"),
        ("报告.txt", b"ok", "refresh", "不是能打开的Word文档"),
        ("别处.docx", None, "verify", "不是本系统生成的报告"),
    ],
)
def test_what_cannot_be_used_is_said(client, name, content, action, words):
    if content is None:
        content = edited(plain(), lambda opened: None)
    response = hand_in(client, content, action, name)
    assert response.status_code == 200
    assert words in response.content.decode()


def plain():
    saved = io.BytesIO()
    docx.Document().save(saved)
    return saved.getvalue()


def test_a_bomb_is_not_opened(client, report):
    bomb = io.BytesIO(report)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/bomb.bin", b"\0" * (101 * 2**20))
    assert "解压后过大" in hand_in(client, bomb.getvalue(), "verify").content.decode()


def test_an_old_report_is_adopted_and_can_be_verified_from_then_on(client, report):
    old = docx.Document()
    old.add_paragraph("2019年上半年，全区资助建档立卡资助学生3人。")
    saved = io.BytesIO()
    old.save(saved)
    response = hand_in(client, saved.getvalue(), "adopt", "旧报告.docx", period="2019H1")
    adopted = b"".join(response.streaming_content)
    assert (
        "旧报告" in response.headers["Content-Disposition"] or "%E6%97%A7" in response["Content-Disposition"]
    )
    [mark] = marks.read(io.BytesIO(adopted)).marks
    assert (mark.figure, mark.shown) == ("aid.registered_poor_pupils", "3人")
    assert "没有发现问题" in hand_in(client, adopted, "verify").content.decode()
    assert "不必再纳入管理" in hand_in(client, adopted, "adopt", period="2019H1").content.decode()
    nothing = docx.Document()
    nothing.add_paragraph("会议强调，要以更高标准做好各项工作。")
    saved = io.BytesIO()
    nothing.save(saved)
    told = hand_in(client, saved.getvalue(), "adopt", period="2019H1").content.decode()
    assert "没有可纳入管理的" in told


def test_a_report_whose_sources_were_written_by_hand_is_refused(client, report):
    def forge(opened):
        part = marks._part(opened)
        part._blob = part.blob.replace(b'rows="', b'rows="x')

    html = hand_in(client, edited(report, forge), "verify").content.decode()
    assert "数字出处被改动过，已无法读取" in html
