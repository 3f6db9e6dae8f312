"""Every benchmark still runs: with tiny sizes, and no time is asked."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import quick, races

ROOT = Path(__file__).parents[1]


def test_a_quick_run_has_every_benchmark():
    raced = {
        contender.function.partition(":")[0]
        for chosen in races.races(1).values()
        for race in chosen
        for contender in race.contenders
    }
    run_alone = {path.stem for path in (ROOT / "benchmarks").glob("*.py") if "PAGE = " in path.read_text()}
    assert raced | run_alone - {"races"} == set(quick.BENCHMARKS)


@pytest.mark.slow
@pytest.mark.parametrize("name", quick.BENCHMARKS)
def test_a_benchmark_runs_and_writes_no_page(name):
    pages = {path: path.read_bytes() for path in (ROOT / "docs" / "reference").glob("*.md")}
    environment = {key: value for key, value in os.environ.items() if key != "XUEZHENG_DATABASE_URL"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--quick", "--only", name],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-3000:]
    assert {path: path.read_bytes() for path in pages} == pages
