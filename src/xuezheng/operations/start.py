"""The preparations before a command: creating an empty installation, or refusing data that do not belong together."""

from __future__ import annotations

from pathlib import Path

from django.core.management import call_command
from django.db import connection

from xuezheng import __version__
from xuezheng.core.data_folder import home
from xuezheng.core.keys import keys, make_keys
from xuezheng.operations import OperationRefused
from xuezheng.operations.backup.swapping import finish_swap
from xuezheng.operations.backup.workspace import sweep_workspaces
from xuezheng.operations.identity import check_identity, mark_snapshots, register_installation
from xuezheng.operations.locks import first_start_alone, share_data_folder
from xuezheng.operations.schema import (
    Database,
    Form,
    create_tables,
    examine,
    known_migrations,
    models_at,
    one_transaction,
)

_OLDER = "数据库的结构是版本{release}的，本程序是版本{own}，还不能使用。请先运行“xuezheng upgrade --plan”看将作哪些改动，再运行“xuezheng upgrade --apply”。"


def check_database() -> Database:
    """Check that this release may read the data, and return how the database compares with it; nothing is created.

    A restore that was killed is finished first. Raises :class:`OperationRefused` where the database is that
    of a newer release or another program, or where database, keys and snapshots do not belong together;
    ``KeysMissing`` and ``KeysDamaged`` for the file of keys.
    """
    finish_swap()
    database = examine()
    if database.form is Form.FOREIGN:
        raise OperationRefused(
            "数据库里已有别的表，而不是本系统的数据。请检查XUEZHENG_DATABASE_URL，改用空的数据库。没有作任何改动。"
        )
    if database.form is Form.NEWER:
        raise OperationRefused(
            f"数据库已由更新的版本（{database.release}）升级过，本程序是版本{__version__}，不能再用它，以免写坏。"
            "请安装新版本的程序，或从升级前的备份恢复（xuezheng restore）。没有作任何改动。"
        )
    if database.form is Form.EMPTY:
        _check_unused()
    elif database.form is Form.CURRENT:
        check_identity()
    else:
        keys()
    return database


def prepare_database() -> None:
    """Prepare the data for a command that writes: in an empty database, create the tables and the keys.

    Raises what :func:`check_database` raises, and :class:`OperationRefused` where the database is that of an
    older release, or while an operation has locked the data. Until this process ends, no such operation can
    start.
    """
    share_data_folder()
    database = check_database()
    if database.form is Form.EMPTY:
        start_first()
    elif database.form is Form.OLDER:
        raise OperationRefused(older_sentence(database))
    mark_snapshots(keys().installation)
    sweep_workspaces()


def older_sentence(database: Database) -> str:
    """Return the Chinese sentence that asks to upgrade a database of an older release."""
    return _OLDER.format(release=database.release, own=__version__)


def start_first() -> None:
    """Create the keys and the tables of an empty database.

    It can be repeated after a kill; of concurrent processes one does it and the others wait.
    """
    with first_start_alone():
        make_keys()
        if connection.vendor == "sqlite":  # else the file would be as open as the system's default is
            Path(str(connection.settings_dict["NAME"])).touch(mode=0o600)
        with one_transaction():
            if examine().form is not Form.EMPTY:
                return
            # The tables are made at once: step by step, Django would render every register again for each of some two
            # hundred steps. A test compares the two.
            with connection.schema_editor() as editor:
                create_tables(editor, models_at(connection, known_migrations()))
            call_command("migrate", fake=True, verbosity=0)
            register_installation(keys())


def _check_unused() -> None:
    """Refuse an empty database if the data folder is in use already; raises :class:`OperationRefused`."""
    used = [
        name
        for name in ("snapshots", "releases")
        if any(not entry.name.startswith(".") for entry in (home() / name).glob("*"))
    ]
    if used:
        raise OperationRefused(
            f"数据库是空的，而{home()}里已有{'、'.join(used)}。请检查XUEZHENG_DATABASE_URL是否指对了数据库；"
            "数据库确已丢失的，请从备份恢复（xuezheng restore）。没有作任何改动。"
        )
