"""The public address of the pages, and the proxy that is trusted to report a client's address."""

from __future__ import annotations

import ipaddress
from typing import NamedTuple
from urllib.parse import SplitResult, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


class Origin(NamedTuple):
    """Scheme, host and port under which browsers reach the pages; as text it has the form of an Origin header."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        port = "" if self.port == _DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"


def parse_origin(text: str) -> Origin | None:
    """Read the value of ``XUEZHENG_URL``; None where it is empty.

    Raises ``ValueError`` with a Chinese sentence for anything but scheme, host and port.
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
    """Split an address as ``urlsplit`` does; an address that cannot be split, or has an invalid port, gives an empty result."""
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises for a port that is none
    except ValueError:
        return urlsplit("")
    return parts


def is_loopback_host(host: str) -> bool:
    """Return whether a host is this machine itself."""
    return host in ("localhost", "127.0.0.1", "::1")


def parse_proxy(text: str) -> str:
    """Read the value of ``XUEZHENG_TRUSTED_PROXY``: one IP address, or "" where it is empty.

    Raises ``ValueError`` with a Chinese sentence for others: a name, a network or ``*`` would let other machines pose as the proxy.
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
    """Return the likely address for browsers of a server that listens on a host and port.

    For a host that means all interfaces, and behind HTTPS, the first name in ``allowed_hosts`` is used; behind HTTPS the port is the proxy's, 443.
    """
    if https or host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        local = ("localhost", "127.0.0.1", "[::1]", "*")
        host = next((name for name in allowed_hosts if name not in local), "127.0.0.1")
    elif ":" in host and not host.startswith("["):
        host = f"[{host}]"
    return Origin("https", host, 443) if https else Origin("http", host, port)
