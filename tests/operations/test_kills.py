"""Whatever changes an installation may be killed at any moment: nothing is half done, and nobody's name lies about."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.operations.conftest import unpack_earlier
from tests.operations.kills import WORKS

pytestmark = pytest.mark.xdist_group("operations kills")

ROOT = Path(__file__).parents[2]
TIMES = int(os.environ.get("XUEZHENG_KILLS", "9"))


@pytest.fixture(scope="module")
def wrong(sound, tmp_path_factory):
    """What was wrong after each kill, by what was killed."""
    folder = tmp_path_factory.mktemp("kills")
    unpack_earlier(folder)
    shutil.move(folder / "home", folder / "earlier")
    (folder / "place").mkdir()
    environment = {
        **sound.environment,
        "XUEZHENG_HOME": str(folder / "place" / "home"),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    words = [
        "-m",
        "tests.operations.kills",
        str(TIMES),
        sound.home,
        folder / "earlier",
        folder / "wrong.json",
    ]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *words], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads((folder / "wrong.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WORKS)
def test_a_kill_at_any_moment_leaves_a_sound_installation(wrong, name):
    assert len(wrong[name]) >= TIMES // len(WORKS)
    assert [found for found in wrong[name] if found] == []
