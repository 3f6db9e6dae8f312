"""A number into the report, and out again."""

import pytest

from xuezheng.reports.releases.models import AddedSentence

NEW = "/reports/additions/new/?figure=aid.registered_poor_pupils&period=2019H1&school=1"
REPORT = "/reports/half_year/2019H1/"
WORDS = {"heading": "资助", "before": "其中，第一小学", "after": "。", "by": "phase"}


@pytest.fixture
def client(as_user, snapshot, short_report):
    return as_user("aid")


def test_from_a_figure_into_the_report_and_out_again(client):
    figure = client.get("/figures/aid.registered_poor_pupils/?period=2019H1&school=1").content.decode()
    assert NEW.replace("&", "&amp;") in figure
    form = client.get(NEW).content.decode()
    assert "2人" in form
    assert '<option value="资助" selected>' in form
    response = client.post(NEW, WORDS)
    html = client.get(response["Location"]).content.decode()
    assert response["Location"].partition("#")[2] in html
    assert "<p>其中，第一小学<a" in html
    assert 'data-chart="chart-aid-registered_poor_pupils-phase-1"' in html
    [sentence] = AddedSentence.objects.all()
    assert client.post(f"/reports/additions/{sentence.pk}/").status_code == 302
    assert "其中，第一小学" not in client.get(REPORT, follow=True).content.decode().partition("xz-paper")[2]
    again = client.post(f"/reports/additions/{sentence.pk}/", follow=True)
    assert "已经不在报告里了" in again.content.decode()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"before": "共有8人，其中"}, "“8”是手写的数字"),
        ({"after": "人"}, "以句号“。”结尾"),
        ({"before": "{{ n }}"}, "句子里不能有"),
        ({"heading": "没有的"}, "没有的"),
    ],
)
def test_what_is_no_sentence_is_refused_and_nothing_kept(client, words, told):
    assert told in client.post(NEW, {**WORDS, **words}).content.decode()
    assert not AddedSentence.objects.exists()


@pytest.mark.parametrize("name", ["leader", "clerk"])
def test_leaders_and_clerks_change_no_report(as_user, snapshot, short_report, name):
    assert as_user(name).post(NEW, WORDS).status_code == 403
    assert as_user(name).post("/reports/additions/1/").status_code == 403
    assert (
        "插入报告"
        not in as_user(name).get("/figures/aid.registered_poor_pupils/?period=2019H1").content.decode()
    )
