"""The files of background jobs: their input and their results, encrypted, readable by their owner only, removed after a day."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag

from xuezheng.core.atomic_files import write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.disk_space import require_room
from xuezheng.core.encryption import seal, seal_json, unseal, unseal_json
from xuezheng.core.temporary_files import temporary_folder
from xuezheng.records.models import User

_DAY = 24 * 3600
_OWNER, _INPUT, _FILE, _PERSONS = "owner", "input", "file", "persons"
#: So much may wait of one user, in bytes.
MOST_BYTES = 400 * 2**20


class AttachmentGone(Exception):
    """The attachment belongs to another user, never existed, or is over a day old.

    The message is a Chinese sentence.
    """

    def __init__(self) -> None:
        super().__init__("这份文件不在了：只保留一天，或不是您上传的。需要时请重新上传。")


class TooMuchWaiting(Exception):
    """The user's attachments would exceed ``MOST_BYTES`` together; the message is a Chinese sentence."""

    def __init__(self) -> None:
        super().__init__("您还有很多文件在等待处理，暂时不能再上传。请等前面的完成，或取消几项后再试。")


class Attachment:
    """The files of one job, stored encrypted for a day.

    ``token`` is 32 hexadecimal digits and an argument of the job, by which its function finds the files.
    """

    def __init__(self, token: str) -> None:
        self.token = token
        self._folder = _folder() / token

    @classmethod
    def create(cls, user: User, name: str, content: bytes = b"", **further: Any) -> Attachment:
        """Create an attachment of ``user`` with the input file of a job, and return it.

        ``name`` is the file's name, ``content`` its bytes; ``further`` are additional JSON values, which
        :attr:`values` returns. Raises :class:`TooMuchWaiting` where the user has too many files waiting, and
        :class:`~xuezheng.core.disk_space.NoRoom` where the disk is nearly full.
        """
        sweep()
        require_room("接收文件")
        if bytes_of(user, _folder(), _owner) + len(content) > MOST_BYTES:
            raise TooMuchWaiting
        attachment = cls(secrets.token_hex(16))
        attachment._folder.mkdir(mode=0o700)
        try:
            write_whole(attachment._folder / _INPUT, seal(content))
            write_whole(
                attachment._folder / _OWNER, seal_json({"user": user.pk, "name": Path(name).name, **further})
            )
        except BaseException:
            shutil.rmtree(attachment._folder, ignore_errors=True)
            raise
        return attachment

    @classmethod
    def open(cls, user: User, token: str) -> Attachment:
        """Return the attachment of ``user`` with this token.

        Raises :class:`AttachmentGone` for any other text, or where it is another user's or was removed.
        """
        if len(token) != 32 or not set(token) <= set("0123456789abcdef"):
            raise AttachmentGone
        attachment = cls(token)
        if attachment.values["user"] != user.pk:
            raise AttachmentGone
        return attachment

    @property
    def values(self) -> dict[str, Any]:
        """The values stored with the file, as a dict.

        They are ``user`` (primary key of the owner), ``name`` (of the file), and those given to
        :meth:`create`. Raises :class:`AttachmentGone` where the attachment was removed.
        """
        values: dict[str, Any] = unseal_json(self._read(_OWNER))
        return values

    @property
    def name(self) -> str:
        """The name of the input file; raises :class:`AttachmentGone` where the attachment was removed."""
        return str(self.values["name"])

    def content(self) -> bytes:
        """Return the bytes of the input file.

        Raises :class:`AttachmentGone` where the attachment was removed.
        """
        return unseal(self._read(_INPUT))

    def keep(self, part: str, content: bytes) -> None:
        """Store bytes as a result of the job, under the name ``part``, by which :meth:`part` returns them.

        An earlier result with this name is replaced. Raises :class:`AttachmentGone` where the attachment was
        removed, ``NoRoom`` where the disk is nearly full.
        """
        require_room("保存结果")
        if not self._folder.is_dir():
            raise AttachmentGone
        write_whole(self._folder / part, seal(content))

    def keep_file(self, suffix: str, write: Callable[[Path], Iterable[int]]) -> None:
        """Store a file with personal data as the result of the job.

        ``write`` writes it to the path it is given, whose name ends in ``suffix`` (as ".xlsx"), and returns the
        primary keys of the persons in it, which are stored too. Raises as :meth:`keep` does.
        """
        with tempfile.TemporaryDirectory(dir=temporary_folder()) as folder:
            path = Path(folder) / f"file{suffix}"
            persons = write(path)
            self.keep(_FILE, path.read_bytes())
        self.keep(_PERSONS, json.dumps(sorted(persons)).encode())

    def file(self) -> tuple[bytes, list[int]]:
        """Return the bytes of the file that :meth:`keep_file` stored, and the primary keys of the persons in it.

        Raises :class:`AttachmentGone` where there is none.
        """
        return self.part(_FILE), json.loads(self.part(_PERSONS))

    def part(self, part: str) -> bytes:
        """Return the bytes stored under the name ``part``.

        Raises :class:`AttachmentGone` where there are none.
        """
        return unseal(self._read(part))

    def _read(self, part: str) -> bytes:
        try:
            return (self._folder / part).read_bytes()
        except OSError:
            raise AttachmentGone from None


def sweep() -> None:
    """Remove all attachments that are older than a day."""
    for folder in _folder().iterdir():
        with contextlib.suppress(FileNotFoundError):
            if time.time() - folder.stat().st_mtime > _DAY:
                shutil.rmtree(folder, ignore_errors=True)


def bytes_of(user: User, root: Path, owner: Callable[[Path], int]) -> int:
    """Return how many bytes the files of ``user`` have in the folders directly below ``root``.

    ``owner`` returns the primary key of the user to whom a folder belongs; folders for which it raises
    ``OSError`` or ``ValueError`` are not counted.
    """
    total = 0
    for folder in root.iterdir():
        with contextlib.suppress(OSError, InvalidTag, LookupError, ValueError):
            if owner(folder) == user.pk:
                total += sum(path.stat().st_size for path in folder.iterdir())
    return total


def _owner(folder: Path) -> int:
    return int(unseal_json((folder / _OWNER).read_bytes())["user"])


def _folder() -> Path:
    folder = home() / "attachments"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
