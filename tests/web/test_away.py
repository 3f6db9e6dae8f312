"""A real server whose database is restarted, or whose disk is full: answers as such, and over when it is over."""

import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from benchmarks.clerks import PASSWORD, Browser
from tests.machine import POSTGRESQL, find, require

PATIENCE = 90
TOOLS = {name: find(name) for name in POSTGRESQL}
PREPARE = """
import django
django.setup()
from django.contrib.auth.hashers import make_password
from xuezheng.cli.shared import prepare_database
from xuezheng.records.models import District, User
prepare_database()
District.objects.create(code="349900", name="云岭区", bureau_name="云岭区教育局")
User.objects.create(username="office", role="office", password=make_password("load-test"))
"""


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def serve():
    """Serve a data folder; each server is ended by its process id."""
    servers = []

    def run(environment):
        environment = {**os.environ, **environment, "DJANGO_SETTINGS_MODULE": "xuezheng.settings"}
        if "XUEZHENG_DATABASE_URL" not in environment or environment["XUEZHENG_DATABASE_URL"] == "":
            environment.pop("XUEZHENG_DATABASE_URL", None)
        subprocess.run([sys.executable, "-W", "ignore", "-c", PREPARE], env=environment, check=True)
        port = free_port()
        words = [sys.executable, "-m", "xuezheng", "serve", "--port", str(port)]
        # A file, since nobody reads a pipe.
        with tempfile.TemporaryFile() as output:
            servers.append(subprocess.Popen(words, env=environment, stdout=output, stderr=output))
        for _ in range(PATIENCE * 10):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        return f"127.0.0.1:{port}"

    yield run
    for server in servers:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def get(host, path, cookies=""):
    connection = http.client.HTTPConnection(host, timeout=PATIENCE)
    connection.request("GET", path, headers={"Cookie": cookies})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def until(condition):
    for _ in range(PATIENCE * 2):
        if condition():
            return True
        time.sleep(0.5)
    return False


@pytest.fixture
def cluster():
    require(*POSTGRESQL)
    folder = Path(tempfile.mkdtemp(prefix="xuezheng-away-"))
    owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if owner:
        shutil.chown(folder, "postgres")
    port = free_port()

    def control(*words):
        command = [
            *owner,
            str(TOOLS["pg_ctl"]),
            "--pgdata",
            str(folder / "data"),
            "--silent",
            "--wait",
            *words,
        ]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    words = [
        str(TOOLS["initdb"]),
        "--pgdata",
        str(folder / "data"),
        "--username",
        "xuezheng",
        "--auth",
        "trust",
    ]
    subprocess.run(
        [*owner, *words, "--encoding", "UTF8", "--no-sync"], check=True, cwd="/", stdout=subprocess.DEVNULL
    )
    start = (
        "--log",
        str(folder / "log"),
        "--options",
        f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off",
        "start",
    )
    control(*start)
    yield lambda: control("--mode", "immediate", "stop"), lambda: control(*start), port
    subprocess.run(
        [*owner, str(TOOLS["pg_ctl"]), "--pgdata", str(folder / "data"), "--mode", "immediate", "stop"],
        check=False, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    shutil.rmtree(folder, ignore_errors=True)


def test_a_database_that_restarts_is_told_and_found_again(serve, cluster, tmp_path):
    stop, start, port = cluster
    host = serve({
        "XUEZHENG_HOME": str(tmp_path), "XUEZHENG_DATABASE_URL": f"postgresql://xuezheng@127.0.0.1:{port}/postgres",
        "XUEZHENG_FREE_MEGABYTES": "1",
    })  # fmt: skip
    browser = Browser(host)
    browser.log_in("office")
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    assert get(host, "/", cookies)[0] == 200
    assert until(lambda: get(host, "/health/")[0] == 200)
    stop()
    status, text = get(host, "/", cookies)
    assert status == 503
    assert "数据库暂时不能使用" in text
    assert re.search("请求编号：[0-9a-f]{12}", text)
    assert get(host, "/api/v1/plan/?period=2019H1", cookies)[0] == 503
    status, text = get(host, "/health/")
    assert status == 503
    assert '"database": false' in text
    start()
    assert until(lambda: get(host, "/", cookies)[0] == 200), "without a restart of the server"
    assert until(lambda: get(host, "/health/")[0] == 200), "the workers go on too"


@pytest.fixture
def small_disk():
    """A disk of 40 MB, where this machine lets us have one."""
    folder = Path(tempfile.mkdtemp(prefix="xuezheng-disk-"))
    mounted = shutil.which("mount") and os.geteuid() == 0
    if mounted:
        command = ["mount", "-t", "tmpfs", "-o", "size=40m,mode=700", "tmpfs", str(folder)]
        mounted = subprocess.run(command, check=False, capture_output=True).returncode == 0
    if not mounted:
        folder.rmdir()
        pytest.skip("this machine lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)
    # The server is stopped after this and may write its log once more.
    shutil.rmtree(folder)


def fill(path):
    """Write until there is no room for a byte more."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    for size in (2**20, 4096, 1):
        with contextlib.suppress(OSError):
            while True:
                os.write(handle, b"x" * size)
    os.close(handle)


def test_a_full_disk_is_told_at_login_upload_and_freeze_and_over_when_there_is_room(serve, small_disk):
    host = serve(
        {"XUEZHENG_HOME": str(small_disk), "XUEZHENG_FREE_MEGABYTES": "0", "XUEZHENG_DATABASE_URL": ""}
    )
    browser = Browser(host)
    browser.log_in("office")
    browser.get("", "/intake/")
    filler = small_disk / "filler"
    fill(filler)
    answers = {}

    def post(name, path, fields, file=None):
        try:
            answers[name] = browser.post(name, path, fields, file)
        except RuntimeError as refusal:
            answers[name] = str(refusal)

    post("upload", "/intake/", {}, b"PK" + os.urandom(300_000))
    post("freeze", "/jobs/freeze/", {})
    fresh = Browser(host)
    fresh.get("", "/login/")
    try:
        fresh.post("login", "/login/", {"username": "office", "password": PASSWORD})
    except RuntimeError as refusal:
        answers["login"] = str(refusal)
    assert set(answers) == {"upload", "freeze", "login"}
    for name, text in answers.items():
        assert "507" in text, (name, text)
        assert "磁盘已满" in text, (name, text)
    assert browser.get("", "/registers/").status == 200, "pages are read on"
    filler.unlink()
    fresh.post("login", "/login/", {"username": "office", "password": PASSWORD})
    assert fresh.get("", "/").status == 200
