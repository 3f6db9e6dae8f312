"""A clerk's roster lacks pupils of the class: the page asks, and who left becomes an event of the import."""

import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from xuezheng.core.periods import Period
from xuezheng.impact.upload_impact import work_out, worked_out
from xuezheng.intake.importing import import_workbook
from xuezheng.intake.uploads import Upload
from xuezheng.records.models import EnrolmentEvent, Look, Pupil, School, Seen, User
from xuezheng.web.security import access_log

ROSTER, OWN, GROUP = "学生名册", "2134990001", "二年级5班"
COMMIT = 'value="commit"'


@pytest.fixture
def roster(district, workbook, small, snapshot):
    """A class of six pupils in the clerk's school, and the function that writes its roster."""
    number = School.objects.get(code=OWN).code
    rows = [[number, GROUP, *row[2:]] for row in small[ROSTER] if row[2].startswith("众生")][10:16]
    import_workbook(workbook({"班级名册": [[number, GROUP, "小学", "2", ""]], ROSTER: rows}))
    assert Pupil.objects.filter(class_group__name=GROUP).count() == 6

    def write(count):
        return SimpleUploadedFile("名册.xlsx", workbook({ROSTER: rows[:count]}, "名册.xlsx").read_bytes())

    return write


def hand_in(client, file):
    answer = client.post("/intake/", {"file": file})
    assert answer.status_code == 302
    return answer["Location"]


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def test_who_left_is_recorded_and_the_rest_stay(as_user, roster, assert_closed):
    client = as_user("clerk")
    preview = hand_in(client, roster(5))
    response = client.get(preview)
    assert_closed(response)
    page = text(response)
    (field,) = re.findall(r'name="([0-9]+-kind)"', page)
    key = field.removesuffix("-kind")
    gone = Pupil.objects.select_related("person").get(pk=key)
    assert gone.person.name in page
    access_log.file_away()
    line = Look.objects.get(what="预览：文件里没有的在读学生")
    assert list(Seen.objects.filter(look=line).values_list("person", flat=True)) == [gone.person_id]
    assert "台账中有1名在读学生不在文件里" in page
    assert "已核对，没有登记离开的台账不变" in page
    assert COMMIT not in page

    for values, message in (
        ({field: "transfer_out"}, "请填离开的日期"),
        ({field: "transfer_out", f"{key}-day": "2019-02-30"}, "没有登记"),
        ({field: "entry", f"{key}-day": "2019-10-08"}, "不能用"),
        ({field: "transfer_out\0", f"{key}-day": "2019-10-08"}, ""),
    ):
        answer = client.post(preview, {"decision": "depart", **values}, follow=True)
        if message:
            assert message in text(answer)
        assert gone.person.name in text(client.get(preview))

    values = {field: "transfer_out", f"{key}-day": "2019-10-08", f"{key}-elsewhere": "外省小学"}
    page = text(client.post(preview, {"decision": "depart", **values}, follow=True))
    page = text(client.get(preview))
    assert "已登记离开 1 人" in page
    assert "2019-10-08 转出到外地" in page
    assert COMMIT in page

    client.post(preview, {"decision": "undepart"}, follow=True)
    assert COMMIT not in text(client.get(preview))
    client.post(preview, {"decision": "depart", **values}, follow=True)
    assert "已导入" in text(client.post(preview, {"decision": "commit"}, follow=True))
    assert EnrolmentEvent.objects.get(person=gone.person, kind="transfer_out").elsewhere == "外省小学"
    gone.refresh_from_db()
    assert gone.left_on == date(2019, 10, 8)


def test_the_effect_of_a_departure_is_shown(transactional_db, as_user, users, roster):
    client = as_user("clerk")
    preview = hand_in(client, roster(5))
    (field,) = re.findall(r'name="([0-9]+-kind)"', text(client.get(preview)))
    day = field.replace("kind", "day")
    client.post(preview, {"decision": "depart", field: "leaving", day: "2019-10-08"}, follow=True)
    upload, autumn = Upload.of(users["clerk"], preview.rstrip("/").rpartition("/")[2]), Period.parse("2019H2")
    work_out(upload, users["clerk"], autumn)
    changes = {
        figure["label"]: (figure["before"], figure["after"])
        for figure in worked_out(upload, autumn)["figures"]
    }
    assert changes["离校学生"] == ("无数据", "1人")


def test_what_is_confirmed_changes_nobody(as_user, roster):
    client = as_user("clerk")
    preview = hand_in(client, roster(5))
    client.post(preview, {"decision": "confirm"}, follow=True)
    assert "没有可提交的内容" in text(client.get(preview))
    assert Pupil.objects.filter(class_group__name=GROUP, left_on=None).count() == 6


def test_pupils_of_another_school_are_never_named(users, roster):
    elsewhere = School.objects.exclude(code=OWN).first()
    client = Client()
    client.force_login(
        User.objects.create(
            username="elsewhere", role=User.Role.CLERK, school=elsewhere, toured_at=timezone.now()
        )
    )
    page = text(client.get(hand_in(client, roster(5))))
    assert 'id="missing"' not in page
