"""Moving the rows to another database, of the same kind or another, verified by a hash of all rows."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from django.db import DatabaseError

from xuezheng.core.data_folder import home
from xuezheng.core.database_url import database_settings
from xuezheng.operations import OperationRefused, Progress, no_progress
from xuezheng.operations.backup.tables import (
    State,
    TableState,
    insert,
    last_numbers,
    lines,
    set_last_numbers,
    state_of,
)
from xuezheng.operations.backup.workspace import remove_left, require_space, workspace
from xuezheng.operations.database_connection import connected, is_sqlite, one_moment
from xuezheng.operations.locks import backup_alone, data_folder_alone
from xuezheng.operations.schema import create_bare_tables, known_migrations, models_at, one_transaction


def move_database(url: str, progress: Progress = no_progress) -> State:
    """Copy all rows to the empty database at ``url``, and return the number and the hash of the rows that both then have.

    The present database is not changed, and remains in use until the setting is changed. Raises
    :class:`OperationRefused` for an unreadable address, a database that is not empty or not usable, or while
    other processes use the data.
    """
    try:
        settings = database_settings(url, home())
    except (ValueError, KeyError) as error:
        raise OperationRefused(
            "无法识别数据库地址。应写作postgresql://用户:密码@主机/数据库，或sqlite:////文件夹/文件.sqlite3。"
        ) from error
    with data_folder_alone(), backup_alone():
        remove_left()
        if is_sqlite(settings):
            _prepare_file(Path(settings["NAME"]))
        with connected(settings) as target, workspace() as folder:
            try:
                if target.introspection.table_names():
                    raise OperationRefused("目标数据库不是空的，没有迁移。请换一个空的数据库。")
                with one_moment(folder) as source:
                    return _copy(source, target, progress)
            except DatabaseError as error:
                raise OperationRefused(
                    f"目标数据库用不了：{str(error).splitlines()[0]}。请核对地址和权限。原数据库没有改动，目标数据库仍是空的。"
                ) from error


def _prepare_file(path: Path) -> None:
    if not path.parent.is_dir():
        raise OperationRefused(f"没有文件夹{path.parent}。请先建立，或换一个位置。")
    require_space(path.parent, 2**26)
    with contextlib.suppress(FileExistsError):
        path.touch(mode=0o600, exist_ok=False)


def _copy(source: Any, target: Any, progress: Progress) -> State:
    models = models_at(source, known_migrations())
    state = State()
    with one_transaction(target, check=False):
        statements = create_bare_tables(target, models)
        for done, model in enumerate(models):
            progress(f"迁移{model._meta.verbose_name}", done, len(models))
            counted = state.tables[model._meta.db_table] = TableState()
            insert(target, model, _counted(lines(source, model), counted))
        set_last_numbers(target, models, last_numbers(source, models))
        with target.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
        progress("核对", 0, 1)
        arrived = state_of(target, models)
        if arrived.hash != state.hash:
            raise OperationRefused("迁移后的行与原来的不完全相同，已全部撤回。原数据库没有改动。")
    return state


def _counted(rows: Any, counted: TableState) -> Any:
    for line in rows:
        counted.add(line)
        yield line
