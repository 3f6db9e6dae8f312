"""Database, keys and snapshots belong together: what does not is refused with a sentence, and nothing is made."""

import json
import stat
import subprocess
import sys

import pytest

pytestmark = pytest.mark.database

#: One command that reads and several that write, and the operations.
COMMANDS = (
    ["figures", "--period", "2019H1"],
    ["freeze"],
    ["serve"],
    ["user", "甲", "--role", "办公室"],
    ["work", "--once"],
    ["upgrade", "--apply"],
    ["keys", "check"],
    ["keys", "rotate"],
    ["backup", "备份.xzbackup", "--without-keys"],
    ["move-database", "sqlite:////tmp/never.sqlite3"],
)


def test_a_missing_key_file_is_told_by_every_command_and_none_makes_a_new_one(installed):
    state = installed.state()
    (installed.home / "keys.json").rename(installed.home / "elsewhere.json")
    for words in COMMANDS:
        assert "没有密钥文件keys.json" in installed.refused(*words)
    assert not (installed.home / "keys.json").exists()
    assert installed.state() == state


def test_the_keys_of_another_installation_are_refused(installed):
    state, path = installed.state(), installed.home / "keys.json"
    own = path.read_bytes()
    path.unlink()
    installed.python("from xuezheng.core.keys import make_keys; make_keys()")
    others = path.read_bytes()
    for words in COMMANDS:
        assert "不是这个数据库的密钥" in installed.refused(*words)
    # Also where somebody wrote the right identity beside them.
    mixed = {**json.loads(others), "installation": json.loads(own)["installation"]}
    path.write_text(json.dumps(mixed))
    assert "不是这个数据库的密钥" in installed.refused("freeze")
    path.write_bytes(own)
    assert "密钥完好" in installed.must("keys", "check")
    assert installed.state() == state


def test_a_release_without_marks_is_not_upgraded_with_wrong_keys(earlier):
    state = earlier.state()
    (earlier.home / "keys.json").unlink()
    assert "没有密钥文件keys.json" in earlier.refused("upgrade", "--apply")
    earlier.python("from xuezheng.core.keys import make_keys; make_keys()")
    assert "读不出这个数据库里的身份证号" in earlier.refused("upgrade", "--apply")
    assert earlier.state() == state


def test_the_snapshots_of_another_installation_are_refused(installed):
    marker = installed.home / "snapshots" / ".installation"
    assert marker.read_text() == json.loads((installed.home / "keys.json").read_text())["installation"]
    marker.write_text("0" * 32)
    assert "快照属于另一套系统" in installed.refused("figures", "--period", "2019H1")


def test_an_empty_database_beside_data_that_are_there_is_not_started(installed, tmp_path):
    elsewhere = {"XUEZHENG_DATABASE_URL": f"sqlite:///{tmp_path / 'new.sqlite3'}"}
    for words in (["serve"], ["freeze"], ["figures", "--period", "2019H1"]):
        assert "数据库是空的，而" in installed.refused(*words, **elsewhere)
    assert not (tmp_path / "new.sqlite3").exists()


def test_a_database_of_somebody_else_is_left_alone(empty):
    empty.python(
        "import django; django.setup(); from django.db import connection; from xuezheng.core.data_folder import home; home(); "
        "connection.cursor().execute('CREATE TABLE theirs (id integer)')"
    )
    for words in (["serve"], ["freeze"], ["upgrade", "--apply"]):
        assert "已有别的表，而不是本系统的数据" in empty.refused(*words)
    assert not (empty.home / "keys.json").exists()


def test_only_a_first_start_makes_keys_and_tables_and_both_are_their_owners_only(empty):
    for words in (["figures", "--period", "2019H1"], ["keys", "check"], ["upgrade", "--plan"], ["template"]):
        empty.run(*words)
    assert not [path for path in empty.home.rglob("*") if path.is_file()]
    empty.must("user", "办公室", "--role", "办公室")
    names = {path.name for path in empty.home.iterdir() if not path.name.startswith(".")}
    assert names - {"xuezheng.sqlite3", "temporary"} == {"keys.json", "snapshots"}
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 for path in empty.home.iterdir())
    keys = (empty.home / "keys.json").read_bytes()
    empty.must("user", "办公室")
    assert (empty.home / "keys.json").read_bytes() == keys


def test_processes_that_start_together_all_work(empty):
    words = [sys.executable, "-W", "ignore", "-m", "xuezheng", "user"]
    started = [
        subprocess.Popen(
            [*words, f"用户{number}", "--role", "办公室"],
            env=empty.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    printed = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * 4, printed
    assert "密钥完好" in empty.must("keys", "check")
    count = empty.python(
        "import django; django.setup(); from xuezheng.records.models import User; "
        "from xuezheng.operations.models import Installation; "
        "print(User.objects.count(), Installation.objects.count())"
    )
    assert count == "4 1"
