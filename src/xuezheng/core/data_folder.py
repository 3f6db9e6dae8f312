"""The data folder: the one folder in which the data of an installation live."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """Return the data folder: ``XUEZHENG_HOME``, by default ``./xuezheng-data``.

    It is made when missing, open to its owner only.
    """
    folder = Path(os.environ.get("XUEZHENG_HOME", "xuezheng-data")).resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
