"""The check that database, keys and snapshots belong to the same installation."""

from __future__ import annotations

from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import connection

from xuezheng import __version__
from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.encryption import unseal
from xuezheng.core.keys import Keys, read_keys_file, write_keys
from xuezheng.operations import OperationRefused
from xuezheng.operations.models import Installation
from xuezheng.snapshots.snapshot import snapshots_folder

#: The file in the folder of snapshots that says to which installation they belong.
MARKER = ".installation"
_SAMPLES = 20


def register_installation(keys: Keys) -> None:
    """Record in the database the identity of the installation, the check values of ``keys``, and this release as its schema's.

    An earlier record is replaced.
    """
    encryption, hashing = keys.checks
    values = {
        "identity": keys.installation,
        "encryption_check": encryption,
        "hashing_check": hashing,
        "release": __version__,
    }
    Installation.objects.update_or_create(pk=1, defaults=values)


def check_identity() -> None:
    """Check that database, keys and snapshots belong to the same installation.

    Raises :class:`OperationRefused` where they do not, ``KeysMissing`` or ``KeysDamaged`` for the file of
    keys. A rotation of the keys that was killed after the database got the new ones is finished.
    """
    current, following = read_keys_file()
    row = Installation.objects.first()
    if row is None:
        raise OperationRefused(
            "数据库里没有安装标识，无法确认密钥是否属于它。请从备份恢复（xuezheng restore），没有作任何改动。"
        )
    checks = (row.encryption_check, row.hashing_check)
    if following and following.checks == checks:
        write_keys(current.succeeded_by(following))
        current = read_keys_file()[0]
    if current.checks != checks or current.installation != row.identity:
        raise OperationRefused(
            f"{home()}里的keys.json不是这个数据库的密钥，用它读不出身份证号，也会把同一个人登记成两个人。"
            "请检查XUEZHENG_HOME和XUEZHENG_DATABASE_URL是否指对了，或从备份恢复（xuezheng restore）。没有作任何改动。"
        )
    _check_snapshots(row.identity)


def _check_snapshots(identity: str) -> None:
    marker = snapshots_folder() / MARKER
    try:
        noted = marker.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return
    except ValueError:
        noted = ""
    if noted != identity:
        raise OperationRefused(
            f"{snapshots_folder()}里的快照属于另一套系统，不是这个数据库的。请换回原来的snapshots文件夹，或从备份恢复（xuezheng restore）。"
        )


def mark_snapshots(identity: str) -> None:
    """Write the identity of the installation into the folder of snapshots, unless one is there."""
    snapshots_folder().mkdir(mode=0o700, exist_ok=True)
    marker = snapshots_folder() / MARKER
    if not marker.exists():
        write_whole(marker, identity.encode("ascii"))


def check_keys_of_unmarked(keys: Keys) -> None:
    """Check that ``keys`` decrypt a database of release 0.1, which recorded no check values.

    Raises :class:`OperationRefused` where they do not.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id_number FROM records_person ORDER BY id LIMIT {_SAMPLES}")  # noqa: S608 - a number of ours
        samples: list[Any] = cursor.fetchall()
    for (encrypted,) in samples:
        try:
            unseal(bytes(encrypted), keys.encryption)
        except (InvalidTag, ValueError):
            raise OperationRefused(
                f"{home()}里的keys.json读不出这个数据库里的身份证号，不是它的密钥。请换回原来的keys.json，没有作任何改动。"
            ) from None
