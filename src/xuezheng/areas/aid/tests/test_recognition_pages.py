"""The pages of recognition: who sees whom, the walk from the application to the file, the aid of one person."""

import re
from datetime import timedelta
from io import BytesIO

import docx
import pytest
from django.test import Client
from django.utils import timezone

from xuezheng.areas.aid.models import Award, Entitlement, Notice, Recognition
from xuezheng.areas.aid.procedures.notices import last_day
from xuezheng.records.models import Person, PersonCategory, Term

QUEUE, NEW = "/aid/recognitions/", "/aid/recognitions/new/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_user():
    def log_in(user):
        client = Client()
        client.force_login(user)
        return client

    return log_in


def html(response):
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_application_to_the_file(enrolled, clerk, users, as_user, term, monkeypatch):
    school, bureau = as_user(clerk), as_user(users[0])
    assert 'href="/aid/recognitions/"' in html(school.get("/registers/"))
    person, second_person = enrolled[0].person, enrolled[1].person
    form = {
        "id_number": person.id_number, "term": term.pk, "category": "rural_allowance", "tier": "slight",
        "household_size": "4", "guardian": "家长甲", "phone": "13800000000", "reason": "父母务农",
        "applied_on": "2019-09-09",
    }  # fmt: skip
    assert "学籍里没有这个号码的在册学生" in html(
        school.post(NEW, form | {"id_number": "990101200001010000"})
    )
    page = html(school.post(NEW, form, follow=True))
    assert "下一步请学校评议" in page
    assert "已有认定" in html(school.post(NEW, form))
    html(school.post(NEW, form | {"id_number": second_person.id_number}, follow=True))
    first = Recognition.objects.get(person=person)
    # The school reviews one on its page at a higher tier, and the other in the list.
    here = f"{QUEUE}{first.pk}/"
    page = html(
        school.post(
            here,
            {"step": "review", "day": "2019-09-20", "tier": "middle", "note": "班级评议同意"},
            follow=True,
        )
    )
    assert "现为“学校已评议”" in page
    assert "班级评议同意" in page
    second = Recognition.objects.get(person=second_person)
    many = {"step": "review", "day": "2019-09-20", "key": [second.pk], "back": "term=2019秋&state=applied"}
    assert "已评议1人" in html(school.post(QUEUE, many, follow=True))
    many |= {"step": "post", "day": "2019-09-24", "key": [first.pk, second.pk]}
    assert "只有4个" in html(school.post(QUEUE, many | {"last": "2019-09-27"}, follow=True))
    page = html(school.post(QUEUE, many | {"last": "2019-09-29"}, follow=True))
    assert "已登记公示，到2019-09-29" in page
    assert "2019年9月24日至2019年9月29日 · 2人" in page
    for kept_off in (person.id_number, "农村低保", "13800000000"):
        assert kept_off not in page
    notice = Notice.objects.get()
    document = b"".join(school.get(f"/aid/notices/{notice.pk}/docx/").streaming_content)
    assert docx.Document(BytesIO(document)).tables[0].cell(1, 1).text == person.name
    # The school cannot decide, and the bureau not before its time.
    assert "不能办理这一步" in html(school.post(here, {"step": "decide", "day": "2019-10-08"}, follow=True))
    assert "期满后才能认定" in html(bureau.post(here, {"step": "decide", "day": "2019-09-29"}, follow=True))
    page = html(bureau.get(f"{QUEUE}?state=noticed"))
    assert "认定所选" in page
    assert "认定所选" not in html(school.get(f"{QUEUE}?state=noticed"))
    many |= {"step": "decide", "day": "2019-10-08", "back": ""}
    assert "已认定2人" in html(bureau.post(QUEUE, many, follow=True))
    page = html(bureau.get(here))
    assert re.findall(r"<div>(已申请|学校已评议|公示中|已认定)", page) == [
        "已申请",
        "学校已评议",
        "公示中",
        "已认定",
    ]
    assert "义务教育非寄宿生生活费补助" in page
    first.refresh_from_db()
    assert first.tier == "middle"
    # What the decision entitles to is drawn up at the amounts of the rules, once.
    fund = {"programme": "day_pupil", "term": term.pk}
    drawn = html(bureau.post("/aid/payments/", fund | {"step": "draw_up"}, follow=True))
    assert "已拟定2人的资助" in drawn
    assert [award.amount for award in Award.objects.filter(programme="day_pupil")] == [31250, 31250]
    again = html(bureau.post("/aid/payments/", fund | {"step": "draw_up"}, follow=True))
    assert "没有可拟定的" in again
    # They have aid of registered poor in the same term, which excludes this one once that is under way.
    page = html(bureau.post("/aid/payments/", fund, follow=True))
    assert "已编制：2笔，共625元" in page
    assert PersonCategory.objects.filter(person=person, starts_on=first.decided_on).exists()


def test_a_notice_that_runs_is_told_on_the_page(applied, users, clerk, as_user):
    today = timezone.localdate()
    school = as_user(clerk)
    keys = [recognition.pk for recognition in applied]
    school.post(QUEUE, {"step": "review", "day": str(today), "key": keys})
    last = last_day(today)
    school.post(QUEUE, {"step": "post", "day": str(today), "key": keys, "last": str(last + timedelta(1))})
    page = html(as_user(users[0]).get(f"{QUEUE}{keys[0]}/"))
    assert "期满后才能认定" in page
    assert 'value="decide"' not in page
    assert page.count("disabled") == 0
    assert 'title="公示还没有期满"' in html(as_user(users[0]).get(f"{QUEUE}?state=noticed"))


def test_others_see_nothing(applied, strangers, foreign_clerk, as_user, clerk):
    first = applied[0]
    pages = [QUEUE, NEW, f"{QUEUE}{first.pk}/", f"/aid/people/{first.person_id}/"]
    for stranger in strangers[:2]:
        client = as_user(stranger)
        assert {client.get(page).status_code for page in pages} == {403}
    client = as_user(foreign_clerk)
    assert first.person.name not in html(client.get(QUEUE))
    assert {client.get(page).status_code for page in pages[2:]} == {404}
    assert client.post(pages[2], {"step": "withdraw", "day": "2019-10-08", "note": "试"}).status_code == 404
    refusal = html(
        client.post(QUEUE, {"step": "review", "day": "2019-10-08", "key": [first.pk]}, follow=True)
    )
    assert "没有选定任何一名学生" in refusal
    assert {recognition.state for recognition in Recognition.objects.all()} == {"applied"}


def test_hostile_values_are_told(applied, clerk, as_user):
    client, here = as_user(clerk), f"{QUEUE}{applied[0].pk}/"
    assert "日期无法识别" in html(client.post(here, {"step": "review", "day": "昨天"}, follow=True))
    form = {"step": "review", "day": "2019-09-20", "tier": "hardest"}
    assert "所选的困难等级不在选项中" in html(client.post(here, form, follow=True))
    assert client.post(here, {"step": "fly", "day": "2019-09-20"}).status_code == 404
    assert client.get(f"{QUEUE}?state=gone").status_code == 404
    assert client.get(f"{QUEUE}?school=x&term=y&page=z").status_code == 200
    form = {"step": "review", "day": "2019-09-20", "key": ["x", "9" * 40]}
    assert "没有选定任何一名学生" in html(client.post(QUEUE, form, follow=True))


def test_the_aid_of_one_person_with_its_sum_and_why_each_amount(
    enrolled, users, as_user, term, clerk, school
):
    award = enrolled[0]
    Award.objects.create(
        person=award.person, programme="boarder", term=term, stage="junior", school=school,
        school_name=school.name, study_division="990101", boarding="boarder", amount=1_250_00,
    )  # fmt: skip
    Entitlement.objects.create(
        person=award.person, programme="day_pupil", term=term, school=school, source="school"
    )
    for user in (users[0], clerk):
        page = html(as_user(user).get(f"/aid/people/{award.person_id}/"))
        assert "合计 <strong>1,562.50元</strong>" in page
        assert "合计超过一人一学期的上限" in page
        assert "按规则应为625.00元" in page
        assert "按规定不与“建档立卡学生资助”同时发放" in page
        assert "义务教育家庭经济困难寄宿生生活费补助标准" in page
        assert "2019-09-01起施行" in page
        assert "应助未助（学校认定）" in page
        assert award.person.id_number not in page
    assert Person.objects.count() == 3
    assert Term.objects.count() == 1
