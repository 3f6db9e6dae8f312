"""The server's limits, tried on a server that runs: before login nothing large, nothing slow, and nobody on all threads."""

import contextlib
import http.client
import re
import socket
import tempfile
import threading
import time
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from xuezheng.web.serving import server as serving
from xuezheng.web.serving.admission import COOKIE, _sign
from xuezheng.web.serving.turns import Turns

SESSION = "s" * 32
PATIENCE = 30


class Application:
    """Answers at once, or waits at /slow/ until it is let go; notes how much came in."""

    def __init__(self):
        self.bodies = []
        self.gate = threading.Event()
        self.at_gate = 0

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith("/slow/"):
            self.at_gate += 1
            self.gate.wait(PATIENCE)
        self.bodies.append(len(environ["wsgi.input"].read()))
        size = 40 * 2**20 if environ["PATH_INFO"] == "/large/" else 2
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(size))])
        return [b"o" * size]


@pytest.fixture
def application():
    made = Application()
    yield made
    made.gate.set()


@pytest.fixture
def port(application, monkeypatch, tmp_path):
    monkeypatch.setattr(serving, "HEAD_SECONDS", 2)
    monkeypatch.setattr(serving, "IDLE_SECONDS", 3)
    monkeypatch.setattr(serving, "ADDRESS_CONNECTIONS", 30)
    monkeypatch.setattr(serving, "CONNECTIONS", 60)
    monkeypatch.setattr(serving, "CLIENT_BYTES", 12 * 2**20)
    monkeypatch.setattr(serving, "ALL_BYTES", 20 * 2**20)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    server = serving.create_server(application, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.effective_port
    application.gate.set()
    server.task_dispatcher.shutdown()
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


def cookie(session=SESSION):
    return f"sessionid={session}; {COOKIE}={_sign(session)}"


def request(port, method="GET", path="/", body=None, headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def half_sent(port, text):
    connection = socket.create_connection(("127.0.0.1", int(port)), PATIENCE)
    connection.sendall(text.encode())
    return connection


def is_closed(connection, seconds):
    connection.settimeout(seconds)
    try:
        while connection.recv(65536):
            pass
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


@pytest.mark.parametrize("path", ["/login/", "/", "/intake/", "/welcome/abc/", "/nowhere/"])
def test_before_login_a_body_is_refused_before_it_reaches_the_disk(port, application, path, tmp_path):
    status, text = request(port, "POST", path, b"x" * (3 * 2**20))
    assert status == 413
    assert "尚未登录的请先登录" in text
    assert application.bodies == []
    assert list(tmp_path.iterdir()) == []


def test_a_claimed_length_alone_is_refused(port, application):
    with half_sent(port, "POST /login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 399000000\r\n\r\n") as sending:
        assert b"413" in sending.recv(1000)
    assert application.bodies == []


def test_a_login_form_is_taken(port, application):
    assert request(port, "POST", "/login/", b"x" * 20_000)[0] == 200
    assert application.bodies == [20_000]


def test_a_body_in_chunks_is_no_way_around(port, application):
    def chunks():
        for _ in range(40):
            yield b"x" * 65_536

    with contextlib.suppress(OSError):
        status, _ = request(port, "POST", "/login/", chunks(), {"Transfer-Encoding": "chunked"})
        assert status == 413
    assert application.bodies == []


def test_who_has_logged_in_sends_files_where_files_are_taken(port, application):
    body, headers = b"x" * (6 * 2**20), {"Cookie": cookie()}
    assert request(port, "POST", "/intake/", body, headers)[0] == 200
    assert request(port, "POST", "/plan/", body, headers)[0] == 413
    assert application.bodies == [len(body)]


@pytest.mark.parametrize("forged", ["", "x", "1tZ:abc", "of another session"])
def test_an_admission_is_not_forged(port, forged):
    admission = _sign("another session") if forged == "of another session" else forged
    headers = {"Cookie": f"sessionid={SESSION}; {COOKIE}={admission}"}
    assert request(port, "POST", "/intake/", b"x" * 100_000, headers)[0] == 413


def test_the_bodies_of_one_session_and_of_all_are_bounded(port, application):
    def uploading(session):
        head = f"POST /intake/ HTTP/1.1\r\nHost: x\r\nCookie: {cookie(session)}\r\nContent-Length: {10 * 2**20}\r\n\r\n"
        return half_sent(port, head)

    def is_refused(sending):
        sending.settimeout(1)
        try:
            return b"503" in sending.recv(2000)
        except TimeoutError:
            return False

    sessions = ("a" * 32, "a" * 32, "b" * 32, "c" * 32)
    refused, kept = [], []
    for session in sessions:  # kept, since a connection that nobody holds is closed
        kept.append(uploading(session))
        refused.append(is_refused(kept[-1]))
    assert refused == [False, True, False, True], "one of a session, and two of all"
    assert request(port)[0] == 200


def test_half_sent_requests_end_and_stop_nobody(port):
    waiting = [half_sent(port, "GET / HTTP/1.1\r\nHost: x\r\n") for _ in range(90)]
    assert request(port)[0] == 200
    assert sum(is_closed(connection, 0.01) for connection in waiting) >= 50, (
        "an address has no more than its connections"
    )
    # A byte now and then keeps none alive: what counts is when the request began.
    slow = waiting[-1]
    for _ in range(12):
        time.sleep(0.5)
        try:
            slow.sendall(b"X")
        except OSError:
            break
    assert all(is_closed(connection, PATIENCE) for connection in waiting)


def test_a_body_that_trickles_is_given_up(port):
    with half_sent(port, "POST /login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 10000\r\n\r\nx") as slow:
        assert is_closed(slow, PATIENCE)


def test_an_answer_that_nobody_takes_is_given_up(port):
    with half_sent(port, "GET /large/ HTTP/1.1\r\nHost: x\r\n\r\n") as idle:
        time.sleep(6)
        assert is_closed(idle, PATIENCE)
    assert request(port)[0] == 200


def test_one_client_never_has_all_threads(port, application):
    own, foreign = {"Cookie": cookie("a" * 32)}, {"Cookie": cookie("b" * 32)}
    asking = [threading.Thread(target=request, args=(port, "GET", "/slow/", None, own)) for _ in range(20)]
    for thread in asking:
        thread.start()
    for _ in range(100):
        if application.at_gate >= 4:
            break
        time.sleep(0.05)
    assert request(port, headers=foreign)[0] == 200
    assert application.at_gate == 4, "half of the threads"
    application.gate.set()
    for thread in asking:
        thread.join(PATIENCE)
    assert application.at_gate == 20


def test_turns_go_round():
    class Waiting:
        def __init__(self, client, number):
            self.client, self.number = client, number

    turns = Turns(most=3)
    for number in range(5):
        turns.append(Waiting("a", number))
    turns.append(Waiting("b", 0))
    order = [turns.popleft() for _ in range(4)]
    assert [(waiting.client, waiting.number) for waiting in order] == [("a", 0), ("b", 0), ("a", 1), ("a", 2)]
    assert len(turns) == 2
    assert not turns
    turns.finish("a")
    assert turns.popleft().number == 3


def test_a_long_head_is_refused_in_chinese(port):
    status, text = request(port, headers={"X-Long": "x" * 100_000})
    assert status == 431
    assert "Cookie" in text


def views(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_every_page_that_reads_files_declares_how_much_it_takes():
    declared = {
        view.name for view in views(get_resolver().url_patterns) if getattr(view.callback, "body_limit", 0)
    }
    assert {"intake", "submission", "check", "release", "batch"} <= declared
    sources = [
        path
        for path in Path("src/xuezheng").rglob("*.py")
        if re.search(r"request\.POST.*, request\.FILES", path.read_text())
    ]
    assert sources
    for source in sources:
        assert "@takes_files" in source.read_text(), source


@pytest.mark.django_db
def test_logging_in_admits_and_logging_out_ends_it(client, users, password):
    client.get("/login/")
    assert COOKIE not in client.cookies
    client.post("/login/", {"username": "clerk", "password": password})
    cookies = f"sessionid={client.cookies['sessionid'].value}; {COOKIE}={client.cookies[COOKIE].value}"
    assert serving.admitted_session(cookies)
    assert client.cookies[COOKIE]["httponly"]
    client.post("/logout/")
    assert client.cookies[COOKIE].value == ""
