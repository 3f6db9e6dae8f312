"""The command line, and the demonstration district in a data folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]


def runner(home: Path) -> Run:
    """Return a function that runs ``xuezheng`` with the given words on a data folder."""
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "PYTHONIOENCODING": "utf-8"}
    for name in ("XUEZHENG_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)

    def run(*words: str, **further: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "xuezheng", *words]
        told = {**environment, **further}
        return subprocess.run(command, env=told, capture_output=True, text=True, cwd=home, check=False)

    return run


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """The command line on an empty data folder."""
    return runner(tmp_path)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory, demonstration: Path) -> Path:
    """A copy of the demonstration that tests may change."""
    return Path(shutil.copytree(demonstration, tmp_path_factory.mktemp("demo") / "home"))


@pytest.fixture(scope="session")
def demo(demo_home: Path, demonstration: Path) -> tuple[Run, str]:
    """The command line on the demonstration, and what building it printed."""
    return runner(demo_home), (demonstration.parent / "printed.txt").read_text(encoding="utf-8")
