"""Encryption of files and values with AES-256-GCM and a fresh nonce each time.

By default the district's key from :mod:`xuezheng.core.keys` is used.
"""

import base64
import contextlib
import json
import os
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xuezheng.core.keys import keys

_NONCE = 12


@cache
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal(content: bytes, key: bytes | None = None) -> bytes:
    """Return the encrypted content: a 12-byte nonce followed by the AES-256-GCM ciphertext and tag.

    ``key`` is 32 bytes, by default the district's encryption key. Two calls never return the same bytes.
    """
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key or keys().encryption).encrypt(nonce, content, None)


def unseal(encrypted: bytes, key: bytes | None = None) -> bytes:
    """Return the decrypted content of bytes that :func:`seal` returned.

    Without a ``key``, the district's current key is tried and then, for two days after a key rotation, the
    previous key. Raises ``cryptography.exceptions.InvalidTag`` if no key fits or the bytes were changed.
    """
    for candidate in [key] if key else keys().readable():
        with contextlib.suppress(InvalidTag):
            return _cipher(candidate).decrypt(encrypted[:_NONCE], encrypted[_NONCE:], None)
    raise InvalidTag


def seal_json(value: Any) -> bytes:
    """Return the bytes of a JSON-serialisable value as JSON, encrypted with the district's key."""
    return seal(json.dumps(value).encode())


def unseal_json(encrypted: bytes) -> Any:
    """Return the value that :func:`seal_json` encrypted.

    Raises ``InvalidTag`` if no key fits or the bytes were changed.
    """
    return json.loads(unseal(encrypted))


def seal_text(purpose: str, value: Any) -> str:
    """Return a JSON-serialisable value, encrypted with its purpose, as URL-safe text.

    It is for forms, sessions and addresses. ``purpose`` is any text; :func:`unseal_text` must be called with
    the same one.
    """
    return base64.urlsafe_b64encode(seal_json([purpose, value])).rstrip(b"=").decode()


def unseal_text(purpose: str, text: str) -> Any:
    """Return the value that :func:`seal_text` encrypted for the same ``purpose``.

    Returns None if the text was changed, encrypted for another purpose or with an unknown key, or is not from
    :func:`seal_text` at all: the text may come from a user.
    """
    try:
        meant, value = unseal_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, InvalidTag):
        return None
    return value if meant == purpose else None
