"""What waits for each on the home page, and where it leads."""

from datetime import date

import pytest

from xuezheng.areas.aid.models import Recognition
from xuezheng.areas.aid.procedures.propose import propose
from xuezheng.collections import collecting
from xuezheng.core.periods import Period
from xuezheng.jobs.models import Job
from xuezheng.records.models import School
from xuezheng.web.ui.todos import todos
from xuezheng.workbooks import sheet_catalogue


def told(user):
    return {it.title: it.amount for it in todos(user)}


@pytest.fixture
def asked(district):
    sheets = [sheet_catalogue.sheet("资助发放名单")]
    return collecting.open_collection(
        "名单", Period.parse("2019春"), "aid", sheets, School.objects.all(), date(2019, 6, 20)
    )


def test_a_school_is_asked_and_the_section_reminds_it(users, asked):
    assert told(users["clerk"]) == {"填报：名单": "未开始"}
    assert told(users["aid"])["催报：名单"] == "2所学校未上报"
    assert told(users["leader"]) == {}
    asked.submissions.filter(school=users["clerk"].school).update(reported_on=date(2019, 6, 1))
    assert told(users["clerk"]) == {}
    assert told(users["aid"])["催报：名单"] == "1所学校未上报"
    asked.submissions.update(reported_on=date(2019, 6, 1))
    assert told(users["aid"])["结束填报任务：名单"] == "已全部上报"


def test_rows_of_lists_wait_for_those_who_may_decide(users):
    assert told(users["aid"]) == told(users["office"]) == {"名单比对待核": "1人"}


def test_each_step_of_recognition_and_payment_waits_for_whom_it_concerns(users, district):
    pupil = district.pupils[0]
    made = Recognition.objects.create(
        person=pupil.person, term=district.term, school=district.own, stage="primary", category="other",
        tier="slight", applied_on=date(2019, 3, 1),
    )  # fmt: skip
    assert told(users["clerk"]) == {"评议困难认定申请（2019春）": "1人"}
    Recognition.objects.filter(pk=made.pk).update(state="noticed", noticed_until=date(2019, 3, 8))
    assert told(users["clerk"]) == {}
    assert told(users["aid"])["认定公示期满的申请（2019春）"] == "1人"
    made.person.award_set.update(paid_on=None)
    drawn = propose("registered_poor", district.term, users["aid"]).list
    assert f"审批资助发放名单（{drawn.pk}号）" not in told(users["aid"])
    assert told(users["office"])[f"审批资助发放名单（{drawn.pk}号）"] == "1笔"


def test_a_job_that_failed_may_be_tried_again_by_who_asked_for_it(users):
    Job.objects.create(kind="freeze", title="生成快照", asked_by=users["aid"], state="failed", may_retry=True)
    assert told(users["aid"])["重试：生成快照"] == "未完成"
    assert "重试：生成快照" not in told(users["office"])


def test_what_has_a_day_comes_first_and_opens_where_it_is_done(as_user, users, asked, snapshot):
    first, *_ = todos(users["aid"])
    assert first.is_late
    assert first.due_on == date(2019, 6, 20)
    html = as_user("aid").get("/").content.decode()
    assert f'href="/intake/collections/{asked.pk}/"' in html
    assert "已过6月20日" in html
    for it in todos(users["aid"]):
        assert as_user("aid").get(it.address).status_code == 200
