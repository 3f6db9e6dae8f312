"""Reading of snapshots from their folders, ``<data folder>/snapshots/<id>/``.

A folder has ``manifest.json`` and one Parquet file per table.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import ibis
import pyarrow.parquet as pq

from xuezheng.core.data_folder import home
from xuezheng.core.periods import Period
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.snapshots.caching import cached_in_snapshot
from xuezheng.snapshots.derived import Derived, derive, with_derived
from xuezheng.snapshots.source import table_of

MANIFEST = "manifest.json"
#: The name of the file with the time when the snapshot was made, or was last found equal to the registers.
FROZEN_AT = "frozen_at"
#: The name of the file with the reason why the snapshot was withdrawn; only a withdrawn snapshot has it.
WITHDRAWN = "withdrawn"
#: The version of the manifest's form; a release that changes the form increases it.
FORMAT = 1
_ID = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}")
_LONGEST_ID = 40
#: So many snapshots stay open, with what was computed from them.
_OPEN = 16
#: How long after its end a period is still described by a snapshot of registers whose rows have no days.
SOON_AFTER = timedelta(days=92)


class SnapshotError(Exception):
    """A snapshot that is missing, damaged or withdrawn.

    The exception's text is a Chinese sentence with the remedy.
    """


@dataclass(frozen=True)
class SnapshotColumn:
    """A column of a snapshot's table, as described in the manifest.

    ``type`` is the name of its ibis type; ``label`` is Chinese; ``choices`` maps values to Chinese names;
    ``money`` says that values are in fen; ``register`` names the table whose ids the column contains, "" if
    none. ``policies``, ``reads`` and ``code_lists`` are the keys of policy entries, names of columns and keys
    of code lists that its rule read; () for a column without a rule.
    """

    name: str
    type: str
    label: str
    choices: Mapping[str, str]
    money: bool
    register: str
    policies: tuple[str, ...]
    reads: tuple[str, ...]
    code_lists: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """The label up to the first ：, without a final 。, for a heading."""
        return self.label.split("：")[0].rstrip("。")


class Snapshot:
    """The registers as they were when a snapshot was made, read from its folder.

    All files are compared with their hashes when the object is created; raises :class:`SnapshotError` if one
    is missing or differs, or the format is that of another release. Use :meth:`open`, :meth:`latest` or
    :meth:`for_period` to get the snapshots of the data folder.
    """

    def __init__(self, folder: Path, base: Snapshot | None = None) -> None:
        self.folder = folder
        #: Another snapshot of the same day: figures on tables that are identical in both are computed from that one.
        self.base = base
        self.manifest: dict[str, Any] = _checked_manifest(folder)
        #: Cached results by function: see :func:`~xuezheng.snapshots.caching.cached_in_snapshot`.
        self.caches: dict[Callable[..., Any], Callable[..., Any]] = {}
        self._connections = threading.local()
        self._younger: dict[str, Derived] = {}

    @classmethod
    def open(cls, snapshot_id: str) -> Snapshot:
        """Open the snapshot with this id; an unchanged one that was opened before is returned again.

        Raises :class:`SnapshotError` if there is none, or if it is withdrawn or damaged.
        """
        folder = snapshots_folder() / snapshot_id
        if not _ID.fullmatch(snapshot_id) or not (folder / MANIFEST).is_file():
            raise SnapshotError(
                f"没有快照“{snapshot_id[:_LONGEST_ID]}”。现有：{'、'.join(ids()) or '（无）'}。"
            )
        if reason := withdrawal(snapshot_id):
            raise SnapshotError(f"快照“{snapshot_id}”已撤回（{reason}）。请改用其他快照。")
        return _opened(folder, _state(folder))

    @classmethod
    def latest(cls) -> Snapshot:
        """Open the newest snapshot that is not withdrawn.

        Raises :class:`SnapshotError` if there is none or it is damaged.
        """
        known = ids()
        if not known:
            raise SnapshotError("还没有快照。请先导入数据，再运行“xuezheng freeze”生成快照。")
        return cls.open(known[-1])

    @classmethod
    def for_period(cls, period: Period) -> Snapshot:
        """Open the newest snapshot whose day is within a period or at most 92 days after it.

        Without one, the newest of all is opened. Raises :class:`SnapshotError` if there is no snapshot.
        """
        near = [name for name in ids() if period.start <= _day_of(name) <= period.end + SOON_AFTER]
        return cls.open(near[-1]) if near else cls.latest()

    @property
    def id(self) -> str:
        """The snapshot's id: its day, a hyphen, and the first eight hexadecimal digits of its hash."""
        return self.folder.name

    @property
    def day(self) -> date:
        """The date of the snapshot."""
        return date.fromisoformat(self.manifest["day"])

    @property
    def frozen_at(self) -> datetime | None:
        """The time when the snapshot was made, or was last found equal to the registers.

        It is None if it is not recorded.
        """
        noted = _frozen_at(self.folder)
        return datetime.fromisoformat(noted) if noted else None

    @property
    def district(self) -> dict[str, str]:
        """The district as a dict: ``code``, ``name``, ``bureau_name``."""
        district: dict[str, str] = self.manifest["district"]
        return district

    @property
    def unused(self) -> frozenset[str]:
        """The names of the areas and of the registers' tables that were switched off when the snapshot was made."""
        return frozenset(self.manifest.get("unused", ()))

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of the snapshot's tables, such as ``pupil`` and ``aid_award``."""
        return tuple(self.manifest["tables"])

    @cached_property
    def policies(self) -> dict[str, Any]:
        """The policy that the rules of the snapshot read, by key of the entry: dicts as recorded in its manifest.

        Entries read only by rule columns newer than the snapshot are those in force now.
        """
        younger = [self._derived(name).policies for name in self.tables]
        return {
            key: entry for entries in (*younger, self.manifest["policies"]) for key, entry in entries.items()
        }

    def columns(self, table: str) -> dict[str, SnapshotColumn]:
        """Return the columns of a table by name, newer rule columns included.

        Raises :class:`SnapshotError` if there is no such table.
        """
        entries: tuple[dict[str, Any], ...] = (
            *self._table_entry(table)["columns"],
            *self._derived(table).columns,
        )
        return {entry["name"]: _column_of(entry) for entry in entries}

    def has(self, table: str) -> bool:
        """Return whether the snapshot has a table; False for a register that a later release added."""
        return table in self.manifest["tables"]

    def is_as_frozen(self, table: str) -> bool:
        """Return whether a table has no more columns than in its file: no rule column is newer than the snapshot."""
        return not self._derived(table).rules

    def _derived(self, table: str) -> Derived:
        if table not in self._younger:
            self._younger[table] = derive(self.manifest, table)
        return self._younger[table]

    def _table_entry(self, table: str) -> dict[str, Any]:
        try:
            entry: dict[str, Any] = self.manifest["tables"][table]
        except KeyError:
            raise SnapshotError(
                f"快照“{self.id}”里没有表“{table}”：生成快照时还没有这张台账。请改看以后的快照。"
            ) from None
        return entry

    def has_same_table(self, counterpart: Snapshot, table: str) -> bool:
        """Return whether ``counterpart`` is a snapshot of the same day in which a table is identical to the byte.

        Figures on that table then have the same values in both.
        """
        digests = (
            snapshot.manifest["tables"].get(table, {}).get("sha256") for snapshot in (self, counterpart)
        )
        return self.day == counterpart.day and len(set(digests)) == 1

    def table(self, name: str) -> ibis.Table:
        """Return a frozen table, with newer rule columns added, to query.

        Raises :class:`SnapshotError` if there is no such table. Each thread has its own DuckDB connection. Do
        not pass the table to another thread.
        """
        opened: dict[str, ibis.Table] | None = getattr(self._connections, "tables", None)
        if opened is None:
            opened = self._connections.tables = {}
            self._connections.duckdb = ibis.duckdb.connect(threads=2, temp_directory=str(temporary_folder()))
            self._connections.duckdb.raw_sql("SET parquet_metadata_cache = true")
        if name not in opened:
            opened[name] = self._opened(self.folder / self._table_entry(name)["file"], name)
        return opened[name]

    def _opened(self, file: Path, name: str) -> ibis.Table:
        backend = self._connections.duckdb
        source = str(file).replace("'", "''")
        backend.raw_sql(f"CREATE VIEW \"{name}\" AS SELECT * FROM read_parquet('{source}')")  # noqa: S608 - escaped above
        return with_derived(table_of(backend, name, pq.read_schema(file)), self.manifest, self._derived(name))

    def fetch(self, query: ibis.Table) -> list[dict[str, Any]]:
        """Return the rows of a query on tables of this snapshot as dicts by column name.

        Only for few rows: fetch larger results as Arrow tables. :meth:`table` must have been called before in
        the same thread.
        """
        backend = self._connections.duckdb
        rows = backend.raw_sql(backend.compile(query)).fetchall()
        return [dict(zip(query.columns, row, strict=True)) for row in rows]

    @cached_in_snapshot(256)
    def names(self, register: str) -> dict[int, str]:
        """Return the column ``name`` of each row of a register's table, by id.

        Returns {} if the frozen table has no such column.
        """
        table = self.table(register)
        if "name" not in table.columns:
            return {}
        return {row["id"]: row["name"] for row in self.fetch(table.select("id", "name"))}


def _column_of(entry: Mapping[str, Any]) -> SnapshotColumn:
    """Return a column from its entry in a manifest, in which tuples are lists."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()
    }
    return SnapshotColumn(**values)


@lru_cache(maxsize=_OPEN)
def _opened(folder: Path, state: tuple[tuple[str, int, int], ...]) -> Snapshot:
    return Snapshot(folder)


def _state(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """The names, sizes and times of a snapshot's files, without reading them: when they change, the files are checked again."""
    files = [
        (path.name, path.stat())
        for path in folder.iterdir()
        if not path.name.startswith((FROZEN_AT, WITHDRAWN))
    ]
    return tuple(sorted((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


def snapshots_folder() -> Path:
    """Return the folder of all snapshots; it may not exist yet."""
    return home() / "snapshots"


def ids() -> list[str]:
    """Return the ids of the snapshots that are not withdrawn, in the order in which they were made."""
    return [name for name in all_ids() if not (snapshots_folder() / name / WITHDRAWN).exists()]


def all_ids() -> list[str]:
    """Return the ids of all snapshots, withdrawn ones included, in the order in which they were made.

    One that was made again without a difference counts from then on.
    """
    folders = [
        p.parent for p in snapshots_folder().glob(f"*/{MANIFEST}") if not p.parent.name.startswith(".")
    ]
    return [folder.name for folder in sorted(folders, key=lambda folder: (_frozen_at(folder), folder.name))]


def withdrawal(name: str) -> str:
    """Return the reason why the snapshot with this id was withdrawn; "" if it was not."""
    path = snapshots_folder() / name / WITHDRAWN
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _frozen_at(folder: Path) -> str:
    path = folder / FROZEN_AT
    return path.read_text(encoding="ascii") if path.exists() else ""


def _checked_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((folder / MANIFEST).read_bytes())
        other_format = manifest.get("format") != FORMAT
        broken = digest_of(manifest) != manifest.get("sha256") or folder.name != name_of(manifest)
    except (ValueError, LookupError, AttributeError, TypeError):
        broken, other_format = True, False
    if other_format:
        raise SnapshotError(
            f"快照“{folder.name}”由另一版本的系统生成，本版本无法读取。请改用其他快照，或用生成它的版本打开。"
        )
    if broken:
        raise SnapshotError(f"快照“{folder.name}”的清单{MANIFEST}被改动过。请改用其他快照，或从备份恢复。")
    for name, table in manifest["tables"].items():
        path = folder / table["file"]
        if not path.is_file():
            raise SnapshotError(f"快照“{folder.name}”缺少文件{table['file']}。请改用其他快照，或从备份恢复。")
        if sha256(path) != table["sha256"]:
            raise SnapshotError(
                f"快照“{folder.name}”的文件{table['file']}（表{name}）被改动过。请改用其他快照，或从备份恢复。"
            )
    return manifest


def _day_of(name: str) -> date:
    return date.fromisoformat(name[:10])


def name_of(manifest: Mapping[str, Any]) -> str:
    """Return the id of the snapshot with this manifest: its day, a hyphen, and the first eight digits of its hash."""
    return f"{manifest['day']}-{manifest['sha256'][:8]}"


def digest_of(manifest: Mapping[str, Any]) -> str:
    """Return the SHA-256, in hexadecimal, of a manifest without its entry ``sha256``."""
    contents = {key: value for key, value in manifest.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(contents, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
