"""Scans and photos are kept with a record, encrypted, for those who may see it; who may edit the record may add and remove them."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from xuezheng.records.models import DocumentPart, Look, Pupil, SupportingDocument
from xuezheng.web.registers.documents import MOST_OF_A_RECORD
from xuezheng.web.security import access_log

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 700  # four parts
JPEG = b"\xff\xd8\xff\xe0" + b"j" * 100


@pytest.fixture
def pupil(district):
    """A pupil of the clerk's school."""
    return Pupil.objects.filter(class_group__school__code="2134990001").order_by("pk").first()


def address(record, end=""):
    return f"/registers/{record.table_name()}/{record.pk}/{end}"


def add(client, record, content=PNG, name="户口簿.png", note="首页"):
    sent = {"file": SimpleUploadedFile(name, content), "note": note}
    return client.post(address(record, "documents/"), sent, follow=True)


def alerts(response):
    return " ".join(re.findall(r"没有上传[^<]*", response.content.decode()))


def sent(response):
    return b"".join(response.streaming_content)


def test_a_file_comes_back_as_it_was_and_is_encrypted(as_user, users, pupil):
    client = as_user("clerk")
    html = add(client, pupil).content.decode()
    assert "已上传“户口簿.png”，加密保存。" in html
    assert "首页" in html
    document = SupportingDocument.objects.of(pupil).get()
    assert (document.size, document.made_by, document.parts.count()) == (len(PNG), users["clerk"], 4)
    response = client.get(address(pupil, f"documents/{document.pk}/"))
    assert sent(response) == PNG
    assert response["Content-Disposition"].startswith("attachment")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {DocumentPart._meta.db_table} ORDER BY id")
        stored = b"".join(bytes(row[0]) for row in cursor.fetchall())
    assert b"PNG" not in stored
    assert b"iVBORw0KGgo" not in stored  # the same in Base64


def test_a_download_is_in_the_access_log(as_user, users, pupil):
    client = as_user("clerk")
    add(client, pupil)
    sent(client.get(address(pupil, f"documents/{SupportingDocument.objects.get().pk}/")))
    access_log.file_away()
    entry = Look.objects.filter(purpose="查看佐证材料").latest("pk")
    assert (entry.by, entry.kind, entry.seen.get().person) == (
        users["clerk"],
        Look.Kind.FILE,
        pupil.person_id,
    )


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<script>alert(1)</script>", "图.png", "不是PDF、JPG或PNG文件"),
        (JPEG, "图.png", "不是PDF、JPG或PNG文件"),
        (PNG, "图.exe", "不是PDF、JPG或PNG文件"),
        (b"", "图.png", "文件"),
        (JPEG, f"{'长' * 117}.jpg", "文件名超过120个字"),
        (JPEG + bytes(10 * 2**20 - len(JPEG) + 1), "图.jpg", "文件超过10兆"),
    ],
)
def test_what_is_no_scan_or_too_large_is_refused(as_user, pupil, content, name, words):
    assert words in alerts(add(as_user("clerk"), pupil, content, name))
    assert not SupportingDocument.objects.exists()
    assert not DocumentPart.objects.exists()


def test_the_largest_file_and_the_longest_name_are_kept(as_user, pupil):
    content = JPEG + bytes(10 * 2**20 - len(JPEG))
    add(as_user("clerk"), pupil, content, f"{'长' * 116}.jpg")
    assert SupportingDocument.objects.get().content() == content


def test_a_record_has_so_many_documents_and_no_more(as_user, pupil):
    client = as_user("clerk")
    for _ in range(MOST_OF_A_RECORD):
        add(client, pupil, JPEG, "图.jpg")
    assert f"最多保存{MOST_OF_A_RECORD}份" in alerts(add(client, pupil, JPEG, "图.jpg"))
    assert SupportingDocument.objects.count() == MOST_OF_A_RECORD


def test_what_is_removed_cannot_be_read_and_it_is_known_who_removed_it(as_user, users, pupil):
    client = as_user("clerk")
    add(client, pupil)
    document = SupportingDocument.objects.get()
    html = client.post(address(pupil, f"documents/{document.pk}/remove/"), follow=True).content.decode()
    assert "已删除“户口簿.png”。" in html
    assert "还没有佐证材料" in html
    document.refresh_from_db()
    assert (document.removed_by, document.content()) == (users["clerk"], b"")
    assert client.get(address(pupil, f"documents/{document.pk}/")).status_code == 404
    assert client.post(address(pupil, f"documents/{document.pk}/remove/")).status_code == 404


def test_who_may_only_see_a_record_reads_its_documents(as_user, pupil):
    add(as_user("clerk"), pupil)
    document, section = SupportingDocument.objects.get(), as_user("aid")
    html = section.get(address(pupil)).content.decode()
    assert "户口簿.png" in html
    assert "documents/" in html
    assert "上传</button>" not in html
    assert sent(section.get(address(pupil, f"documents/{document.pk}/"))) == PNG
    assert add(section, pupil).status_code == 403
    assert section.post(address(pupil, f"documents/{document.pk}/remove/")).status_code == 403
    assert as_user("leader").get(address(pupil, f"documents/{document.pk}/")).status_code == 404


def test_a_document_is_found_by_its_own_record_alone(as_user, pupil):
    foreign = Pupil.objects.exclude(class_group__school=pupil.class_group.school).order_by("pk").first()
    office = as_user("office")
    add(office, foreign)
    document, clerk = SupportingDocument.objects.get(), as_user("clerk")
    for record in (pupil, pupil.person, foreign):
        assert clerk.get(address(record, f"documents/{document.pk}/")).status_code == 404
    assert add(clerk, foreign).status_code == 404
    assert clerk.post(address(pupil, f"documents/{document.pk}/remove/")).status_code == 404
    assert office.get(address(pupil, f"documents/{document.pk}/")).status_code == 404
