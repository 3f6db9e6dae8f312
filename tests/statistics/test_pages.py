"""The pages of the statistical tables: each number opens, what cannot be told is no zero, and a typed table is compared."""

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xuezheng.records.models import Term, User

PAGE = "/statistics/3112/"


def text(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def client(snapshot):
    seat = Client()
    seat.force_login(User.objects.create(username="leader", role=User.Role.LEADER, toured_at=timezone.now()))
    return seat


def test_each_table_is_listed_and_each_number_opens(client):
    assert PAGE in text(client.get("/statistics/"))
    page = text(client.get(PAGE))
    assert "/figures/enrolment.roll/?period=2018-09-01&amp;grade=1&amp;stage=primary" in page
    assert "台账没有登记学前教育经历" in page
    assert "2017-2018学年没有登记毕业学生" in page
    assert "核对了33条关系，3条不符" in page
    assert "01 总计：2（2）应等于9（3）" in page
    assert "此前离校的学生不在台账里" not in page
    Term.objects.update(code="2019春", starts_on="2019-02-18", ends_on="2019-07-05")
    assert "此前离校的学生不在台账里" in text(client.get(PAGE))


def test_a_typed_table_is_compared(client, tmp_path):
    path = tmp_path / "表.xlsx"
    path.write_bytes(b"".join(client.get(f"{PAGE}file/").streaming_content))
    book = openpyxl.load_workbook(path)
    [head] = [row for row in book.active.iter_rows() if row[0].value == "甲"]
    cell = book.active.cell(head[0].row + 1, [cell.value for cell in head].index("7") + 1)
    assert cell.value == 6
    cell.value = 7
    book.save(path)
    page = text(client.post(PAGE, {"file": SimpleUploadedFile("表.xlsx", path.read_bytes())}))
    assert "01 总计，7 在校生数：台账6，填报7" in page
    assert "1格与台账算出的不同" in page
    assert "所填的表 01 总计：7（7）应等于9 + 10 + 11 + 12 + 13 + 14（6）" in page
