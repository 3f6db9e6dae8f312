"""A report is written whole or not at all: whoever kills the program or fills the disk, the old file is still there."""

import os
import random
import resource
import signal
import time

import docx
import pytest

from xuezheng.commands import main
from xuezheng.records.periods import Period
from xuezheng.reports import document
from xuezheng.reports.compose import compose_text

KILLS = 25


def long_document(words):
    made = docx.Document()
    for _ in range(300):
        made.add_paragraph(words * 40)
    return made


def test_a_program_killed_while_writing_leaves_the_old_file_or_the_new_one(tmp_path):
    path, rng = tmp_path / "报告.docx", random.Random(4)
    old, new = long_document("旧"), long_document("新的")
    document.save(old, path)
    seen = set()
    for _ in range(KILLS):
        child = os.fork()
        if child == 0:
            while True:
                document.save(new, path)
                document.save(old, path)
        time.sleep(rng.uniform(0.001, 0.08))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen.add(docx.Document(str(path)).paragraphs[-1].text[:2])
    assert seen == {"旧旧", "新的"}


@pytest.fixture
def full_disk():
    """No file can grow beyond a few bytes."""
    limits, ignored = (
        resource.getrlimit(resource.RLIMIT_FSIZE),
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN),
    )
    yield lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, limits[1]))
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    signal.signal(signal.SIGXFSZ, ignored)


def test_a_full_disk_leaves_the_old_file_and_says_so(snapshot, tmp_path, full_disk, capsys):
    path = tmp_path / "报告.docx"
    compose_text('# 报告\n\n{{ n("aid.registered_poor_pupils") }}', snapshot, Period.parse("2019H1")).save(
        path
    )
    before = path.read_bytes()
    asked = ["refresh", str(path), "--period", "2019H2", "--snapshot", snapshot.id, "-o", str(path)]
    full_disk()
    assert main(asked) == 1
    assert "无法使用" in capsys.readouterr().err
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
