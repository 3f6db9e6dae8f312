"""Django's database settings from a URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dj_database_url

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

SQLITE = "django.db.backends.sqlite3"
POSTGRESQL = "django.db.backends.postgresql"
# IMMEDIATE takes the write lock at the start of a transaction, so that two writers wait instead of
# failing; journal mode DELETE because SQLite 3.40, which Debian 12 ships, can corrupt a WAL. What does not fit the
# cache stays in memory until the commit: else a large import would lock readers out from there on.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 30,
    "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA cache_spill=OFF",
}


def database_settings(url: str | None, folder: Path) -> dict[str, Any]:
    """Return the value of one entry of Django's ``DATABASES`` for a database URL, with this project's options.

    Without a ``url`` (None or ""), the database is the SQLite file ``xuezheng.sqlite3`` in ``folder``. Raises
    ``ValueError`` with a Chinese sentence if the scheme of the URL is unknown; the sentence does not repeat
    the password.
    """
    settings: dict[str, Any] = {
        "ENGINE": SQLITE,
        "NAME": str(folder / "xuezheng.sqlite3"),
        "CONN_MAX_AGE": 60,
    }
    if url:
        try:
            settings = dict(dj_database_url.parse(url, conn_max_age=60))
        except ValueError:
            # The address may hold a password: only its beginning is repeated.
            scheme = url.partition(":")[0][:20]
            raise ValueError(
                f"XUEZHENG_DATABASE_URL的“{scheme}”不认识，应写作postgresql://用户:密码@主机/数据库"
            ) from None
    if settings["ENGINE"] == SQLITE:
        settings["OPTIONS"] = dict(_SQLITE_OPTIONS)
    else:
        settings["CONN_HEALTH_CHECKS"] = True
    if settings["ENGINE"] == POSTGRESQL:
        # A server that is away must not hold the pages for longer than somebody waits.
        settings.setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
    return settings


def is_missing(connection: BaseDatabaseWrapper) -> bool:
    """Return whether a connection is to a SQLite file that does not exist, and is not opened yet.

    Opening it would create the file, so callers that must not write ask this first.
    """
    name = str(connection.settings_dict["NAME"])
    return connection.vendor == "sqlite" and connection.connection is None and not Path(name).exists()
