"""The data folder: the single folder that contains all data of an installation."""

from __future__ import annotations

import os
from pathlib import Path


def locate_home() -> Path:
    """Return the absolute path of the data folder without creating it.

    The path is the environment variable ``XUEZHENG_HOME``, by default ``./xuezheng-data``.
    """
    return Path(os.environ.get("XUEZHENG_HOME", "xuezheng-data")).resolve()


def home() -> Path:
    """Return the absolute path of the data folder, and create it with mode 0700 if it is missing."""
    folder = locate_home()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
