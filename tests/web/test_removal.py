"""One record is deleted by hand for a reason, by who may edit it, while nothing uses it; it comes back as it was."""

import pytest

from xuezheng.areas.aid.models import Award
from xuezheng.intake.undo import UndoRefused, undo
from xuezheng.records.models import Batch, ClassGroup, Person, School


def page(client, address):
    return client.get(address).content.decode()


def delete(client, record, reason="重复登记", version=None):
    address = f"/registers/{record.table_name()}/{record.pk}/"
    if version is None:
        version = record.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0
    return client.post(f"{address}remove/", {"reason": reason, "version": version}, follow=True)


def state(record):
    return {field.attname: getattr(record, field.attname) for field in record._meta.concrete_fields}


@pytest.fixture
def award(district):
    return Award.objects.order_by("pk").first()


def test_a_record_is_deleted_for_a_reason_and_comes_back_as_it_was(as_user, users, snapshot, award):
    client, before = as_user("aid"), state(award)
    html = page(client, f"/registers/aid_award/{award.pk}/")
    assert "删除这条记录" in html
    response = delete(client, award)
    html = response.content.decode()
    assert "已删除，记为批次" in html
    assert "重复登记" in html
    assert not Award.objects.filter(pk=award.pk).exists()
    entry = Award.history.filter(id=award.pk).first()
    assert (entry.history_type, entry.history_user) == ("-", users["aid"])
    batch = Batch.objects.latest("pk")
    assert (batch.reason, batch.file_name) == ("重复登记", "删除一条资助")
    undone = undo(batch.pk, users["aid"])
    assert "恢复当时修改或删除的1条" in undone.sentence()
    assert state(Award.objects.get(pk=award.pk)) == before
    assert Award.history.filter(id=award.pk).first().history_type == "+"
    with pytest.raises(UndoRefused, match="已于"):
        undo(batch.pk, users["aid"])


def test_what_others_use_is_not_deleted(as_user, district):
    person = Person.objects.filter(pupil__isnull=False).first()
    html = delete(as_user("office"), person).content.decode()
    assert "没有删除：还有" in html
    assert "1条“学生”" in html
    assert Person.objects.filter(pk=person.pk).exists()
    assert "用到这条记录" in delete(as_user("office"), School.objects.get(pk=1)).content.decode()


def test_a_deletion_of_what_somebody_changed_meanwhile_is_refused(as_user, snapshot, award):
    client = as_user("aid")
    version = award.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0
    award._change_reason = "更正"
    award.save()
    assert "刚被别人改过" in delete(client, award, version=version).content.decode()
    assert Award.objects.filter(pk=award.pk).exists()


@pytest.mark.parametrize("reason", ["", "字" * 81, "导入批次7", "批量修改批次3：甲"])
def test_a_deletion_needs_a_reason_of_its_own(as_user, snapshot, award, reason):
    assert "没有删除：请填写删除原因" in delete(as_user("aid"), award, reason=reason).content.decode()
    assert Award.objects.filter(pk=award.pk).exists()


@pytest.mark.parametrize("name", ["clerk", "leader", "administrator", "auditor"])
def test_who_may_not_edit_may_not_delete(as_user, snapshot, award, name):
    client = as_user(name)
    assert delete(client, award).status_code in (403, 404)
    assert Award.objects.filter(pk=award.pk).exists()


def test_registers_from_which_others_follow_are_changed_by_their_events_only(as_user, district):
    group = ClassGroup.objects.first()
    assert "删除这条记录" not in page(as_user("office"), f"/registers/class_group/{group.pk}/")
    assert delete(as_user("office"), group).status_code == 403


def test_an_import_whose_record_was_deleted_names_the_deletion(as_user, users, snapshot, award):
    award.batch = Batch.objects.create(file_name="资助.xlsx", made_by=users["aid"], content_sha256="1" * 64)
    award._change_reason = f"导入批次{award.batch.pk}"
    award.save()
    delete(as_user("aid"), award)
    deletion = Batch.objects.latest("pk")
    with pytest.raises(UndoRefused) as refusal:
        undo(award.batch.pk, users["aid"])
    assert f"请先撤销批次{deletion.pk}" in str(refusal.value.obstacles[0])


def test_a_deleted_record_whose_key_is_taken_does_not_come_back(as_user, users, snapshot, award):
    assert "已删除" in delete(as_user("aid"), award).content.decode()
    deletion = Batch.objects.latest("pk")
    Award.objects.create(**{name: value for name, value in state(award).items() if name != "id"})
    with pytest.raises(UndoRefused) as refusal:
        undo(deletion.pk, users["aid"])
    assert "后来已由另一条记录使用" in str(refusal.value.obstacles[0])
