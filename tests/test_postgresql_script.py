"""The script beside which tests run on PostgreSQL: what it does on a system without one."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("postgresql.sh")


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("true", 1)], ids=["desk", "ci"])
def test_without_postgresql_the_tests_are_left_out_but_in_ci(tmp_path, ci, code):
    # A folder without the programs, in place of Debian's.
    script = tmp_path / "postgresql.sh"
    script.write_text(SCRIPT.read_text("utf-8").replace("/usr/lib/postgresql", str(tmp_path)), "utf-8")
    bare = tmp_path / "bin"
    bare.mkdir()
    for name in ("bash", "sort", "tail", "env"):
        (bare / name).symlink_to(
            next(p for p in (Path("/usr/bin") / name, Path("/bin") / name) if p.exists())
        )
    done = subprocess.run(
        ["bash", script, "false"],
        env={"PATH": str(bare), "CI": ci, "LANG": os.environ.get("LANG", "C.UTF-8")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (code, "")
    assert "没有PostgreSQL" in done.stderr
