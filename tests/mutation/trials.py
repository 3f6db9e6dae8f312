"""Run the tests that answer for a file while a mutant stands in for it, in a process of its own."""

from __future__ import annotations

import gc
import importlib.abc
import importlib.machinery
import io
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

from tests.mutation.mutants import SOURCE, Mutant

if TYPE_CHECKING:
    import pytest

ROOT = SOURCE.parents[1]
LONGEST = 600  # seconds; a fault that makes the tests run on for ever is noticed as well
_FAILED, _NONE_COLLECTED = 1, 5


def stages(path: Path) -> list[list[str]]:
    """Return the arguments of the runs of pytest that answer for a file, those that take least time first."""
    name = path.relative_to(SOURCE)
    cases, examples = "tests/invariants/test_cases.py", "tests/invariants/test_examples.py"
    match name.parts:
        case ("areas", area, "rules.py"):
            return [[cases, "-k", area], [examples, "-k", area], [f"src/xuezheng/areas/{area}/tests"]]
        case ("areas", area, *_):
            return [[f"src/xuezheng/areas/{area}/tests"]]
        case ("rules", _):
            return [["tests/rules"], [cases], ["tests/snapshots"], [examples]]
        case ("policy", _):
            pages = ["tests/web/test_standards.py", "tests/web/test_whatif.py", "tests/cli/test_whatif.py"]
            return [
                ["tests/policy", "tests/rules"],
                [cases],
                ["tests/snapshots"],
                [*pages, "-m", "not browser"],
            ]
        case ("figures", *_):
            return [
                ["tests/figures", "src/xuezheng/areas/health/tests/test_comparison.py"],
                [examples],
                ["tests/invariants/test_figures.py"],
                ["tests/web/test_figures.py"],
            ]
    raise ValueError(f"no tests answer for {name}")


@dataclass
class Trial:
    """One mutant and what became of it; without a mutant, the tests as they are."""

    runs: list[list[str]]
    mutant: Mutant | None = None
    noticed_by: str = ""
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="mutant-")))
    started: float = 0.0
    process: int = 0

    def begin(self) -> None:
        """Fork the process that tries the mutant."""
        sys.stdout.flush()  # what waits in the buffer would be printed by the fork as well
        self.started, self.process = time.monotonic(), os.fork()
        if self.process == 0:
            os.setpgid(0, 0)
            os._exit(_carry_out(self))

    def has_ended(self) -> bool:
        """Look whether the process is done, and end it after :data:`LONGEST`."""
        process, status = os.waitpid(self.process, os.WNOHANG)
        if process == 0 and time.monotonic() - self.started > LONGEST:
            os.killpg(self.process, signal.SIGKILL)
            _, status = os.waitpid(self.process, 0)
        elif process == 0:
            return False
        self.noticed_by = self._describe(os.waitstatus_to_exitcode(status))
        shutil.rmtree(self.folder)
        return True

    @property
    def output(self) -> Path:
        """What pytest printed."""
        return self.folder / "output.txt"

    @property
    def first_failure(self) -> Path:
        """The name of the first test that failed, or of the file that could not be collected."""
        return self.folder / "failed.txt"

    def _describe(self, code: int) -> str:
        if code == 0:
            return ""
        if code < 0:
            return "no end" if code == -signal.SIGKILL else "a process that died"
        if self.first_failure.exists():
            return self.first_failure.read_text("utf-8")
        last = self.output.read_text("utf-8", "replace").strip().splitlines()[-3:]
        if code == _NONE_COLLECTED:
            raise RuntimeError(f"no test collected by {self.runs}: {last}")
        return f"no test, but pytest ended with {code}: {last}"


def run(trials: Iterator[Trial], workers: int) -> Iterator[Trial]:
    """Try mutants, so many at a time, and yield each when it is done."""
    _import_libraries()
    gc.freeze()  # what the forks share is not looked through again in each
    under_way: list[Trial] = []
    rest = True
    while rest or under_way:
        while rest and len(under_way) < workers:
            trial = next(trials, None)
            rest = trial is not None
            if trial is not None:
                trial.begin()
                under_way.append(trial)
        ended = [trial for trial in under_way if trial.has_ended()]
        under_way = [trial for trial in under_way if trial not in ended]
        yield from ended
        time.sleep(0.05)


def _import_libraries() -> None:
    """Import once, before the forks, what every run needs and no mutant changes."""
    import django  # noqa: F401
    import docx  # noqa: F401
    import hypothesis  # noqa: F401
    import openpyxl  # noqa: F401
    import pandas  # noqa: F401
    import pytest_django  # noqa: F401


def _carry_out(trial: Trial) -> int:
    output = os.open(trial.output, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(ROOT)
    for arguments in trial.runs:
        process = os.fork()
        if process == 0:
            os._exit(_test(arguments, trial))
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        if code != 0:
            return code if code > 0 else _FAILED
    return 0


def _test(arguments: Sequence[str], trial: Trial) -> int:
    import pytest

    sys.stdout, sys.stderr = io.TextIOWrapper(os.fdopen(1, "wb", 0), write_through=True), sys.__stderr__
    if trial.mutant is not None:
        sys.meta_path.insert(0, _Finder(trial.mutant))
    forget_outer_run()
    options = ["-x", "--no-header", "-p", "no:cacheprovider"]
    return int(pytest.main([*options, *arguments], plugins=[_Failures(trial.first_failure)]))


def forget_outer_run() -> None:
    """Remove from the environment what is meant for the run of pytest that started this one."""
    for name in ("PYTEST_ADDOPTS", "DJANGO_SETTINGS_MODULE"):
        os.environ.pop(name, None)


class _Failures:
    """Keeps the name of the first failure in a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test, or what it stands on, was tried."""
        self._keep(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A file was read."""
        self._keep(report)

    def _keep(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        if report.failed and not self.path.exists():
            self.path.write_text(report.nodeid or "no import", "utf-8")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant in place of its file."""

    def __init__(self, mutant: Mutant) -> None:
        parts = ("xuezheng", *mutant.path.relative_to(SOURCE).with_suffix("").parts)
        self.name, self.mutant = ".".join(parts).removesuffix(".__init__"), mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        if spec is not None:
            spec.loader = _Loader(fullname, str(self.mutant.path), self.mutant.source())
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.mutated = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self.mutated, self.path, "exec", dont_inherit=True)
