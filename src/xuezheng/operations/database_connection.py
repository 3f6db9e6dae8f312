"""Connections to other databases than the one in use, and to the one in use as of one moment."""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection as default_connection
from django.db import connections, transaction

from xuezheng.core.data_folder import home
from xuezheng.core.database_url import SQLITE, database_settings


@contextmanager
def connected(settings: dict[str, Any]) -> Iterator[Any]:
    """Context manager that yields a connection to another database, and closes it at the end.

    ``settings`` are those of :func:`~xuezheng.core.database_url.database_settings`.
    """
    alias = f"operation_{secrets.token_hex(4)}"
    connections.settings[alias] = {
        "TIME_ZONE": None, "TEST": {}, "AUTOCOMMIT": True, "ATOMIC_REQUESTS": False, "CONN_HEALTH_CHECKS": False, "OPTIONS": {},
        "USER": "", "PASSWORD": "", "HOST": "", "PORT": "", **settings, "CONN_MAX_AGE": 0,
    }  # fmt: skip
    try:
        yield connections[alias]
    finally:
        with contextlib.suppress(Exception):  # a server may be gone by now
            connections[alias].close()
        del connections[alias]
        del connections.settings[alias]


def sqlite_settings(path: Path, *, durable: bool = True) -> dict[str, Any]:
    """Return the Django settings of a SQLite database at ``path``.

    With ``durable=False``, writes do not wait for the disk and may be lost in a power cut.
    """
    settings = {**database_settings(None, home()), "NAME": str(path)}
    if not durable:
        command = settings["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
        settings["OPTIONS"]["init_command"] = command
    return settings


@contextmanager
def one_moment(folder: Path) -> Iterator[Any]:
    """Context manager that yields a connection which sees the database in use as of one moment, however long reading takes.

    Other processes can write meanwhile: SQLite's file is copied into ``folder``, and they wait only for the
    copy; with PostgreSQL the connection has a transaction of its own.
    """
    if default_connection.vendor == "sqlite":
        copy = folder / "moment.sqlite3"
        copy_sqlite(Path(str(default_connection.settings_dict["NAME"])), copy)
        with connected(sqlite_settings(copy, durable=False)) as connection:
            yield connection
        return
    with (
        connected(default_connection.settings_dict) as connection,
        transaction.atomic(using=connection.alias),
    ):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield connection


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as of one moment; only its owner can read the copy.

    Raises ``FileExistsError`` where ``target`` exists.
    """
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with (
        contextlib.closing(sqlite3.connect(source)) as there,
        contextlib.closing(sqlite3.connect(target)) as here,
    ):
        here.execute("PRAGMA synchronous=OFF")
        there.backup(here, sleep=0.05)


def is_sqlite(settings: dict[str, Any]) -> bool:
    """Whether Django's database settings, a value of ``DATABASES``, are those of a SQLite database."""
    return bool(settings["ENGINE"] == SQLITE)
