"""The data folder and its keys."""

import json
import os
import stat
import subprocess
import sys

READ = "from xuezheng.home import keys; k = keys(); print(k.django, k.encryption.hex(), k.hashing.hex())"


def start(home):
    return subprocess.Popen(
        [sys.executable, "-c", READ], env={**os.environ, "XUEZHENG_HOME": str(home)}, stdout=subprocess.PIPE
    )


def test_processes_that_start_at_once_make_the_keys_once(tmp_path):
    told = {process.communicate()[0] for process in [start(tmp_path / "home") for _ in range(6)]}
    assert len(told) == 1
    django, encryption, hashing = told.pop().decode().split()
    assert len(bytes.fromhex(encryption)) == len(bytes.fromhex(hashing)) == 32
    assert encryption != hashing
    assert len(django) >= 50


def test_the_keys_are_their_owners_only_and_no_draft_of_them_stays(tmp_path):
    start(tmp_path).communicate()
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


def test_two_districts_have_different_keys(tmp_path):
    told = [start(tmp_path / name).communicate()[0] for name in ("one", "two")]
    assert told[0] != told[1]


def test_the_keys_that_are_there_are_read(tmp_path):
    first = start(tmp_path).communicate()[0]
    assert start(tmp_path).communicate()[0] == first
    assert set(json.loads((tmp_path / "keys.json").read_text())) == {"django", "encryption", "hashing"}
