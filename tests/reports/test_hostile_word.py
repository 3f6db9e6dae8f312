"""Hostile Word files, by every function that reads one: refused with a sentence, or done, never an error of the program.

Each is done as the worker does it: in a job with its limits, in a process of its own.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.reports.hostile_word import CORPUS, changed, plain

from xuezheng.reports import marks

ROOT = Path(__file__).parents[2]
#: Beyond what a process of ours has before it begins.
MEGABYTES, SECONDS = 600, 60
SCRIPT = """
import io, json, resource, sys, time
from pathlib import Path
import django
django.setup()
from tests.reports.hostile_word import CORPUS
from xuezheng.figures import FigureFault
from xuezheng.imports import WorkbookRefused
from xuezheng.limits import limit_process
from xuezheng.records.periods import Period, PeriodFault
from xuezheng.reports import audit, marks
from xuezheng.reports.adopt import AdoptionRefused, adopt
from xuezheng.reports.audit.reading import UnreadableError, read
from xuezheng.reports.refresh import refresh
from xuezheng.reports.releases.parts import parts
from xuezheng.reports.verify import verify
from xuezheng.snapshots import Snapshot, SnapshotFault
from xuezheng.web import passages

REFUSALS = (marks.NotAReportError, AdoptionRefused, UnreadableError, WorkbookRefused, PeriodFault, SnapshotFault, FigureFault)
period = Period.parse("2019H1")
snapshot = Snapshot.latest()
FUNCTIONS = {
    "read": lambda path: marks.read(path),
    "verify": lambda path: verify(path, snapshot),
    "refresh": lambda path: refresh(path, snapshot, period),
    "adopt": lambda path: adopt(path, snapshot, period).save(path.with_name("made.docx")),
    "audit": lambda path: audit.audit(read(path)),
    "parts": lambda path: parts(marks.opened(path)),
    "passages": lambda path: passages.of_document(marks.opened(path), {}),
}
path = Path(sys.argv[1]) / "file.docx"
names = sys.argv[2:]
limit_process(%d, %d)
for name in names:
    path.write_bytes(CORPUS[name]())
    for title, function in FUNCTIONS.items():
        begun = time.process_time()
        try:
            function(path)
            outcome = "done"
        except REFUSALS as refusal:
            outcome = f"refused: {refusal}"
        except MemoryError:
            outcome = "too much memory"
        except Exception as error:
            import traceback
            outcome = f"FAILED {type(error).__name__}: {error} " + traceback.format_exc()[-600:]
        print(json.dumps([name, title, outcome, time.process_time() - begun]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, snapshot):
    folder = tmp_path_factory.mktemp("hostile")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xuezheng.settings", "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-W", "ignore", "-c", SCRIPT % (MEGABYTES, SECONDS * 4), str(folder), *CORPUS]
    ran = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found = {}
    for name, title, outcome, seconds in map(json.loads, ran.stdout.splitlines()):
        found.setdefault(name, {})[title] = (outcome, seconds)
    return found


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_refused_or_done(outcomes, name):
    assert len(outcomes[name]) == 7
    for title, (outcome, _) in outcomes[name].items():
        assert outcome == "done" or outcome.startswith("refused: "), (title, outcome)
        assert len(outcome) < 300


@pytest.mark.parametrize("name", ["100,000 paragraphs", "a large table", "a bomb", "nothing", "no body"])
def test_what_is_no_report_is_refused_at_once(outcomes, name):
    ordinary = sum(seconds for _, seconds in outcomes["an empty body"].values())
    assert all(outcome.startswith("refused: ") for outcome, _ in outcomes[name].values())
    assert sum(seconds for _, seconds in outcomes[name].values()) < 20 + 20 * ordinary


def test_what_is_outside_the_file_is_not_read(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(CORPUS["an external entity"]())
    assert "root:" not in "".join(marks.opened(path).element.body.itertext())


def test_the_plain_file_that_all_are_made_of_is_read(tmp_path):
    for content in (plain(), changed()):
        path = tmp_path / "x.docx"
        path.write_bytes(content)
        assert "3人" in marks.opened(path).paragraphs[0].text
