"""A snapshot is opened only whole: what was changed, by a single byte, is named."""

import json
import os
import shutil

import pytest

from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import digest_of


@pytest.fixture
def copied(snapshot, home):
    """A copy of the snapshot, which may be tampered with."""
    folder = home / "snapshots" / snapshot.id
    shutil.copytree(snapshot.folder, folder)
    for path in folder.iterdir():
        path.chmod(0o644)
    return folder


def fault(folder):
    with pytest.raises(SnapshotError) as raised:
        Snapshot.open(folder.name)
    assert "请改用其他快照，或从备份恢复。" in str(raised.value)
    return str(raised.value)


def flip(path, place):
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1
    path.write_bytes(content)


def test_a_whole_copy_opens(copied, snapshot):
    assert Snapshot.open(copied.name).manifest == snapshot.manifest


@pytest.mark.parametrize("place", [0, 4, 1000, -1])
@pytest.mark.parametrize("table", ["aid_award", "pupil", "staffmember"])
def test_a_flipped_byte_of_a_table_is_found_and_the_file_named(copied, table, place):
    flip(copied / f"{table}.parquet", place)
    told = fault(copied)
    assert f"{table}.parquet" in told
    assert "被改动过" in told


def test_a_flipped_byte_anywhere_in_the_manifest_is_found(copied):
    whole = (copied / "manifest.json").read_bytes()
    for place in range(0, len(whole), len(whole) // 60):
        flip(copied / "manifest.json", place)
        told = json.loads(whole)
        try:
            changed = json.loads((copied / "manifest.json").read_bytes())
        except ValueError:
            changed = None
        if changed != told:
            assert "manifest.json" in fault(copied)
        (copied / "manifest.json").write_bytes(whole)


def test_a_changed_policy_in_the_manifest_is_found(copied):
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    manifest["policies"]["aid.boarder"]["values"][0][1]["primary"] = 99
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "清单manifest.json被改动过" in fault(copied)


def test_a_missing_file_is_named(copied):
    (copied / "pupil.parquet").unlink()
    assert "缺少文件pupil.parquet" in fault(copied)


def test_an_unknown_snapshot_is_told_with_those_that_are(copied):
    with pytest.raises(SnapshotError, match=f"没有快照“2019-01-01-00000000”。现有：{copied.name}。"):
        Snapshot.open("2019-01-01-00000000")


@pytest.mark.parametrize("name", ["../snapshots", "..", "", ".", "a\\b"])
def test_a_name_that_leads_elsewhere_is_no_snapshot(copied, name):
    with pytest.raises(SnapshotError, match="没有快照"):
        Snapshot.open(name)


def test_without_any_snapshot_the_way_to_one_is_told(home):
    with pytest.raises(SnapshotError, match="还没有快照。请先导入数据"):
        Snapshot.latest()


def test_a_broken_manifest_does_not_hide_the_other_snapshots(copied, home):
    broken = home / "snapshots" / "2018-01-01-00000000"
    broken.mkdir()
    (broken / "manifest.json").write_text("{", encoding="utf-8")
    os.utime(broken / "manifest.json", (0, 0))
    assert Snapshot.latest().id == copied.name
    assert "清单manifest.json被改动过" in fault(broken)


def test_a_snapshot_forged_with_hashes_that_fit_is_found_by_its_name(copied):
    manifest = json.loads((copied / "manifest.json").read_bytes())
    manifest["district"]["name"] = "别区"
    manifest["sha256"] = digest_of(manifest)
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert "清单manifest.json被改动过" in fault(copied)


def test_a_file_changed_after_the_snapshot_was_opened_is_found_at_the_next_opening(copied):
    Snapshot.open(copied.name)
    flip(copied / "pupil.parquet", 1000)
    assert "pupil.parquet" in fault(copied)
