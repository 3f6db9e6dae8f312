"""The nightly backups: their files, which of them are kept, and the result of the last one."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from xuezheng.core.atomic_files import sync_folder, write_whole
from xuezheng.core.data_folder import home
from xuezheng.core.keys import keys
from xuezheng.operations import OperationRefused
from xuezheng.operations.backup import archive
from xuezheng.operations.backup.writing import Made

SUFFIX = ".xzbackup"
_NAME = re.compile(r"xuezheng-(\d{8}-\d{6})\.xzbackup\Z")
_STAMP = "%Y%m%d-%H%M%S"
_RECORD = "backups.json"


@dataclass(frozen=True)
class BackupRecord:
    """The last successful backup of this installation, and the last failure after it.

    ``made_at`` and ``failed_at`` are aware datetimes, None where there is none; ``path`` is that of the
    backup and "" without one, ``size`` is in bytes, ``seconds`` is the duration, and ``failure`` a Chinese
    sentence.
    """

    made_at: datetime | None = None
    path: str = ""
    size: int = 0
    seconds: float = 0.0
    failed_at: datetime | None = None
    failure: str = ""

    @property
    def age(self) -> timedelta | None:
        """The time since the last successful backup; None where there is none."""
        return None if self.made_at is None else datetime.now(UTC) - self.made_at

    @property
    def is_due(self) -> bool:
        """Whether the last successful backup is older than ``XUEZHENG_BACKUP_DAYS`` days, or there is none."""
        return self.age is None or self.age > timedelta(days=settings.BACKUP_DAYS)

    def sentence(self) -> str:
        """Return the state of the backups as Chinese text, with the last failure."""
        failed = f"上次备份没有成功（{_local(self.failed_at)}）：{self.failure}" if self.failed_at else ""
        if self.made_at is None or self.age is None:
            return f"还没有作过备份。请设置每晚自动备份。{failed}"
        days, hours = self.age.days, self.age.seconds // 3600
        ago = f"{days}天前" if days else f"{hours}小时前" if hours else "不到1小时前"
        return f"最近一次完好的备份：{_local(self.made_at)}（{ago}）。{failed}"


def _local(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M}"


def backup_record() -> BackupRecord:
    """Return the stored record of the backups; an empty one where there is none or its file is damaged."""
    try:
        values = json.loads((home() / _RECORD).read_bytes())
        for name in ("made_at", "failed_at"):
            values[name] = datetime.fromisoformat(values[name]) if values[name] else None
        return BackupRecord(**values)
    except (OSError, ValueError, KeyError, TypeError):
        return BackupRecord()


def note_success(made: Made) -> None:
    """Store a backup that passed its trial restore as the last successful one; an earlier failure is forgotten."""
    _note(BackupRecord(datetime.now(UTC), str(made.path.resolve()), made.size, made.seconds))


def note_failure(sentence: str) -> None:
    """Store a Chinese sentence on why a backup failed now; the record of the last successful backup is kept."""
    before = backup_record()
    values = {**asdict(before), "failed_at": datetime.now(UTC), "failure": sentence}
    _note(BackupRecord(**values))


def _note(record: BackupRecord) -> None:
    values = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in asdict(record).items()
    }
    write_whole(home() / _RECORD, json.dumps(values, ensure_ascii=False).encode())


def nightly_path(folder: Path) -> Path:
    """Return the path in ``folder`` for a nightly backup made now, named after the local time."""
    return folder / f"xuezheng-{timezone.localtime():{_STAMP}}{SUFFIX}"


def remove_old(folder: Path, made: Path, *, daily: int, weekly: int) -> list[Path]:
    """Remove old nightly backups of this installation from a folder, and return the removed paths.

    Kept are ``made``, the backup just made, and the last backup of each of the newest ``daily`` days and of
    the newest ``weekly`` weeks that have one. Other files, and backups of other installations, stay.
    """
    known = [path for path in folder.iterdir() if _NAME.match(path.name) and _is_ours(path)]
    kept = {made, *_kept(known, daily=daily, weekly=weekly)}
    removed = [path for path in sorted(known) if path not in kept]
    for path in removed:
        path.unlink(missing_ok=True)
    sync_folder(folder)
    return removed


def _kept(paths: Iterable[Path], *, daily: int, weekly: int) -> set[Path]:
    days: dict[str, Path] = {}
    weeks: dict[str, Path] = {}
    for path in sorted(paths, key=lambda archive: archive.name, reverse=True):
        moment = _moment(path)
        days.setdefault(f"{moment:%Y%m%d}", path)
        weeks.setdefault(f"{moment:%G-%V}", path)
    return {*list(days.values())[:daily], *list(weeks.values())[:weekly]}


def _moment(path: Path) -> datetime:
    match = _NAME.match(path.name)
    return timezone.make_aware(datetime.strptime(match[1] if match else "", _STAMP))  # noqa: DTZ007 - made aware here


def _is_ours(path: Path) -> bool:
    try:
        return archive.read_header(path).installation == keys().installation
    except (OperationRefused, OSError):
        return False
