"""Loading a backup into a database that has no tables, and verifying that the rows arrived unchanged."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.db import DatabaseError, IntegrityError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

from xuezheng.operations import OperationRefused, Progress, no_progress
from xuezheng.operations.backup import archive
from xuezheng.operations.backup.tables import State, columns, insert, set_last_numbers, state_of
from xuezheng.operations.backup.workspace import require_space
from xuezheng.operations.database_connection import connected, sqlite_settings
from xuezheng.operations.schema import create_bare_tables, known_migrations, models_at, one_transaction

_LARGEST_TEXT = 2**28
_READ_AT_ONCE = 2**20


@dataclass(frozen=True)
class Loaded:
    """The result of loading a backup.

    ``state`` has the number and the hash of the rows of each table; ``files`` is the number of files besides
    the tables: those of snapshots, releases and the access log, and that of the keys. ``broken`` is 1 where a
    foreign key refers to a row that does not exist, else 0; ``models`` are the models of the tables.
    """

    state: State
    files: int
    broken: int
    models: list[Any]


def load(
    path: Path, passphrase: str, connection: Any, folder: Path | None, progress: Progress = no_progress
) -> Loaded:
    """Load the rows of a backup into the database of ``connection``, and its files into ``folder``, or nowhere for None.

    The database must have no tables. The rows are compared with the hashes in the backup. It runs in the
    caller's transaction. Raises :class:`OperationRefused` for a damaged file, a wrong passphrase, a backup of
    a newer release, and rows that differ in the database; the caller must then roll back.
    """
    hashes: dict[str, str] = {}
    manifest: dict[str, Any] = {}
    models: dict[str, Any] = {}
    statements: list[str] = []
    try:
        with archive.opened(path, passphrase) as entries:
            for name, content, size in entries:
                hashed = _Hashing(content)
                if name == "schema.json":
                    models = _models(json.loads(hashed.text(size)), connection)
                    statements = create_bare_tables(connection, models.values())
                elif name == "manifest.json":
                    manifest = json.loads(hashed.text(size))
                    continue
                elif name.startswith("tables/"):
                    table = name.split("/")[1]
                    progress("读入数据库", list(models).index(table), len(models))
                    insert(connection, models[table], _lines(hashed.text(size)))
                else:
                    _lay_down(hashed, name, size, folder)
                if name in hashes:
                    raise archive.damaged()
                hashes[name] = hashed.hash.hexdigest()
        if manifest["members"] != hashes or not models:
            raise archive.damaged()
        set_last_numbers(connection, list(models.values()), manifest["numbers"])
        with connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        progress("核对", 0, 1)
        state = state_of(connection, models.values())
        tables = {name: [table.rows, table.hash] for name, table in state.tables.items()}
        if state.hash != manifest["state"] or tables != manifest["tables"]:
            raise OperationRefused("读入的行与备份清单不符，没有使用。请换一份备份。")
    except (ValueError, KeyError, TypeError, UnicodeError):
        raise archive.damaged() from None
    except DatabaseError as error:
        sentence = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise OperationRefused(
            f"备份中的行写不进数据库：{sentence}。没有作任何改动，请换一份备份。"
        ) from error
    files = sum(not name.startswith(("tables/", "schema")) for name in hashes)
    return Loaded(state, files, _broken(connection), list(models.values()))


def try_out(path: Path, passphrase: str, folder: Path) -> Loaded:
    """Load a backup into a temporary database in ``folder``, which the caller removes, to test it.

    Raises :class:`OperationRefused` where it cannot be loaded.
    """
    settings = sqlite_settings(folder / "trial.sqlite3", durable=False)
    with connected(settings) as connection, one_transaction(connection, check=False):
        return load(path, passphrase, connection, None)


def _models(schema: dict[str, Any], connection: BaseDatabaseWrapper) -> dict[str, type[Model]]:
    applied = {(str(label), str(name)) for label, name in schema["migrations"]}
    models = {model._meta.db_table: model for model in models_at(connection, applied)}
    named = {name: models[name] for name in schema["tables"] if name in models}
    if len(named) < len(schema["tables"]) or any(
        [field.column for field in columns(model)] != schema["tables"][name] for name, model in named.items()
    ):
        raise OperationRefused(
            f"备份由版本{schema['release']}制作，其中的表本程序不认识。请安装该版本或更新的程序再恢复。没有作任何改动。"
        )
    labels = {label for label, _ in known_migrations()}
    if any(migration[0] in labels for migration in applied - known_migrations()):
        raise OperationRefused(
            f"备份由更新的版本（{schema['release']}）制作。请安装该版本或更新的程序再恢复。没有作任何改动。"
        )
    return named


def _lines(text: bytes) -> Iterator[bytes]:
    return (line for line in text.split(b"\n") if line)


def _lay_down(content: _Hashing, name: str, size: int, folder: Path | None) -> None:
    if folder is None:
        while content.read(_READ_AT_ONCE):
            pass
        return
    target = folder / name
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_space(folder, size)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while part := content.read(_READ_AT_ONCE):
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    if name.startswith("snapshots/") and not name.endswith("/frozen_at"):
        target.chmod(0o444)  # as a freeze leaves it


def _broken(connection: Any) -> int:
    """Return the number of kinds of broken references between rows, or only 0 or 1 where the database stops at the first."""
    try:
        connection.check_constraints()
    except IntegrityError:
        return 1
    return 0


class _Hashing:
    """A readable object that hashes the content of a file in a backup while it is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.hash = hashlib.sha256()

    def read(self, size: int) -> bytes:
        part = self._content.read(size)
        self.hash.update(part)
        return part

    def text(self, size: int) -> bytes:
        """Return the whole content of a file of ``size`` bytes; raises :class:`OperationRefused` if it is too large."""
        if size > _LARGEST_TEXT:
            raise archive.damaged()
        return self.read(size)
