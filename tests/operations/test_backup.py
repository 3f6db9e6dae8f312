"""A backup is one file of one moment; what was destroyed is restored from it as it was."""

import gzip
import io
import json
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from xuezheng.operations import OperationRefused
from xuezheng.operations.backup import archive
from xuezheng.operations.backup.archive import Header
from xuezheng.operations.backup.loading import try_out

PASSPHRASE = "云岭区的备份口令-2019"


@pytest.fixture
def backup(installed, passphrase, tmp_path):
    """An encrypted backup with keys."""
    path = tmp_path / "backup.xzbackup"
    installed.must("backup", path, **passphrase)
    return path


@pytest.fixture
def own_connections(django_db_blocker):
    """Let a test open databases of its own; the one of the tests is not touched."""
    with django_db_blocker.unblock():
        yield


def _forget_database(installed):
    """Destroy everything: the data folder, and the tables of a server's database."""
    if "XUEZHENG_DATABASE_URL" in installed.environment:
        installed.python(
            "import django; django.setup(); from django.db import connection; "
            "connection.cursor().execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')"
        )
    shutil.rmtree(installed.home)


@pytest.mark.database
def test_what_was_destroyed_is_restored_with_the_same_figures_and_state(
    installed, backup, passphrase, answers
):
    state, snapshots = (
        installed.state(),
        sorted(path.name for path in (installed.home / "snapshots").iterdir()),
    )
    _forget_database(installed)
    assert "逐行一致" in installed.must("restore", backup, **passphrase)
    assert installed.state() == state
    assert installed.figures() == answers["figures"]
    assert sorted(path.name for path in (installed.home / "snapshots").iterdir()) == snapshots
    assert (installed.home / "releases" / f"{answers['release']}.docx").exists()
    assert "密钥完好" in installed.must("keys", "check", "--all")
    # Rows are numbered on after the last that ever was, and work goes on.
    installed.must("user", "新来的", "--role", "办公室")
    assert "2019-07-05" in installed.must("freeze", "--day", "2019-07-05")
    assert not [path.name for path in installed.home.iterdir() if path.name.startswith(".operation")]


@pytest.mark.database
def test_nothing_is_replaced_unless_that_is_typed_and_what_was_there_is_kept(installed, backup, passphrase):
    installed.must("user", "新来的", "--role", "办公室")
    state = installed.state()
    assert "里已有数据，没有恢复" in installed.refused("restore", backup, **passphrase)
    assert "没有确认" in installed.refused("restore", backup, "--replace", **passphrase)
    assert "没有确认" in installed.refused("restore", backup, "--replace", "--confirm", "x", **passphrase)
    assert installed.state() == state
    name = installed.environment.get("XUEZHENG_DATABASE_URL", "xuezheng.sqlite3").rpartition("/")[2]
    printed = installed.must("restore", backup, "--replace", "--confirm", name, **passphrase)
    assert "原有的数据另存在" in printed
    assert installed.state() != state
    [kept] = installed.home.glob("before-restore-*")
    assert (kept / "keys.json").exists()
    assert list(kept.glob("snapshots/*/manifest.json"))
    if "XUEZHENG_DATABASE_URL" in installed.environment:
        assert "before_restore_" in printed
    else:
        assert (kept / "xuezheng.sqlite3").exists()


@pytest.mark.database
def test_rows_are_numbered_on_after_those_that_are_gone(installed, passphrase, tmp_path):
    number = (
        "import django; django.setup(); from xuezheng.records.models import School; "
        "s = School.objects.create(code='2134990077', name='临时', kind='211', urban_rural='121', runner='831'); "
        "print(s.pk); s.delete()"
    )
    first = int(installed.python(number))
    installed.must("backup", tmp_path / "b", **passphrase)
    _forget_database(installed)
    installed.must("restore", tmp_path / "b", **passphrase)
    assert int(installed.python(number)) == first + 1


def test_a_backup_is_encrypted_as_a_whole_and_its_owners_only(installed, backup, passphrase):
    content = backup.read_bytes()
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert "众生一".encode() not in content
    header = archive.read_header(backup)
    assert header.is_encrypted
    assert header.has_keys
    keys = json.loads((installed.home / "keys.json").read_text())
    assert keys["encryption"].encode() not in content


def test_keys_leave_only_under_a_passphrase(installed, tmp_path):
    path = tmp_path / "b"
    assert "必须用口令加密" in installed.refused("backup", path)
    (tmp_path / "short").write_text("abc")
    (tmp_path / "short").chmod(0o600)
    short = {"XUEZHENG_BACKUP_PASSPHRASE_FILE": str(tmp_path / "short")}
    assert "口令不少于12个字符" in installed.refused("backup", path, **short)
    (tmp_path / "short").chmod(0o644)
    assert "别的账号也能读" in installed.refused("backup", path, **short)
    assert "打不开口令文件" in installed.refused(
        "backup", path, XUEZHENG_BACKUP_PASSPHRASE_FILE=str(tmp_path / "none")
    )
    assert not path.exists()


def test_a_backup_without_keys_says_so_and_wants_the_keys_of_its_day(installed, tmp_path):
    path, keys = tmp_path / "b", installed.home / "keys.json"
    printed = installed.must("backup", path, "--without-keys")
    assert "不含密钥" in printed
    assert "没有加密，其中的姓名是明文" in printed
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = keys.read_bytes()
    shutil.rmtree(installed.home)
    assert "请先把另行保管的keys.json放到那里" in installed.refused("restore", path)
    assert [
        path.name for path in installed.home.rglob("*") if path.is_file() and not path.name.startswith(".")
    ] == []
    installed.python("from xuezheng.core.keys import make_keys; make_keys()")
    assert "不是用现有的keys.json加密的" in installed.refused("restore", path)
    keys.write_bytes(content)
    installed.must("restore", path)
    assert "密钥完好" in installed.must("keys", "check")


def test_a_wrong_passphrase_and_files_of_another_kind_are_refused(installed, backup, passphrase, tmp_path):
    wrong = tmp_path / "wrong"
    wrong.write_text("另外一个口令，也够长")
    wrong.chmod(0o600)
    shutil.rmtree(installed.home)
    assert "口令不对，或备份文件已损坏" in installed.refused(
        "restore", backup, XUEZHENG_BACKUP_PASSPHRASE_FILE=str(wrong)
    )
    assert "请给出口令" in installed.refused("restore", backup)
    (tmp_path / "other.xlsx").write_bytes(b"PK\x03\x04")
    assert "不是本系统的备份文件" in installed.refused("restore", tmp_path / "other.xlsx")
    assert "No such file" in installed.refused("restore", tmp_path / "nothing")


@pytest.mark.usefixtures("own_connections")
def test_a_byte_changed_or_missing_anywhere_is_noticed(backup, tmp_path):
    content, chance = backup.read_bytes(), random.Random(7)
    places = [20, 40, 200, len(content) - 1, *(chance.randrange(16, len(content)) for _ in range(12))]
    damaged = [content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :] for at in places]
    damaged += [content[:at] for at in (0, 10, 18, 100, len(content) // 2, len(content) - 1)]
    damaged += [content + b"x", content + content[-100:]]
    for number, bad in enumerate(damaged):
        path, folder = tmp_path / f"bad-{number}", tmp_path / f"trial-{number}"
        path.write_bytes(bad)
        folder.mkdir()
        with pytest.raises(OperationRefused):
            try_out(path, PASSPHRASE, folder)


@pytest.mark.usefixtures("own_connections")
@pytest.mark.parametrize(
    "name",
    ["../keys.json", "/etc/passwd", "snapshots/../../x", "snapshots/2019-07-05-349c32eb/../../../x", "keys.json/x", "uploads/x"],
)  # fmt: skip
def test_a_backup_that_would_write_elsewhere_is_refused(tmp_path, name):
    path = _forged(
        tmp_path, {"schema.json": b'{"release": "0.1.0", "migrations": [], "tables": {}}', name: b"x"}
    )
    with pytest.raises(OperationRefused, match="已损坏或被改动"):
        try_out(path, "", tmp_path)
    assert not (tmp_path.parent / "x").exists()


@pytest.mark.usefixtures("own_connections")
@pytest.mark.parametrize(
    "schema", [b"{", b"[]", b'{"release": 1, "migrations": [1], "tables": {}}', b"\xff", b"{}"]
)
def test_a_backup_with_a_wrong_schema_is_refused(tmp_path, schema):
    with pytest.raises(OperationRefused):
        try_out(_forged(tmp_path, {"schema.json": schema, "manifest.json": b"{}"}), "", tmp_path)


def _forged(folder, members):
    path = folder / "forged"
    words = json.dumps(vars(Header("0.2.0", "2026-01-01T00:00:00+00:00", "", False, 1))).encode()
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as zipped, tarfile.open(fileobj=zipped, mode="w|") as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    path.write_bytes(b"XUEZHENG-BACKUP\n" + struct.pack(">I", len(words)) + words + packed.getvalue())
    return path


def test_nightly_backups_of_days_and_weeks_are_kept_and_those_of_others_left_alone(
    installed, passphrase, tmp_path
):
    folder = tmp_path / "nightly"
    folder.mkdir()
    installed.must("backup", folder / "first", **passphrase)
    names = [
        f"xuezheng-2026{day}-020000.xzbackup" for day in ("1101", "1105", "1106", "1107", "1108", "1109")
    ]
    for name in names:
        shutil.copy(folder / "first", folder / name)
    (folder / "first").unlink()
    (folder / "xuezheng-20260101-020000.xzbackup").write_bytes(b"somebody else's")
    (folder / "名单.xlsx").write_bytes(b"x")
    printed = installed.must(
        "backup", "--to", folder, "--keep-daily", "2", "--keep-weekly", "2", "--json", **passphrase
    )
    made = Path(json.loads(printed)["path"]).name
    left = {path.name for path in folder.iterdir()}
    assert {made, "名单.xlsx", "xuezheng-20260101-020000.xzbackup"} <= left
    assert made[: len("xuezheng-20261129")] > "xuezheng-2026"
    kept = sorted(left & set(names))
    # Of the newest two days and two weeks; the one just made is one of each, unless it is as old as they.
    assert kept == ["xuezheng-20261109-020000.xzbackup"]


def test_a_backup_that_fails_is_noted_beside_the_last_good_one(installed, passphrase, tmp_path):
    installed.must("backup", tmp_path / "good", **passphrase)
    record = json.loads((installed.home / "backups.json").read_text())
    assert record["path"] == str(tmp_path / "good")
    assert record["failed_at"] is None
    assert "没有文件夹" in installed.refused("backup", "--to", tmp_path / "nowhere", **passphrase)
    record = json.loads((installed.home / "backups.json").read_text())
    assert record["path"] == str(tmp_path / "good")
    assert "没有文件夹" in record["failure"]
    installed.must("backup", tmp_path / "again", **passphrase)
    assert json.loads((installed.home / "backups.json").read_text())["failed_at"] is None


def test_a_full_disk_is_told_before_anything_is_written(tmp_path, monkeypatch):
    from xuezheng.operations.backup import workspace

    monkeypatch.setattr(
        workspace.shutil, "disk_usage", lambda folder: os.terminal_size((0, 0)) and _Usage(10)
    )
    with pytest.raises(OperationRefused, match="磁盘只剩1兆，至少需要3兆"):
        workspace.require_space(tmp_path, 3 * 2**20)


class _Usage:
    def __init__(self, free):
        self.free = free


_WRITER = """
import sys, time
import django
django.setup()
from django.db import connection
from xuezheng.records.models import School
print("ready", flush=True)
longest = 0
for number in range(10**6):
    start = time.monotonic()
    School.objects.create(code=f"21{number:08d}", name=f"第{number}小学", kind="211", urban_rural="121", runner="831")
    longest = max(longest, time.monotonic() - start)
    if number % 20 == 0:
        print(longest, number, flush=True)
"""


@pytest.mark.database
def test_a_backup_made_while_people_work_is_of_one_moment_and_lets_them_work(installed, passphrase, tmp_path):
    environment = {**installed.environment, "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    writer = subprocess.Popen(
        [sys.executable, "-c", _WRITER], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert writer.stdout.readline() == "ready\n"
        made = json.loads(installed.must("backup", tmp_path / "b", "--json", **passphrase))
        assert writer.poll() is None
    finally:
        writer.kill()
        printed = writer.communicate()[0].split()
    assert len(printed) > 4, "nobody wrote meanwhile"
    _forget_database(installed)
    installed.must("restore", tmp_path / "b", **passphrase)
    assert installed.state() == made["state"]
    # What a row and its history say is of one moment: neither is there without the other.
    counted = installed.python(
        "import django; django.setup(); from xuezheng.records.models import School; "
        "print(School.objects.count(), School.history.values('id').distinct().count())"
    ).split()
    assert abs(int(counted[0]) - int(counted[1])) <= 1
