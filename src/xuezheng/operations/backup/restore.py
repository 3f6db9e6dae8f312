"""Restoring a backup: everything is loaded and checked first, then it replaces the existing data, all of them or none."""

from __future__ import annotations

import json
import secrets
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection as default_connection
from django.utils import timezone

from xuezheng.core.atomic_files import sync_folder
from xuezheng.core.data_folder import home
from xuezheng.core.database_url import is_missing
from xuezheng.core.keys import Keys, KeysMissing, keys_path, read_keys_file
from xuezheng.operations import OperationRefused, Progress, no_progress
from xuezheng.operations.backup import archive
from xuezheng.operations.backup.archive import Header
from xuezheng.operations.backup.loading import Loaded, load
from xuezheng.operations.backup.swapping import (
    Rename,
    Swap,
    finish_swap_alone,
    is_undecided,
    mark_transaction,
)
from xuezheng.operations.backup.workspace import PREFIX, remove_left, require_space
from xuezheng.operations.backup.writing import FOLDERS
from xuezheng.operations.database_connection import connected, sqlite_settings
from xuezheng.operations.doctor.anchor import forget_anchor
from xuezheng.operations.identity import MARKER
from xuezheng.operations.locks import backup_alone, data_folder_alone
from xuezheng.operations.models import Installation
from xuezheng.operations.schema import one_transaction


@dataclass(frozen=True)
class Restored:
    """The result of a restore: the header of the backup, what was loaded, and where the replaced data are kept.

    ``kept`` are paths of folders and files, or Chinese names of database schemas; empty where nothing was
    replaced.
    """

    header: Header
    loaded: Loaded
    kept: tuple[str, ...]


def is_in_use() -> bool:
    """Whether there are data that a restore would replace: a database with tables, or stored snapshots or releases."""
    if not is_missing(default_connection) and default_connection.introspection.table_names():
        return True
    return any(
        not entry.name.startswith(".")
        for name in ("snapshots", "releases")
        for entry in (home() / name).glob("*")
    )


def database_name() -> str:
    """Return the name of the database in use: that of the PostgreSQL database, or the file name of SQLite's.

    An administrator types it to confirm that the data in it may be replaced.
    """
    return Path(str(default_connection.settings_dict["NAME"])).name


def restore(
    path: Path, passphrase: str, *, replace: bool = False, progress: Progress = no_progress
) -> Restored:
    """Restore a backup into the data folder and the database in use.

    With ``replace``, existing data are moved aside and kept; without it, there must be none. Raises
    :class:`OperationRefused` where there are, the backup cannot be loaded, there is too little space, or
    other processes use the data.
    """
    with data_folder_alone(), backup_alone():
        finish_swap_alone()
        remove_left()
        header = archive.read_header(path)
        if is_in_use() and not replace:
            raise OperationRefused(
                f"数据库“{database_name()}”或{home()}里已有数据，没有恢复。"
                "要用备份代替它们的，请加--replace；原有的数据会另外保留。"
            )
        require_space(home(), header.size)
        stamp = timezone.localtime().strftime("%Y%m%d%H%M%S")
        staging = home() / f"{PREFIX}{secrets.token_hex(8)}"
        staging.mkdir(mode=0o700)
        kept = home() / f"before-restore-{stamp}"
        for name in FOLDERS:
            (staging / name).mkdir(mode=0o700)
        renames = [Rename(str(staging / name), str(home() / name), str(kept / name)) for name in FOLDERS]
        if header.has_keys:
            renames.append(Rename(str(staging / "keys.json"), str(keys_path()), str(kept / "keys.json")))
        try:
            if default_connection.vendor == "sqlite":
                loaded, places = _restore_sqlite(path, passphrase, staging, renames, kept, progress)
            else:
                loaded, places = _restore_server(path, passphrase, staging, renames, stamp, progress)
        finally:
            if is_undecided():
                shutil.rmtree(staging, ignore_errors=True)
        forget_anchor()  # the chain ends earlier now
        return Restored(header, loaded, (*([str(kept)] if kept.exists() else []), *places))


def _restore_sqlite(
    path: Path, passphrase: str, staging: Path, renames: list[Rename], kept: Path, progress: Progress
) -> tuple[Loaded, list[str]]:
    final = Path(str(default_connection.settings_dict["NAME"])).resolve()
    # Beside its place: a rename does not lead from one disk to another.
    prepared = final.with_name(f"{staging.name}.sqlite3")
    require_space(final.parent, archive.read_header(path).size)
    try:
        with connected(sqlite_settings(prepared)) as connection, one_transaction(connection, check=False):
            prepared.chmod(0o600)
            loaded = load(path, passphrase, connection, staging, progress)
            _finish(staging, connection, loaded)
        default_connection.close()
        aside = kept / final.name if final.parent == home() else final.with_name(f"{final.name}.{kept.name}")
        swap = Swap((*renames, Rename(str(prepared), str(final), str(aside))), str(staging))
        sync_folder(final.parent)
        swap.note()
    except BaseException:
        prepared.unlink(missing_ok=True)
        raise
    swap.carry_out()
    return loaded, [str(aside)] if aside.exists() and aside.parent != kept else []


def _restore_server(
    path: Path, passphrase: str, staging: Path, renames: list[Rename], stamp: str, progress: Progress
) -> tuple[Loaded, list[str]]:
    swap = Swap(tuple(renames), str(staging), secrets.token_hex(16))
    places: list[str] = []
    try:
        with one_transaction(default_connection, check=False):
            if tables := default_connection.introspection.table_names():
                places.append(f"数据库的模式before_restore_{stamp}")
                _move_aside(tables, f"before_restore_{stamp}")
            loaded = load(path, passphrase, default_connection, staging, progress)
            _finish(staging, default_connection, loaded)
            mark_transaction(swap.token)
            swap.note()
    except BaseException:
        finish_swap_alone()  # the transaction was committed or not: the token shows which
        raise
    swap.carry_out()
    return loaded, places


def _move_aside(tables: list[str], schema: str) -> None:
    with default_connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        for table in tables:
            cursor.execute(f"ALTER TABLE {default_connection.ops.quote_name(table)} SET SCHEMA {schema}")


def _finish(staging: Path, connection: Any, loaded: Loaded) -> None:
    """Check that the keys belong to the rows, and mark the snapshots: the last step before anything is replaced."""
    installation = next(
        (model for model in loaded.models if model._meta.db_table == Installation._meta.db_table), None
    )
    staged = staging / "keys.json"
    if staged.exists():
        keys = Keys.parse(json.loads(staged.read_bytes()))
    else:
        try:
            keys = read_keys_file()[0]
        except KeysMissing:
            raise OperationRefused(
                f"这份备份不含密钥，{home()}里也没有keys.json。请先把另行保管的keys.json放到那里，再恢复。"
            ) from None
    if installation is not None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT identity, encryption_check, hashing_check FROM operations_installation")
            row = cursor.fetchone()
        if row is None or tuple(row) != (keys.installation, *keys.checks):
            raise OperationRefused(
                "备份中的数据不是用现有的keys.json加密的，没有恢复。请放入备份那一天的keys.json，再恢复。"
            )
    if keys.installation:
        (staging / "snapshots" / MARKER).write_text(keys.installation, encoding="ascii")
    for folder in {staging, *(folder for folder in staging.rglob("*") if folder.is_dir())}:
        sync_folder(folder)


def moment_of(header: Header) -> str:
    """Return when a backup was made, in local time: ``2019-07-05 22:30``."""
    return f"{timezone.localtime(datetime.fromisoformat(header.made_at)):%Y-%m-%d %H:%M}"
