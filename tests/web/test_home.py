"""The administrator's home page tells how old the last good backup is."""

from datetime import UTC, datetime, timedelta

import pytest

from xuezheng.operations.backup import history

pytestmark = pytest.mark.django_db


def told(client):
    page = client.get("/").content.decode()
    return "alert-danger" in page, page


@pytest.fixture(autouse=True)
def _no_backups(monkeypatch, tmp_path):
    monkeypatch.setattr(history, "_RECORD", str(tmp_path / "backups.json"))


def note(days):
    history._note(history.BackupRecord(datetime.now(UTC) - days, "b.xzbackup", 1, 1.0))


def test_without_a_backup_it_says_so(as_user):
    is_red, page = told(as_user("administrator"))
    assert is_red
    assert "还没有作过备份" in page


@pytest.mark.parametrize(
    ("age", "red"), [(timedelta(days=2, minutes=-1), False), (timedelta(days=2, minutes=1), True)]
)
def test_a_backup_is_red_once_it_is_older_than_two_days(as_user, age, red):
    note(age)
    is_red, page = told(as_user("administrator"))
    assert is_red is red
    assert "最近一次完好的备份" in page


def test_a_failure_since_is_told_with_its_reason(as_user):
    note(timedelta())
    history.note_failure("磁盘已满")
    is_red, page = told(as_user("administrator"))
    assert is_red
    assert "磁盘已满" in page


@pytest.mark.parametrize("name", ["office", "aid", "clerk", "leader"])
def test_others_are_not_told(as_user, name):
    assert "备份" not in told(as_user(name))[1]
