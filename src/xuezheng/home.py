"""The folder in which a district's data live, and the keys kept there."""

import base64
import contextlib
import json
import os
import secrets
import tempfile
from functools import cache
from pathlib import Path
from typing import NamedTuple


def home() -> Path:
    """Return the data folder: ``XUEZHENG_HOME``, by default ``./xuezheng-data``.

    It is made when missing, open to its owner only.
    """
    folder = Path(os.environ.get("XUEZHENG_HOME", "xuezheng-data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


class Keys(NamedTuple):
    """The district's secrets: losing ``encryption`` loses the ID numbers, losing ``hashing`` the look-ups."""

    django: str
    encryption: bytes
    hashing: bytes


@cache
def keys() -> Keys:
    """Read ``keys.json`` of the data folder; the first call ever makes it, readable by its owner only."""
    path = home() / "keys.json"
    if not path.exists():
        _make(path)
    found = json.loads(path.read_text(encoding="ascii"))
    return Keys(found["django"], base64.b64decode(found["encryption"]), base64.b64decode(found["hashing"]))


def _make(path: Path) -> None:
    fresh = {
        "django": secrets.token_urlsafe(50),
        "encryption": base64.b64encode(secrets.token_bytes(32)).decode(),
        "hashing": base64.b64encode(secrets.token_bytes(32)).decode(),
    }
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".keys-")
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(fresh, file)
        file.flush()
        os.fsync(file.fileno())
    # Two processes may start at once: a link fails where a rename would replace the first one's keys.
    with contextlib.suppress(FileExistsError):
        os.link(temporary, path)
    Path(temporary).unlink()
