"""What a process needs for a moment lies in its own folder of the data folder, and goes with it, however it ends."""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from tests.core.temporaries import ACTS

from xuezheng.core.temporary_files import sweep_temporary, temporary_folder

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("temporaries")
    system = folder / "system"
    system.mkdir()
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        "TMPDIR": str(system),
    }
    environment.pop("XUEZHENG_DATABASE_URL", None)
    words = [sys.executable, "-W", "ignore", "-m", "tests.core.temporaries", str(folder)]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return dict(json.loads(line) for line in ran.stdout.splitlines())


@pytest.mark.parametrize("name", ACTS)
def test_a_kill_leaves_no_names_of_people(killed, name):
    seen = killed[name]
    assert seen["killed"]
    assert seen["before"] == [], "outside the folder of the process nothing is ever written openly"
    assert seen["after"] == []
    assert seen["left"] == []
    assert seen["system"] == []


def test_the_folder_is_its_owners_alone_and_goes_with_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("XUEZHENG_HOME", str(tmp_path))
    own = temporary_folder()
    assert own == temporary_folder()
    assert stat.S_IMODE(own.stat().st_mode) == stat.S_IMODE(own.parent.stat().st_mode) == 0o700
    script = "import os, sys; from xuezheng.core.temporary_files import *; print(temporary_folder(), flush=True); sys.stdin.read()"
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    foreign = Path(process.stdout.readline().strip())
    (foreign / "rows").write_text("学生甲")
    sweep_temporary()
    assert foreign.is_dir(), "its process lives"
    process.kill()
    process.communicate()
    sweep_temporary()
    assert not foreign.exists()
    assert own.is_dir()


def test_every_temporary_file_of_the_program_says_where_it_lies():
    calls = re.compile(r"(?:TemporaryFile|TemporaryDirectory|mkdtemp|mkstemp|NamedTemporaryFile)\(([^)]*\)?)")
    without = [
        f"{path}: {call}"
        for path in Path("src/xuezheng").rglob("*.py")
        if "assets" not in path.parts  # the bundle is made where the program is built, from what is public
        for call in calls.findall(path.read_text(encoding="utf-8"))
        if "dir=" not in call
    ]
    assert without == []
    assert tempfile.gettempdir()
