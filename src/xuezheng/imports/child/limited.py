"""Runs a script beside this one with little memory and time: ``python limited.py SECONDS SCRIPT ARGUMENT…``."""

import runpy
import sys
from pathlib import Path

_MEMORY = 2 * 1024**3


def _limit(seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits; the time limit of the parent holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit(int(sys.argv.pop(1)))
    script = Path(__file__).with_name(sys.argv.pop(1))
    sys.path.insert(0, str(script.parent))
    runpy.run_path(str(script), run_name="__main__")
