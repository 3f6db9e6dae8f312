"""One run of one contender, in a process of its own: ``python -m benchmarks.child MODULE:FUNCTION``.

Prints JSON: the seconds of each part, peak memory, the result, and what the contender says of itself. A function of
``registers``, with the number of rows behind it, prepares a data folder instead.
"""

import importlib
import json
import os
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class Clock:
    """Times parts of a run: ``with clock("asking"): …``."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, part: str = "") -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.seconds[part] = time.perf_counter() - start


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "xuezheng.settings"
    import django

    django.setup()
    from xuezheng.policy import kept
    from xuezheng.policy.packs import formerly_in_the_program

    # The invented registers are of a district that has adopted every pack of the release.
    kept.lines = lambda: tuple(pack.versions for pack in formerly_in_the_program())
    module, _, name = sys.argv[1].partition(":")
    function = getattr(importlib.import_module(module), name)
    if module == "benchmarks.registers":
        function(*map(int, sys.argv[2:]))
        return
    clock = Clock()
    result = function(clock)
    # A reader process of ours counts with its parent, as if both peaked at once.
    usages = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    title, _, about = (function.__doc__ or "").partition("\n")
    print(
        json.dumps(
            {
                "seconds": clock.seconds,
                "peak_mb": sum(usages) // 1024,
                "result": result,
                "title": title.rstrip("."),
                "about": " ".join(about.split()),
            }
        )
    )


if __name__ == "__main__":
    main()
