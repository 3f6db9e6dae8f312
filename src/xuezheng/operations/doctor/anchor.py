"""The anchor: the number and hash of the last link of the hash chain, recorded outside the database.

Each link of the chain (:class:`~xuezheng.records.models.ChainLink`) contains the hash of the one before, so
that changes within the chain are revealed. An anchor also reveals that links were cut off at its end, if it
is kept outside the server.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.operations import OperationRefused
from xuezheng.operations.models import Installation
from xuezheng.records.models import ChainLink

_REMEMBERED = "chain-anchor.json"


@dataclass(frozen=True)
class Anchor:
    """The end of an installation's hash chain at some moment.

    ``installation`` is the identity of the installation, ``number`` the number of the last link, counted from
    1 (0 for an empty chain), and ``hash`` its hash ("" for an empty chain).
    """

    installation: str
    number: int
    hash: str


def current_anchor() -> Anchor:
    """Return the anchor for the present end of the hash chain; nothing is stored."""
    installation = Installation.objects.values_list("identity", flat=True).first() or ""
    last = ChainLink.objects.order_by("-number").values_list("number", "hash").first()
    return Anchor(installation, *(last or (0, "")))


def write_anchor(path: Path) -> Anchor:
    """Write the present anchor to a file, and return it; it contains no personal data."""
    anchor = current_anchor()
    write_whole(path, json.dumps(asdict(anchor)).encode("ascii"))
    return anchor


def read_anchor(path: Path) -> Anchor:
    """Return the anchor in a file; raises :class:`OperationRefused` where the file cannot be read or has none."""
    try:
        return Anchor(**json.loads(path.read_text(encoding="ascii")))
    except (OSError, ValueError, TypeError):
        raise OperationRefused(
            f"{path}不是校验链的锚点文件。请用“xuezheng doctor --write-anchor”写出的文件。"
        ) from None


def compare_anchor(anchor: Anchor) -> str:
    """Return a Chinese sentence on how the hash chain contradicts an earlier anchor; "" where the chain continues it.

    It does where the anchor is of another installation, or its link is missing or has another hash.
    """
    if anchor.installation != current_anchor().installation:
        return "锚点属于另一套系统，不能用来核对。"
    if anchor.number == 0:
        return ""
    hash = ChainLink.objects.filter(number=anchor.number).values_list("hash", flat=True).first()
    if hash is None:
        return f"锚点记着校验链的第{anchor.number}环，现在没有这一环：末尾的记录被删除，或数据库被换成了较早的。请查明，并从备份核对。"
    if hash != anchor.hash:
        return (
            f"校验链第{anchor.number}环与锚点不同：记录被改写过。请查明何人能直接改动数据库，并从备份核对。"
        )
    return ""


def remembered_anchor() -> Anchor | None:
    """Return the anchor that the last examination without findings stored in the data folder.

    None where there is none. Raises :class:`OperationRefused` where its file is damaged.
    """
    path = home() / _REMEMBERED
    return read_anchor(path) if path.exists() else None


def remember_anchor() -> None:
    """Store the current anchor in the data folder, after an examination without findings, for the next one to compare."""
    write_anchor(home() / _REMEMBERED)


def forget_anchor() -> None:
    """Delete the anchor that the last examination stored in the data folder, if there is one.

    A restore does so: the chain of an older backup may end before the anchor, which would look as if links
    had been cut off.
    """
    (home() / _REMEMBERED).unlink(missing_ok=True)
