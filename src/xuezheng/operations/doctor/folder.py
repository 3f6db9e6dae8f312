"""The checks of the data folder: permissions, temporary files, free space, and the clock."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from django.db.models import Max
from django.utils import timezone

from xuezheng.core.data_folder import home
from xuezheng.operations.cleanup import drafts, sweep
from xuezheng.operations.doctor.check import Notes, check
from xuezheng.records.models import Batch, ChainLink

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_LEAST_FREE = 1 << 30
_LEAST_SHARE = 0.05
#: What is younger may belong to somebody who is at work.
_LEFT_AFTER = timedelta(days=2)
_LATE = timedelta(minutes=5)


@check("数据文件夹")
def data_folder(notes: Notes) -> str:
    """Check that the data folder is writable, and accessible to its owner only.

    Findings are added to ``notes``; returns a Chinese sentence on what was examined.
    """
    if not os.access(home(), os.W_OK):
        notes.find(f"{home()}不可写。请检查文件夹的权限和磁盘是否只读。")
    open_to_others = [path for path in (home(), *_everything()) if _mode(path) & _forbidden(path)]
    for path in open_to_others[:20]:
        notes.find(
            f"{_short(path)}的权限是{_mode(path):o}，本机其他用户能够读写。请只留给运行本系统的用户（doctor --repair 可以改正）。",
            partial(os.chmod, path, _mode(path) & ~_forbidden(path)),
        )
    if len(open_to_others) > 20:
        notes.find(f"还有{len(open_to_others) - 20}个文件或文件夹的权限过宽。改正后请再查一次。")
    return f"{home()}可写，只有运行本系统的用户能读。"


@check("磁盘")
def disk(notes: Notes) -> str:
    """Check that at least 1 GiB and 5 % of the data folder's disk are free.

    If less is free, a finding without a repair is added to ``notes``. Returns a Chinese sentence on how much is
    free, in either case.
    """
    usage = shutil.disk_usage(home())
    free = f"{usage.free / (1 << 30):.1f} GB"
    if usage.free < max(_LEAST_FREE, usage.total * _LEAST_SHARE):
        notes.find(f"数据文件夹所在的磁盘只剩{free}。请清理或扩大磁盘，以免导入、快照和备份中断。")
    return f"还有{free}可用。"


@check("时钟")
def clock(notes: Notes) -> str:
    """Check that the clock is at most five minutes behind the latest record; returns a Chinese sentence."""
    latest = max(
        filter(
            None,
            (
                ChainLink.objects.aggregate(at=Max("at"))["at"],
                Batch.objects.aggregate(at=Max("made_at"))["at"],
            ),
        ),
        default=None,
    )
    if latest and latest > timezone.now() + _LATE:
        notes.find(
            f"服务器的时钟是{timezone.localtime():%Y-%m-%d %H:%M}，而系统里已有{timezone.localtime(latest):%Y-%m-%d %H:%M}的记录。请校准时钟。"
        )
    return f"{timezone.localtime():%Y-%m-%d %H:%M}，不早于系统里的任何记录。"


@check("残留文件")
def leftovers(notes: Notes) -> str:
    """Find temporary files that killed processes left over two days ago; returns a Chinese sentence."""
    for path in drafts(_LEFT_AFTER.total_seconds()):
        notes.find(
            f"{_short(path)}是中断的程序留下的（{_day(path)}）。运行中的服务会自动清除，doctor --repair 也会。",
            sweep,
        )
    return "没有中断的程序留下的文件。"


def _forbidden(path: Path) -> int:
    """Return the permission bits that others must not have: for snapshots, which hold no names and lie in a closed folder, only writing."""
    return _OTHERS_WRITE if "snapshots" in path.relative_to(home()).parts[:-1] else _OTHERS


def _everything() -> Iterator[Path]:
    """Yield every file and folder in the data folder."""
    for folder, names, files in os.walk(home()):
        yield from (Path(folder) / name for name in (*names, *files))


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode) if not path.is_symlink() else 0


def _day(path: Path) -> str:
    return f"{datetime.fromtimestamp(path.stat().st_mtime, UTC):%Y-%m-%d}"


def _short(path: Path) -> str:
    return str(path) if path == home() else str(path.relative_to(home()))
