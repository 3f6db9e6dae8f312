"""Encrypts files and values with the district's key (AES-256-GCM, a fresh nonce each time)."""

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
    """Return the content encrypted, by default with the district's key; two calls never return the same bytes."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key or keys().encryption).encrypt(nonce, content, None)


def unseal(encrypted: bytes, key: bytes | None = None) -> bytes:
    """Return the decrypted content; raises cryptography's ``InvalidTag`` for another key or changed content.

    Without a ``key``, content encrypted with the previous key is read too while that key is kept.
    """
    for candidate in [key] if key else keys().readable():
        with contextlib.suppress(InvalidTag):
            return _cipher(candidate).decrypt(encrypted[:_NONCE], encrypted[_NONCE:], None)
    raise InvalidTag


def seal_json(value: Any) -> bytes:
    """Return a value that JSON can express, encrypted."""
    return seal(json.dumps(value).encode())


def unseal_json(encrypted: bytes) -> Any:
    """Return the value that :func:`seal_json` encrypted; raises as :func:`unseal` does."""
    return json.loads(unseal(encrypted))


def seal_text(purpose: str, value: Any) -> str:
    """Return a value that JSON can express, encrypted with its purpose, as URL-safe text for forms, sessions and addresses."""
    return base64.urlsafe_b64encode(seal_json([purpose, value])).rstrip(b"=").decode()


def unseal_text(purpose: str, text: str) -> Any:
    """Return the value that :func:`seal_text` encrypted for the purpose; None for any other text, since users can change it."""
    try:
        meant, value = unseal_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, InvalidTag):
        return None
    return value if meant == purpose else None
