"""The public address of the pages, and the proxy that is trusted to report a client's address."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port under which browsers reach the pages.

    ``str()`` gives the form of an HTTP ``Origin`` header: ``https://host``, with the port only if it is not
    the scheme's default.
    """

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse_origin(text: str) -> Origin | None:
    """Read the value of ``XUEZHENG_URL``, such as ``https://xz.example.gov.cn``; None if it is blank.

    A missing port becomes the scheme's default. Raises ``ValueError`` with a Chinese sentence if the scheme
    is neither http nor https, the host is missing, or the text has a path, query, fragment or user name.
    """
    text = text.strip().rstrip("/")
    if not text:
        return None
    parts = split_url(text)
    extra = parts.path or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname or extra:
        raise ValueError(
            f"XUEZHENG_URL“{text}”不是网址。请写成https://名称或https://名称:端口，后面不带路径，如https://xz.example.gov.cn"
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Origin(parts.scheme, host, parts.port or _DEFAULT_PORTS[parts.scheme])


def split_url(text: str) -> SplitResult:
    """Return ``urlsplit(text)``, or an empty ``SplitResult`` if the address or its port is invalid."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return urlsplit("")
    return parts


def is_loopback_host(host: str) -> bool:
    """Return whether a host is ``localhost``, ``127.0.0.1`` or ``::1``."""
    return host in ("localhost", "127.0.0.1", "::1")


def parse_proxy(text: str) -> str:
    """Read the value of ``XUEZHENG_TRUSTED_PROXY``: return its single IP address in normal form, or "" if it is blank.

    Raises ``ValueError`` with a Chinese sentence for anything else: a host name, a network or ``*`` would let
    other machines pose as the proxy.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise ValueError(
            f"XUEZHENG_TRUSTED_PROXY“{text}”不是IP地址。请写反向代理的一个IP地址，如127.0.0.1，不能写名称、网段或*"
        ) from None


def served_origin(host: str, port: int, allowed_hosts: list[str], *, https: bool) -> Origin:
    """Return the address that browsers most likely use for a server that listens on ``host`` and ``port``.

    If the server listens on all interfaces (``0.0.0.0``, ``::`` or ""), or behind a proxy with ``https``, the
    host is the first name in ``allowed_hosts`` that is neither local nor ``*``, else 127.0.0.1. With
    ``https`` the port is 443, that of the proxy.
    """
    if https or host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        local = ("localhost", "127.0.0.1", "[::1]", "*")
        host = next((name for name in allowed_hosts if name not in local), "127.0.0.1")
    elif ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return Origin("https", host, 443) if https else Origin("http", host, port)
