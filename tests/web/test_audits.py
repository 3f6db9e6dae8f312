"""The page on which anyone has the numbers of any text checked, and what its result says."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

PAGE = "/reports/audit/"
TEXT = "高考报名1197人，其中文史类464人，理工类743人。\n工作有序推进，走访9户。"


@pytest.fixture
def client(as_user, work):
    client = as_user("clerk")
    client.work = work
    return client


def have_audited(client, **form):
    """Send a file or a text, let the worker audit it, and follow to the page of the result."""
    response = client.post(PAGE, form)
    if response.status_code != 302:
        return response
    client.work()
    return client.get(response["Location"], follow=True)


def test_a_pasted_text_is_audited_and_each_number_shown_as_what_is_known_of_it(client):
    html = have_audited(client, text=TEXT).content.decode()
    assert "各部分之和是1207人" in html
    assert "读到4个数，核对了1条关系，1个数没有可核对的关系。" in html
    assert re.findall(r'<span class="(xz-\w+)">([^<]*[0-9][^<]*)</span>', html) == [
        ("xz-wrong", "1197人"),
        ("xz-wrong", "464人"),
        ("xz-wrong", "743人"),
        ("xz-unchecked", "9户"),
    ]


def test_a_file_of_another_encoding_is_audited(client):
    html = have_audited(client, file=SimpleUploadedFile("外来.txt", TEXT.encode("gb18030"))).content.decode()
    assert "各部分之和是1207人" in html


def test_nothing_found_is_no_all_clear(client):
    html = have_audited(client, text="走访9户。").content.decode()
    assert "没有可核对关系的数，这里不能说对，也不能说错" in html


@pytest.mark.parametrize(
    "form", [{}, {"text": "  "}, {"text": "9户", "file": SimpleUploadedFile("甲.txt", b"9")}]
)
def test_one_of_file_and_text_is_asked_for(client, form):
    response = have_audited(client, **form)
    assert "两者选一" in response.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("报告.docx", b"no", "另存为“.docx”再试"),
        ("报告.pdf", b"no", "请先另存为 .docx"),
        ("空.xlsx", b"", "空文件"),
        ("表.xlsx", b"no", "请"),
    ],
)
def test_what_cannot_be_read_is_said(client, name, content, words):
    assert words in have_audited(client, file=SimpleUploadedFile(name, content)).content.decode()


def test_a_text_is_no_markup(client):
    html = have_audited(client, text="<script>alert(1)</script>共9人").content.decode()
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


def test_a_result_is_for_the_one_who_asked(client, as_user):
    address = have_audited(client, text=TEXT).request["PATH_INFO"]
    assert address.startswith(PAGE)
    assert client.get(address).status_code == 200
    assert as_user("aid").get(address).status_code == 302
