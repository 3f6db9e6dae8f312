"""A private PostgreSQL cluster in a temporary folder, on a loopback port, stopped at the end."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# What a user would set on such a machine; all else is PostgreSQL's default, durability included.
_SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "256MB",
    "max_wal_size": "4GB",
}


def tool(name: str) -> str:
    """Return the path of one of PostgreSQL's own programs, which Debian keeps off the path; empty if there is none."""
    kept = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return shutil.which(name) or (str(kept[-1]) if kept else "")


def found() -> bool:
    """Whether PostgreSQL is installed."""
    return bool(tool("initdb") and tool("pg_ctl"))


@contextmanager
def databases() -> Iterator[Callable[[str], str] | None]:
    """Start a cluster as :func:`cluster` does; where PostgreSQL is not installed, say so and yield None."""
    if not found():
        print("PostgreSQL is not installed: its contenders are left out", file=sys.stderr)
        yield None
        return
    with cluster() as database:
        yield database


@contextmanager
def cluster() -> Iterator[Callable[[str], str]]:
    """Start a cluster; yields a function that makes a database, once, and returns its URL."""
    with tempfile.TemporaryDirectory(prefix="xuezheng-pg-") as folder:
        data = Path(folder) / "data"
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(folder, "postgres", "postgres")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        _as_owner("initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale", "C")
        options = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", **_SETTINGS}
        told = " ".join(f"-c {name}={value or chr(39) * 2}" for name, value in options.items())
        _as_owner("pg_ctl", "-D", data, "-o", told, "-l", Path(folder) / "log", "-w", "start")
        made: dict[str, str] = {}

        def database(name: str) -> str:
            if name not in made:
                _as_owner("createdb", "-h", "127.0.0.1", "-p", port, "-U", "bench", name)
                made[name] = f"postgresql://bench@127.0.0.1:{port}/{name}"
            return made[name]

        try:
            yield database
        finally:
            _as_owner("pg_ctl", "-D", data, "-m", "fast", "-w", "stop")


def _as_owner(name: str, *further: object) -> None:
    words = [tool(name), *map(str, further)]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd="/")
