"""Limits of a process: what one file makes a program take of memory and time must not be taken from everybody.

``python process_limits.py SECONDS SCRIPT ARGUMENT…`` runs a script within limits, so this module imports nothing of ours.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import NamedTuple

_SCRIPT_MEGABYTES = 2 * 1024


class Limits(NamedTuple):
    """What a piece of work may take beyond what its process has already: ``megabytes`` of memory, ``seconds`` of the processor.

    It may last ``wall_seconds``, the time in which it waits for others among them.
    """

    megabytes: int
    seconds: int
    wall_seconds: int


def limit_process(megabytes: int, seconds: int) -> None:
    """Let this process take so much more memory, and so much more of the processor's time; then it fails, or is ended.

    On Windows there is no such limit; the time limit of the parent holds there too.
    """
    try:
        import resource
    except ImportError:
        return
    memory = _address_space() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until, until + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """The bytes that this process has mapped, programs and libraries among them."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 2**30
    return pages * os.sysconf("SC_PAGE_SIZE")


if __name__ == "__main__":
    limit_process(_SCRIPT_MEGABYTES, int(sys.argv.pop(1)))
    script = sys.argv.pop(1)
    sys.path.insert(0, str(Path(script).parent))
    runpy.run_path(script, run_name="__main__")
