"""Hostile files, kind by kind: a Chinese sentence or a sound reading, and no trace; how soon is measured in `benchmarks/faults.py`."""

import re
import resource
import tempfile
from pathlib import Path
from typing import NamedTuple

import pytest
from django.db import connection
from tests.intake.conftest import census
from tests.intake.hostile import KINDS, READ

from xuezheng.intake import preview_workbook
from xuezheng.workbooks import WorkbookRefused

MEGABYTES = 50
SENTENCE = re.compile(r"[\u4e00-\u9fff].*。", re.DOTALL)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "sqlite", reason="what is read does not depend on the database"),
]


def peak() -> int:
    """The most memory that this process has held since it was asked to forget, in bytes."""
    found = re.search(r"VmHWM:\s+([0-9]+)", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024


def processor_seconds() -> float:
    """What this process and its children have taken: what others do on the machine does not count."""
    own, children = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


class Measured(NamedTuple):
    """What a sender is told, and what it took: seconds of the processor, bytes of memory more at the peak."""

    told: str
    seconds: float
    grown: int


def measured(path: Path) -> Measured:
    """Preview a file."""
    Path("/proc/self/clear_refs").write_text("5")
    start, held = processor_seconds(), peak()
    told = _told(path)
    return Measured(told, processor_seconds() - start, peak() - held)


def _told(path: Path) -> str:
    try:
        outcome = preview_workbook(path)
    except WorkbookRefused as refusal:
        return str(refusal)
    if outcome.refused:
        return "\n".join(str(problem) for problem in outcome.problems)
    assert [sheet.added for sheet in outcome.sheets] == [3]
    return READ


@pytest.mark.parametrize("name", KINDS)
def test_a_hostile_file(name, tmp_path, monkeypatch):
    kind = KINDS[name]
    path = tmp_path / f"上报{kind.suffix}"
    path.write_bytes(kind.make())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    before = census()
    found = measured(path)
    assert found.grown < MEGABYTES * 2**20
    assert list(scratch.iterdir()) == []
    assert census() == before
    assert kind.told in found.told
    assert found.told == READ or SENTENCE.search(found.told)


def test_each_kind_says_what_its_sender_is_told():
    assert len(KINDS) >= 60
    assert all(kind.title and kind.told for kind in KINDS.values())
