"""Runs contenders, each run in a child process of its own with a data folder of its own, and takes medians."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

REPEATS = 5
FEWER_REPEATS, SLOW_SECONDS = 3, 20


@dataclass(frozen=True)
class Contender:
    """A function ``module:name`` of this package; ``database`` names a PostgreSQL database, else SQLite in the home."""

    function: str
    database: str = ""


@dataclass(frozen=True)
class Race:
    """Contenders over the same rows, ours first, who must come to the same result.

    ``prepare`` makes the home; ``fresh`` gives each run a copy of it. Where results are ``judged``, they are numbers by name,
    the greater the better, that are told; nobody's may be better than ours.
    """

    title: str
    rows: int
    contenders: tuple[Contender, ...]
    prepare: str = ""
    fresh: bool = False
    judged: bool = False


@dataclass(frozen=True)
class Line:
    """A line of the table: one contender, or one part of what it was timed for."""

    race: Race
    title: str
    part: str
    seconds: float
    runs: int
    peak_mb: int
    about: str


class Track:
    """Where races are run: a folder for the homes, and databases by name."""

    def __init__(self, folder: Path, database: Callable[[str], str] | None, repeats: int) -> None:
        self.folder = folder
        self.database = database
        self.repeats = repeats
        self._prepared: set[tuple[str, int, str]] = set()

    def run(self, race: Race) -> list[Line]:
        """Run every contender of a race; those that need PostgreSQL are left out where there is none."""
        lines: list[Line] = []
        results: dict[str, str] = {}
        best: dict[str, float] = {}
        for contender in race.contenders:
            if contender.database and not self.database:
                continue
            runs = [self._once(race, contender)]
            slow = max(runs[0]["seconds"].values()) > SLOW_SECONDS
            runs += [
                self._once(race, contender)
                for _ in range(min(self.repeats, FEWER_REPEATS if slow else self.repeats) - 1)
            ]
            if race.judged:
                best = best or runs[0]["result"]
                if any(value > best[name] for name, value in runs[0]["result"].items()):
                    raise SystemExit(
                        f"{race.title}: {contender.function} is better: {runs[0]['result']} against {best}"
                    )
                title = f"{runs[0]['title']}: {', '.join(f'{name} {value}' for name, value in runs[0]['result'].items())}"
            else:
                title = runs[0]["title"]
                results |= {json.dumps(run["result"], sort_keys=True): contender.function for run in runs}
            if len(results) > 1:
                raise SystemExit(f"{race.title}: {' and '.join(results.values())} come to different results")
            lines += [
                Line(
                    race, title, part, statistics.median(run["seconds"][part] for run in runs), len(runs),
                    max(run["peak_mb"] for run in runs), runs[0]["about"],
                )
                for part in runs[0]["seconds"]
            ]  # fmt: skip
        parts = list(dict.fromkeys(line.part for line in lines))
        return sorted(lines, key=lambda line: parts.index(line.part))

    def _once(self, race: Race, contender: Contender) -> dict:
        home = self._home(race, contender)
        if race.fresh:
            used = self.folder / "used"
            shutil.rmtree(used, ignore_errors=True)
            shutil.copytree(home, used)
            home = used
        return json.loads(self._child(contender.function, home, contender))

    def _home(self, race: Race, contender: Contender) -> Path:
        # A database is filled through a home, whose keys it needs; without one a home serves all contenders.
        own = contender.database if race.prepare.endswith("fill") else ""
        key = (race.prepare, race.rows, own)
        home = self.folder / "-".join(str(part).replace(":", "-") for part in key if part)
        if key not in self._prepared:
            home.mkdir(parents=True, exist_ok=True)
            if race.prepare:
                self._child(race.prepare, home, contender if own else None, race.rows)
            self._prepared.add(key)
        return home

    def _child(self, function: str, home: Path, contender: Contender | None, rows: int = 0) -> str:
        environment = {**os.environ, "XUEZHENG_HOME": str(home)}
        for name in ("XUEZHENG_DATABASE_URL", "PYTHONDONTWRITEBYTECODE"):
            environment.pop(name, None)
        if contender and contender.database and self.database:
            environment["XUEZHENG_DATABASE_URL"] = self.database(contender.database)
        words = [
            sys.executable,
            "-m",
            "benchmarks.child",
            f"benchmarks.{function}",
            *([str(rows)] if rows else []),
        ]
        return subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout
