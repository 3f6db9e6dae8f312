"""How commands fail: with a Chinese sentence on the reason, and an exit code for the kind of failure."""

from __future__ import annotations

import errno
import json
import signal
import sys
import threading
from types import FrameType
from typing import NamedTuple

from django.db import Error as DatabaseError

from xuezheng.core.disk_space import FULL, NoRoom, is_full

REFUSED, USAGE, SYSTEM_ERROR = 1, 2, 3
INTERRUPTED, READER_GONE, TERMINATED = 130, 141, 143
#: Errors of the machine, which another file or address would not avoid.
_OF_THE_MACHINE = {errno.EIO, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


class Failure(NamedTuple):
    """The failure of a command: a Chinese sentence, and the exit code."""

    message: str
    code: int


class WrongSetting(Exception):
    """A setting has an invalid value; the message is a Chinese sentence that names the setting."""


class Terminated(BaseException):
    """The process received SIGTERM: :func:`end_on_signal` makes the main thread raise this, so that the command cleans up."""


def describe(error: Exception) -> Failure | None:
    """Return the failure to report to the user for an exception.

    None for an unexpected one, which is a defect of the program.
    """
    if isinstance(error, WrongSetting):
        return Failure(str(error), USAGE)
    if isinstance(error, (*_refusals(), NoRoom)):
        return Failure(str(error), REFUSED)
    if isinstance(error, OSError | DatabaseError) and is_full(error):
        return Failure(FULL, SYSTEM_ERROR)
    if isinstance(error, OSError):
        code = SYSTEM_ERROR if error.errno in _OF_THE_MACHINE else REFUSED
        return Failure(f"文件、文件夹或网络地址无法使用：{error}。请检查后再试。", code)
    if isinstance(error, DatabaseError):
        return Failure(
            f"数据库无法使用：{error}。请检查XUEZHENG_DATABASE_URL，或运行“xuezheng doctor”。", SYSTEM_ERROR
        )
    return None


def print_failure(failure: Failure, *, as_json: bool) -> None:
    """Print a failure as a sentence on the standard error.

    With ``as_json`` it is a JSON object (``error``, ``code``) on the standard output instead.
    """
    if as_json:
        print(json.dumps({"error": failure.message, "code": failure.code}, ensure_ascii=False))
    else:
        print(failure.message, file=sys.stderr)


def end_on_signal() -> None:
    """Make SIGTERM raise :class:`Terminated` in the main thread, so that the command cleans up as after Ctrl+C."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _refusals() -> tuple[type[Exception], ...]:
    """Return the exceptions whose text is a Chinese sentence for the user; imported only when a command fails."""
    from xuezheng.core.keys import KeysDamaged, KeysMissing
    from xuezheng.core.periods import PeriodError
    from xuezheng.figures import FigureError
    from xuezheng.impact import NoPlan
    from xuezheng.operations import OperationRefused
    from xuezheng.policy import PolicyError
    from xuezheng.proofing.reading import UnreadableError
    from xuezheng.proofing.word_file import NotAReportError
    from xuezheng.registry import Unknown
    from xuezheng.reports.living.adopt import AdoptionRefused
    from xuezheng.reports.releases import ReleaseError
    from xuezheng.reports.templates.language import ReportTemplateError
    from xuezheng.reports.word.letterhead import LetterheadError
    from xuezheng.snapshots import FreezeRefused, SnapshotError
    from xuezheng.workbooks import WorkbookRefused

    return (
        Unknown, WorkbookRefused, PolicyError, SnapshotError, FreezeRefused, FigureError, PeriodError, ReportTemplateError,
        OperationRefused, KeysMissing, KeysDamaged, NotAReportError, UnreadableError, AdoptionRefused, ReleaseError, LetterheadError, NoPlan,
    )  # fmt: skip
