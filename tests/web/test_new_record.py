"""One record is added by hand with the checks of a workbook, is undone like an import, and nobody adds for others."""

import re
from datetime import date

import pytest
from tests.conftest import citizen_id

from xuezheng.intake.undo import undo
from xuezheng.records.models import Batch, ClassGroup, EnrolmentEvent, Person, Pupil, School
from xuezheng.workbooks import sheet_catalogue

OWN, OTHER = "2134990001", "2134990002"
PUPIL = "/registers/pupil/new/"
NUMBER = citizen_id(1, "2010-03-05", "男")


def typed(**changed):
    """The fields of a new pupil of the clerk's school."""
    return {
        "class_group-school-code": OWN, "class_group-name": "三年级1班", "person-name": "王新生", "person-sex": "男",
        "person-birth_date": "2010-03-05", "person-id_type": "居民身份证", "person-id_number": NUMBER, "student_number": f"G{NUMBER}",
        "person-household_division": "349900", "boarding": "走读", "entered_on": "2018-09-01", "left_on": "",
    } | changed  # fmt: skip


def text(response):
    return response.content.decode()


def errors(response):
    return re.findall(r'role="alert">([^<]*)<', text(response))


def test_a_clerk_adds_a_pupil_with_its_history_and_it_is_undone(as_user):
    client = as_user("clerk")
    assert PUPIL in text(client.get("/registers/pupil/"))
    form = text(client.get(PUPIL))
    assert "云岭第一小学" in form
    assert "松溪小学" not in form
    response = client.post(PUPIL, typed(), follow=True)
    assert "已登记" in text(response)
    pupil = Pupil.objects.get(person__name="王新生")
    assert response.request["PATH_INFO"] == f"/registers/pupil/{pupil.pk}/"
    assert EnrolmentEvent.objects.get(person=pupil.person).occurred_on == date(2018, 9, 1)
    batch = Batch.objects.get(pk=pupil.batch_id)
    assert (batch.file_name, batch.made_by.username, batch.sheets[0]["added"]) == (
        "网页登记：学生名册",
        "clerk",
        1,
    )
    undo(batch.pk, batch.made_by)
    assert not Person.objects.filter(name="王新生").exists()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"person-id_number": NUMBER[:-1] + "0"}, "校验位不对"),
        ({"person-birth_date": "2010-03-06"}, "不一致"),
        ({"entered_on": "2008-09-01"}, "出生"),
        ({"class_group-name": "九年级9班"}, "没有班级名称为"),
        ({"person-name": ""}, "这个字段是必填项。"),
        ({"boarding": "飞行"}, "不在可选项内"),
        ({"class_group-school-code": OTHER}, "不属于“云岭第一小学”"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_written(as_user, changed, message):
    before = (Person.objects.count(), Pupil.objects.count(), Batch.objects.count())
    response = as_user("clerk").post(PUPIL, typed(**changed))
    assert any(message in error for error in errors(response)), errors(response)
    assert "王新生" in text(response) or "person-name" in changed
    assert (Person.objects.count(), Pupil.objects.count(), Batch.objects.count()) == before


def test_a_reading_is_confirmed_on_the_form(as_user):
    client = as_user("clerk")
    response = client.post(PUPIL, typed(**{"person-name": "王 新生"}))
    assert "须经确认" in text(response)
    assert 'name="confirmed"' in text(response)
    assert not Pupil.objects.filter(person__name="王新生").exists()
    client.post(PUPIL, typed(**{"person-name": "王 新生"}, confirmed="on"))
    assert Pupil.objects.filter(person__name="王新生").exists()


def test_a_record_that_exists_is_not_changed(as_user, district):
    client, pupil = as_user("office"), district.pupils[0]
    own = typed(**{"person-name": pupil.person.name, "person-sex": pupil.person.get_sex_display(), "person-birth_date": "2010-03-01",
                   "person-id_number": pupil.person.id_number, "student_number": pupil.student_number, "entered_on": "2016-09-01",
                   "boarding": "住校"})  # fmt: skip
    assert "台账中已有这条记录" in "".join(errors(client.post(PUPIL, own)))
    pupil.refresh_from_db()
    assert pupil.boarding == "day"


@pytest.mark.parametrize("name", ["leader", "administrator", "auditor", "security"])
def test_who_may_not_import_may_not_add(as_user, name):
    assert as_user(name).get(PUPIL).status_code == 403
    assert as_user(name).post(PUPIL, typed()).status_code == 403


def test_a_section_adds_to_its_own_registers_alone(as_user):
    client = as_user("aid")
    assert client.get(PUPIL).status_code == 403
    assert client.get("/registers/aid_award/new/").status_code == 200
    assert client.get("/registers/nothing/new/").status_code == 404


def test_every_register_that_a_sheet_fills_has_its_form(as_user):
    client = as_user("office")
    for sheet in sheet_catalogue.sheets().values():
        if not sheet.model.confidential:
            response = client.get(f"/registers/{sheet.model.table_name()}/new/")
            assert response.status_code == 200, sheet.title
            labels = [column.title.removesuffix("标识码") for column in sheet.columns]
            assert all(label in text(response) for label in labels), sheet.title


def test_a_class_and_a_school_are_added_too(as_user):
    client = as_user("office")
    client.post("/registers/classgroup/new/", {"school-code": OTHER, "name": "五年级2班", "stage": "小学", "grade": "5", "attached": "否"})  # fmt: skip
    assert ClassGroup.objects.filter(school__code=OTHER, name="五年级2班").exists()
    response = client.post("/registers/school/new/", {"code": "12345", "name": "错的学校", "kind": "小学"})
    assert errors(response)
    assert not School.objects.filter(name="错的学校").exists()
