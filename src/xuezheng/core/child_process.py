"""Runs a script in a child process with limited memory and time.

A hostile file then stops the child and not the system.
"""

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
    """The child process was aborted, was ended by a signal, or exited with a status other than 0."""


class ChildTooSlow(ChildFailed):
    """The child process exceeded its limit of wall time or of processor time and was stopped."""


def run_limited(
    script: Path,
    *arguments: Path,
    seconds: float,
    processor_seconds: int | None = None,
    input: IO[bytes] | None = None,
    output: IO[bytes] | None = None,
) -> None:
    """Run a Python script in a child process with limited memory (2 GiB) and time, and wait for it to end.

    The limits are ``seconds`` of wall time and ``processor_seconds`` of processor time (by default one more
    than ``seconds``). ``arguments`` are the script's command-line arguments. Its standard input is the open
    file ``input``, its standard output ``output`` (by default both the null device); both may be unnamed
    temporary files, of which nothing is left when this process is killed. Its standard error is discarded.

    Raises :class:`ChildTooSlow` if a time limit is exceeded, and :class:`ChildFailed` if the script ends with
    a status other than 0.
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
