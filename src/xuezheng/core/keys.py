"""The secret keys of an installation, kept in ``keys.json`` of the data folder.

They are for encryption, for look-ups of ID numbers, and for Django.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import hmac
import json
import os
import secrets
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Self

from xuezheng.core.atomic_files import drafted, sync_file, sync_folder, write_whole
from xuezheng.core.data_folder import home

_KEY_BYTES = 32
_CHECKED_TEXT = b"xuezheng key check"
#: So long what was encrypted with the key before the present one can still be read: uploads that wait, sessions.
PREVIOUS_KEY_VALID = timedelta(days=2)


class KeysMissing(ValueError):
    """``keys.json`` is missing; the exception's text is a Chinese sentence with the remedy."""

    def __init__(self) -> None:
        super().__init__(
            f"{home()}里没有密钥文件keys.json。密钥只在第一次启动时生成一次；已有数据的，请从备份恢复（xuezheng restore），"
            "或检查XUEZHENG_HOME是否指对了文件夹。没有生成新的密钥"
        )


class KeysDamaged(ValueError):
    """``keys.json`` cannot be read; the exception's text is a Chinese sentence with the remedy."""

    def __init__(self) -> None:
        super().__init__(f"{keys_path()}已损坏，读不出密钥。请从备份恢复（xuezheng restore），不要删除它")


@dataclass(frozen=True)
class Keys:
    """The secret keys of one installation.

    ``django`` is Django's ``SECRET_KEY``. ``encryption`` (32 bytes) encrypts ID numbers and files; without it
    they cannot be read. ``hashing`` (32 bytes) makes the keyed hashes by which ID numbers are looked up.
    """

    django: str
    encryption: bytes
    hashing: bytes
    #: A random identifier of the installation; "" in a file of release 0.1, which had none.
    installation: str = ""
    #: The encryption key before the last rotation, None without one; until ``previous_until`` it still decrypts
    #: uploads and sessions that were encrypted with it.
    previous: bytes | None = None
    previous_until: datetime | None = None

    @classmethod
    def generate(cls, installation: str = "") -> Self:
        """Return new random keys.

        ``installation`` is the identifier of the installation, by default a new random one.
        """
        return cls(
            secrets.token_urlsafe(50),
            secrets.token_bytes(_KEY_BYTES),
            secrets.token_bytes(_KEY_BYTES),
            installation or uuid.uuid4().hex,
        )

    @classmethod
    def parse(cls, values: dict[str, Any]) -> Self:
        """Return the keys from the dict that :meth:`dump` returned.

        Raises ``KeyError`` if ``django`` is missing, ``ValueError`` if a key is missing, is no base64 or is
        not 32 bytes long, and ``TypeError`` if a value has the wrong type.
        """
        until = values.get("previous_until")
        encryption, hashing, previous = (
            base64.b64decode(values[name], validate=True) if values.get(name) else None
            for name in ("encryption", "hashing", "previous")
        )
        if encryption is None or hashing is None or {len(encryption), len(hashing)} != {_KEY_BYTES}:
            raise ValueError("keys of a wrong length")
        return cls(
            str(values["django"]),
            encryption,
            hashing,
            str(values.get("installation", "")),
            previous,
            datetime.fromisoformat(until) if until else None,
        )

    def dump(self) -> dict[str, Any]:
        """Return the keys as a JSON-serialisable dict by field name: bytes as base64, datetimes as ISO text.

        Empty fields are left out.
        """
        values = {name: value for name, value in asdict(self).items() if value}
        return {
            name: base64.b64encode(value).decode()
            if isinstance(value, bytes)
            else value.isoformat()
            if isinstance(value, datetime)
            else value
            for name, value in values.items()
        }

    @property
    def checks(self) -> tuple[str, str]:
        """The check values of the encryption key and the hashing key: two hexadecimal texts that identify but do not disclose them."""
        return tuple(  # type: ignore[return-value]
            hmac.digest(key, _CHECKED_TEXT, "sha256").hex() for key in (self.encryption, self.hashing)
        )

    def readable(self) -> list[bytes]:
        """Return the encryption keys that are accepted for decryption now, the current one first.

        The second is the previous key, until it expires.
        """
        if self.previous and self.previous_until and datetime.now(UTC) < self.previous_until:
            return [self.encryption, self.previous]
        return [self.encryption]

    def succeeded_by(self, later: Keys) -> Keys:
        """Return ``later`` as the successor of these keys.

        It gets the installation of these keys, and their encryption key as its previous key for two days.
        """
        until = datetime.now(UTC) + PREVIOUS_KEY_VALID
        return replace(later, installation=self.installation, previous=self.encryption, previous_until=until)


def keys_path() -> Path:
    """Return the path of ``keys.json`` in the data folder, whether it exists or not."""
    return home() / "keys.json"


@cache
def keys() -> Keys:
    """Return the current keys of ``keys.json``, cached after the first call.

    Raises :class:`KeysMissing` if there is no file and :class:`KeysDamaged` if it cannot be read. Keys are
    created only by :func:`make_keys`, at the first start with an empty database.
    """
    return read_keys_file()[0]


def read_keys_file() -> tuple[Keys, Keys | None]:
    """Read ``keys.json`` without the cache of :func:`keys`; return (current keys, next keys).

    The next keys are those of a key rotation in progress; None without one. Raises :class:`KeysMissing` if
    there is no file and :class:`KeysDamaged` if it cannot be read.
    """
    try:
        values = json.loads(keys_path().read_bytes())
        following = values.get("next")
        return Keys.parse(values), Keys.parse(following) if following else None
    except FileNotFoundError:
        raise KeysMissing from None
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        raise KeysDamaged from None


def write_keys(current: Keys, following: Keys | None = None) -> None:
    """Replace ``keys.json`` and clear the cache of :func:`keys`.

    ``following`` are the next keys of a key rotation in progress; None without one.
    """
    write_whole(keys_path(), _content(current, following))
    keys.cache_clear()


def make_keys() -> None:
    """Create ``keys.json`` with new keys, readable by its owner only; do nothing if the file exists.

    If two processes call this at once, the first file wins and both use its keys.
    """
    if keys_path().exists():
        return
    # A link fails where a rename would replace the keys of the first of two.
    with drafted(keys_path()) as draft, contextlib.suppress(FileExistsError):
        draft.write_bytes(_content(Keys.generate()))
        sync_file(draft)
        os.link(draft, keys_path())
    sync_folder(home())


def _content(current: Keys, following: Keys | None = None) -> bytes:
    values = {**current.dump(), **({"next": following.dump()} if following else {})}
    return json.dumps(values).encode("ascii")
