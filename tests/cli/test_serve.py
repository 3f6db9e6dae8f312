"""``xuezheng serve`` keeps two workers running, and takes them along when it ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

_PATIENCE = 60


@pytest.fixture
def served(tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "XUEZHENG_HOME": str(tmp_path)}
    for name in ("XUEZHENG_DATABASE_URL", "DJANGO_SETTINGS_MODULE"):
        environment.pop(name, None)
    words = [sys.executable, "-m", "xuezheng", "serve", "--port", str(port)]
    server = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL)
    yield server, f"http://127.0.0.1:{port}/login/"
    server.kill()
    server.wait()


def workers_of(pid):
    """The process ids of a process's children that are workers."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):  # it has just ended
            is_child = stat.read_text().rpartition(")")[2].split()[1] == str(pid)
            if is_child and "work" in stat.with_name("cmdline").read_text().split("\0"):
                found.append(int(stat.parent.name))
    return found


def until(told):
    """Wait for something that another process brings about."""
    for _ in range(_PATIENCE * 10):
        if found := told():
            return found
        time.sleep(0.1)
    raise AssertionError("it did not come about")


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def both_workers(server, but=()):
    """The two workers, once both are there."""

    def found():
        pids = [pid for pid in workers_of(server.pid) if pid not in but]
        return pids if len(pids) == 2 else None

    return until(found)


def test_serve_keeps_two_workers_and_takes_them_along(served):
    server, _ = served
    first = both_workers(server)
    os.kill(first[0], signal.SIGKILL)
    second = both_workers(server, but=first[:1])
    assert first[1] in second
    server.send_signal(signal.SIGTERM)
    assert server.wait(_PATIENCE) == 0
    assert not any(map(runs, second))


def test_no_worker_outlives_a_server_that_is_killed(served):
    server, _ = served
    workers = both_workers(server)
    server.kill()
    server.wait()
    assert until(lambda: not any(map(runs, workers)))
