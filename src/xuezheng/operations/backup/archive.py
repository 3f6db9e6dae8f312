"""The file of a backup: a header in plain text, then a compressed tar, encrypted in pieces where there is a passphrase.

Encryption is AES-256-GCM with a key derived from the passphrase by scrypt. The nonce of each piece contains
its number, the last piece is marked, and all are authenticated with the header: pieces cannot be changed,
exchanged, left out or cut off unnoticed.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import os
import re
import struct
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xuezheng.operations import OperationRefused

FORMAT = 1
_MAGIC = b"XUEZHENG-BACKUP\n"
_LARGEST_HEADER = 2**16
_PIECE, _TAG = 2**20, 16
_SALT, _PREFIX = 16, 7
# About half a second and 128 MiB for each guess at a passphrase.
_SCRYPT = {"n": 2**17, "r": 8, "p": 1, "maxmem": 2**28}
_LEVEL = 1  # most of it is compressed or encrypted already
SHORTEST_PASSPHRASE = 12
_MEMBER = re.compile(
    r"(schema\.json|manifest\.json|keys\.json|tables/[A-Za-z0-9_]{1,80}/[0-9]{6}\.jsonl"
    r"|snapshots/[0-9]{4}-[0-9]{2}-[0-9]{2}-[0-9a-f]{8}/[A-Za-z0-9_.-]{1,120}|releases/[0-9a-f]{64}\.docx|looks/[0-9]{1,20}\.json)\Z"
)


@dataclass(frozen=True)
class Header:
    """The header of a backup, readable without its passphrase.

    ``release`` is that of the database's schema, ``made_at`` an ISO time in UTC, ``installation`` the
    identity of the installation; ``has_keys`` says whether the backup contains ``keys.json``. ``size`` is the
    approximate uncompressed size in bytes, ``format`` the version of the file format. ``salt`` and ``nonce``
    are those of the encryption in Base64, "" without encryption.
    """

    release: str
    made_at: str
    installation: str
    has_keys: bool
    #: So many bytes must be free on the disk to restore the backup.
    size: int
    format: int = FORMAT
    #: What the key is derived with from the passphrase, and how the nonces of all pieces begin.
    salt: str = ""
    nonce: str = ""

    @property
    def is_encrypted(self) -> bool:
        """Whether the backup is encrypted, so that a passphrase is needed to read it."""
        return bool(self.salt)


def damaged() -> OperationRefused:
    """Return the exception, with its Chinese sentence, to raise for a backup that is damaged or was altered."""
    return OperationRefused("备份文件不完整，已损坏或被改动，没有使用。请换一份备份。")


@contextmanager
def created(file: BinaryIO, header: Header, passphrase: str) -> Iterator[tarfile.TarFile]:
    """Context manager that writes a new backup to ``file`` and yields its tar, to which files are added with :func:`add`.

    ``header`` is written first, with the salt and nonce filled in. The tar is compressed, and encrypted
    unless the passphrase is "". The backup is complete when the context has ended without an exception.
    """
    if passphrase:
        salt, nonce = os.urandom(_SALT), os.urandom(_PREFIX)
        header = replace(header, salt=base64.b64encode(salt).decode(), nonce=base64.b64encode(nonce).decode())
    words = json.dumps(asdict(header), ensure_ascii=False).encode()
    file.write(_MAGIC + struct.pack(">I", len(words)) + words)
    writer: Any = _Encrypting(file, _Pieces(header, words, passphrase)) if passphrase else file
    with (
        gzip.GzipFile(fileobj=writer, mode="wb", compresslevel=_LEVEL, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|") as archive,
    ):
        yield archive
    if passphrase:
        writer.finish()


def add(archive: tarfile.TarFile, name: str, content: BinaryIO, size: int) -> str:
    """Add a file called ``name`` of ``size`` bytes to the tar of a backup, and return its SHA-256 in hexadecimal."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    hashed = _Hashed(content)
    archive.addfile(entry, hashed)
    return hashed.hash.hexdigest()


def read_header(path: Path) -> Header:
    """Return the header of a backup.

    Raises :class:`OperationRefused` for a file that is no backup, is damaged, or is of a newer format.
    """
    with path.open("rb") as file:
        return _header(file, path)[0]


@contextmanager
def opened(path: Path, passphrase: str) -> Iterator[Iterator[tuple[str, BinaryIO, int]]]:
    """Context manager that reads a backup and yields an iterator of (name, content, size in bytes).

    A content must be read before the next one is requested. What was read must not be put into use before the
    context has ended without an exception: only then is it certain that nothing was cut off. Raises
    :class:`OperationRefused` for a missing or wrong passphrase and a damaged file.
    """
    with path.open("rb") as file:
        header, words = _header(file, path)
        if header.is_encrypted and not passphrase:
            raise OperationRefused(
                f"{path}是加密的备份。请给出口令（XUEZHENG_BACKUP_PASSPHRASE_FILE，或在提示时输入）。"
            )
        reader: Any = _Decrypting(file, _Pieces(header, words, passphrase)) if header.is_encrypted else file
        try:
            with gzip.GzipFile(fileobj=reader, mode="rb") as packed:
                with tarfile.open(fileobj=packed, mode="r|") as archive:
                    yield _entries(archive)
                while packed.read(_PIECE):  # to the end: its checksum comes last
                    pass
            if header.is_encrypted:
                reader.finish()
        except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, struct.error):
            raise damaged() from None


def _entries(archive: tarfile.TarFile) -> Iterator[tuple[str, BinaryIO, int]]:
    for entry in archive:
        if not entry.isfile() or not is_member(entry.name):
            raise damaged()
        content = archive.extractfile(entry)
        if content is None:
            raise damaged()
        yield entry.name, content, entry.size  # type: ignore[misc]


def _header(file: BinaryIO, path: Path) -> tuple[Header, bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise OperationRefused(f"{path}不是本系统的备份文件。请核对文件名。")
    try:
        (length,) = struct.unpack(">I", file.read(4))
        words = file.read(min(length, _LARGEST_HEADER))
        values = json.loads(words)
        if values["format"] != FORMAT:
            raise OperationRefused(f"{path}由更新的版本制作，本程序读不了。请安装新版本的程序再恢复。")
        header = Header(**values)
        if header.is_encrypted:
            sizes = [len(base64.b64decode(text, validate=True)) for text in (header.salt, header.nonce)]
            if sizes != [_SALT, _PREFIX]:
                raise ValueError("a salt or nonce of a wrong length")
    except (ValueError, KeyError, TypeError, struct.error):
        raise damaged() from None
    return header, words


class _Pieces:
    """Encrypts and decrypts the pieces of one backup."""

    def __init__(self, header: Header, words: bytes, passphrase: str) -> None:
        key = hashlib.scrypt(passphrase.encode(), salt=base64.b64decode(header.salt), dklen=32, **_SCRYPT)
        self._cipher = AESGCM(key)
        self._prefix = base64.b64decode(header.nonce)
        self._bound = hashlib.sha256(words).digest()

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._prefix + struct.pack(">IB", number, last)

    def encrypt(self, number: int, piece: bytes, last: bool) -> bytes:
        return self._cipher.encrypt(self._nonce(number, last), piece, self._bound)

    def decrypt(self, number: int, piece: bytes, last: bool) -> bytes:
        try:
            return self._cipher.decrypt(self._nonce(number, last), piece, self._bound)
        except InvalidTag:
            if number:
                raise damaged() from None
            raise OperationRefused(
                "口令不对，或备份文件已损坏，读不出来。请核对口令，或换一份备份。"
            ) from None


class _Encrypting:
    """A writable file object that writes its content, encrypted in pieces, to another file."""

    def __init__(self, file: BinaryIO, pieces: _Pieces) -> None:
        self._file, self._pieces = file, pieces
        self._waiting = bytearray()
        self._number = 0

    def write(self, content: bytes) -> int:
        self._waiting += content
        while len(self._waiting) > _PIECE:
            self._send(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(content)

    def flush(self) -> None:
        """Do nothing: a piece is written when it is complete."""

    def finish(self) -> None:
        """Write the last piece."""
        self._send(bytes(self._waiting), last=True)

    def _send(self, piece: bytes, last: bool) -> None:
        self._file.write(self._pieces.encrypt(self._number, piece, last))
        self._number += 1


class _Decrypting(io.RawIOBase):
    """A readable file object that decrypts the content of another file."""

    def __init__(self, file: BinaryIO, pieces: _Pieces) -> None:
        self._file, self._pieces = file, pieces
        self._number = 0
        self._ready = b""
        self._next = file.read(_PIECE + _TAG)
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._ready and not self._ended:
            self._receive()
        count = min(len(buffer), len(self._ready))
        buffer[:count] = self._ready[:count]
        self._ready = self._ready[count:]
        return count

    def finish(self) -> None:
        """Read to the end; raises :class:`OperationRefused` where the last piece is missing or data follow it."""
        while not self._ended:
            self._receive()

    def _receive(self) -> None:
        piece, self._next = self._next, self._file.read(_PIECE + _TAG)
        self._ended = not self._next
        self._ready = self._pieces.decrypt(self._number, piece, self._ended)
        self._number += 1


class _Hashed:
    """A readable file object that hashes the content of another while it is read."""

    def __init__(self, content: BinaryIO) -> None:
        self._content = content
        self.hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        part = self._content.read(size)
        self.hash.update(part)
        return part


def is_member(name: str) -> bool:
    """Whether a backup may contain a file called ``name``.

    Allowed are the names that :mod:`~xuezheng.operations.backup.writing` gives, so that a forged backup
    cannot write elsewhere.
    """
    return bool(_MEMBER.match(name)) and ".." not in name
