"""The check of the keys: they belong to the database, and decrypt its values."""

from __future__ import annotations

from xuezheng.core.data_folder import home
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.operations.identity import check_identity
from xuezheng.operations.key_rotation import check_keys

_SAMPLES = 1000  # of each column


@check("密钥")
def keys(notes: Notes) -> str:
    """Check that the keys belong to this database, and decrypt the newest 1000 values of each encrypted column.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    check_identity()
    for finding in check_keys(_SAMPLES):
        notes.find(
            f"{finding.table}.{finding.column}：{finding.values}条中有{finding.wrong}条与密钥不符。请从备份恢复，或换回原来的keys.json。"
        )
    return f"{home()}里的keys.json是这个数据库的，各加密列最新的{_SAMPLES}条都能读出。请定期备份；丢失它将无法读出身份证号。"
