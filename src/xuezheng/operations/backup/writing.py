"""Making a backup: one file with the data of one moment, tested by a trial restore before it gets its name."""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection as default_connection

from xuezheng.core.atomic_files import sync_folder
from xuezheng.core.data_folder import home
from xuezheng.core.keys import keys, keys_path
from xuezheng.operations import OperationRefused, Progress, no_progress
from xuezheng.operations.backup import archive
from xuezheng.operations.backup.archive import SHORTEST_PASSPHRASE, Header
from xuezheng.operations.backup.loading import try_out
from xuezheng.operations.backup.tables import State, TableState, columns, last_numbers, lines
from xuezheng.operations.backup.workspace import remove_left, require_space, workspace
from xuezheng.operations.database_connection import one_moment
from xuezheng.operations.locks import backup_alone
from xuezheng.operations.schema import Form, applied_migrations, examine, models_at

#: The folders whose files a backup holds; what waits for a decision (``uploads``) is not kept.
FOLDERS = ("snapshots", "releases", "looks")
_PART = 4 * 2**20
_DRAFT = ".xuezheng-backup-"
# What a trial restore takes besides the backup: a copy of the moment, and the database that is tried.
_COPIES = 3


@dataclass(frozen=True)
class Made:
    """A backup that was made and passed its trial restore.

    ``size`` is in bytes, ``seconds`` the duration, ``rows`` the number of rows of all tables, ``state`` the
    hash of all rows, and ``files`` the number of other files. ``broken`` is 1 where a foreign key refers to a
    row that does not exist, else 0; ``left_out`` are the names of tables that this release does not know.
    """

    path: Path
    size: int
    rows: int
    files: int
    state: str
    seconds: float
    #: Broken references are backed up as they are in the database.
    broken: int
    #: These tables are not in the backup.
    left_out: tuple[str, ...]


def back_up(path: Path, passphrase: str, *, with_keys: bool = True, progress: Progress = no_progress) -> Made:
    """Make a backup at ``path``, where no file may exist, readable by its owner only, and test it by a trial restore.

    With a passphrase of at least 12 characters the file is encrypted. With "" it may not contain the keys
    (``with_keys`` must be False), and the names of persons in it are readable. Raises
    :class:`OperationRefused` where these rules are broken, the path or the database cannot be used, there is
    too little space, or another backup is running.
    """
    if with_keys and len(passphrase) < SHORTEST_PASSPHRASE:
        raise OperationRefused(
            f"备份里有密钥，必须用口令加密，口令不少于{SHORTEST_PASSPHRASE}个字符。"
            "请设定XUEZHENG_BACKUP_PASSPHRASE_FILE或在提示时输入；密钥另行保管的，可写--without-keys。"
        )
    if path.exists():
        raise OperationRefused(f"{path}已经存在，没有覆盖。请换一个文件名。")
    if not path.parent.is_dir():
        raise OperationRefused(f"没有文件夹{path.parent}。请先建立，或换一个位置。")
    started = time.monotonic()
    with backup_alone():
        remove_left()
        for left in path.parent.glob(f"{_DRAFT}*"):
            left.unlink(missing_ok=True)
        database = examine()
        if database.form not in (Form.OLDER, Form.CURRENT):
            raise OperationRefused("数据库是空的，没有可备份的内容。")
        size = _database_size() + sum(file.stat().st_size for file in _files())
        require_space(path.parent, size)
        require_space(home(), _database_size() * _COPIES)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT)
        draft = Path(name)
        try:
            with os.fdopen(handle, "wb") as file, workspace() as folder:
                header = Header(
                    release=database.release or "",
                    made_at=datetime.now(UTC).isoformat(timespec="seconds"),
                    installation=keys().installation,
                    has_keys=with_keys,
                    size=size,
                )
                with archive.created(file, header, passphrase) as tar:
                    left_out = _fill(tar, folder, database.release, with_keys, progress)
                file.flush()
                os.fsync(file.fileno())
            progress("试恢复", 0, 1)
            with workspace() as folder:
                loaded = try_out(draft, passphrase, folder)
            try:
                os.link(draft, path)  # where a rename would replace what came there meanwhile
            except FileExistsError:
                raise OperationRefused(f"{path}已经存在，没有覆盖。请换一个文件名。") from None
            except OSError:  # some shares know no links
                draft.replace(path)
            sync_folder(path.parent)
        finally:
            draft.unlink(missing_ok=True)
    return Made(
        path, path.stat().st_size, loaded.state.rows, loaded.files, loaded.state.hash, time.monotonic() - started,
        loaded.broken, left_out,
    )  # fmt: skip


def _fill(
    tar: tarfile.TarFile, folder: Path, release: str, with_keys: bool, progress: Progress
) -> tuple[str, ...]:
    """Write everything into the tar of a backup; return the names of the tables that are left out."""
    # Issued reports and snapshots never change: linked before and after the moment, all that its rows speak of are there.
    _link_files(folder)
    members: dict[str, str] = {}
    state = State()
    with one_moment(folder) as connection:
        _link_files(folder)
        applied = applied_migrations(connection)
        tables = set(connection.introspection.table_names())
        models = [model for model in models_at(connection, applied) if model._meta.db_table in tables]
        schema = {
            "release": release,
            "migrations": sorted(applied),
            "tables": {model._meta.db_table: [field.column for field in columns(model)] for model in models},
        }
        members["schema.json"] = _add_json(tar, "schema.json", schema)
        for done, model in enumerate(models):
            progress("备份数据库", done, len(models))
            for name, sha256 in _add_table(tar, connection, model, state):
                members[name] = sha256
        numbers = last_numbers(connection, models)
    linked = sorted(file for name in FOLDERS for file in (folder / name).rglob("*") if file.is_file())
    for done, file in enumerate(linked):
        progress("备份快照和报告", done, len(linked))
        name = str(file.relative_to(folder))
        with file.open("rb") as content:
            members[name] = archive.add(tar, name, content, file.stat().st_size)
    if with_keys:
        members["keys.json"] = _add_bytes(tar, "keys.json", keys_path().read_bytes())
    manifest = {
        "members": members,
        "state": state.hash,
        "tables": {name: [table.rows, table.hash] for name, table in state.tables.items()},
        "numbers": numbers,
    }
    _add_json(tar, "manifest.json", manifest)
    return tuple(sorted(tables - set(state.tables)))


def _add_table(tar: tarfile.TarFile, connection: Any, model: Any, state: State) -> Iterator[tuple[str, str]]:
    table = model._meta.db_table
    counted = state.tables[table] = TableState()
    number, part = 0, bytearray()
    for line in lines(connection, model):
        counted.add(line)
        part += line
        if len(part) > _PART:
            number += 1
            yield _add_part(tar, table, number, part)
            part.clear()
    if part:
        yield _add_part(tar, table, number + 1, part)


def _add_part(tar: tarfile.TarFile, table: str, number: int, part: bytearray) -> tuple[str, str]:
    name = f"tables/{table}/{number:06d}.jsonl"
    return name, _add_bytes(tar, name, bytes(part))


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> str:
    return archive.add(tar, name, io.BytesIO(content), len(content))


def _add_json(tar: tarfile.TarFile, name: str, values: Any) -> str:
    return _add_bytes(tar, name, json.dumps(values, ensure_ascii=False).encode())


def _files() -> Iterator[Path]:
    """Yield the files of the data folder that belong in a backup."""
    for name in FOLDERS:
        for path in sorted((home() / name).rglob("*")):
            hidden = any(part.startswith(".") for part in path.relative_to(home()).parts)
            if path.is_file() and not hidden and archive.is_member(str(path.relative_to(home()))):
                yield path


def _link_files(folder: Path) -> None:
    for path in _files():
        link = folder / path.relative_to(home())
        if link.exists():
            continue
        link.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            os.link(path, link)
        except FileNotFoundError:  # filed into the database meanwhile
            continue
        except OSError:  # a file system without links
            shutil.copy2(path, link)


def _database_size() -> int:
    """Return the size of the database in bytes."""
    if default_connection.vendor == "sqlite":
        return Path(str(default_connection.settings_dict["NAME"])).stat().st_size
    with default_connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])
