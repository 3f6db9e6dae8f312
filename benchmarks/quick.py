"""Every benchmark once, with tiny sizes, to see that it works: no page is written, and nobody is held to a time."""

import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path

from benchmarks import attack, faults, lists, load, pages, postgresql, proofing, races, rotation, zones
from benchmarks.running import Race, Track

SCALE = 500
_AT_ONCE = 2


def _chosen(measure: str) -> list[Race]:
    """The races of a measure in which somebody runs who has not run over such rows before; for the demonstration a small district stands."""
    chosen: list[Race] = []
    for race in races.races(SCALE)[measure]:
        if measure == "demo":
            if not race.prepare:
                continue  # building the whole demonstration is never quick
            race = replace(race, prepare="registers:small")
        alike = [earlier for earlier in chosen if earlier.prepare == race.prepare]
        if not set(race.contenders) <= {contender for earlier in alike for contender in earlier.contenders}:
            chosen.append(race)
    return chosen


def _raced(measure: str, folder: Path) -> None:
    chosen = _chosen(measure)
    databases = any(contender.database for race in chosen for contender in race.contenders)
    if databases:
        with postgresql.databases() as database:
            lines = [line for race in chosen for line in Track(folder, database, 1).run(race)]
    else:
        track = Track(folder, None, 1)
        lines = [line for race in chosen for line in track.run(race)]
    print(races.table(lines))
    races.page(lines)


#: What can be run: a function of a folder for each benchmark.
BENCHMARKS = {
    **{measure: partial(_raced, measure) for measure in races.races(SCALE)},
    **{
        module.__name__.rpartition(".")[2]: module.quick
        for module in (attack, faults, lists, load, pages, proofing, rotation, zones)
    },
}


def run(name: str) -> None:
    """Run one benchmark."""
    with tempfile.TemporaryDirectory(prefix="xuezheng-quick-") as folder:
        BENCHMARKS[name](Path(folder))


def run_all() -> None:
    """Run every benchmark in a process of its own; end with what failed."""
    with ThreadPoolExecutor(_AT_ONCE) as several:
        ended = dict(zip(BENCHMARKS, several.map(_ended, BENCHMARKS), strict=True))
    if failed := [name for name, code in ended.items() if code]:
        raise SystemExit(f"failed: {', '.join(failed)}")


def _ended(name: str) -> int:
    start = time.monotonic()
    words = [sys.executable, "-m", "benchmarks", "--quick", "--only", name]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    ending = "failed" if done.returncode else f"ran, {time.monotonic() - start:.0f} s"
    print(f"{name}: {ending}\n{done.stdout}", flush=True)
    return done.returncode
