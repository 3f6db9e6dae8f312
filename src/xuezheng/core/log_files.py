"""The log files of the data folder: ``logs/<name>-<YYYY-MM-DD>.log``, one a day.

They are readable by their owner only and kept for 190 days. A file has its date in its name from the
beginning: the server and its workers write the same file, and if one of them renamed it, lines of another
would be lost. No personal data are logged: of an error only its type and the places in the code are written,
not its text, which may quote user input or a row of the database.
"""

from __future__ import annotations

import contextlib
import logging
import os
import traceback
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from xuezheng.core.data_folder import home

#: Network logs must be kept for six months (网络安全法 art. 21).
KEPT_DAYS = 190
#: Errors whose text is the system's or the database server's own, about itself.
_OF_THE_SYSTEM = ("OperationalError", "InterfaceError")


class DailyFile(logging.Handler):
    """A logging handler that appends to ``logs/<prefix>-<day>.log`` and removes files older than 190 days."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix
        self._day = ""
        self._file: IO[str] | None = None
        self._folder: Path | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write a log record as one line.

        If the disk is full or the file cannot be written, the line is lost without an error.
        """
        with contextlib.suppress(OSError, ValueError):
            file = self._opened(datetime.now().astimezone())
            file.write(self.format(record) + "\n")
            file.flush()

    def close(self) -> None:
        """Close the file; the next log record opens it again."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
        self._file = None
        super().close()

    def _opened(self, now: datetime) -> IO[str]:
        day, folder = f"{now:%Y-%m-%d}", home() / "logs"
        if self._file is None or (day, folder) != (self._day, self._folder):
            folder.mkdir(mode=0o700, exist_ok=True)
            if self._file is not None:
                self._file.close()
            path = folder / f"{self._prefix}-{day}.log"
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._file = os.fdopen(handle, "a", encoding="utf-8")
            self._day, self._folder = day, folder
            self._remove_old(folder, now - timedelta(days=KEPT_DAYS))
        return self._file

    def _remove_old(self, folder: Path, before: datetime) -> None:
        for path in folder.glob(f"{self._prefix}-????-??-??.log"):
            if path.stem.removeprefix(f"{self._prefix}-") < f"{before:%Y-%m-%d}":
                path.unlink(missing_ok=True)


class WithoutValues(logging.Formatter):
    """A logging formatter that writes time, level, logger and message, and errors without their texts.

    The text of an error may contain personal data.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S%z"
    default_msec_format = ""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def formatException(self, ei: Any) -> str:  # noqa: N802 - the library's name
        """Return the errors of an exception chain as text, each as its places in the code and its type."""
        lines: list[str] = []
        error: BaseException | None = ei[1]
        while error is not None:
            frames = traceback.extract_tb(error.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
            lines.append(describe(error))
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def describe(error: BaseException) -> str:
    """Return the name of an error's type, followed by its text only where the text cannot contain data of persons.

    The text is kept for operating-system errors (``strerror``) and, in its first line, for
    ``OperationalError`` and ``InterfaceError`` of the database.
    """
    name = type(error).__name__
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    if name in _OF_THE_SYSTEM:
        return f"{name}: {str(error).splitlines()[0] if str(error) else ''}"
    return name


def configuration() -> dict[str, Any]:
    """Return the dict for Django's ``LOGGING`` setting.

    Requests are logged to the daily file ``access``; errors to the daily file ``errors`` and to the terminal.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "plain": {"format": "%(message)s"},
            "without_values": {"()": "xuezheng.core.log_files.WithoutValues"},
        },
        "filters": {"cut_paths": {"()": "xuezheng.web.serving.request_log.CutPaths"}},
        "handlers": {
            "terminal": {
                "class": "logging.StreamHandler",
                "level": "ERROR",
                "formatter": "without_values",
                "filters": ["cut_paths"],
            },
            "errors": {
                "class": "xuezheng.core.log_files.DailyFile",
                "prefix": "errors",
                "level": "ERROR",
                "formatter": "without_values",
                "filters": ["cut_paths"],
            },
            "access": {
                "class": "xuezheng.core.log_files.DailyFile",
                "prefix": "access",
                "formatter": "plain",
            },
        },
        "loggers": {
            "django.request": {"handlers": ["terminal", "errors"], "level": "ERROR", "propagate": False},
            "django.security": {"handlers": ["errors"], "level": "ERROR", "propagate": False},
            "waitress": {"handlers": ["terminal", "errors"], "level": "ERROR", "propagate": False},
            "xuezheng": {"handlers": ["terminal", "errors"], "level": "ERROR", "propagate": False},
            "xuezheng.access": {"handlers": ["access"], "level": "INFO", "propagate": False},
        },
    }
