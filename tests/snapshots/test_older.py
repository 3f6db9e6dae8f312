"""Snapshots that an earlier release froze: younger rules and figures find in them what they can."""

import json
import shutil
from datetime import date

import pyarrow.parquet as pq

from xuezheng.core.periods import Period
from xuezheng.figures import Absence, catalogue
from xuezheng.policy.current import overridden
from xuezheng.rules.columns import rule_columns
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import MANIFEST, digest_of, name_of, sha256


def frozen_before(snapshot, folder, table, *columns):
    """The snapshot as an earlier release would have frozen it: without some columns, its files and manifest true to that."""
    manifest = json.loads((snapshot.folder / MANIFEST).read_text(encoding="utf-8"))
    entry = manifest["tables"][table]
    entry["columns"] = [column for column in entry["columns"] if column["name"] not in columns]
    shutil.copytree(snapshot.folder, folder / "draft")
    file = folder / "draft" / entry["file"]
    file.chmod(0o644)
    pq.write_table(pq.read_table(file).drop_columns(list(columns)), file)
    entry["sha256"] = sha256(file)
    manifest["sha256"] = digest_of(manifest)
    (folder / "draft" / MANIFEST).chmod(0o644)
    (folder / "draft" / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return Snapshot((folder / "draft").rename(folder / name_of(manifest)))


def test_a_rule_younger_than_the_snapshot_is_worked_out_from_what_was_frozen(snapshot, tmp_path):
    young = [rule.name for rule in rule_columns("aid_award")]
    older = frozen_before(snapshot, tmp_path, "aid_award", *young)
    assert not set(young) & {column["name"] for column in older.manifest["tables"]["aid_award"]["columns"]}
    rows = [
        one.table("aid_award").select("id", *young).order_by("id").to_pyarrow().to_pylist()
        for one in (older, snapshot)
    ]
    assert rows[0] == rows[1] != []
    assert older.columns("aid_award") == snapshot.columns("aid_award")
    assert older.policies == snapshot.policies
    period = Period.parse("2019H1")
    for key in ("aid.registered_poor_pupils", "aid.registered_poor_amount"):
        old, new = (catalogue.figure(key).at(one, period) for one in (older, snapshot))
        assert (old.value, old.citations) == (new.value, new.citations)


def test_a_rule_whose_columns_were_not_frozen_hides_only_its_own_figures(snapshot, tmp_path):
    rules = [rule.name for rule in rule_columns("aid_award")]
    older = frozen_before(snapshot, tmp_path, "aid_award", "boarding", *rules)
    assert "boarding" not in older.table("aid_award").columns
    period = Period.parse("2019H1")
    answers = [catalogue.figure(key).at(older, period) for key in catalogue.figures()]
    assert {answer.absence for answer in answers if answer.figure.startswith("enrolment.")} != {
        Absence.NOT_FROZEN
    }
    missing = [answer for answer in answers if answer.absence is Absence.NOT_FROZEN]
    assert 0 < len(missing) < len(answers) / 4
    assert all(older.id in answer.reason for answer in missing)


def test_a_younger_rule_reads_the_policy_that_the_snapshot_recorded(snapshot, tmp_path):
    """A rate corrected later must not change what the snapshot says."""
    older = frozen_before(snapshot, tmp_path, "aid_award", *[rule.name for rule in rule_columns("aid_award")])
    with overridden(
        {"aid.boarder": {date(2016, 2, 1): {"*": 1}}, "aid.day_pupil": {date(2019, 9, 1): {"*": 1}}}
    ):
        rows = [
            one.table("aid_award").select("id", "registered_poor_due").order_by("id").to_pyarrow().to_pylist()
            for one in (older, snapshot)
        ]
    assert rows[0] == rows[1]
