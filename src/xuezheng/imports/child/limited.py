"""Runs a script beside this one with little memory: ``python limited.py SCRIPT ARGUMENT…``."""

import runpy
import sys
from pathlib import Path

_MEMORY = 3 * 1024**3


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit; the time limit of the parent holds there too
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _limit_memory()
    script = sys.argv.pop(1)
    runpy.run_path(str(Path(__file__).with_name(script)), run_name="__main__")
