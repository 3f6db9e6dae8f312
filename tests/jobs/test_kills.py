"""``kill -9`` of the worker or of its child: the job is taken over, and what it does is done once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.jobs.kills import CASES, CHILD

pytestmark = [pytest.mark.xdist_group("kills"), pytest.mark.database]

ROOT = Path(__file__).parents[2]


@pytest.fixture
def seen(tmp_path, elsewhere):
    """What was seen of every case, by processes of their own in a district of its own."""
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    words = [sys.executable, "-W", "ignore", "-m", "tests.jobs.kills", tmp_path, *CASES]
    done = subprocess.run(
        words, env={**elsewhere, "PYTHONPATH": path}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return {told["name"]: told for told in map(json.loads, done.stdout.splitlines())}


def test_a_job_whose_process_is_killed_is_done_once_by_another(seen):
    assert list(seen) == list(CASES)
    for name, case in CASES.items():
        told = seen[name]
        assert told["killed"] == case.times, name
        assert told["ended"]["state"] == "done", told
        commit = case.kind == "upload.commit"
        assert told["batches"] == commit, name
        assert told["told"]["reported"] == commit, name
        assert "batches" not in told["told"]["unbalanced"], name
        assert ("/intake/submissions/" if commit else "/intake/uploads/") in told["ended"]["result"][
            "address"
        ]
        # Who outlives its child begins again at once; who does not leaves that to the next.
        if case.times > 1:
            assert told["left"]["state"] == "failed", name
            assert "3次中断" in told["left"]["failure"]
        else:
            assert told["left"]["state"] == ("done" if case.whom == CHILD else "running"), name
            assert (told["ended"]["attempts"], told["ended"]["lost"]) == (2, 1), name
    rows = {case.kind: [] for case in CASES.values()}
    for name, case in CASES.items():
        rows[case.kind].append(seen[name]["told"]["rows"])
    assert all(told == rows["upload.commit"][0] for told in rows["upload.commit"])
    assert all(
        told == rows["upload.preview"][0] != rows["upload.commit"][0] for told in rows["upload.preview"]
    )
