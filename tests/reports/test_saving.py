"""A report is written whole or not at all: whoever kills the program or fills the disk, the old file is still there."""

import os
import resource
import signal
import subprocess
import sys

import pytest

from xuezheng.cli import main
from xuezheng.core.periods import Period
from xuezheng.reports.compose import compose_text
from xuezheng.reports.word.document import write_report

KILLING = """
import os, random, signal, sys, time
import django; django.setup()
import docx
from xuezheng.reports.word import document

def long_document(words):
    made = docx.Document()
    for _ in range(300):
        made.add_paragraph(words * 40)
    return made

path, rng, seen = sys.argv[1], random.Random(4), set()
old, new = long_document("旧"), long_document("新的")
document.save(old, path)
for _ in range(25):
    child = os.fork()
    while child == 0:
        document.save(new, path)
        document.save(old, path)
    time.sleep(rng.uniform(0.001, 0.08))
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    seen.add(docx.Document(path).paragraphs[-1].text[:2])
print(*sorted(seen))
"""


def test_a_program_killed_while_writing_leaves_the_old_file_or_the_new_one(tmp_path):
    # In a process of its own, which is small enough to be forked often.
    done = subprocess.run(
        [sys.executable, "-c", KILLING, str(tmp_path / "报告.docx")],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "xuezheng.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["新的", "旧旧"], done.stderr


@pytest.fixture
def full_disk(monkeypatch):
    """No file can grow beyond a few bytes; Python's own compiled files are not tried on it, since it keeps halves of them."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    limits, ignored = (
        resource.getrlimit(resource.RLIMIT_FSIZE),
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_the_old_file_and_says_so(snapshot, tmp_path, full_disk, capsys):
    path = tmp_path / "报告.docx"
    write_report(
        compose_text('# 报告\n\n{{ n("aid.registered_poor_pupils") }}', snapshot, Period.parse("2019H1")),
        path,
    )
    before = path.read_bytes()
    asked = ["refresh", str(path), "--period", "2019H2", "--snapshot", snapshot.id, "-o", str(path)]
    full_disk()
    assert main(asked) == 3
    assert "磁盘已满" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
