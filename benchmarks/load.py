"""A hundred schools send their workbooks at once, and one large workbook is read, while others open pages.

Writes ``docs/reference/load.md``; ends with 1 where a school did not finish or an answer was wrong.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier, Event

from tabulate import tabulate

from benchmarks import clerks, postgresql
from benchmarks.clerks import Browser, Visit
from benchmarks.machine import machine

PAGE = Path("docs/reference/load.md")
SCHOOLS, ROWS, READERS = 100, 600, ("office", "deputy", "section")
LARGE_ROWS, LARGE_COLUMNS = 100_000, 20
#: What is promised: of pages on PostgreSQL; of the page of a preview; of the memory of the web process, in MB.
PAGES_P95, PREVIEW, MEMORY = 0.8, 0.3, 100
_ARRIVING_SECONDS = 40
_ACTIONS = (clerks.LOGIN, clerks.DOWNLOAD, clerks.SEND, clerks.COMMIT)


@dataclass
class Run:
    """What came of one database."""

    title: str
    visits: list[Visit]
    unfinished: list[str]
    seconds: float
    reported: int
    pupils: int
    grown_mb: int = 0
    large_seconds: float = 0.0
    previews: tuple[float, ...] = ()

    @property
    def faults(self) -> list[str]:
        """Everything that must not be."""
        return [*self.unfinished, *(f"{it.page}: {it.fault}" for it in self.visits if it.fault)]

    def pages(self) -> list[float]:
        """How long the pages took that are only looked at."""
        return [it.seconds for it in self.visits if it.page not in _ACTIONS]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    parser.add_argument("--schools", type=int, default=SCHOOLS)
    parser.add_argument(
        "--large", type=int, default=LARGE_ROWS, help="rows of the large workbook, 0 for none"
    )
    parser.add_argument(
        "--only", choices=("SQLite", "PostgreSQL"), help="one database; the page is not written"
    )
    options = parser.parse_args()
    runs = []
    with tempfile.TemporaryDirectory(prefix="xuezheng-load-") as folder, contextlib.ExitStack() as stack:
        databases = {"SQLite": ""}
        if postgresql.found():
            databases["PostgreSQL"] = stack.enter_context(postgresql.cluster())("load")
        for title, url in databases.items():
            if options.only in (None, title):
                runs.append(_run(title, url, Path(folder) / title, options.schools, options.large))
                print(_table(runs[-1]), *runs[-1].faults[:20], _told(runs[-1]), sep="\n")
    if not options.only:
        PAGE.write_text(_page(runs), encoding="utf-8")
    sys.exit(any(run.faults for run in runs))


def quick(folder: Path) -> None:
    """Let two schools send a few rows."""
    run = _run("SQLite", "", folder / "home", schools=2, large=60, rows=40, arriving=0)
    _page([run])
    if run.faults:
        raise SystemExit("\n".join(run.faults))


def _run(
    title: str,
    url: str,
    home: Path,
    schools: int,
    large: int,
    rows: int = ROWS,
    arriving: float = _ARRIVING_SECONDS,
) -> Run:
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    if url:
        environment["XUEZHENG_DATABASE_URL"] = url
    home.mkdir()
    _child(environment, f"prepare({schools}, {rows}, {large})")
    with _served(environment) as (host, _):
        run = _sent(title, host, home, schools, arriving)
        run.reported, run.pupils = map(int, _child(environment, "tell()").split())
    if large:
        with _served(environment) as (host, pid):
            _read_large(run, host, pid, home)
    return run


def _sent(title: str, host: str, home: Path, schools: int, arriving: float) -> Run:
    """Let every school send its workbook at the same moment, while others read."""
    visits: list[Visit] = []
    unfinished: list[str] = []
    together, over = Barrier(schools), Event()

    def send(number: int) -> float:
        time.sleep(arriving * number / schools)
        content = (home / f"school{number}.xlsx").read_bytes()
        try:
            said = clerks.hand_in(Browser(host, visits), f"clerk{number}", content, together)
            if "已上报" not in said:
                unfinished.append(f"clerk{number}: not reported")
        except Exception as fault:
            together.abort()
            unfinished.append(f"clerk{number}: {type(fault).__name__}: {fault}")
        return time.monotonic()

    _warm(host)
    start = time.monotonic()
    with ThreadPoolExecutor(schools + len(READERS)) as people:
        for name in READERS:
            people.submit(clerks.read, Browser(host, visits), name, over)
        ended = list(people.map(send, range(schools)))
        over.set()
    return Run(title, visits, unfinished, max(ended) - start - arriving, 0, 0)


def _warm(host: str) -> None:
    """Open once what the first reader after a start waits for."""
    browser = Browser(host)
    browser.log_in("office")
    for path in clerks.PAGES.values():
        browser.get("", path)


def _read_large(run: Run, host: str, pid: int, home: Path) -> None:
    """Send the large workbook; note how much the web process grew while it was read, and how long its preview's page took."""
    browser = Browser(host, run.visits)
    browser.log_in("office")
    browser.get("填报", "/intake/")
    before, start = _peak_mb(pid, reset=True), time.monotonic()
    preview = browser.follow(browser.post(clerks.SEND, "/intake/", {}, (home / "large.xlsx").read_bytes()))
    run.large_seconds, run.grown_mb = time.monotonic() - start, _peak_mb(pid) - before
    for address in (preview, f"{preview}?sheet=0&kind=added", f"{preview}?sheet=0&kind=added&page=900"):
        browser.get("大工作簿的预览", address)
    run.previews = tuple(it.seconds for it in run.visits[-3:])


def _peak_mb(pid: int, reset: bool = False) -> int:
    """The most memory that a process has had at once; or, when it is to be counted anew, what it has now."""
    if reset:
        Path(f"/proc/{pid}/clear_refs").write_text("5")
    told = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in told.splitlines() if line.startswith("VmHWM"))) // 1024


@contextlib.contextmanager
def _served(environment: dict[str, str]) -> Iterator[tuple[str, int]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", "xuezheng", "serve", "--port", str(port)]
    server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)

    def leave(*signalled: object) -> None:
        server.kill()  # those who wait for its answers then wait no more
        raise SystemExit(1)

    signal.signal(signal.SIGTERM, leave)
    try:
        _wait_for(port, server)
        yield f"127.0.0.1:{port}", server.pid
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait_for(port: int, server: subprocess.Popen) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _child(environment: dict[str, str], call: str) -> str:
    script = f"import django; django.setup(); from benchmarks import load; load.{call}"
    words = [sys.executable, "-W", "ignore", "-c", script]
    return subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout


def prepare(schools: int, rows: int, large: int) -> None:
    """Register schools with half of their pupils, ask them for all, and write the workbooks that they will send."""
    importlib.import_module("benchmarks.schools").prepare(schools, rows, large, LARGE_COLUMNS)


def tell() -> None:
    """Print how many schools have reported, and how many pupils are registered."""
    from xuezheng.records.models import Pupil, Submission

    print(Submission.objects.exclude(handed_in=None).count(), Pupil.objects.count())


def _table(run: Run) -> str:
    by_page: dict[str, list[float]] = {}
    for it in run.visits:
        by_page.setdefault(it.page, []).append(it.seconds)
    lines = [(page, *_times(seconds)) for page, seconds in by_page.items()]
    lines.append(("**只看的页面合计**", *_times(run.pages())))
    heads = ("页面", "次数", "中位（毫秒）", "p95（毫秒）", "最长（毫秒）")
    return tabulate(lines, heads, tablefmt="github", colalign=("left", *["right"] * 4))


def _times(seconds: list[float]) -> tuple[str, ...]:
    told = statistics.median(seconds), p95(seconds), max(seconds)
    return f"{len(seconds):,}", *(f"{1000 * it:,.0f}" for it in told)


def p95(seconds: list[float]) -> float:
    """The time within which 95 of 100 were answered."""
    return sorted(seconds)[max(0, -(-len(seconds) * 95 // 100) - 1)]


def _told(run: Run) -> str:
    locked = sum("locked" in it.fault for it in run.visits)
    errors = sum(bool(it.fault) for it in run.visits)
    told = (
        f"{run.reported}所学校上报完毕，自同时上传起共{run.seconds:.0f}秒；台账里有{run.pupils:,}名学生。"
        f"请求{len(run.visits):,}次，出错{errors}次，“database is locked”{locked}次。"
    )
    if run.previews:
        told += (
            f"大工作簿{run.large_seconds:.0f}秒检查完，其间网页进程最多增加{run.grown_mb}兆内存；"
            f"它的预览页最慢{1000 * max(run.previews):.0f}毫秒。"
        )
    return told


def _page(runs: list[Run]) -> str:
    parts = "\n\n".join(f"## {run.title}\n\n{_told(run)}\n\n{_table(run)}" for run in runs)
    return f"""# 百校同时上报

由 `make load` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

{SCHOOLS}所学校的经办人在{_ARRIVING_SECONDS}秒内先后登录，打开本校的填报任务，下载工作簿；等所有人都到这一步，同一刻上传{ROWS}行的工作簿（一半已登记，一半是新生），
看预览两秒后提交，直到任务页显示已上报。其间另有{len(READERS)}人不停地打开首页、台账和指标；这几页事先各打开过一次。浏览器和服务器在同一台机器上。之后办公室再上传一个{LARGE_ROWS:,}行、{LARGE_COLUMNS}列的工作簿。

要求：全部上报完毕，没有出错的页面；在PostgreSQL上只看的页面p95不超过{1000 * PAGES_P95:.0f}毫秒；读大工作簿时网页进程增加内存不超过{MEMORY}兆，预览页不超过{1000 * PREVIEW:.0f}毫秒。

{parts}
"""


if __name__ == "__main__":
    main()
