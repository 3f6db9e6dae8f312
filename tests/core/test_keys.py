"""The data folder and its keys."""

import json
import os
import stat
import subprocess
import sys

READ = "from xuezheng.core.keys import keys; k = keys(); print(k.django, k.encryption.hex(), k.hashing.hex())"
MAKE = f"from xuezheng.core.keys import make_keys; make_keys(); {READ}"


def start(home, script=MAKE):
    return subprocess.Popen(
        [sys.executable, "-c", script],
        env={**os.environ, "XUEZHENG_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def test_processes_that_start_at_once_make_the_keys_once(tmp_path):
    printed = {process.communicate()[0] for process in [start(tmp_path / "home") for _ in range(6)]}
    assert len(printed) == 1
    django, encryption, hashing = printed.pop().decode().split()
    assert len(bytes.fromhex(encryption)) == len(bytes.fromhex(hashing)) == 32
    assert encryption != hashing
    assert len(django) >= 50


def test_the_keys_are_their_owners_only_and_no_draft_of_them_stays(tmp_path):
    start(tmp_path).communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_two_districts_have_different_keys(tmp_path):
    printed = [start(tmp_path / name).communicate()[0] for name in ("one", "two")]
    assert printed[0] != printed[1]


def test_the_keys_that_are_there_are_read(tmp_path):
    first = start(tmp_path).communicate()[0]
    assert start(tmp_path, READ).communicate()[0] == first
    values = json.loads((tmp_path / "keys.json").read_text())
    assert set(values) == {"django", "encryption", "hashing", "installation"}


def test_keys_that_are_missing_or_damaged_are_never_made_by_reading(tmp_path):
    _, error = start(tmp_path, READ).communicate()
    assert "没有密钥文件keys.json" in error.decode()
    assert list(tmp_path.iterdir()) == []
    for content in ("{", "[]", '{"django": "x", "encryption": "AAAA", "hashing": "AAAA"}', '{"django": 1}'):
        (tmp_path / "keys.json").write_text(content)
        _, error = start(tmp_path, READ).communicate()
        assert "已损坏，读不出密钥" in error.decode()
        assert (tmp_path / "keys.json").read_text() == content
