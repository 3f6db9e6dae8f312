"""Opens pages as one user while others attack: bodies before login, slow requests, hostile texts and forty uploads, all at once.

Writes ``docs/reference/attack.md``; ends with 1 where a page failed, or a promise was not kept. All of it is sent to this machine alone.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import io
import itertools
import os
import resource
import socket
import statistics
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread

from tabulate import tabulate

from benchmarks import clerks, load
from benchmarks.clerks import Browser, Visit
from benchmarks.machine import machine

PAGE = Path("docs/reference/attack.md")
#: What is promised of another user's pages: seconds, and how much slower than when all is quiet; of memory and disk, in MB.
PAGES_P95, RATIO, MEMORY, DISK = 2.0, 10, 1024, 1024
_SCHOOLS, _READER = 3, "section"
_HALF_SENT, _TEXTS, _UPLOADS = 1_010, 8, 40
_PAUSE_SECONDS = 0.2
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass
class Outcome:
    """What came of it: how long pages took before and during, what the server took, and what the attackers were told."""

    quiet: list[Visit] = field(default_factory=list)
    attacked: list[Visit] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)
    memory_mb: int = 0
    disk_mb: int = 0
    #: How long the reader's own check waited and took, in seconds.
    own_check: float = 0.0
    faults: list[str] = field(default_factory=list)

    def count(self, words: str) -> None:
        """Count an answer to an attacker."""
        self.answers[words] = self.answers.get(words, 0) + 1

    @property
    def ratio(self) -> float:
        """How much slower the pages were."""
        return _p95(self.attacked) / _p95(self.quiet)

    def broken(self) -> list[str]:
        """The promises that were not kept."""
        promises = {
            "p95 of the pages": _p95(self.attacked) < PAGES_P95 or self.ratio <= RATIO,
            "memory": self.memory_mb < MEMORY,
            "disk": self.disk_mb < DISK,
        }
        pages = [f"{visit.page}: {visit.fault}" for visit in self.attacked if visit.fault]
        return [*self.faults, *pages, *(name for name, kept in promises.items() if not kept)]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.attack", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long the attack lasts")
    parser.add_argument("--quick", action="store_true", help="ten seconds; the page is not written")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xuezheng-attack-") as folder:
        outcome = run(Path(folder) / "home", 10 if options.quick else options.seconds)
    print(_table(outcome), _sentence(outcome), *outcome.broken()[:20], sep="\n")
    if not options.quick:
        PAGE.write_text(_page(outcome, options.seconds), encoding="utf-8")
    sys.exit(bool(outcome.broken()))


def quick(folder: Path) -> None:
    """Attack for two seconds, with a few hostile texts; what is promised of times is not asked."""
    outcome = run(folder / "home", 2, texts=1)
    _page(outcome, 2)
    if outcome.faults or not outcome.answers:
        raise SystemExit("\n".join(outcome.faults) or "nobody attacked")


def run(home: Path, seconds: float, texts: int = _TEXTS) -> Outcome:
    """Serve a small district, open its pages in quiet and under attack, and measure."""
    environment = {**os.environ, "XUEZHENG_HOME": str(home), "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
    environment.pop("XUEZHENG_DATABASE_URL", None)
    home.mkdir()
    load._child(environment, f"prepare({_SCHOOLS}, {load.ROWS}, 0)")
    outcome, over = Outcome(), Event()
    with load._served(environment) as (host, pid):
        load._warm(host)
        reader = Browser(host, outcome.quiet)
        reader.log_in(_READER)
        outcome.quiet.clear()
        _read(reader, seconds / 3)
        before = _megabytes(home)
        attacks = _attacks(host, home, outcome, over, texts)
        threads = [Thread(target=_guarded, args=(attack, outcome), daemon=True) for attack in attacks]
        threads.append(Thread(target=_watch, args=(pid, home, before, outcome, over), daemon=True))
        for thread in threads:
            thread.start()
        time.sleep(1)  # until the attack is under way
        checking = Thread(target=_check_own, args=(host, outcome), daemon=True)
        checking.start()
        reader.visits = outcome.attacked
        _read(reader, seconds)
        over.set()
        for thread in threads:
            thread.join(60)
        checking.join(300)
    return outcome


def _read(browser: Browser, seconds: float) -> None:
    """Open the pages one after the other for a time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for page, path in clerks.PAGES.items():
            with contextlib.suppress(OSError, http.client.HTTPException):
                browser.get(page, path)
            time.sleep(_PAUSE_SECONDS)


def _attacks(host: str, home: Path, outcome: Outcome, over: Event, texts: int) -> list[Callable[[], None]]:
    makers = itertools.cycle([_many_paragraphs, _large_table, _long_text, _long_text])
    upload = (home / "school0.xlsx").read_bytes()
    return [
        *[lambda: _send_bodies(host, outcome, over)] * 3,
        lambda: _send_halves(host, outcome, over),
        *[
            (lambda make=make: _hand_in_text(host, make(), outcome))
            for make in itertools.islice(makers, texts)
        ],
        lambda: _upload_many(host, upload, outcome, over),
    ]


def _send_bodies(host: str, outcome: Outcome, over: Event) -> None:
    """Send a large body to the login page, without having logged in, again and again."""
    while not over.wait(0.05):
        with contextlib.suppress(OSError, ValueError):
            connection = socket.create_connection(_address(host), 10)
            with connection:
                head = "POST /login/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 399000000\r\n\r\n"
                connection.sendall(head.encode())
                for _ in range(40):
                    connection.sendall(b"x" * 2**16)
                outcome.count(f"登录前的请求体：{connection.recv(100).split(b' ')[1].decode()}")
                continue
        outcome.count("登录前的请求体：断开")


def _half_sent_at_once() -> int:
    """Return how many connections this process may keep: as many as are meant, or half of the files that the machine lets it open."""
    return min(_HALF_SENT, resource.getrlimit(resource.RLIMIT_NOFILE)[0] // 2)


def _send_halves(host: str, outcome: Outcome, over: Event) -> None:
    """Keep so many connections open on which a request was begun; open others for those that are closed."""
    half_sent: list[socket.socket] = []
    try:
        while not over.wait(0.01):
            with contextlib.suppress(OSError):
                connection = socket.create_connection(_address(host), 5)
                connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
                half_sent.append(connection)
                outcome.count("只发一半的请求")
            if len(half_sent) >= _half_sent_at_once():
                half_sent.pop(0).close()
    finally:
        for connection in half_sent:
            connection.close()


def _hand_in_text(host: str, text: tuple[str, bytes], outcome: Outcome) -> None:
    name, content = text
    browser = Browser(host)
    browser.log_in("clerk1")
    address = _post_file(browser, "/reports/audit/", name, content, {})
    outcome.count(f"核对{name}：{'排队' if '/jobs/' in address else address}")


def _upload_many(host: str, content: bytes, outcome: Outcome, over: Event) -> None:
    browser = Browser(host)
    browser.log_in("clerk0")
    for _ in range(_UPLOADS):
        if over.is_set():
            return
        address = _post_file(browser, "/intake/", "pupils.xlsx", content, {})
        outcome.count(
            f"上传工作簿：{'排队' if '/jobs/' in address else '收下' if '/uploads/' in address else address}"
        )


def _check_own(host: str, outcome: Outcome) -> None:
    """Hand in a short text as somebody else, and wait for what comes of it."""
    browser = Browser(host)
    browser.log_in("office")
    start = time.monotonic()
    text = "高考报名1197人，其中文史类464人，理工类743人。".encode()
    address = _post_file(browser, "/reports/audit/", "x.txt", text, {})
    found = browser.follow(address)
    outcome.own_check = time.monotonic() - start
    if "1207" not in browser.get("核对结果", found).text:
        outcome.faults.append(f"the reader's own check came to nothing: {found}")


def _post_file(browser: Browser, path: str, name: str, content: bytes, fields: dict[str, str]) -> str:
    """Send a file by a form; return where it leads to, or what was answered."""
    mark = "x" * 30
    parts = {**fields, "csrfmiddlewaretoken": browser.cookies["csrftoken"]}
    head = "".join(
        f'--{mark}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in parts.items()
    )
    head += f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + f"\r\n--{mark}--\r\n".encode()
    answer = browser._ask(
        "上传", "POST", path, body, {"Content-Type": f"multipart/form-data; boundary={mark}"}
    )
    return str(answer.headers.get("Location") or answer.status)


def _long_text() -> tuple[str, bytes]:
    line = "全区中小学1197所，其中小学464所、初中743所，占比38.8%，比上年增加12所，增长1.01%。\n"
    return "long.txt", (line * (4_800_000 // len(line.encode()))).encode()


def _word(body: Iterator[str]) -> bytes:
    import docx

    plain, made = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    with zipfile.ZipFile(plain) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            if part == "word/document.xml":
                text = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(body)}</w:body></w:document>'
                new.writestr(part, text)
            else:
                new.writestr(part, old.read(part))
    return made.getvalue()


def _many_paragraphs() -> tuple[str, bytes]:
    return "paragraphs.docx", _word("<w:p><w:r><w:t>3人</w:t></w:r></w:p>" for _ in range(100_000))


def _large_table() -> tuple[str, bytes]:
    row = f"<w:tr>{'<w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc>' * 60}</w:tr>"
    return "table.docx", _word(part for part in ("<w:tbl>", *[row] * 330, "</w:tbl>"))


def _watch(pid: int, home: Path, before: int, outcome: Outcome, over: Event) -> None:
    """Note the most memory and disk that the server and its workers take at once."""
    while not over.wait(0.3):
        outcome.memory_mb = max(outcome.memory_mb, sum(map(_proportional_mb, _family(pid))))
        outcome.disk_mb = max(outcome.disk_mb, _megabytes(home) - before)


def _family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    family = [pid]
    for member in family:
        family += [child for child, parent in parents.items() if parent == member]
    return family


def _proportional_mb(pid: int) -> int:
    """The memory of a process, what it shares with others counted in parts."""
    with contextlib.suppress(OSError, StopIteration):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("Pss:"))) // 1024
    return 0


def _megabytes(folder: Path) -> int:
    """What the files of a folder take, those without a name among them by what the disk has less."""
    total = 0
    for path in folder.rglob("*"):
        with contextlib.suppress(OSError):
            total += path.stat().st_blocks * 512 if path.is_file() else 0
    return total // 2**20


def _address(host: str) -> tuple[str, int]:
    name, _, port = host.partition(":")
    return name, int(port)


def _guarded(attack: Callable[[], None], outcome: Outcome) -> None:
    """An attacker whose connection is cut gives up."""
    try:
        attack()
    except (OSError, http.client.HTTPException, RuntimeError, KeyError) as error:
        outcome.count(f"放弃：{type(error).__name__}")


def _p95(visits: list[Visit]) -> float:
    return load.p95([visit.seconds for visit in visits])


def _table(outcome: Outcome) -> str:
    lines = []
    for page in clerks.PAGES:
        row = [page]
        for visits in (outcome.quiet, outcome.attacked):
            seconds = [visit.seconds for visit in visits if visit.page == page]
            row += [
                f"{len(seconds)}",
                f"{1000 * statistics.median(seconds):.0f}",
                f"{1000 * load.p95(seconds):.0f}",
            ]
        lines.append(row)
    heads = ("页面", "平时次数", "中位（毫秒）", "p95（毫秒）", "受攻击时次数", "中位（毫秒）", "p95（毫秒）")
    return tabulate(lines, heads, tablefmt="github", colalign=("left", *["right"] * 6))


def _sentence(outcome: Outcome) -> str:
    failed = sum(bool(visit.fault) for visit in outcome.attacked)
    return (
        f"全部页面p95：平时{1000 * _p95(outcome.quiet):.0f}毫秒，受攻击时{1000 * _p95(outcome.attacked):.0f}毫秒，"
        f"为{outcome.ratio:.1f}倍；出错的页面{failed}个。网页和后台进程内存合计最多{outcome.memory_mb}兆，"
        f"数据文件夹最多增加{outcome.disk_mb}兆。其间办公室另交一份短文本核对，{outcome.own_check:.0f}秒得到结果。"
    )


def _page(outcome: Outcome, seconds: float) -> str:
    answers = "\n".join(f"- {words}：{count:,}次" for words, count in sorted(outcome.answers.items()))
    return f"""# 受攻击时别人还能用

由 `make attack` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

一名科室人员不停地打开五个页面，先在平时，再在下列攻击同时进行的{seconds:.0f}秒里，攻击都来自同一台机器：没有登录就向登录页发送399兆的请求体；{_half_sent_at_once():,}个只发一半的请求，
断开一个补一个；一个经办人同时交{_TEXTS}份4.8兆的文本、10万段的Word文档和大表格要求审核；另一个经办人连续上传{_UPLOADS}份工作簿。

要求：科室人员的页面没有出错，p95不超过{PAGES_P95:.0f}秒（机器慢的不超过平时的{RATIO}倍）；内存合计不超过{MEMORY}兆，磁盘增加不超过{DISK}兆。

{_table(outcome)}

{_sentence(outcome)}

攻击者得到的回答：

{answers}
"""


if __name__ == "__main__":
    main()
