"""The pages of the statistical tables refuse what does not exist, and what is no table."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

PAGE = "/statistics/3112/"


def text(response):
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("content", [b"", b"no workbook", "甲,乙\n总计,01\n".encode()])
def test_what_is_no_such_table_is_refused(as_user, snapshot, content):
    page = text(as_user("office").post(PAGE, {"file": SimpleUploadedFile("表.csv", content)}))
    assert "格与台账算出的不同" not in page


@pytest.mark.parametrize(
    "address",
    ["/statistics/9999/", f"{PAGE}?year=1999", f"{PAGE}?year=2099", f"{PAGE}?year=x", f"{PAGE}?year=٢٠١٩",
     f"{PAGE}?year={'9' * 5000}", f"{PAGE}?school=x", f"{PAGE}?school=999999", f"{PAGE}file/?year=1"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(as_user, snapshot, address):
    assert as_user("office").get(address).status_code == 404
