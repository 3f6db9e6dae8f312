"""The runner of deliberate faults: every fault it makes is a program, and tests do notice one."""

import ast
import subprocess
import sys

import pytest
from tests.mutation import trials
from tests.mutation.__main__ import explained, files, page
from tests.mutation.mutants import SOURCE, mutants, sample


@pytest.mark.parametrize("path", files(), ids=lambda path: path.relative_to(SOURCE).as_posix())
def test_every_fault_is_a_program_that_differs_and_has_tests_that_answer_for_it(path):
    original = path.read_text("utf-8")
    for mutant in mutants(path):
        assert mutant.source() != original
        ast.parse(mutant.source())
    for arguments in trials.stages(path):
        assert (trials.ROOT / arguments[0]).exists()


def test_faults_of_each_kind_are_made(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mutation.mutants.SOURCE", tmp_path)
    path = tmp_path / "rule.py"
    path.write_text(
        '"""字。"""\n\n\ndef rule(table, day=7):\n    """规则。"""\n    if not table.open and day < 3:\n        raise ValueError\n'
        "    table.check()\n    return table.any() if table.ready else table.amount + 1\n",
        "utf-8",
    )
    changes = {(mutant.before, mutant.after) for mutant in mutants(path)}
    assert changes == {
        ("7", "8"),
        ("not table.open and day < 3", "((not table.open) or (day < 3))"),
        ("not table.open", "(table.open)"),
        ("day < 3", "day <= 3"),
        ("3", "4"),
        ("raise ValueError", "pass"),
        ("table.check()", "pass"),
        ("table.ready", "(not (table.ready))"),
        ("table.any", "table.all"),
        ("table.amount + 1", "(table.amount) - (1)"),
        ("1", "2"),
    }


def test_the_same_faults_are_chosen_in_each_run():
    chosen = [mutant.key for mutant in sample(files(), 50)]
    assert len(chosen) == 50
    assert chosen == [mutant.key for mutant in sample(list(reversed(files())), 50)]


def test_reasons_are_given_for_faults_that_still_can_be_made():
    keys = {mutant.key for path in files() for mutant in mutants(path)}
    assert explained().keys() <= keys


def test_the_page_counts_and_lists_what_nobody_notices():
    chosen = list(sample(files("health/rules"), 4))
    written = page(chosen, chosen[:1], {chosen[0].key: "因为"})
    assert "Tried: 4. Noticed: 3. Not noticed: 1 (25.0 %)." in written
    assert "| `areas/health` | 4 | 3 | 1 |" in written
    assert written.rstrip().endswith("| 因为 |")


def test_faults_are_noticed_and_the_program_as_it_is_passes():
    """One true run, in a process of its own: without a fault the tests pass, which the command makes sure of, and each fault fails them."""
    command = [
        sys.executable,
        "-m",
        "tests.mutation",
        "--only",
        "rules/deadlines",
        "--sample",
        "2",
        "--workers",
        "1",
    ]
    run = subprocess.run(command, cwd=trials.ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.count(": tests/rules/test_deadlines.py::") == 2
    assert "0 of 2 survive" in run.stdout
