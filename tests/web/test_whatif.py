"""A policy is tried out by a page: what would be otherwise is filled in, a job works it out, the page shows what would follow."""

import re

import pytest

from xuezheng.jobs.models import Job
from xuezheng.policy.current import entries
from xuezheng.snapshots.snapshot import ids

HTMX = {"HX-Request": "true"}
HERE = "/whatif/aid.boarder/"


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def fields(page):
    """The form's values by what they are for."""
    found = re.findall(
        r'<label class="form-label" for="(value-\d+)">([^<]+)</label><input [^>]*value="([^"]*)"', page
    )
    return {words: (name, value) for name, words, value in found}


@pytest.mark.django_db(transaction=True)
def test_a_policy_is_tried_out_and_nothing_is_kept(as_user, snapshot, work, district):
    client = as_user("aid")
    assert 'href="/whatif/"' in html(client.get("/figures/"))
    assert f'href="{HERE}"' in html(client.get("/whatif/"))
    told = fields(html(client.get(f"{HERE}?base=2016-02-01")))
    assert (told["小学"][1], told["初中"][1]) == ("500", "625")
    assert told["其余各类"][1] == ""
    form = dict(told.values())
    form |= {"base": "2016-02-01", "first": "2016-02-01", "period": "2019H1"}
    # Without a standard for primary pupils, all three lose it, at their schools.
    form[told["小学"][0]] = ""
    before = entries("aid")["boarder"], ids()
    job = client.post(HERE, form)["Location"]
    assert [it.state for it in work()] == ["done"]
    page = html(client.get(client.get(job, headers=HTMX)["HX-Redirect"]))
    assert '<td>小学</td><td class="num">500</td><td class="num">—</td>' in page
    assert re.search(r'<td>建档立卡应资助金</td><td>合计</td><td class="num">1,?500元</td>', page)
    for part, lost in (("小学", 3), ("松溪小学", 1), ("云岭第一小学", 2)):
        assert f'<td>{part}</td><td class="num">0</td><td class="num">{lost}</td>' in page
    assert "报告的语句" in page
    assert "（这一句不再写）" in page
    assert (entries("aid")["boarder"], ids()) == before
    assert "任务" in html(client.get("/whatif/"))
    for pupil in district.pupils:
        assert pupil.person.name not in page + str(Job.objects.values_list("arguments", "result"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"first": "今天"}, "施行日期无法识别"),
        ({"period": "很久"}, "时期"),
        ({"value-0": "五百"}, "不是金额"),
        ({"value-0": "0.001"}, "不是整分"),
        ({"value-0": "NaN"}, "过大或不是数"),
        ({f"value-{place}": "" for place in range(9)}, "至少要填写一项标准"),
    ],
)
def test_what_cannot_be_tried_is_told_in_the_form(as_user, snapshot, changed, words):
    client = as_user("aid")
    told = fields(html(client.get(f"{HERE}?base=2016-02-01")))
    form = dict(told.values())
    form |= {"base": "2016-02-01", "first": "2016-02-01", "period": "2019H1"}
    assert words in html(client.post(HERE, form | changed))
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_school_tries_nothing_out_and_others_do_not_see_what_one_tried(as_user, snapshot, users):
    job = Job.objects.create(
        kind="whatif",
        title="政策试算",
        arguments={"token": "a" * 32, "period": "2019H1", "changes": {"aid.boarder": {"2016-02-01": {"primary": "1"}}}},
        asked_by=users["aid"], state=Job.State.DONE, result={"address": "/", "told": {}},
    )  # fmt: skip
    address = f"/whatif/results/{job.arguments['token']}/"
    assert as_user("aid").get(address).status_code == 200
    assert as_user("office").get(address).status_code == 200
    assert as_user("leader").get(address).status_code == 404
    clerk = as_user("clerk")
    assert {clerk.get(it).status_code for it in ("/whatif/", HERE, address)} == {403}
    assert "政策试算" not in html(clerk.get("/figures/"))
    assert as_user("aid").get("/whatif/aid.nothing/").status_code == 404
    assert as_user("aid").get("/whatif/aid.working_days/").status_code == 404
