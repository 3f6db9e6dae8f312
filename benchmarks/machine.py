"""On which machine the benchmarks run: written on every page that they write."""

import os
import platform
from pathlib import Path


def machine() -> str:
    """Tell the cores, memory and system on which this runs."""
    processors = Path("/proc/cpuinfo").read_text() if Path("/proc/cpuinfo").exists() else ""
    model = next(
        (line.split(":")[1].strip() for line in processors.splitlines() if line.startswith("model name")),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB memory, {platform.system()}"
