"""The runner of deliberate faults: every fault it makes is a program, and tests do notice one."""

import ast
import os
import subprocess
import sys
from collections import Counter

import pytest
from tests.mutation import trials
from tests.mutation.__main__ import explained, files, page, read_tried, stages, write_tried
from tests.mutation.mutants import SOURCE, mutants, sample
from tests.mutation.reach import Reach, lines_of


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
    tried = {mutant.key: "tests/test_it.py::test_it" for mutant in chosen[1:]} | {chosen[0].key: ""}
    written = page(chosen, tried, {chosen[0].key: "因为"})
    assert "Tried: 4 of 4 chosen. Noticed: 3. Not noticed: 1 (25.0 %)." in written
    assert "| `areas/health` | 4 | 3 | 1 |" in written
    assert written.rstrip().endswith("| 因为 |")


def test_only_what_was_tried_is_counted():
    chosen = list(sample(files("health/rules"), 4))
    written = page(chosen, {chosen[0].key: "tests/test_it.py::test_it", "a fault of old": ""}, {})
    assert "Tried: 1 of 4 chosen. Noticed: 1. Not noticed: 0 (0.0 %)." in written


def test_two_alike_faults_of_a_function_have_different_keys():
    for path in files():
        keys = [mutant.key for mutant in mutants(path)]
        assert len(keys) == len(set(keys)), path


def test_what_was_tried_is_kept_as_long_as_the_fault_can_be_made(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mutation.__main__.TRIED", tmp_path / "tried.yaml")
    assert read_tried() == {}
    key = mutants(files("health/rules")[0])[0].key
    write_tried({key: "tests/test_it.py::test_it[甲]", "a fault of old": ""})
    assert read_tried() == {key: "tests/test_it.py::test_it[甲]"}


def test_tests_that_run_the_statement_are_tried_and_those_that_noticed_others_first():
    path = files("health/rules")[0]
    mutant = mutants(path)[0]
    reach = Reach([mutant])
    assert stages(mutant, {}, reach) == trials.stages(path)
    reach.seconds = {f"a::{number}": number for number in range(12)}
    reach.tests[mutant.key] = set(reach.seconds)
    in_order = [f"a::{number}" for number in range(12)]
    assert stages(mutant, {}, reach) == [in_order[:8], in_order[8:]]
    noticing = {path: Counter({"a::3": 1, "a::11": 3, "a::elsewhere": 9})}
    assert stages(mutant, noticing, reach)[0] == ["a::11", "a::3"]
    assert len(stages(mutant, noticing, reach)[1]) == 10


SCRIPT = """
from tests.mutation import trials
from tests.mutation.mutants import SOURCE, mutants

runs = [["tests/rules/test_deadlines.py"]]
fault = mutants(SOURCE / "rules/deadlines.py")[0]
for trial in trials.run(iter([trials.Trial(runs, fault), trials.Trial(runs)]), 1):
    print(trial.noticed_by or "nothing failed")
"""


def run_elsewhere(script):
    """Run a script in a process of its own, in the environment of a run of pytest that is set to print otherwise; return what it prints."""
    variables = {
        **os.environ,
        "FORCE_COLOR": "1",
        "PYTEST_ADDOPTS": "--no-summary",
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
    }
    command = [sys.executable, "-c", script]
    run = subprocess.run(command, cwd=trials.ROOT, env=variables, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


def test_a_fault_is_noticed_and_the_program_as_it_is_passes():
    """A true run: the fault reaches the tests, and without it they pass."""
    with_fault, without = run_elsewhere(SCRIPT).splitlines()
    assert with_fault.startswith("tests/rules/test_deadlines.py::")
    assert without == "nothing failed"


MEASURE = """
from tests.mutation import reach, trials
from tests.mutation.mutants import SOURCE, mutants

trials.stages = lambda path: [["tests/rules/test_deadlines.py"]]
made = mutants(SOURCE / "rules/deadlines.py")
measured = reach.measure(made, 1)
print(measured.failed, all(measured.tests_of(fault) for fault in made), measured.tests_of(made[0])[0])
"""


def test_it_is_measured_which_tests_run_a_statement():
    assert run_elsewhere(MEASURE).startswith("[] True tests/rules/test_deadlines.py::")


def test_the_lines_of_a_fault_are_those_of_its_statement(tmp_path, monkeypatch):
    monkeypatch.setattr("tests.mutation.mutants.SOURCE", tmp_path)
    path = tmp_path / "rule.py"
    path.write_text(
        "def rule(a):\n    if a:\n        return (\n            a\n            + 1\n        )\n    return 0\n",
        "utf-8",
    )
    lines = {mutant.after: lines_of(mutant) for mutant in mutants(path)}
    assert lines["(a) - (1)"] == range(3, 6)
    assert lines["(not (a))"] == range(2, 3)
    assert [lines["2"], lines["1"]] == [range(3, 6), range(7, 8)]
