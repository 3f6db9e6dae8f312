"""Hands in every hostile file and kills imports and undos, and writes what came of it to ``docs/reference/faults.md``."""

import argparse
import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tabulate import tabulate
from tests.intake.hostile import KINDS
from tests.intake.kills import POINTS

from benchmarks import postgresql
from benchmarks.machine import machine

PAGE = Path("docs/reference/faults.md")
TIMES, SEED = 200, 20190901
_SIGNS = 160
STATES = {"before": "与之前相同", "after": "已全部完成", "neither": "**不完整**"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("--times", type=int, default=TIMES, help="random kills on each database")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="xuezheng-faults-") as folder, _databases() as database:
        homes = Path(folder)
        hostile = _hostile(homes / "hostile", len(KINDS))
        ways = {"points": list(POINTS), "random": [str(options.times), str(SEED)]}
        with ThreadPoolExecutor(2) as several:
            found = {
                (way, title): several.submit(_kills, homes / title / way, make(f"faults_{way}"), way, *words)
                for way, words in ways.items()
                for title, make in database.items()
            }
        seen = {key: future.result() for key, future in found.items()}
    PAGE.write_text(_page(hostile, seen, list(database)), encoding="utf-8")


def quick(folder: Path) -> None:
    """Hand in a few hostile files, and kill an import at one point and at one random moment."""
    hostile = _hostile(folder / "hostile", 3)
    point = next(iter(POINTS))
    kills = {
        ("points", "SQLite"): _kills(folder / "points", "", "points", point),
        ("random", "SQLite"): _kills(folder / "random", "", "random", "1", str(SEED)),
    }
    _page(hostile, kills, ["SQLite"])
    if any(kill["state"] == "neither" for kind in kills.values() for kill in kind):
        raise SystemExit(f"an import was done by half: {kills}")


@contextlib.contextmanager
def _databases() -> Iterator[dict[str, Callable[[str], str]]]:
    """Yield for each kind of database what makes one and returns its URL; SQLite's lies in the home, without a URL."""
    sqlite = {"SQLite": lambda name: ""}
    if not postgresql.found():
        print("PostgreSQL is not installed: it is left out", file=sys.stderr)
        yield sqlite
        return
    with postgresql.cluster() as database:
        yield {**sqlite, "PostgreSQL": database}


def _child(home: Path, url: str, words: list[str]) -> list[dict]:
    home.mkdir(parents=True)
    environment = {
        **os.environ,
        "XUEZHENG_HOME": str(home / "home"),
        "DJANGO_SETTINGS_MODULE": "xuezheng.settings",
    }
    environment.pop("XUEZHENG_DATABASE_URL", None)
    if url:
        environment["XUEZHENG_DATABASE_URL"] = url
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def _kills(home: Path, url: str, *words: str) -> list[dict]:
    return _child(home, url, ["-m", "tests.intake.kills", str(home), *words])


def _hostile(home: Path, kinds: int) -> list[dict]:
    return _child(home, "", ["-c", f"from benchmarks.faults import hand_in; hand_in({kinds})"])


def hand_in(kinds: int) -> None:
    """Hand in so many hostile files to an empty district; print what its sender is told, and what it took."""
    import django

    django.setup()
    from tests.intake.test_hostile import Measured, measured

    from xuezheng.cli.shared import prepare_database

    prepare_database()
    with tempfile.TemporaryDirectory() as folder:
        for name, kind in itertools.islice(KINDS.items(), kinds):
            path = Path(folder) / f"上报{kind.suffix}"
            path.write_bytes(kind.make())
            size = path.stat().st_size
            found: Measured = measured(path)
            print(json.dumps({"name": name, "size": size, **found._asdict()}), flush=True)


def _page(hostile: list[dict], seen: dict[tuple[str, str], list[dict]], databases: list[str]) -> str:
    told = [
        (
            KINDS[it["name"]].title,
            _size(it["size"]),
            _first_line(it["told"]),
            f"{it['seconds']:.1f}",
            f"{it['grown'] / 2**20:.0f}",
        )
        for it in hostile
    ]
    points = {title: {it["name"]: it for it in seen["points", title]} for title in databases}
    at_points = [
        (point.title, *(_state(points[database].get(name)) for database in databases))
        for name, point in POINTS.items()
    ]
    at_random = [_counted(database, seen["random", database]) for database in databases]
    return f"""# 坏文件与断电

由 `make faults` 写成：每一行都是实际运行的结果，不是手写的。{time.strftime("%Y-%m-%d")} · {machine()}

## 坏文件

{len(told)}种，由 `tests/intake/hostile/` 里的程序当场制作，逐个上传。每一种都给出中文原因或照常读取，最慢的用{max(it["seconds"] for it in hostile):.1f}秒（处理器时间），网页进程多占内存不到50兆，
临时文件夹里什么也不留，台账没有任何改动；测试逐项核对。“照常读取”指其中的怪异之处不起作用：宏不执行，外部链接不打开，部件不解压到磁盘。

文件由另一个进程读取，内存限2GB，处理器时间限4秒加每兆10秒。打开之前先查压缩包的目录：部件不超过2,000个，展开不超过300兆，没有同名、越出文件夹或加密的
部件；再逐个核对部件的校验和，有DTD的一律退回。读取时不超过500张表、600万个单元格、4,000万字。

{tabulate(told, ("文件", "大小", "告诉上传人", "秒", "增加内存（MB）"), tablefmt="github", disable_numparse=True, colalign=("left", "right", "left", "right", "right"))}

## `kill -9`

导入和撤销的进程在下列各处被 `kill -9`；随后由新的进程查看。“与之前相同”指台账、更改记录、批次和填报任务的状态都与动手之前一样，“已全部完成”指与正常做完一样，
没有第三种。每次之后同一文件再次导入成功、没有重复，撤销后又回到最初；留在 `uploads/` 里的文件满一天即被清除，临时文件夹里没有留下任何内容。

{tabulate(at_points, ("被杀的时刻", *databases), tablefmt="github")}

在任意时刻（随机，种子{SEED}，三次里有一次是撤销）：

{tabulate(at_random, ("数据库", "次数", "做完才到", "与之前相同", "已全部完成", "不完整", "再次导入有误", "留下文件"), tablefmt="github")}
"""


def _state(seen: dict | None) -> str:
    if seen is None:
        return ""
    wrong = [] if seen["killed"] else ["没有被杀"]
    wrong += [] if seen["again"] else ["再次导入有误"]
    wrong += [f"留下{len(seen['left'])}个文件"] if seen["left"] else []
    return "，".join([STATES[seen["state"]], *wrong])


def _counted(database: str, seen: list[dict]) -> tuple:
    killed = [it for it in seen if it["killed"]]
    states = Counter(it["state"] for it in killed)
    return (
        database,
        len(seen),
        len(seen) - len(killed),
        states["before"],
        states["after"],
        sum(it["state"] == "neither" for it in seen),
        sum(not it["again"] for it in seen),
        sum(bool(it["left"]) for it in seen),
    )


def _first_line(told: str) -> str:
    line = told.splitlines()[0].replace("|", "\\|")
    return line if len(line) <= _SIGNS else f"{line[: _SIGNS // 2]}……{line[-_SIGNS // 2 :]}"


def _size(count: int) -> str:
    return f"{count:,} B" if count < 10_000 else f"{count / 1024:,.0f} KB"


if __name__ == "__main__":
    main()
