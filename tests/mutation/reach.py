"""Measures which tests run which lines, so that a fault is tried with the tests that can notice it and no others."""

from __future__ import annotations

import ast
import json
import os
import shutil
import tempfile
import traceback
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import coverage
import pytest
from tests.mutation import trials
from tests.mutation.mutants import Mutant


@dataclass
class Reach:
    """The tests that run the statement of each fault, how long each takes in seconds, and those that fail without any fault."""

    mutants: Sequence[Mutant]
    tests: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    seconds: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def tests_of(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the statement with a fault, the quickest first; none for what runs on import."""
        return sorted(self.tests[mutant.key], key=lambda name: (self.seconds.get(name, 0.0), name))

    def add(self, measured: Mapping[str, Any]) -> None:
        """Add what one run of pytest measured."""
        self.seconds |= measured["seconds"]
        self.failed += measured["failed"]
        contexts = measured["contexts"]
        for mutant in self.mutants:
            lines = measured["lines"].get(str(mutant.path), {})
            if mutant.where != "module":
                numbers = {number for line in lines_of(mutant) for number in lines.get(str(line), ())}
                for number in numbers:
                    self.tests[mutant.key] |= set(measured["users"].get(contexts[number], [contexts[number]]))


def measure(mutants: Sequence[Mutant], workers: int) -> Reach:
    """Run the tests that answer for the files of faults, so many processes at a time, and return which of them run each fault."""
    paths = sorted({mutant.path for mutant in mutants})
    waiting = sorted({tuple(arguments) for path in paths for arguments in trials.stages(path)})
    reach, under_way = Reach(mutants), dict[int, Path]()
    while waiting or under_way:
        while waiting and len(under_way) < workers:
            output = Path(tempfile.mkdtemp(prefix="reach-")) / "measured.json"
            arguments = waiting.pop()
            process = os.fork()
            if process == 0:
                _record_and_exit(arguments, paths, output)
            under_way[process] = output
        process, _ = os.wait()
        output = under_way.pop(process)
        if not output.exists():
            raise RuntimeError(output.with_name("output.txt").read_text("utf-8"))
        reach.add(json.loads(output.read_text("utf-8")))
        shutil.rmtree(output.parent)
    return reach


def lines_of(mutant: Mutant) -> range:
    """Return the lines of the statement in which a fault lies, as far as the fault reaches."""
    text = mutant.path.read_bytes()
    last = text[: mutant.end].count(b"\n") + 1
    statements = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.stmt)]
    around = [node for node in statements if node.lineno <= mutant.line <= node.end_lineno]
    return range(max(node.lineno for node in around), last + 1)


def _record_and_exit(arguments: Sequence[str], paths: Sequence[Path], output: Path) -> NoReturn:
    """Record one run of pytest, in a process of its own that ends here whatever happens."""
    os.chdir(trials.ROOT)
    printed = os.open(output.with_name("output.txt"), os.O_WRONLY | os.O_CREAT)
    os.dup2(printed, 1)
    os.dup2(printed, 2)
    try:
        _record(arguments, paths, output)
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(0)


def _record(arguments: Sequence[str], paths: Sequence[Path], output: Path) -> None:
    trials.forget_outer_run()
    recorder = coverage.Coverage(data_file=None, include=[str(path) for path in paths], config_file=False)
    tests = _Contexts(recorder)
    recorder.start()
    code = pytest.main(["--no-header", "-p", "no:cacheprovider", *arguments], plugins=[tests])
    recorder.stop()
    data = recorder.get_data()
    numbers: dict[str, int] = {}
    lines = {
        path: {
            line: [numbers.setdefault(name, len(numbers)) for name in names if name]
            for line, names in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }
    measured = {
        "lines": lines,
        "contexts": list(numbers),
        "users": {name: sorted(users) for name, users in tests.users.items()},
        "seconds": tests.seconds,
        "failed": tests.failed or ([] if code == 0 else [" ".join(arguments)]),
    }
    output.write_text(json.dumps(measured), "utf-8")


class _Contexts:
    """Tells the recorder of lines which test runs; what is set up for several tests counts as run by all of them."""

    def __init__(self, recorder: Any) -> None:
        self.recorder = recorder
        self.current = ""
        self.users: defaultdict[str, set[str]] = defaultdict(set)
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def _switch(self, context: str) -> Iterator[None]:
        before, self.current = self.current, context
        self.recorder.switch_context(context)
        try:
            return (yield)
        finally:
            self.current = before
            self.recorder.switch_context(before)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        """A test is run."""
        for definitions in item._fixtureinfo.name2fixturedefs.values():
            for definition in definitions:
                self.users[_name_of(definition)].add(item.nodeid)
        return (yield from self._switch(item.nodeid))

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: Any) -> Any:
        """What tests stand on is set up."""
        context = self.current if fixturedef.scope == "function" else _name_of(fixturedef)
        return (yield from self._switch(context))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test was run."""
        self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0.0) + report.duration
        if report.failed:
            self.failed.append(report.nodeid)


def _name_of(definition: Any) -> str:
    return f"fixture {definition.baseid}::{definition.argname}"
