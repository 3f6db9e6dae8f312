"""Replacing files of the data folder by prepared ones: all of them or none, however the process ends.

The renames are first written to a journal file. Once the journal is on disk they are decided: after a kill,
the next process finishes them. With a database server, its transaction decides: the journal names the token
that the transaction writes.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

from xuezheng.core.atomic_files import sync_folder, write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.keys import keys
from xuezheng.operations import OperationRefused
from xuezheng.operations.locks import backup_alone

_JOURNAL = "restore.json"
_TOKENS = "xuezheng_restore"


@dataclass(frozen=True)
class Rename:
    """One replacement of a swap: a ``prepared`` file or folder is moved to ``place``.

    What is at ``place`` is first moved to ``kept``. All are paths as texts.
    """

    prepared: str
    place: str
    kept: str


@dataclass(frozen=True)
class Swap:
    """Replacements that are carried out together, all or none.

    ``staging`` is the folder with the prepared files. ``token`` is a random text that the transaction of a
    database server writes, so that its presence shows whether the transaction was committed; "" without one.
    """

    renames: tuple[Rename, ...]
    staging: str
    token: str = ""

    def note(self) -> None:
        """Write the journal; from then on the swap is decided, and finished even if this process is killed.

        With a ``token`` it is decided only once the transaction that wrote the token is committed.
        """
        values = {
            "renames": [asdict(rename) for rename in self.renames],
            "staging": self.staging,
            "token": self.token,
        }
        write_whole(_journal(), json.dumps(values, ensure_ascii=False).encode())

    def carry_out(self) -> None:
        """Carry out the replacements that are not done yet, and remove the journal."""
        for rename in self.renames:
            prepared, place, kept = Path(rename.prepared), Path(rename.place), Path(rename.kept)
            if not prepared.exists():
                continue  # done before the kill
            if place.exists() and not kept.exists():
                kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                # What SQLite would take back of an unfinished transaction belongs to the old file: never to the new one.
                if (unfinished := Path(f"{place}-journal")).exists():
                    unfinished.rename(f"{kept}-journal")
                place.rename(kept)
                sync_folder(kept.parent)
            prepared.rename(place)
            sync_folder(place.parent)
        if self.token:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {_TOKENS}")
        self.forget()

    def forget(self) -> None:
        """End a swap that is finished or not to be done: delete its journal and the prepared files that are left."""
        _journal().unlink(missing_ok=True)
        sync_folder(home())
        shutil.rmtree(self.staging, ignore_errors=True)
        keys.cache_clear()


def finish_swap() -> None:
    """Finish a restore whose process was killed, or undo it where its transaction was not committed.

    Raises :class:`OperationRefused` for a damaged journal, and while another process is restoring.
    """
    if _journal().exists():
        with backup_alone():
            finish_swap_alone()


def is_undecided() -> bool:
    """Whether there is no journal, so that no swap has been decided and prepared files will never be used."""
    return not _journal().exists()


def finish_swap_alone() -> None:
    """Do what :func:`finish_swap` does, for a caller that has the lock of :func:`~xuezheng.operations.locks.backup_alone`."""
    try:
        values = json.loads(_journal().read_bytes())
        swap = Swap(
            tuple(Rename(**rename) for rename in values["renames"]), values["staging"], values["token"]
        )
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        raise OperationRefused(
            f"{_journal()}已损坏，无法接着完成中断的恢复。请重新运行“xuezheng restore”。"
        ) from None
    if swap.token and swap.token != _token():
        swap.forget()
    else:
        connection.close()
        swap.carry_out()


def mark_transaction(token: str) -> None:
    """Write ``token`` to the database in the current transaction.

    :func:`finish_swap` looks for it: only if it is there was the transaction committed, so that the files
    must be replaced too.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE {_TOKENS} (token varchar(32))")
        cursor.execute(f"INSERT INTO {_TOKENS} VALUES (%s)", [token])  # noqa: S608 - a name of ours


def _token() -> str:
    if _TOKENS not in connection.introspection.table_names():
        return ""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT token FROM {_TOKENS}")  # noqa: S608 - a name of ours
        return str(cursor.fetchone()[0])


def _journal() -> Path:
    return home() / _JOURNAL
