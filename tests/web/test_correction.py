"""A school's clerk corrects one record of the school, with the checks of a workbook; what identifies it stays."""

import re

import pytest

from xuezheng.areas.safety.models import Hazard
from xuezheng.intake.undo import undo
from xuezheng.records.models import Batch, Pupil, School
from xuezheng.web.registers.correction import identifies
from xuezheng.workbooks import sheet_catalogue
from xuezheng.workbooks.export import rows_of


def page(client, address):
    return client.get(address).content.decode()


def fields(html):
    """The fields of the form with their values, as a browser would send them."""
    form = html[html.index('<form class="card"') :]
    values = {}
    for name, rest in re.findall(r'<(?:input|textarea) [^>]*?name="([^"]+)"([^>]*)>', form):
        value = re.search(r'value="([^"]*)"', rest)
        values[name] = value[1] if value else ""
    for name, options in re.findall(r'<select [^>]*?name="([^"]+)".*?>(.*?)</select>', form, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', options)
        values[name] = chosen[1] if chosen else ""
    return values


def correct(client, pupil, **changed):
    address = f"/registers/pupil/{pupil.pk}/correct/"
    sent = fields(page(client, address)) | {"reason": "对照户口簿更正"} | changed
    return client.post(address, sent, follow=True).content.decode()


@pytest.fixture
def pupil(district):
    """A pupil of the clerk's school."""
    return Pupil.objects.filter(class_group__school__code="2134990001").order_by("pk").first()


def test_a_clerk_corrects_a_record_of_the_school_and_it_is_undone(as_user, users, pupil):
    client, address = as_user("clerk"), f"/registers/pupil/{pupil.pk}/"
    assert f"{address}correct/" in page(client, address)
    number, before = pupil.person.id_number, pupil.get_boarding_display()
    after = "走读" if before == "住校" else "住校"
    html = correct(client, pupil, boarding=after)
    batch = Batch.objects.latest("pk")
    assert f"已更正，记为批次{batch.pk}" in html
    assert (batch.file_name, batch.made_by) == ("网页更正：学生名册（对照户口簿更正）", users["clerk"])
    pupil.refresh_from_db()
    assert (pupil.get_boarding_display(), pupil.person.id_number) == (after, number)
    undo(batch.pk, users["clerk"])
    pupil.refresh_from_db()
    assert pupil.get_boarding_display() == before


def test_what_identifies_a_record_and_numbers_are_not_on_the_page(as_user, pupil, assert_closed):
    response = as_user("clerk").get(f"/registers/pupil/{pupil.pk}/correct/")
    assert_closed(response)
    html = response.content.decode()
    assert pupil.person.id_number not in html
    assert pupil.student_number not in html
    assert not {"person-id_number", "student_number"} & fields(html).keys()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({}, "没有改动"),
        ({"boarding": "飞行"}, "不在可选项内"),
        ({"boarding": "住校", "reason": ""}, "这个字段是必填项。"),
        ({"boarding": "住校", "reason": "导入批次7"}, "不能以“导入批次”"),
        ({"boarding": "住校", "version": "999999"}, "刚被别人改过"),
        ({"class_group-name": "九年级9班"}, "没有班级名称为"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(as_user, pupil, changed, message):
    before = (Batch.objects.count(), pupil.boarding, pupil.class_group_id)
    html = correct(as_user("clerk"), pupil, **changed)
    assert message in html
    pupil.refresh_from_db()
    assert (Batch.objects.count(), pupil.boarding, pupil.class_group_id) == before


def test_nobody_corrects_records_of_others(as_user, pupil):
    foreign = Pupil.objects.exclude(class_group__school=pupil.class_group.school).order_by("pk").first()
    assert as_user("clerk").get(f"/registers/pupil/{foreign.pk}/correct/").status_code == 404
    school = School.objects.get(code="2134990002")
    assert as_user("clerk").get(f"/registers/school/{school.pk}/correct/").status_code == 404
    for name in ("office", "leader", "administrator", "auditor", "security"):  # the office has its own form
        assert as_user(name).get(f"/registers/pupil/{pupil.pk}/correct/").status_code in (403, 404), name


HAZARD = {"school-code": "2134990001", "found_on": "2019-09-02", "kind": "消防设施", "level": "一般隐患", "place": "东楼灭火器过期",
          "owner": "王某", "due_on": "2019-09-10", "closed_on": ""}  # fmt: skip


def hazard(client):
    """A hazard that the user of ``client`` registers for the clerk's school."""
    html = client.post("/registers/safety_hazard/new/", HAZARD, follow=True).content.decode()
    assert "已登记" in html, re.findall(r'role="alert">([^<]*)<', html)
    return Hazard.objects.get(place="东楼灭火器过期")


def test_a_clerk_closes_a_hazard_of_the_school(as_user):
    client = as_user("clerk")
    danger = hazard(client)
    address = f"/registers/safety_hazard/{danger.pk}/correct/"
    shown = fields(page(client, address))
    assert not {"school-code", "found_on", "place"} & shown.keys()  # they identify it
    client.post(address, shown | {"closed_on": "2019-09-08", "reason": "已更换"})
    danger.refresh_from_db()
    assert (danger.closed_on.isoformat(), danger.owner) == ("2019-09-08", "王某")
    html = client.post(address, fields(page(client, address)) | {"closed_on": "2019-09-01", "reason": "改"})
    assert "早于" in html.content.decode()


def test_a_clerk_deletes_what_the_school_registered_and_nothing_else(as_user, users):
    client = as_user("clerk")
    danger = hazard(client)
    address = f"/registers/safety_hazard/{danger.pk}/"
    assert "删除这条记录" in page(client, address)
    version = danger.history.latest().pk
    client.post(f"{address}remove/", {"reason": "重复登记", "version": version})
    assert not Hazard.objects.exists()
    undo(Batch.objects.latest("pk").pk, users["clerk"])
    assert Hazard.objects.get().place == danger.place
    Hazard.objects.all().delete()
    danger = hazard(as_user("office"))
    address = f"/registers/safety_hazard/{danger.pk}/"
    assert "删除这条记录" not in page(client, address)
    assert client.post(f"{address}remove/", {"reason": "重复登记", "version": 0}).status_code == 403


def test_a_path_identifies_a_record_where_all_its_steps_are_keys():
    for sheet in sheet_catalogue.sheets().values():
        paths = {column.path for column in sheet.columns if identifies(sheet.model, column.path)}
        assert {path.split(".")[0] for path in paths} == set(sheet.model.natural_key), sheet.title
    assert identifies(Pupil, "person.id_number")
    assert not identifies(Pupil, "person.name")
    assert not identifies(Pupil, "class_group.name")


def test_an_unchanged_form_has_the_row_of_the_record(as_user, users, pupil):
    form = fields(page(as_user("clerk"), f"/registers/pupil/{pupil.pk}/correct/"))
    sheet = sheet_catalogue.sheet("学生名册")
    row = dict(zip((column.path for column in sheet.columns), next(rows_of(sheet, Pupil.objects.filter(pk=pupil.pk))), strict=True))  # fmt: skip
    shown = {path: text for path, text in row.items() if path.replace(".", "-") in form}
    assert {path: form[path.replace(".", "-")] for path in shown} == shown
    assert len(shown) >= 8
