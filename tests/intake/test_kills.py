"""``kill -9`` at named points of an import and of an undo: all of it was done, or nothing."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.intake.kills import COMMIT, POINTS, RECEIVE, UNDO

pytestmark = pytest.mark.xdist_group("kills")

ROOT = Path(__file__).parents[2]
QUICK = [name for name, point in POINTS.items() if point.quick]
#: The points from which on the work is done.
DONE = {"committed", "upload_left", "upload_half_left", "undo_committed"}


#: Where an import of a mapped workbook, or its undo, is killed.
MAPPED = ["claimed", "read", "matched", "written", "persons_written", "committed", "undo_removed"]


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What was seen after a kill at each quick point, by a process that does them all, on SQLite."""
    return seen_after(tmp_path_factory.mktemp("kills"), "points", QUICK)


@pytest.fixture(scope="module")
def seen_of_mapped(tmp_path_factory):
    """What was seen after kills of an import whose roster has another layout."""
    return seen_after(tmp_path_factory.mktemp("mapped"), "mapped", MAPPED)


def seen_after(folder, how, names):
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    environment.pop("XUEZHENG_DATABASE_URL", None)
    words = [sys.executable, "-W", "ignore", "-m", "tests.intake.kills", folder, how, *names]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    return {told["name"]: told for told in map(json.loads, done.stdout.splitlines())}


@pytest.mark.parametrize("name", QUICK)
def test_a_kill_leaves_all_or_nothing(seen, name):
    check(seen[name], name)


@pytest.mark.parametrize("name", MAPPED)
def test_a_kill_leaves_all_or_nothing_of_a_mapped_workbook(seen_of_mapped, name):
    check(seen_of_mapped[name], name)


def check(told, name):
    assert told["killed"]
    assert told["state"] == ("after" if name in DONE else "before")
    assert told["again"]
    assert told["left"] == []


def test_the_points_lie_in_every_phase():
    assert len(QUICK) >= 14
    assert {POINTS[name].phase for name in QUICK} == {RECEIVE, COMMIT, UNDO}
