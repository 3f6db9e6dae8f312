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

from xuezheng.proofing import word_file

ROOT = Path(__file__).parents[2]
#: Beyond what a process of ours has before it begins.
#: What may end at its limits: texts that are valid, and longer than anybody's report.
SLOW = ("a huge text", "many numbers")
MEGABYTES, SECONDS = 600, 8
SCRIPT = """
import json, os, shutil, sys, traceback
from pathlib import Path
import django
django.setup()
from tests.reports.hostile_word import CORPUS
from xuezheng.cli.shared import prepare_database
from xuezheng.figures import FigureError
from xuezheng.workbooks import WorkbookRefused
from xuezheng.core.process_limits import limit_process
from xuezheng.core.periods import Period, PeriodError
from xuezheng import proofing
from xuezheng.proofing import word_file
from xuezheng.reports.word import marks
from xuezheng.reports.living.adopt import AdoptionRefused, adopt
from xuezheng.proofing.reading import UnreadableError, read
from xuezheng.reports.living.refresh import refresh
from xuezheng.reports.releases.parts import parts
from xuezheng.reports.living.verify import verify
from xuezheng.snapshots import Snapshot, SnapshotError
from xuezheng.snapshots.snapshot import snapshots_folder
from xuezheng.web.ui import document_view

REFUSALS = (word_file.NotAReportError, AdoptionRefused, UnreadableError, WorkbookRefused, PeriodError, SnapshotError, FigureError)
prepare_database()
source = Path(sys.argv[2])
shutil.copytree(source, snapshots_folder() / source.name)
period = Period.parse("2019H1")
snapshot = Snapshot.latest()
FUNCTIONS = {
    "read": lambda path: marks.read(path),
    "verify": lambda path: verify(path, snapshot),
    "refresh": lambda path: refresh(path, snapshot, period),
    "adopt": lambda path: adopt(path, snapshot, period).save(path.with_name("made.docx")),
    "audit": lambda path: proofing.audit(read(path)),
    "parts": lambda path: parts(word_file.open_document(path)),
    "passages": lambda path: document_view.of_document(word_file.open_document(path), {}),
}
path = Path(sys.argv[1]) / "file.docx"


def outcome_of(function):
    try:
        function(path)
    except REFUSALS as refusal:
        return f"refused: {refusal}"
    except MemoryError:
        return "ended by its limits"
    except Exception as error:
        return f"FAILED {type(error).__name__}: {error} " + traceback.format_exc()[-600:]
    return "done"


def limited(function):
    # As the worker has it done: in a fork, which may be lost.
    reading, writing = os.pipe()
    if not (child := os.fork()):
        limit_process(%d, %d)
        os.write(writing, outcome_of(function).encode()[:3000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        outcome = answer.read().decode(errors="replace")
    _, _, usage = os.wait4(child, 0)
    return outcome or "ended by its limits", usage.ru_utime + usage.ru_stime


for name in sys.argv[3:]:
    path.write_bytes(CORPUS[name]())
    for title, function in FUNCTIONS.items():
        print(json.dumps([name, title, *limited(function)]), flush=True)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory, snapshot):
    folder = tmp_path_factory.mktemp("hostile")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "xuezheng.settings", "PYTHONPATH": str(ROOT)}
    environment["XUEZHENG_HOME"] = str(folder / "home")
    environment.pop("XUEZHENG_DATABASE_URL", None)
    words = [
        sys.executable,
        "-W",
        "ignore",
        "-c",
        SCRIPT % (MEGABYTES, SECONDS),
        str(folder),
        str(snapshot.folder),
        *CORPUS,
    ]
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
        is_slow = name in SLOW and outcome == "ended by its limits"
        assert outcome == "done" or outcome.startswith("refused: ") or is_slow, (title, outcome)
        assert len(outcome) < 300


@pytest.mark.parametrize("name", ["100,000 paragraphs", "a large table", "a bomb", "nothing", "no body"])
def test_what_is_no_report_is_refused_at_once(outcomes, name):
    ordinary = sum(seconds for _, seconds in outcomes["an empty body"].values())
    assert all(outcome.startswith("refused: ") for outcome, _ in outcomes[name].values())
    assert sum(seconds for _, seconds in outcomes[name].values()) < 20 + 20 * ordinary


def test_what_is_outside_the_file_is_not_read(tmp_path):
    path = tmp_path / "x.docx"
    path.write_bytes(CORPUS["an external entity"]())
    assert "root:" not in "".join(word_file.open_document(path).element.body.itertext())


def test_the_plain_file_that_all_are_made_of_is_read(tmp_path):
    for content in (plain(), changed()):
        path = tmp_path / "x.docx"
        path.write_bytes(content)
        assert "3人" in word_file.open_document(path).paragraphs[0].text
