"""Those who sit at the browsers of the load test: what they open and send, and how long each page took."""

from __future__ import annotations

import http.client
import re
import time
import uuid
from dataclasses import dataclass, field
from threading import Barrier, Event
from urllib.parse import urlencode, urlsplit

PASSWORD = "load-test"
#: The pages that are only looked at; the others do something.
LOGIN, DOWNLOAD, SEND, COMMIT = "登录", "下载工作簿", "上传", "提交"
#: What readers open.
PAGES = {
    "首页": "/",
    "台账": "/registers/",
    "学生台账": "/registers/pupil/",
    "指标": "/figures/",
    "一项指标": "/figures/enrolment.pupils/",
}
_PATIENCE_SECONDS = 120
_GIVE_UP_SECONDS = 900
_READING_SECONDS = 2.0


@dataclass(frozen=True)
class Visit:
    """One request: which page, how long it took, and what was wrong with the answer."""

    page: str
    seconds: float
    fault: str


@dataclass
class Browser:
    """A browser without pictures: it keeps cookies and its connection, and follows nothing by itself."""

    host: str
    visits: list[Visit] = field(default_factory=list)
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, timeout=_PATIENCE_SECONDS)

    def get(self, page: str, path: str, **headers: str) -> http.client.HTTPResponse:
        return self._ask(page, "GET", path, None, headers)

    def post(self, page: str, path: str, fields: dict[str, str], file: bytes | None = None) -> str:
        """Post a form; return where it leads to."""
        fields = {**fields, "csrfmiddlewaretoken": self.cookies["csrftoken"]}
        if file is None:
            body, kind = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            mark = uuid.uuid4().hex
            parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
            parts.append(b'name="file"; filename="pupils.xlsx"\r\n\r\n' + file)
            head = f"--{mark}\r\nContent-Disposition: form-data; ".encode()
            body = b"".join(head + part + b"\r\n" for part in parts) + f"--{mark}--\r\n".encode()
            kind = f"multipart/form-data; boundary={mark}"
        answer = self._ask(page, "POST", path, body, {"Content-Type": kind})
        if answer.status != 302:
            raise RuntimeError(f"{page}: {answer.status}: {_plain(answer.text)}")
        return answer.headers["Location"]

    def _ask(
        self, page: str, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        told = {**headers, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        start = time.perf_counter()
        try:
            self.connection.request(method, path, body, told)
            answer = self.connection.getresponse()
            content = answer.read()
        except OSError as fault:
            self.visits.append(Visit(page, time.perf_counter() - start, f"no answer: {fault}"))
            raise
        seconds = time.perf_counter() - start
        for set_ in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = set_.partition(";")[0].partition("=")
            self.cookies[name] = value
        answer.text = content.decode(errors="replace")  # type: ignore[attr-defined]
        fault = f"{answer.status}" if answer.status >= 400 else ""
        if "database is locked" in answer.text:
            fault += " database is locked"
        self.visits.append(Visit(page, seconds, fault))
        return answer

    def log_in(self, name: str) -> None:
        self.get("登录页", "/login/")
        self.post(LOGIN, "/login/", {"username": name, "password": PASSWORD})

    def follow(self, address: str) -> str:
        """Wait at the page of a job as it asks to; return where it leads to."""
        while "/jobs/" in address:
            html = self.get("后台任务", address).text
            path, start = address, time.monotonic()
            while path == address:
                if time.monotonic() - start > _GIVE_UP_SECONDS:
                    raise TimeoutError(f"{address}: {_plain(html)}")
                delay = re.search(r"delay:(\d+)s", html)
                if delay is None:
                    raise RuntimeError(f"{address}: {_plain(html)}")
                time.sleep(int(delay[1]))
                answer = self.get("进度", path, **{"HX-Request": "true"})
                html, address = answer.text, answer.headers.get("HX-Redirect", address)
        return address


def hand_in(browser: Browser, name: str, content: bytes, together: Barrier) -> str:
    """Do what a school's clerk does; all send at the same moment. Return what the last page says."""
    browser.log_in(name)
    browser.get("首页", "/")
    task = re.search(r"/intake/submissions/\d+/", browser.get("填报", "/intake/").text)
    path = task[0]
    browser.get("填报任务", path)
    browser.get(DOWNLOAD, f"{path}workbook/")
    together.wait()
    preview = browser.follow(browser.post(SEND, path, {}, content))
    html = browser.get("预览", preview).text
    if 'value="commit"' not in html:
        raise RuntimeError(_plain(html))
    time.sleep(_READING_SECONDS)
    address = browser.follow(browser.post(COMMIT, urlsplit(preview).path, {"decision": "commit"}))
    return browser.get("填报任务", address).text


def read(browser: Browser, name: str, over: Event) -> None:
    """Open pages as those do who only read, until it is over."""
    browser.log_in(name)
    while not over.is_set():
        for page, path in PAGES.items():
            browser.get(page, path)
            if over.wait(_READING_SECONDS / 2):
                return


def _plain(html: str) -> str:
    main = html.partition("<main")[2] or html
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))[:300]
