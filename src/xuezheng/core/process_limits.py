"""Limits of memory and processor time for a process.

``python process_limits.py SECONDS SCRIPT ARGUMENT…`` runs a script with at most 2 GiB of further memory and
``SECONDS`` of processor time; therefore this module imports nothing of xuezheng.
"""

from __future__ import annotations

import os
import runpy
import sys
from pathlib import Path
from typing import NamedTuple

_SCRIPT_MEGABYTES = 2 * 1024


class Limits(NamedTuple):
    """The limits of a piece of work, such as a background job.

    ``megabytes`` (2**20 bytes) of memory and ``seconds`` of processor time are allowed beyond what the
    process had used when the work began. ``wall_seconds`` is the longest duration, waiting included.
    """

    megabytes: int
    seconds: int
    wall_seconds: int


def limit_process(megabytes: int, seconds: int) -> None:
    """Limit the further memory and processor time (in seconds) of this process, and switch off core dumps.

    Beyond the memory limit allocations fail; beyond the time limit the system sends ``SIGXCPU`` and then ends
    the process. Does nothing on Windows, where the parent's limit of wall time still applies.
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
    """The bytes of address space that this process has mapped, programs and libraries included."""
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
