"""A workbook that waits lies sealed, opens for its owner only, and goes in once or away."""

import os
import stat
import time

import pytest
from tests.at_once import at_once

from xuezheng.core.data_folder import home
from xuezheng.intake import uploads
from xuezheng.intake.preview_summary import PER_PAGE, PROBLEMS
from xuezheng.intake.upload_notes import UploadGone
from xuezheng.intake.uploads import Upload, sweep
from xuezheng.records.models import Batch, ClassGroup, Pupil, User
from xuezheng.workbooks import WorkbookRefused

PUPILS, CLASSES = "学生名册", "班级名册"


pytestmark = pytest.mark.usefixtures("own_home")


@pytest.fixture
def hand_in(workbook, office):
    def receive(rows, title=PUPILS, name="学生.xlsx", user=office):
        return Upload.receive(workbook({title: rows}, name).read_bytes(), name, user)

    return receive


def left():
    return [path for path in (home() / "uploads").rglob("*") if path.is_file()]


def test_what_waits_is_sealed_and_its_owners_alone(hand_in, pupils, place):
    upload = hand_in(pupils)
    files = left()
    owned = f"owner-{upload.summary.user}"
    assert sorted(path.name for path in files) == [owned, "rows", "summary", "workbook"]
    assert (upload.folder / owned).stat().st_size == 0
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        content = path.read_bytes()
        assert not any(text.encode() in content for text in (pupils[0][place("姓名")], pupils[0][6], PUPILS))
        assert not content.startswith(b"PK")
    assert stat.S_IMODE(upload.folder.stat().st_mode) == 0o700


def test_another_does_not_open_it(hand_in, pupils, office):
    upload = hand_in(pupils)
    assert Upload.of(office, upload.token).summary.name == "学生.xlsx"
    with pytest.raises(UploadGone):
        Upload.of(User.objects.create(username="别人", role="office"), upload.token)


@pytest.mark.parametrize("token", ["", "..", "../keys", "0" * 32, "0" * 31 + "/", "０" * 32])
def test_what_is_no_token_opens_nothing(office, token):
    with pytest.raises(UploadGone):
        Upload.of(office, token)


def test_rows_and_problems_are_read_by_pages(hand_in, small, place):
    rows = small[PUPILS][: PER_PAGE + 5]
    rows[0][place("就读方式")] = "骑车"
    upload = hand_in(rows)
    (sheet,) = upload.summary.sheets
    assert sheet.counts == {
        PROBLEMS: 1,
        "rejected": 1,
        "doubtful": 0,
        "added": PER_PAGE + 4,
        "changed": 0,
        "unchanged": 0,
    }
    assert [row["number"] for row in upload.page(0, "added", 0)] == list(range(3, PER_PAGE + 3))
    assert len(upload.page(0, "added", 1)) == 4
    (problem,) = upload.page(0, PROBLEMS, 0)
    assert problem["place"] == "第2行J列“就读方式”"
    assert "请从下拉框选择" in problem["message"]
    assert upload.summary.sentence() == "有1处错误，不能提交。请按下面的提示改好，再上传。"


def test_a_commit_takes_it_in_and_leaves_nothing(hand_in, pupils, office):
    outcome = hand_in(pupils).commit(office)
    assert outcome.saved
    assert (outcome.batch.made_by, outcome.batch.file_name) == (office, "学生.xlsx")
    assert left() == []


def test_a_cancelled_upload_leaves_nothing(hand_in, pupils, office):
    upload = hand_in(pupils)
    upload.cancel()
    assert left() == []
    with pytest.raises(UploadGone):
        upload.commit(office)
    assert not Pupil.objects.exists()


def test_readings_are_confirmed_before_the_commit(hand_in, pupils, place, office):
    pupils[0][place("入学日期")] = "2016/9/1"
    upload = hand_in(pupils)
    assert "有1处写法不规范" in upload.summary.sentence()
    assert upload.commit(office).refused
    upload = Upload.of(office, upload.token)
    upload.confirm(office)
    assert upload.summary.sheets[0].counts["added"] == 5
    assert upload.commit(office).saved


def test_what_changed_since_the_preview_is_shown_before_anything_is_done(hand_in, pupils, place, office):
    hand_in(pupils).commit(office)
    pupils[0][place("就读方式")] = "住校"
    upload = hand_in(pupils, name="改.xlsx")
    pupil = Pupil.objects.get(person__name="众生一")
    pupil.boarding = "lodger"
    pupil.save()
    outcome = upload.commit(office)
    assert (outcome.saved, outcome.outdated) == (False, True)
    (row,) = Upload.of(office, upload.token).page(0, "changed", 0)
    assert row["differences"] == [{"title": "就读方式", "before": "借宿", "after": "住校"}]
    assert upload.commit(office).saved


def test_the_same_file_twice_gives_one_batch(hand_in, pupils, office):
    first, second = hand_in(pupils), hand_in(pupils)
    assert first.commit(office).saved
    outcome = second.commit(office)
    assert outcome.outdated
    assert (
        Upload.of(office, second.token)
        .summary.sentence()
        .endswith(f"（此文件已由批次{outcome.earlier.pk}导入）。")
    )
    assert Batch.objects.filter(file_name="学生.xlsx").count() == 1


def test_a_commit_that_fails_may_be_tried_again(hand_in, pupils, office, monkeypatch):
    upload = hand_in(pupils)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "import_workbook", lambda *told, **kind: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            upload.commit(office)
    assert upload.commit(office).saved


def test_what_cannot_be_read_is_not_kept(office):
    with pytest.raises(WorkbookRefused, match=r"^“名册\.xlsx”不是Excel文件"):
        Upload.receive(b"PK?", "名册.xlsx", office)
    assert left() == []
    assert list((home() / "uploads").iterdir()) == []


@pytest.mark.parametrize("name", ["某" * 300 + ".xlsx", "a/../b.xlsx", "349900201003010519.xlsx", "\n.xlsx"])
def test_whatever_a_file_is_called(hand_in, pupils, office, workbook, name):
    upload = Upload.receive(workbook({PUPILS: pupils}).read_bytes(), name, office)
    assert "349900201003010519" not in upload.summary.name
    batch = upload.commit(office).batch
    assert len(batch.file_name) <= 255


def test_after_a_day_it_is_removed(hand_in, pupils, office):
    old, new = hand_in(pupils), hand_in(pupils)
    day_ago = time.time() - 24 * 3600 - 1
    os.utime(old.folder, (day_ago, day_ago))
    sweep()
    assert (old.folder.exists(), new.folder.exists()) == (False, True)


def test_a_file_that_was_tampered_with_is_not_opened(hand_in, pupils, office):
    upload = hand_in(pupils)
    path = upload.folder / "summary"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(UploadGone):
        Upload.of(office, upload.token)


@pytest.mark.django_db(transaction=True)
def test_many_commits_at_once_give_one_batch(small, workbook, taken):
    taken(workbook({title: small[title] for title in ("本地信息", "学期", "学校名册")}, "学校.xlsx"))
    office = User.objects.create(username="办公室", role="office")
    content = workbook({CLASSES: small[CLASSES]}).read_bytes()
    one = Upload.receive(content, "班级.xlsx", office)
    others = [Upload.receive(content, "班级.xlsx", office) for _ in range(3)]
    waiting = [one, one, one, *others]

    def commit(upload):
        try:
            return upload.commit(office).saved
        except UploadGone:
            return False

    saved, failures = at_once(*[lambda upload=upload: commit(upload) for upload in waiting])
    assert failures == []
    assert sum(saved) == 1
    assert Batch.objects.filter(file_name="班级.xlsx").count() == 1
    assert ClassGroup.objects.count() == len(small[CLASSES])
