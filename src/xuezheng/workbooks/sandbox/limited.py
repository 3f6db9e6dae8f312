"""Runs a script beside this one with little memory and time: ``python limited.py SECONDS SCRIPT ARGUMENT…``."""

import runpy
import sys
from pathlib import Path

from xuezheng.core.process_limits import limit_process

_MEGABYTES = 2 * 1024

if __name__ == "__main__":
    limit_process(_MEGABYTES, int(sys.argv.pop(1)))
    script = Path(__file__).with_name(sys.argv.pop(1))
    sys.path.insert(0, str(script.parent))
    runpy.run_path(str(script), run_name="__main__")
