"""How long each page of the demonstration takes: the time of the server alone, on SQLite.

Writes ``docs/reference/pages.md``; ends with 1 where one in twenty openings of any page takes longer than it may.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tabulate import tabulate

from benchmarks.machine import machine

PAGE = Path("docs/reference/pages.md")
#: What is promised: of twenty openings nineteen within so many milliseconds.
MOST = 200
_TIMES = 40
#: How many pages at least a small district has something to show on.
_QUICK_PAGES = 25


def main() -> None:
    """Build the demonstration, measure it in a process of its own, and write what came of it."""
    with tempfile.TemporaryDirectory(prefix="xuezheng-pages-") as home:
        lines = _measured(Path(home), "demonstration", _TIMES)
    PAGE.write_text(_page(lines), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
    if slow := [address for address, _, twentieth, _ in lines if twentieth > MOST]:
        raise SystemExit(f"slower than {MOST} ms: {slow}")


def quick(folder: Path) -> None:
    """Open each page of a small district."""
    lines = _measured(folder, "small", 2)
    _page(lines)
    if len(lines) < _QUICK_PAGES:
        raise SystemExit(f"only {len(lines)} pages were opened: {[address for address, *_ in lines]}")


def _measured(home: Path, district: str, times: int) -> list[tuple[str, float, float, float]]:
    """Make a district by a function of ``registers``, and measure its pages; each in a process of its own."""
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    script = f"import django; django.setup(); from benchmarks import pages; pages.measure({times})"
    made, measured = (
        ["-m", "benchmarks.child", f"benchmarks.registers:{district}"],
        ["-W", "ignore", "-c", script],
    )
    subprocess.run([sys.executable, *made], env=environment, check=True, stdout=subprocess.DEVNULL)
    printed = subprocess.run(
        [sys.executable, *measured], env=environment, check=True, stdout=subprocess.PIPE, text=True
    ).stdout
    return json.loads(printed.splitlines()[-1])


def measure(times: int) -> None:
    """Open each page some times, and print its address, the median, what nineteen of twenty took at most, and the longest."""
    from django.conf import settings
    from django.test import Client
    from tests.web.test_weight import ASKED

    from xuezheng.records.models import User

    settings.ALLOWED_HOSTS.append("testserver")
    client = Client()
    client.force_login(User.objects.get(username="office"))
    lines = []
    for address in ASKED:
        client.get(address)
        taken = []
        for _ in range(times):
            start = time.perf_counter()
            response = client.get(address)
            taken.append(1000 * (time.perf_counter() - start))
        if response.status_code == 200:
            lines.append(
                (address, statistics.median(taken), statistics.quantiles(taken, n=20)[-1], max(taken))
            )
    print(json.dumps(lines))


def _page(found: list[tuple[str, float, float, float]]) -> str:
    told = [(f"`{address}`", *(f"{it:,.0f}" for it in numbers)) for address, *numbers in found]
    heads = ("页面", "中位（毫秒）", "95%以内（毫秒）", "最长（毫秒）")
    listed = tabulate(told, heads, tablefmt="github", colalign=("left", "right", "right", "right"))
    return f"""# 示范区每一页的快慢

由 `make pages` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

示范区，SQLite，以办公室的身份，每页先打开一次，再打开{_TIMES}次；只算服务器的时间。要求：95%的打开不超过{MOST}毫秒。

{listed}
"""


if __name__ == "__main__":
    main()
