"""Encrypts what lies on disk with the district's key (AES-256-GCM, a fresh nonce each time)."""

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
    """Return the content encrypted, with the district's key unless another is given; the same content never gives the same twice."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key or keys().encryption).encrypt(nonce, content, None)


def unseal(encrypted: bytes, key: bytes | None = None) -> bytes:
    """Return the content that was encrypted; raises cryptography's InvalidTag when it was tampered with.

    Without a ``key``, what was encrypted with the key before the present one is read too, for as long as that is kept.
    """
    for candidate in [key] if key else keys().readable():
        with contextlib.suppress(InvalidTag):
            return _cipher(candidate).decrypt(encrypted[:_NONCE], encrypted[_NONCE:], None)
    raise InvalidTag


def seal_json(value: Any) -> bytes:
    """Return what JSON can express, encrypted."""
    return seal(json.dumps(value).encode())


def unseal_json(encrypted: bytes) -> Any:
    """Return what was encrypted by :func:`seal_json`; raises as :func:`unseal` does."""
    return json.loads(unseal(encrypted))


def seal_text(purpose: str, value: Any) -> str:
    """Return what JSON can express, encrypted for a purpose, as a text that forms, sessions and addresses carry."""
    return base64.urlsafe_b64encode(seal_json([purpose, value])).rstrip(b"=").decode()


def unseal_text(purpose: str, text: str) -> Any:
    """Return what :func:`seal_text` encrypted for the purpose; None of anything else, which somebody may have typed."""
    try:
        meant, value = unseal_json(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, InvalidTag):
        return None
    return value if meant == purpose else None
