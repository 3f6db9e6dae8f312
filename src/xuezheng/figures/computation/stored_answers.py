"""Computed answers, stored for other processes in one file per snapshot: ``<data folder>/answers/<id>.sqlite``.

A file is valid for one release only and may be deleted at any time; the command ``doctor`` recomputes some of
its answers.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from xuezheng import __version__
from xuezheng.core.data_folder import home
from xuezheng.figures.computation.calculation import Group, Groups, Question, Value
from xuezheng.snapshots import Snapshot
from xuezheng.snapshots.snapshot import snapshots_folder

#: So many answers are stored for a snapshot; those of further questions are computed each time.
MOST = 50_000
_PATIENCE_SECONDS = 1.0
_CREATE = """
CREATE TABLE IF NOT EXISTS answer (
    calculation TEXT, period TEXT, members TEXT, answer TEXT, PRIMARY KEY (calculation, period, members)
) WITHOUT ROWID
"""
_READ = "SELECT answer FROM answer WHERE (calculation, period, members) = (?, ?, ?)"
_WRITE = "INSERT OR IGNORE INTO answer VALUES (?, ?, ?, ?)"


def folder() -> Path:
    """Return the folder with the files of stored answers, one per snapshot; it may not exist yet."""
    return home() / "answers"


def read(snapshot: Snapshot, questions: Iterable[Question]) -> dict[Question, Groups]:
    """Return the stored answers to questions, by question; questions without one are absent."""
    storable = [question for question in questions if _is_storable(snapshot, question)]
    if not storable or not _path(snapshot).exists():
        return {}
    with contextlib.suppress(sqlite3.Error), _opened(snapshot) as file:
        stored = ((question, file.execute(_READ, _key(question)).fetchone()) for question in storable)
        return {question: _decode(row[0]) for question, row in stored if row}
    return {}


def write(snapshot: Snapshot, answers: Mapping[Question, Groups]) -> None:
    """Store answers in addition to those stored before; one that is stored already stays as it is.

    Nothing is stored once the snapshot has :data:`MOST` answers, which is looked up once before writing, so
    that the last call may exceed it. If the file cannot be written, nothing is raised, since the answers can be
    computed again. Answers that depend on the release, or on a snapshot not published, are left out.
    """
    rows = [
        (*_key(question), _encode(answer))
        for question, answer in answers.items()
        if _is_storable(snapshot, question)
    ]
    if not rows:
        return
    with contextlib.suppress(sqlite3.Error, OSError), _opened(snapshot) as file:
        if file.execute("SELECT count(*) FROM answer").fetchone()[0] < MOST:
            file.execute("BEGIN IMMEDIATE")
            file.executemany(_WRITE, rows)
            file.execute("COMMIT")


def discard(snapshot: Snapshot) -> None:
    """Delete the file of stored answers of a snapshot, if it exists; they are computed again when they are needed."""
    _path(snapshot).unlink(missing_ok=True)


def _is_storable(snapshot: Snapshot, question: Question) -> bool:
    """Whether the answer depends on the snapshot and the declaration alone: rule columns newer than the snapshot depend on the release."""
    name = question.calculation.table.table_name()
    is_published = snapshot.folder.parent == snapshots_folder()
    return is_published and snapshot.has(name) and snapshot.is_as_frozen(name)


def _path(snapshot: Snapshot) -> Path:
    return folder() / f"{snapshot.id}.sqlite"


@contextlib.contextmanager
def _opened(snapshot: Snapshot) -> Iterator[sqlite3.Connection]:
    """Open the file of a snapshot; what another release wrote is dropped, and so is a file that cannot be read."""
    folder().mkdir(mode=0o700, exist_ok=True)
    with contextlib.closing(_connect(_path(snapshot))) as file:
        yield file


def _connect(path: Path) -> sqlite3.Connection:
    path.touch(mode=0o600)
    file = sqlite3.connect(path, timeout=_PATIENCE_SECONDS, isolation_level=None)
    try:
        # What a power cut destroys is computed anew.
        file.execute("PRAGMA synchronous = OFF")
        if file.execute("PRAGMA user_version").fetchone()[0] != _release():
            file.execute("BEGIN IMMEDIATE")
            file.execute("DROP TABLE IF EXISTS answer")
            file.execute(_CREATE)
            file.execute(f"PRAGMA user_version = {_release()}")
            file.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        file.close()
        if not isinstance(error, sqlite3.OperationalError):
            path.unlink(missing_ok=True)
        raise
    return file


@cache
def _release() -> int:
    """A number of this release and of the code that computes answers, as the file's version."""
    code = Path(__file__).with_name("answering.py").read_bytes()
    code += Path(__file__).with_name("calculation.py").read_bytes()
    return int.from_bytes(hashlib.sha256(__version__.encode() + code).digest()[:3])


def _key(question: Question) -> tuple[str, str, str]:
    """Return the digest of the calculation, the period's first and last day and terms, and the columns in JSON."""
    period = question.period
    days = " ".join((period.start.isoformat(), period.end.isoformat(), *period.terms))
    return question.calculation.digest, days, json.dumps(question.by)


def _encode(answer: Groups) -> str:
    groups = [answer.counting.values(), answer.undecided]
    lists = [
        [[group.members, _write_value(group.value), group.rows] for group in members] for members in groups
    ]
    return json.dumps([*lists, answer.has_rows], ensure_ascii=False)


def _decode(text: str) -> Groups:
    counting, undecided, has_rows = json.loads(text)
    groups = [_read_group(*entry) for entry in counting]
    return Groups(
        {group.members: group for group in groups}, [_read_group(*entry) for entry in undecided], has_rows
    )


def _read_group(
    members: list[str | int | bool | None], value: int | float | dict[str, str] | None, rows: int
) -> Group:
    return Group(tuple(members), Decimal(value["decimal"]) if isinstance(value, dict) else value, rows)


def _write_value(value: Value) -> int | float | dict[str, str] | None:
    return {"decimal": str(value)} if isinstance(value, Decimal) else value
