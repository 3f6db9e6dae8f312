"""Encrypts what lies on disk with the district's key (AES-256-GCM, a fresh nonce each time)."""

import os
from functools import cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xuezheng.home import keys

_NONCE = 12


@cache
def _cipher() -> AESGCM:
    return AESGCM(keys().encryption)


def seal(content: bytes) -> bytes:
    """Return the content encrypted; the same content never gives the same twice."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher().encrypt(nonce, content, None)


def unseal(sealed: bytes) -> bytes:
    """Return the content that was sealed; raises cryptography's InvalidTag when it was tampered with."""
    return _cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], None)
