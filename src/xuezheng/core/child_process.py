"""Runs a script in a child process: one hostile file can exhaust memory or abort a parser, not the system."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import IO

from xuezheng.core import process_limits
from xuezheng.core.temporary_files import temporary_folder

_TOO_MUCH_TIME = -getattr(signal, "SIGXCPU", 0)


class ChildFailed(Exception):
    """The child was stopped, aborted or ended with an error."""


class ChildTooSlow(ChildFailed):
    """The child took too long and was stopped."""


def run_limited(
    script: Path,
    *arguments: Path,
    seconds: float,
    processor_seconds: int | None = None,
    input: IO[bytes] | None = None,
    output: IO[bytes] | None = None,
) -> None:
    """Run a script with limited memory and time; raises :class:`ChildTooSlow` or :class:`ChildFailed`.

    The limits are ``seconds`` of wall time and ``processor_seconds`` of processor time (by default one more than ``seconds``). The script's standard
    input is the open file ``input`` and its standard output ``output``; both may be files without a name, of which nothing is left when this process
    is killed.
    """
    limit = str(processor_seconds or int(seconds) + 1)
    try:
        child = subprocess.run(  # noqa: S603 - our own script, arguments passed as a list
            [sys.executable, "-I", process_limits.__file__, limit, str(script), *map(str, arguments)],
            stdin=input or subprocess.DEVNULL,
            stdout=output or subprocess.DEVNULL,
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
