"""Runs a script in a child process: one hostile file can exhaust memory or abort a parser, not the system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_LIMITED = Path(__file__).with_name("child") / "limited.py"


class ChildFailed(Exception):
    """The child was stopped, aborted or ended with an error."""


class ChildTooSlow(ChildFailed):
    """The child took too long and was stopped."""


def run_limited(script: str, *arguments: Path, seconds: float) -> None:
    """Run a script of the folder ``child`` with little memory and time; raises :class:`ChildFailed`."""
    try:
        child = subprocess.run(  # noqa: S603 - our own script, arguments passed as a list
            [sys.executable, "-I", str(_LIMITED), script, *map(str, arguments)],
            capture_output=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ChildTooSlow from None
    if child.returncode != 0:
        raise ChildFailed
