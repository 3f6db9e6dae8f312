"""The data folder: the one folder in which the data of an installation live."""

from __future__ import annotations

import os
from pathlib import Path


def locate_home() -> Path:
    """Return the path of the data folder, whether it exists or not: ``XUEZHENG_HOME``, by default ``./xuezheng-data``."""
    return Path(os.environ.get("XUEZHENG_HOME", "xuezheng-data")).resolve()


def home() -> Path:
    """Return the data folder; it is created when missing, open to its owner only."""
    folder = locate_home()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
