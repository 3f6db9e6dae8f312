"""Runs a script in a child process: one hostile file can exhaust memory or abort a parser, not the system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from xuezheng.core.temporary_files import temporary_folder

_LIMITED = Path(__file__).with_name("child") / "limited.py"
_TOO_MUCH_TIME = -getattr(signal, "SIGXCPU", 0)


class ChildFailed(Exception):
    """The child was stopped, aborted or ended with an error."""


class ChildTooSlow(ChildFailed):
    """The child took too long and was stopped."""


def run_limited(
    script: str,
    *arguments: Path,
    seconds: float,
    processor_seconds: int | None = None,
    told: IO[bytes] | None = None,
    answer: IO[bytes] | None = None,
) -> None:
    """Run a script of the folder ``child`` with little memory and time; raises :class:`ChildFailed`.

    It may take so many ``seconds``, and of the processor's time ``processor_seconds``; it reads the file ``told`` and
    writes the file ``answer``, which need no name: of those nothing is left when this process is killed.
    """
    limit = str(processor_seconds or int(seconds) + 1)
    try:
        child = subprocess.run(  # noqa: S603 - our own script, arguments passed as a list
            [sys.executable, "-I", str(_LIMITED), limit, script, *map(str, arguments)],
            stdin=told or subprocess.DEVNULL,
            stdout=answer or subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env={**os.environ, "TMPDIR": str(temporary_folder())},
        )
    except subprocess.TimeoutExpired:
        raise ChildTooSlow from None
    if child.returncode == _TOO_MUCH_TIME != 0:
        raise ChildTooSlow
    if child.returncode != 0:
        raise ChildFailed
