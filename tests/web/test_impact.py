"""Before a commit, a page tells which numbers it would change."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from tests.web.conftest import id_number

from xuezheng.areas.aid.models import Award
from xuezheng.records.models import Batch

AWARDS = "资助发放名单"
OWN = "2134990001"


def text(response) -> str:
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def preview(transactional_db, district, snapshot, short_report, as_user, workbook):
    """The preview of a workbook with one more award, and who handed it in."""
    row = ["学生丙", id_number(3), "建档立卡学生资助", "2019春", "小学", "云岭第一小学", "349900", OWN, "走读", "", "500", "2019-05-20"]  # fmt: skip
    content = workbook({AWARDS: [row]}).read_bytes()
    client = as_user("clerk")
    answer = client.post("/intake/", {"file": SimpleUploadedFile("名单.xlsx", content)})
    return client, answer["Location"]


def test_the_page_tells_figures_sentences_and_targets_old_and_new(preview, assert_closed, as_user, work):
    client, page = preview
    address = f"{page}changes/?period=2019H1"
    assert f'href="{page}changes/"' in text(client.get(page))
    before = text(client.get(address))
    assert "台账不改动" in before
    assert "3人" not in before
    batches = Batch.objects.count()
    job = client.post(address)["Location"]
    assert "计算会改变哪些数字" in text(client.get(job))
    work()
    assert client.get(job, headers={"HX-Request": "true"})["HX-Redirect"] == address
    html = text(client.get(address))
    assert Batch.objects.count() == batches
    assert "2019年上半年会改变：指标" in html
    figure = "aid.registered_poor_pupils/?period=2019H1"
    assert re.search(rf'{re.escape(figure)}">建档立卡[^<]*</a></td><td[^>]*>3人</td><td[^>]*>4人</td>', html)
    assert "资助建档立卡学生<del>3人</del>，金额<del>0.15万元</del>。" in html
    assert '资助建档立卡学生<ins class="text-decoration-none fw-bold">4人</ins>' in html
    assert '<div class="text-secondary">全区资助学生</div>' in html
    assert "4人（不少于3人）" in html
    assert_closed(client.get(address))
    # Another period was not worked out.
    assert "台账不改动" in text(client.get(f"{page}changes/?period=2019H2"))
    assert as_user("office").get(address)["Location"] == "/intake/"
    # The award came in another way meanwhile: the preview is made anew, and what belonged to the old one is not shown.
    award = Award.objects.get(pk=1)
    award.pk, award.person_id, award.amount = None, 3, 60_000
    award.save()
    assert "台账在您预览之后有了变化" in text(client.post(page, {"decision": "commit"}, follow=True))
    assert "台账不改动" in text(client.get(address))
