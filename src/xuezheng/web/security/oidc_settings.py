"""The settings of login through an OpenID Connect platform, read from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from xuezheng.core.public_address import is_loopback_host, split_url

_PREFIX = "XUEZHENG_OIDC_"


def read_oidc(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the settings ``issuer``, ``client_id``, ``client_secret`` and ``title`` from environment variables.

    The dict is empty where no issuer is set. Raises ``ValueError`` with a Chinese sentence that names the
    variable where the issuer does not use HTTPS (except on this machine), the client id is missing, or the
    file with the secret cannot be read.
    """
    issuer = environment.get(f"{_PREFIX}ISSUER", "").strip()
    if not issuer:
        return {}
    parts = split_url(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback_host(parts.hostname or "")):
        raise ValueError(f"{_PREFIX}ISSUER“{issuer}”应以https://开头")
    client_id = environment.get(f"{_PREFIX}CLIENT_ID", "").strip()
    if not client_id:
        raise ValueError(f"设了{_PREFIX}ISSUER，没有设{_PREFIX}CLIENT_ID。请填写平台给的客户端标识")
    return {
        "issuer": issuer,
        "client_id": client_id,
        "client_secret": _read_secret(environment),
        "title": environment.get(f"{_PREFIX}TITLE", "").strip() or "统一身份认证",
    }


def _read_secret(environment: Mapping[str, str]) -> str:
    path = environment.get(f"{_PREFIX}CLIENT_SECRET_FILE", "")
    if not path:
        return environment.get(f"{_PREFIX}CLIENT_SECRET", "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{_PREFIX}CLIENT_SECRET_FILE“{path}”读不出：{error}") from None
