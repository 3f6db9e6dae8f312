"""The data folder: the one folder in which the data of an installation live."""

from __future__ import annotations

import os
from pathlib import Path


def locate_home() -> Path:
    """Return where the data folder is, or would be: ``XUEZHENG_HOME``, by default ``./xuezheng-data``."""
    return Path(os.environ.get("XUEZHENG_HOME", "xuezheng-data")).resolve()


def home() -> Path:
    """Return the data folder; it is made when missing, open to its owner only."""
    folder = locate_home()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
