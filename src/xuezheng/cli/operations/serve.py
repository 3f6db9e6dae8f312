"""``xuezheng serve``: run the web server, and two workers for background jobs."""

import argparse
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from xuezheng.cli.shared import OUT, prepare_database
from xuezheng.operations.cleanup import sweep
from xuezheng.records.models import User
from xuezheng.web.login.invitations import DEFAULT_PORT, HOURS, address, invite, remember_origin
from xuezheng.web.security.access_log import file_away
from xuezheng.web.serving.server import create_server

_WORKER = [sys.executable, "-m", "xuezheng", "work", "--attached"]
#: Two, so that short jobs do not wait while one worker is busy with a long one.
_WORKERS = 2
_PAUSE_SECONDS = 1.0
_FILING_SECONDS = 30.0
_NO_PROXY = (
    "不能启动：设了XUEZHENG_HTTPS=1，没有设XUEZHENG_TRUSTED_PROXY。浏览器提交的内容会全部被拒绝，登录记录里也没有真实的机器地址。"
    "请设为反向代理的IP地址，代理在本机的：export XUEZHENG_TRUSTED_PROXY=127.0.0.1"
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of ``xuezheng serve`` to ``parser``."""
    parser.add_argument("--host", default="127.0.0.1", metavar="地址", help="默认只限本机；内网服务写0.0.0.0")
    parser.add_argument(
        "--without-worker", action="store_true", help="不带后台进程，另由“xuezheng work”处理任务"
    )
    parser.add_argument("--port", type=_port, default=DEFAULT_PORT, metavar="端口", help="默认8000")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 65536):
        raise argparse.ArgumentTypeError("端口应为1至65535的整数")
    return int(text)


def run(options: argparse.Namespace) -> int:
    """Run the web server until it is stopped, with two workers unless ``--without-worker`` is given.

    While there is no account, print the link by which the first administrator is created. Returns 1 where
    HTTPS is set without a trusted proxy; raises ``OSError`` where the port cannot be opened.
    """
    if settings.HTTPS and not settings.TRUSTED_PROXY:
        OUT.print(_NO_PROXY, style="red")
        return 1
    prepare_database()
    sweep()
    remember_origin(options.host, options.port)
    if not User.objects.exists():
        link = address(invite(None))
        OUT.print(
            f"第一次启动。请在{HOURS}小时内打开这个链接，设定系统管理员的登录名和密码（只能用一次）：\n{link}"
        )
    from xuezheng.wsgi import application

    try:
        server = create_server(application, host=options.host, port=options.port, **_proxy_options())
    except (OSError, ValueError) as error:
        raise OSError(f"{options.host}:{options.port}（{error}）") from error
    OUT.print(f"学政已启动：{address('/')} （监听{options.host}:{options.port}，按Ctrl+C停止）")
    signal.signal(signal.SIGTERM, _leave)
    with ExitStack() as related:
        for _ in range(0 if options.without_worker else _WORKERS):
            related.enter_context(_worker_running())
        related.enter_context(_access_log_filing())
        server.run()
    return 0


def _proxy_options() -> dict[str, Any]:
    """Return waitress's options that make it trust the client addresses reported by the configured proxy, and by nobody else.

    The proxy passes the name of the site on as Host: there is no second header by which a name could be forged.
    """
    if not settings.TRUSTED_PROXY:
        return {"clear_untrusted_proxy_headers": True}
    return {
        "trusted_proxy": settings.TRUSTED_PROXY,
        "trusted_proxy_count": 1,
        "trusted_proxy_headers": {"x-forwarded-for", "x-forwarded-proto"},
        "clear_untrusted_proxy_headers": True,
    }


@contextmanager
def _worker_running() -> Iterator[None]:
    """Keep a worker process running as long as the context lasts, restarting it when it dies.

    The worker exits when the pipe to it is closed, which happens even when this process is killed.
    """
    ending = threading.Event()
    running: list[subprocess.Popen[bytes]] = []

    def keep() -> None:
        while not ending.is_set():
            worker = subprocess.Popen(_WORKER, stdin=subprocess.PIPE)  # noqa: S603 - our own command
            running[:] = [worker]
            worker.wait()
            ending.wait(_PAUSE_SECONDS)

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        for worker in running:
            if worker.stdin:
                worker.stdin.close()
        keeper.join()


@contextmanager
def _access_log_filing() -> Iterator[None]:
    """File the access log into the database every ``_FILING_SECONDS`` seconds; entries that a locked database refuses wait."""
    ending = threading.Event()

    def keep() -> None:
        while not ending.wait(_FILING_SECONDS):
            with suppress(DatabaseError, OSError):
                file_away()
            with suppress(OSError):
                sweep()
            connection.close()

    threading.Thread(target=keep, daemon=True).start()
    try:
        yield
    finally:
        ending.set()


def _leave(*signalled: object) -> None:
    raise SystemExit(0)
