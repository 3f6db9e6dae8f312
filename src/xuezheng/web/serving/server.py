"""Waitress with limits on connections, on the time a request takes to arrive, and on the bytes of its body.

Waitress alone keeps a half-sent request as long as a byte comes now and then, counts a thousand of them as its thousand
connections, and writes a body of any length to the disk before the program sees it.
"""

from __future__ import annotations

import copy
import socket
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.utilities import Error

from xuezheng.web.serving.admission import admitted_session
from xuezheng.web.serving.turns import FairDispatcher

#: The largest body, in bytes, from a client who is not logged in; a login form needs a tenth of it.
ANONYMOUS_BYTES = 64 * 1024
#: The largest sums, in bytes, of the bodies that arrive or wait for a thread: of one client, and of all together.
CLIENT_BYTES, ALL_BYTES = 128 * 2**20, 512 * 2**20
#: The largest numbers of connections of one address, and in all. A browser keeps up to six open; a school may be behind one address.
ADDRESS_CONNECTIONS, CONNECTIONS = 200, 1000
#: The seconds within which the head of a request must have arrived, and the least bytes a second at which its body follows.
HEAD_SECONDS, BYTES_PER_SECOND = 20, 20_000
#: The seconds after which an idle connection, or one that takes no more of its response, is closed.
IDLE_SECONDS = 60
#: The seconds for which a refused client may go on sending, so that a browser shows the refusal.
_LINGER_SECONDS = 5
_THREADS = 8
_HEAD_BYTES = 64 * 1024
_SENTENCES = {
    400: "请求的格式不正确，没有处理。请从首页重新进入。",
    413: "发送的内容过大，没有接收。请回到上传页查看文件大小的限制；尚未登录的请先登录。",
    431: "请求的标头过大，没有处理。请清除浏览器中本站的Cookie后再试。",
    501: "不支持这种传送方式，没有处理。",
    503: "服务器正在接收的文件过多，暂时不能接收。已上传的不受影响，请稍后再传。",
}


class Refusal(Error):
    """The refusal of a request before it has arrived completely; its body is a Chinese sentence. ``code`` is the HTTP status."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(_SENTENCES.get(code, reason))
        self.code = code
        self.reason = reason

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        """Return the status line, the headers and the body of the response; ``ident`` is ignored."""
        headers = [("Content-Type", "text/plain; charset=utf-8")]
        return f"{self.code} {self.reason}", headers, f"{self.body}\r\n".encode()


class Parser(HTTPRequestParser):
    """Parses one request of a connection, and refuses it as soon as it exceeds a limit.

    The limits are 64 KiB for the head, :func:`body_limit` for the body of a logged-in user's request,
    ``ANONYMOUS_BYTES`` for any other body and for a chunked one, and what :meth:`Server.has_room_for` permits
    for all bodies under way. A refused request is completed with a :class:`Refusal` in ``error``, which the
    server sends as the response. :attr:`deadline` is only computed here; the connection enforces it.

    ``client`` identifies the sender: a hash of the session, or the IP address where nobody is logged in.
    ``is_admitted`` is whether the request has the cookies of a logged-in user; False until its head is read.
    """

    adj: Adjustments
    error: Error | None  # type: ignore[assignment]  # waitress sets others, too

    def __init__(self, channel: Channel, adj: Adjustments) -> None:
        super().__init__(adj)
        self.begun = time.time()
        self.client = channel.client
        self.is_admitted = False
        self._channel = channel
        self._no_room = False

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the bytes of the request's head, and determine the largest body that is accepted."""
        super().parse_header(header_plus)
        self._identify()
        if not self.content_length and not self.chunked:
            return
        limit = body_limit(self.path) if self.is_admitted and not self.chunked else ANONYMOUS_BYTES
        self.adj = copy.copy(self.adj)
        self.adj.max_request_body_size = limit + 1  # waitress refuses from there on
        if ANONYMOUS_BYTES < self.content_length <= limit:
            self._no_room = not self._channel.server.has_room_for(self)

    def received(self, data: bytes) -> int:
        """Process received bytes; return how many of them belonged to this request."""
        consumed: int = super().received(data)
        if self._no_room:
            self.error, self.completed = Refusal(503, "Service Unavailable"), True
        elif self.error is not None:
            self.error = Refusal(self.error.code, self.error.reason)
        return consumed

    @property
    def deadline(self) -> float:
        """The time by which the complete request must have arrived, in seconds as of ``time.time()``."""
        return self.begun + HEAD_SECONDS + self.content_length / BYTES_PER_SECOND

    def _identify(self) -> None:
        if session := admitted_session(self.headers.get("COOKIE", "")):
            self.client, self.is_admitted = session, True
        elif self._channel.is_of_proxy:
            self.client = self.headers.get("X_FORWARDED_FOR", "").rpartition(",")[2].strip() or self.client


def body_limit(path: str) -> int:
    """Return how many bytes of a body the page at ``path`` accepts from a logged-in user.

    It is the limit of a form, or more where the view takes files; the limit of anonymous requests for a path
    without a page.
    """
    form: int = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    try:
        view = resolve(path.encode("latin-1").decode("utf-8", "replace")).func
    except Resolver404:
        return ANONYMOUS_BYTES
    return max(form, getattr(view, "body_limit", 0))


class Channel(HTTPChannel):
    """One connection of a client, which carries one request after another; ``address`` is its IP address."""

    server: Server
    adj: Adjustments
    will_close: bool
    request: Parser | None
    requests: list[Parser]
    parser_class: Callable[[Adjustments], Parser]  # type: ignore[assignment]  # waitress only calls it
    close_when_flushed: bool
    _was_refused = False

    def __init__(self, server: Server, sock: socket.socket, addr: Any, adj: Adjustments, map: Any) -> None:
        self.address = str(addr[0])
        self.is_of_proxy = self.address == server.trusted_proxy
        self.parser_class = partial(Parser, self)
        self._lingers_until = 0.0
        super().__init__(server, sock, addr, adj, map)

    @property
    def client(self) -> str:
        """The client whose request is to be answered next: a hash of the session, or the IP address."""
        return self.requests[0].client if getattr(self, "requests", None) else self.address

    @property
    def is_waiting(self) -> bool:
        """Whether the connection is idle: no complete request waits and no response is being sent, so that it can be closed."""
        return not self.requests and not self.total_outbufs_len

    @property
    def is_of_a_user(self) -> bool:
        """Whether a logged-in user's request is arriving."""
        return self.request is not None and self.request.is_admitted

    def is_overdue(self, now: float) -> bool:
        """Whether the client has exceeded a time limit and the connection is to be closed.

        ``now`` is in seconds as of ``time.time()``.
        """
        if self._lingers_until:
            return now > self._lingers_until
        if self.total_outbufs_len:
            return now > self.last_activity + IDLE_SECONDS
        if self.requests:
            return False
        if self.request is not None:
            return now > self.request.deadline
        return now > self.last_activity + IDLE_SECONDS

    def service(self) -> None:
        """Answer the next request of the connection, and release the thread for other clients."""
        client = self.client
        try:
            super().service()
        finally:
            self.server.task_dispatcher.finish(client)

    def handle_write(self) -> None:
        """Send the waiting output.

        After a refusal the connection stays open for a few seconds in which the client may finish sending,
        since a browser would show no response otherwise.
        """
        if self.close_when_flushed and self.total_outbufs_len:
            self._flush_exception(self._flush_some)
        if self.socket is None:  # the other side went away meanwhile
            return
        is_flushed = self.close_when_flushed and not self.total_outbufs_len
        if is_flushed and self._was_refused and not self.will_close:
            self.close_when_flushed = False
            self._lingers_until = time.time() + _LINGER_SECONDS
            try:
                self.socket.shutdown(socket.SHUT_WR)
            except OSError:
                self.will_close = True
            return
        super().handle_write()

    def received(self, data: bytes) -> bool:
        """Process received bytes; return whether they were used. After a refusal they are ignored."""
        if self._lingers_until:
            return False
        answer: bool = super().received(data)
        self._was_refused = self._was_refused or any(
            isinstance(request.error, Refusal) for request in self.requests
        )
        return answer

    def handle_read(self) -> None:
        """Read from the socket; close it where the client has disconnected after a refusal."""
        super().handle_read()
        if self._lingers_until and not self.connected:
            self.handle_close()


class Server(TcpWSGIServer):
    """The server; ``trusted_proxy`` is the IP address of a reverse proxy, "" for none.

    Where there are too many connections, it closes the longest idle one of the client with the most.
    """

    channel_class: type[HTTPChannel] = Channel
    active_channels: dict[int, Channel]

    def __init__(self, *arguments: Any, trusted_proxy: str = "", **named: Any) -> None:
        self.trusted_proxy = trusted_proxy
        super().__init__(*arguments, **named)

    def has_room_for(self, arriving: Parser) -> bool:
        """Whether the long body of the request ``arriving`` may be received, given those that are arriving or waiting already.

        One client may have ``CLIENT_BYTES`` at once, all together ``ALL_BYTES``.
        """
        under_way = [
            request
            for channel in self.active_channels.values()
            for request in (*channel.requests, channel.request)
            if request is not None and request is not arriving and request.content_length > ANONYMOUS_BYTES
        ]
        own = sum(request.content_length for request in under_way if request.client == arriving.client)
        total = sum(request.content_length for request in under_way)
        return own + arriving.content_length <= CLIENT_BYTES and total + arriving.content_length <= ALL_BYTES

    def handle_accept(self) -> None:
        """Accept a new connection, and close an idle one where there are too many."""
        super().handle_accept()
        channels = list(self.active_channels.values())
        counts = Counter(channel.address for channel in channels if not channel.is_of_proxy)
        for address, count in counts.most_common(1):
            if count > ADDRESS_CONNECTIONS or len(channels) > CONNECTIONS:
                _close_longest_waiting([channel for channel in channels if channel.address == address])

    def maintenance(self, now: float) -> None:
        """Close all overdue connections; ``now`` is in seconds as of ``time.time()``."""
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.handle_close()


def _close_longest_waiting(channels: list[Channel]) -> None:
    waiting = [channel for channel in channels if channel.is_waiting] or channels[-1:]
    min(waiting, key=lambda channel: (channel.is_of_a_user, channel.last_activity)).handle_close()


def _allow_open_files() -> None:
    """Raise this process's limit of open files to the need of its connections and their bodies; systems allow 1,024 by default."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = 4 * CONNECTIONS if hard == resource.RLIM_INFINITY else min(hard, 4 * CONNECTIONS)
    if soft < enough:
        resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))


def create_server(
    application: Any,
    *,
    host: str,
    port: int,
    trusted_proxy: str = "",
    threads: int = _THREADS,
    **further: Any,
) -> Server | MultiSocketServer:
    """Return a server that listens on ``host`` and ``port`` and answers with the WSGI application.

    ``trusted_proxy`` is the IP address of a reverse proxy, whose connections are not counted as one client's,
    "" for none; ``threads`` is the number of requests answered at once, ``further`` are waitress's own
    adjustments. Raises ``OSError`` where the port cannot be opened, ``ValueError`` for an invalid adjustment.
    """
    adjustments = Adjustments(
        host=host,
        port=port,
        threads=threads,
        connection_limit=2 * CONNECTIONS,  # never reached: the server makes room itself
        cleanup_interval=1,
        channel_timeout=IDLE_SECONDS,
        max_request_header_size=_HEAD_BYTES,
        # select() knows no file beyond the 1,024th.
        asyncore_use_poll=True,
        ident="xuezheng",
        **({"trusted_proxy": trusted_proxy} if trusted_proxy and "trusted_proxy_headers" in further else {}),
        **further,
    )
    _allow_open_files()
    dispatcher = FairDispatcher(threads)
    sockets: dict[int, Any] = {}
    servers = [
        Server(
            application,
            sockets,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=sockinfo,
            trusted_proxy=trusted_proxy,
        )
        for sockinfo in adjustments.listen
    ]
    if len(servers) == 1:
        return servers[0]
    addresses = [(server.effective_host, server.effective_port) for server in servers]
    return MultiSocketServer(sockets, adjustments, addresses, dispatcher, servers[0].log_info)
